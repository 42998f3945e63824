"""Rows that name a row by a unique key: all of it is there, and those with the same key come one after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, types

from crosslet.errors import InvalidValue, Problem
from crosslet.models import ExactDecimal, UTCDateTime
from crosslet.writes.bulk.batches import Row
from crosslet.writes.bulk.plans import BulkPlan, UniqueKey
from crosslet.writes.bulk.results import RowError

# Values of these are equal in Python when they are equal to a database.
_EXACT = (types.Integer, types.Uuid, types.Boolean, types.Date, UTCDateTime, ExactDecimal)


def is_exact(plan: BulkPlan, key: UniqueKey) -> bool:
    """Tell whether Python can tell which rows name the same key; a collation may know better, a condition, too."""
    columns = [plan.columns[name].column for name in key.keys]
    return (key.where is None or key.is_alive) and all(
        isinstance(column.type, _EXACT) or _is_exact_text(column.type, plan.table, plan.dialect.name)
        for column in columns
    )


def _is_exact_text(column_type: Any, table: Table, dialect_name: str) -> bool:
    if type(column_type) not in (types.String, types.Text, types.Unicode, types.UnicodeText):
        return False
    if dialect_name not in ("mysql", "mariadb"):
        return column_type.collation is None
    collation = column_type.collation or table.kwargs.get(f"{dialect_name}_collate") or ""
    return "_bin" in str(collation)


def rounds_of(rows: Sequence[Row], key: UniqueKey, *, is_exact: bool) -> tuple[list[Sequence[Row]], list[RowError]]:
    """Put rows into rounds, in each of which a key stands once: one after the other they do what the rows do in order.

    Args:
        rows: In their order.
        key: The key that they name.
        is_exact: Python can tell equal keys; otherwise each row is a round of its own.

    Returns:
        The rounds, and the rows that lack a part of their key.
    """
    names = key.keys
    marks = [tuple(map(values.get, names)) for _, values in rows]
    lacking = [place for place, mark in enumerate(marks) if None in mark]
    bad = [RowError(rows[place][0], _without_key(rows[place][1], names)) for place in lacking]
    if lacking:
        whole = sorted(set(range(len(rows))) - set(lacking))
        rows, marks = [rows[place] for place in whole], [marks[place] for place in whole]
    # Rows that come as deleted ones have no part in what is unique among the others.
    is_exact = is_exact and not (key.is_alive and any("deleted_at" in values for _, values in rows))
    if not is_exact:
        return [[row] for row in rows], bad
    try:
        is_once = len(set(marks)) == len(marks)
    except TypeError:  # No value of a key: its column will say so.
        return [[row] for row in rows], bad
    if is_once:
        return [rows] if rows else [], bad
    seen: Counter[Any] = Counter()
    rounds: list[list[Row]] = []
    for row, mark in zip(rows, marks, strict=True):
        if seen[mark] == len(rounds):
            rounds.append([])
        rounds[seen[mark]].append(row)
        seen[mark] += 1
    return [*rounds], bad


def _without_key(values: Mapping[str, Any], names: Sequence[str]) -> InvalidValue:
    lacking = [name for name in names if values.get(name) is None]
    return InvalidValue([Problem(name, "is part of the key and may not be null", "required") for name in lacking])


def key_values(rows: Sequence[Row], key: UniqueKey) -> list[tuple[Any, ...]]:
    """Return the key of each row."""
    return [tuple(values[name] for name in key.keys) for _, values in rows]

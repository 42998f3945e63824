"""Rows that name a row by a unique key: checked, and those with the same key made one, the later value winning."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, types

from crosslet.errors import InvalidValue, Problem
from crosslet.models import ExactDecimal, UTCDateTime
from crosslet.writes.bulk.batches import Merged, Row, parts_of
from crosslet.writes.bulk.plans import BulkPlan, UniqueKey
from crosslet.writes.bulk.results import RowError

# Values of these are equal in Python when they are equal to a database.
_EXACT = (types.Integer, types.Uuid, types.Boolean, types.Date, UTCDateTime, ExactDecimal)


def is_exact(plan: BulkPlan, key: UniqueKey) -> bool:
    """Tell whether Python can tell which rows name the same key; a collation may know better, a condition, too."""
    columns = [plan.columns[name].column for name in key.keys]
    return key.where is None and all(
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


def rows_by_key(
    rows: Sequence[Row], key: UniqueKey, updated: frozenset[str] | None
) -> tuple[list[Row], list[RowError]]:
    """Put rows with the same key together, and say which lack a part of it.

    Args:
        rows: In their order.
        key: The key that they name.
        updated: The attributes that a row which exists takes; None for all. Of the others the first value counts.
    """
    found: dict[Any, Row] = {}
    bad: list[RowError] = []
    names = key.keys
    for row in rows:
        values = row[1]
        if len(names) == 1:
            mark = values.get(names[0])
            lacks = mark is None
        else:
            mark = tuple(values.get(name) for name in names)
            lacks = None in mark
        if lacks:
            bad.append(RowError(row[0], _without_key(values, names)))
            continue
        try:
            known = found.get(mark)
        except TypeError:  # No value of a key: its column will say so.
            known, mark = None, object()
        found[mark] = row if known is None else _merged(known, row, updated)
    return list(found.values()), bad


def _without_key(values: Mapping[str, Any], names: Sequence[str]) -> InvalidValue:
    lacking = [name for name in names if values.get(name) is None]
    return InvalidValue([Problem(name, "is part of the key and may not be null", "required") for name in lacking])


def _merged(first: Row, second: Row, updated: frozenset[str] | None) -> Row:
    later = second[1] if updated is None else {k: v for k, v in second[1].items() if k in updated or k not in first[1]}
    return first[0], Merged({**first[1], **later}, (*parts_of(first), second))


def key_values(rows: Sequence[Row], key: UniqueKey) -> list[tuple[Any, ...]]:
    """Return the key of each row."""
    return [tuple(values[name] for name in key.keys) for _, values in rows]

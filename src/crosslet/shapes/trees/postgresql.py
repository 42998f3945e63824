"""Trees on PostgreSQL: row_to_json over a derived row, arrays of those.

Of the forms that were measured the fastest: json_build_object costs a fifth to a third more and takes 50 names, jsonb
twice as much, and a join below a LIMIT reads what the LIMIT throws away.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select

from crosslet.errors import ConfigurationError
from crosslet.shapes.trees.writer import Parts, Rows, TreeWriter, function, pairs

# PostgreSQL cuts a longer column name, with a notice that nobody reads.
_MAX_LABEL_BYTES = 63
_MAX_PAIRS = 50


class PostgreSQLTrees(TreeWriter):
    """PostgreSQL 12 and newer."""

    def root(self, parts: Parts) -> ColumnElement[str]:
        if _is_too_long(parts):
            return cast(_built(parts), Text)
        return cast(_object_of(_labelled(parts).correlate_except(None)), Text)

    def object(self, parts: Parts) -> ColumnElement[Any]:
        if _is_too_long(parts):
            return _built(parts)
        return _object_of(_labelled(parts).correlate_except(None))

    def one(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        if _is_too_long(parts):
            return rows.selecting(_built(parts)).scalar_subquery()
        return _object_of(rows.selecting(*_columns(parts)))

    def many(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        if _is_too_long(parts):
            inner = rows.in_order(_built(parts).label("o")).subquery()
            items = select(inner.c.o)
        else:
            derived = rows.in_order(*_columns(parts)).subquery()
            items = select(func.row_to_json(derived.table_valued()))
        return func.to_json(function("array", items.scalar_subquery()))

    def values(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        # An array of arrays would have to be as long in every row; an array of JSON takes anything.
        items = rows.in_order(func.to_json(value))
        return func.to_json(function("array", items.scalar_subquery()))


def _columns(parts: Parts) -> list[Any]:
    return [value.label(name) for name, value in parts]


def _labelled(parts: Parts) -> Select[Any]:
    return select(*_columns(parts))


def _object_of(row: Select[Any]) -> ColumnElement[Any]:
    derived = row.subquery()
    return select(func.row_to_json(derived.table_valued())).scalar_subquery()


def _is_too_long(parts: Parts) -> bool:
    return any(len(name.encode()) > _MAX_LABEL_BYTES for name, _ in parts)


def _built(parts: Parts) -> ColumnElement[Any]:
    if len(parts) > _MAX_PAIRS:
        longest = max((name for name, _ in parts), key=len)
        raise ConfigurationError(
            f"PostgreSQL takes names of {_MAX_LABEL_BYTES} bytes, or {_MAX_PAIRS} names: {longest!r} is longer and "
            f"stands beside {len(parts) - 1} others. Shorten the alias, or split the shape."
        )
    return function("json_build_object", *pairs(parts))

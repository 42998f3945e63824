"""Trees on SQLite: json_object, and json_group_array over rows that were put in order before.

Each sub-select stands in json(): from 3.54 on its result would be taken for text otherwise. An ORDER BY inside an
aggregate needs 3.44 and is no faster.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crosslet.shapes.trees.writer import Parts, Rows, TreeWriter, function, pairs

# SQLite before 3.50 takes 127 arguments of a function: 63 pairs, and one place for the object to add to.
_MAX_PAIRS = 60


class SQLiteTrees(TreeWriter):
    """SQLite 3.38 and newer."""

    def __init__(self, version: tuple[int, ...]) -> None:
        # "parser stack overflow" before 3.46, "expression tree is too large" after it.
        self.depth = 5 if version < (3, 46) else 18

    def root(self, parts: Parts) -> ColumnElement[str]:
        return _object(parts)

    def object(self, parts: Parts) -> ColumnElement[Any]:
        return _object(parts)

    def choice(self, whens: Sequence[tuple[Any, ColumnElement[Any]]], other: Any = None) -> ColumnElement[Any]:
        return func.json(super().choice(whens, other))

    def one(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        return func.json(rows.selecting(_object(parts)).scalar_subquery())

    def many(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        if not rows.are_ordered:
            return func.json(rows.selecting(func.json_group_array(_object(parts))).scalar_subquery())
        inner = rows.in_order(_object(parts).label("o")).subquery()
        return func.json(select(func.json_group_array(func.json(inner.c.o))).scalar_subquery())

    def value(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        return func.json(super().value(func.json_quote(value), rows))

    def values(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        if not rows.are_ordered:
            return func.json(rows.selecting(func.json_group_array(value)).scalar_subquery())
        inner = rows.in_order(func.json_quote(value).label("o")).subquery()
        return func.json(select(func.json_group_array(func.json(inner.c.o))).scalar_subquery())


def _object(parts: Parts) -> ColumnElement[Any]:
    made: ColumnElement[Any] = function("json_object", *pairs(parts[:_MAX_PAIRS]))
    for start in range(_MAX_PAIRS, len(parts), _MAX_PAIRS):
        # A path quotes the name; what the quotes would need escaped is no name of a field.
        more = [(f'$."{name}"', value) for name, value in parts[start : start + _MAX_PAIRS]]
        made = function("json_insert", made, *pairs(more))
    return made

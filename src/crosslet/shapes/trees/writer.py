"""What a database has to be told for an object, for one related row, for a list of them.

Sub-selects refer to the row above them; `correlate_except(None)` says so of every FROM that stands there already.
The row below is always read under an alias of its own, so nothing else can be meant.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.sql.functions import Function

# A name in JSON, and what it holds.
Parts = Sequence[tuple[str, ColumnElement[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which rows stand below another.

    Attributes:
        source: The alias they are read under.
        condition: What ties them to the row above.
        order_by: Their order.
    """

    source: Any
    condition: ColumnElement[bool]
    order_by: tuple[Any, ...] = ()
    limit: int | None = None
    offset: int = 0

    @property
    def are_ordered(self) -> bool:
        """Tell whether order or number of the rows matter."""
        return bool(self.order_by) or self.limit is not None or self.offset > 0

    def selecting(self, *columns: Any) -> Select[Any]:
        """Select columns of these rows, in no order."""
        return select(*columns).select_from(self.source).where(self.condition).correlate_except(None)

    def in_order(self, *columns: Any) -> Select[Any]:
        """Select columns of these rows in their order, as many as are wanted."""
        chosen = self.selecting(*columns).order_by(*self.order_by)
        if self.limit is not None:
            # In the text and not a parameter: PostgreSQL plans for the number that it sees.
            chosen = chosen.limit(literal_column(str(self.limit)))
        return chosen.offset(literal_column(str(self.offset))) if self.offset else chosen


class TreeWriter(ABC):
    """One database's way of writing trees.

    Attributes:
        depth: Levels of nesting that it can parse.
        backslash_escapes: A backslash in a string of SQL is to be doubled.
    """

    depth: int = 60
    backslash_escapes = False

    @abstractmethod
    def root(self, parts: Parts) -> ColumnElement[str]:
        """Write the object of the statement's own row, as text."""

    @abstractmethod
    def one(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        """Write the object of one related row; null where there is none."""

    @abstractmethod
    def many(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        """Write the list of related rows; empty where there is none."""

    @abstractmethod
    def object(self, parts: Parts) -> ColumnElement[Any]:
        """Write an object of the same row."""

    def choice(self, whens: Sequence[tuple[Any, ColumnElement[Any]]], other: Any = None) -> ColumnElement[Any]:
        """Write the object for which a condition holds; else another one, or null."""
        return case(*whens, else_=other)

    def value(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        """Write what stands for one related row; null where there is none."""
        return rows.selecting(value).scalar_subquery()

    @abstractmethod
    def values(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        """Write the list of what stands for related rows; empty where there is none."""

    def constant(self, value: str | int) -> ColumnElement[Any]:
        """Write a value that the shape gives."""
        if isinstance(value, str):
            return name_in_sql(value, backslash_escapes=self.backslash_escapes)
        return literal_column(str(value))

    def count(self, rows: Rows) -> ColumnElement[int]:
        """Count related rows."""
        return rows.selecting(func.count()).scalar_subquery()


def name_in_sql(name: str, *, backslash_escapes: bool = False) -> ColumnElement[str]:
    """Write a name of JSON as a string of SQL: it is part of the text, and no parameter."""
    quoted = name.replace("'", "''")
    if backslash_escapes:
        quoted = quoted.replace("\\", "\\\\")
    return literal_column(f"'{quoted}'")


def pairs(parts: Parts, *, backslash_escapes: bool = False) -> list[Any]:
    """Write names and values in turn, as the functions that make objects want them."""
    return [item for name, value in parts for item in (name_in_sql(name, backslash_escapes=backslash_escapes), value)]


def function(name: str, *arguments: Any) -> Function[Any]:
    """Call a function of SQL."""
    return getattr(func, name)(*arguments)  # type: ignore[no-any-return]

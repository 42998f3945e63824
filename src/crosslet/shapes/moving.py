"""Expressions over a mapped class, written over an alias of it."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Join, Select, Table, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.sql.annotation import Annotated
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.util import ClauseAdapter

_KEEPING: Final[tuple[type[Any], ...]] = (FunctionElement, Annotated)


def moved(expression: Any, mapper: Mapper[Any], entity: Any) -> Any:
    """Return an expression over a mapped class as one over an alias of it."""
    inspected: Any = inspect(entity)
    if inspected.is_mapper:
        return expression
    return adapted(expression, inspected.selectable)


def adapted(expression: Any, selectable: Any) -> Any:
    """Return an expression over tables as one over their aliases in a selectable.

    A sub-select that reads such a table for itself, `Where(Book.price > select(func.max(Book.price)))`, stays as it
    is; one that means the row above is moved along.
    """
    tables = {found for found in visitors.iterate(selectable) if isinstance(found, Table)}
    adapter = ClauseAdapter(selectable)
    own = [found for found in visitors.iterate(expression) if isinstance(found, Select) and _is_own(found, tables)]
    adapter.__traverse_options__["stop_on"] += own
    return _refreshed(adapter.traverse(expression))


def _refreshed(expression: Any) -> Any:
    """Let functions that a hybrid has annotated forget their arguments of before.

    SQLAlchemy keeps those of an expression that was compiled once, and its copies keep them, too: their FROM would
    name the class beside its alias (SQLAlchemy 2.1.9).
    """
    for part in visitors.iterate(expression):
        if all(isinstance(part, kind) for kind in _KEEPING):
            part.__dict__.pop("clauses", None)
    return expression


def _is_own(select: Select[Any], tables: set[Table]) -> bool:
    """Tell whether a sub-select reads one of some tables itself, where SQLAlchemy would not correlate it."""
    sources = select.get_final_froms()
    return any(
        any(found in tables for found in _tables_of(source)) and (isinstance(source, Join) or len(sources) == 1)
        for source in sources
    )


def _tables_of(source: Any) -> Iterator[Any]:
    if isinstance(source, Join):
        yield from _tables_of(source.left)
        yield from _tables_of(source.right)
    else:
        yield source

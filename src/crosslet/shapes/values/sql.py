"""SQL around a column, as text: the element that carries it through SQLAlchemy, and how text is quoted.

Numbers, names and formats stand in the text and are no parameters: the plan is better and the cache key shorter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnClause, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

# From the SQL of a column to the SQL around it.
Sql = Callable[[str], str]
Write = Callable[[ColumnElement[Any]], ColumnElement[Any]]

# Stands for the column while the text is kept; no database takes it in a statement.
_SLOT: Final = "\0"


@dataclass(frozen=True, slots=True)
class Value:
    """How a column is written into JSON.

    Attributes:
        write: From the column's expression to what is put into row_to_json, JSON_OBJECT or json_object.
        same: What arrives parses equal to what Pydantic's dump_json would write; else it is good for validate_json.
    """

    write: Write
    same: bool


class Written(FunctionElement[Any]):
    """A column and the SQL around it."""

    inherit_cache = True
    _traverse_internals = [*FunctionElement._traverse_internals, ("template", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, template: str, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.template = template


@compiles(Written)
def _compile(element: Written, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)
    (column,) = element.clauses
    text = compiler.process(column, **kw)
    if not isinstance(column, ColumnClause) or column.is_literal:
        text = f"({text})"
    return text.join(_with_percents(part, compiler) for part in element.template.split(_SLOT))


def _with_percents(text: str, compiler: SQLCompiler) -> str:
    return str(compiler.post_process_text(text))  # type: ignore[no-untyped-call]


def as_is(text: str) -> str:
    """Write a column as the database does by itself."""
    return text


def writer(sql: Sql) -> Write:
    """Return what puts this SQL around a column."""
    return _unchanged if sql is as_is else partial(Written, sql(_SLOT))


def _unchanged(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


# Beyond this many decimal places str(Decimal) writes zero, and what is small, with an exponent.
PLAIN_PLACES: Final = 6


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"

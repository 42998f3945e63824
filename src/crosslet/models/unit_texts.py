"""SQL that is written as text does not know that SQLite counts an ExactDecimal in its smallest unit: refuse it there.

Text that means the same in any unit, such as `balance >= 0`, passes.
"""

import re
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, DefaultClause, Table, TextClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn

from crosslet.errors import ConfigurationError
from crosslet.models.decimals import ExactDecimal

_WORDS: Final = re.compile(r"\w+(?:\.\d+)?")
_NEUTRAL: Final = frozenset({"and", "or", "not", "is", "null", "between", "in", "true", "false"})
_ZERO: Final = re.compile(r"\(?'?[+-]?0+(?:\.0+)?'?\)?|null", re.IGNORECASE)


@compiles(CheckConstraint, "sqlite")
def _compile_check(element: CheckConstraint, compiler: Any, **kw: Any) -> Any:
    text = element.sqltext
    table = getattr(element, "table", None)
    if isinstance(text, TextClause) and isinstance(table, Table) and _mixes_units(text.text, table):
        raise ConfigurationError(
            f"CHECK ({text.text}) of {table.name!r}: SQLite counts an ExactDecimal in its smallest unit, which text "
            "does not know. Write it with the columns: CheckConstraint(balance <= 100, ...), where `balance` is the "
            "mapped_column."
        )
    return getattr(compiler, f"visit_{element.__visit_name__}")(element, **kw)


def _mixes_units(text: str, table: Table) -> bool:
    scales = {column.name: column.type.scale for column in table.columns if isinstance(column.type, ExactDecimal)}
    words = set(_WORDS.findall(text)) - {table.name}
    named = {scales[word] for word in words & set(scales)}
    others = {word for word in words - set(scales) if word.lower() not in _NEUTRAL and not _ZERO.fullmatch(word)}
    return len(named) > 1 or bool(named and others)


@compiles(CreateColumn, "sqlite")
def _compile_column(element: CreateColumn, compiler: Any, **kw: Any) -> Any:
    column: Column[Any] = element.element
    default = column.server_default
    given = default.arg if isinstance(default, DefaultClause) else ""
    text = given.text if isinstance(given, TextClause) else given
    if isinstance(column.type, ExactDecimal) and isinstance(text, str) and text and not _ZERO.fullmatch(text.strip()):
        raise ConfigurationError(
            f"server_default={text!r} of column {column.name!r}: SQLite counts an ExactDecimal in its smallest unit, "
            f"which text does not know. Write server_default=literal(Decimal({text!r}), {column.type!r})."
        )
    return compiler.visit_create_column(element, **kw)

"""The order of a `select()`, taken apart and completed: the same on every database, and no two rows share a place.

No I/O. What a place in the order is compared with is in keyset.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, UnaryExpression, inspect
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import _label_reference, _textual_label_reference

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError
from crosslet.reads.sources import Sources

_NULLS = {operators.nulls_first_op: True, operators.nulls_last_op: False}
_DIRECTIONS = {operators.desc_op: True, operators.asc_op: False}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One term of an ORDER BY.

    Attributes:
        nulls_first: Where NULL stands. Unless the statement says, it is the smallest value, as on MySQL, MariaDB and
            SQLite; PostgreSQL's own default is the other end.
        nullable: It may be NULL.
        is_key: It is part of what tells rows apart.
        origin: What the statement was ordered by, where the expression is a column of a sub-select made of it.
    """

    expression: ColumnElement[Any]
    descending: bool = False
    nulls_first: bool = True
    nullable: bool = True
    is_key: bool = False
    origin: ColumnElement[Any] | None = None

    def reversed(self) -> "Term":
        """Return the term for walking the other way."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def clauses(self, dialect: Dialect) -> Iterator[ColumnElement[Any]]:
        """Yield what stands in ORDER BY for it."""
        clause = self.expression.desc() if self.descending else self.expression.asc()
        are_smallest = self.nulls_first is not self.descending
        if not self.nullable or are_smallest is dialect.nulls_are_smallest:
            yield clause
        elif dialect.can_place_nulls:
            yield clause.nulls_first() if self.nulls_first else clause.nulls_last()
        else:
            absent = self.expression.is_(None)
            yield absent.desc() if self.nulls_first else absent.asc()
            yield clause


def terms_of(statement: Select[Any], sources: Sources, key: Sequence[ColumnElement[Any]]) -> tuple[Term, ...]:
    """Take the ORDER BY of a statement apart, and let its key break ties, in the direction of its last term.

    Args:
        statement: The statement.
        sources: Its tables.
        key: What tells its rows apart.

    Raises:
        ConfigurationError: A term is raw text, or names nothing.
    """
    found: list[Term] = []
    missing = list(key)
    for clause in statement._order_by_clauses:
        term = _term(clause, statement)
        if any(_same(term.expression, one.expression) for one in found):
            continue
        part = next((one for one in missing if _same(one, term.expression)), None)
        found.append(replace(term, nullable=sources.may_be_null(term.expression), is_key=part is not None))
        missing = [one for one in missing if one is not part]
        if not missing:
            # Whatever follows has nothing left to decide.
            return tuple(found)
    descending = found[-1].descending if found else False
    rest = [Term(one, descending, not descending, sources.may_be_null(one), is_key=True) for one in missing]
    return (*found, *rest)


def order_by(terms: Sequence[Term], dialect: Dialect) -> list[ColumnElement[Any]]:
    """Write terms as an ORDER BY."""
    return [clause for term in terms for clause in term.clauses(dialect)]


def key_of(entity: Any) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of the primary key of a mapped class or an alias of one."""
    mapper = inspect(entity).mapper
    named = (mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return tuple(getattr(entity, name).__clause_element__() for name in named)


def _term(clause: Any, statement: Select[Any]) -> Term:
    descending: bool | None = None
    nulls_first: bool | None = None
    while True:
        if isinstance(clause, UnaryExpression) and clause.modifier in _NULLS:
            nulls_first = _NULLS[clause.modifier]
        elif isinstance(clause, UnaryExpression) and clause.modifier in _DIRECTIONS:
            descending = _DIRECTIONS[clause.modifier]
        elif not isinstance(clause, _label_reference | Label):
            break
        clause = clause.element
    if isinstance(clause, _textual_label_reference):
        clause = _named(clause.element, statement)
    if not isinstance(clause, ColumnElement):
        raise ConfigurationError(
            f"order_by({str(clause)!r}) is text, which cannot be compared with a row's values: give columns and "
            "expressions, `User.name.desc()`."
        )
    falling = bool(descending)
    return Term(clause, falling, not falling if nulls_first is None else nulls_first)


def _named(name: str, statement: Select[Any]) -> Any:
    found = statement.selected_columns.get(name)
    if found is None:
        raise ConfigurationError(f"order_by({name!r}) names no column that the statement selects.")
    return found.element if isinstance(found, Label) else found


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> bool:
    return one is other or one.compare(other)

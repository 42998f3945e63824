"""The operators of filters: which values each takes, and its SQL.

What says "not" says it of rows without a value, too: `ne` and `not_in` find all that `eq` and `in` leave out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, not_, or_

from crosslet.reads.terms import Family, Term
from crosslet.reads.texts import matches


class Takes(Enum):
    """What an operator compares with."""

    VALUE = "a value of the term's own type"
    TEXT = "a part of a text"
    LIST = "several values"
    RANGE = "the first and the last value"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """A question about a value.

    Attributes:
        says: The question in words, for documentation; the term's name comes before it.
        build: From the term, its expression and the value to the condition.
    """

    name: str
    takes: Takes
    says: str
    build: Callable[[Term, Any, Any], ColumnElement[bool]]


def _ne(term: Term, expression: Any, value: Any) -> ColumnElement[bool]:
    different: ColumnElement[bool] = expression != value
    return or_(different, expression.is_(None)) if term.nullable else different


def _not_in(term: Term, expression: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    others: ColumnElement[bool] = expression.not_in(values)
    return or_(others, expression.is_(None)) if term.nullable else others


def _between(term: Term, expression: Any, ends: Sequence[Any]) -> ColumnElement[bool]:
    first, last = ends
    return and_(expression >= first, expression <= last)


def _is_null(term: Term, expression: Any, value: bool) -> ColumnElement[bool]:
    found: ColumnElement[bool] = expression.is_(None) if value else expression.is_not(None)
    return found


def _part(before: bool, after: bool, fold: bool, term: Term, expression: Any, value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = matches(expression, value, before=before, after=after, fold=fold)
    return found


def _exists(term: Term, expression: Any, value: bool) -> ColumnElement[bool]:
    found: ColumnElement[bool] = expression if value else not_(expression)
    return found


_EQ: Final = Operator("eq", Takes.VALUE, "is this", lambda term, expression, value: expression == value)
_NE: Final = Operator("ne", Takes.VALUE, "is not this; what has no value is not, either", _ne)
_IN: Final = Operator("in", Takes.LIST, "is one of these", lambda term, expression, values: expression.in_(values))
_NOT_IN: Final = Operator("not_in", Takes.LIST, "is none of these; what has no value is none, either", _not_in)
_NULL: Final = Operator("is_null", Takes.FLAG, "has no value (true), or has one (false)", _is_null)
_TEXTS: Final = (
    Operator("contains", Takes.TEXT, "has this in it", partial(_part, True, True, False)),
    Operator("icontains", Takes.TEXT, "has this in it, in capitals or small letters", partial(_part, True, True, True)),
    Operator("starts_with", Takes.TEXT, "begins with this", partial(_part, False, True, False)),
    Operator("ends_with", Takes.TEXT, "ends with this", partial(_part, True, False, False)),
)
_ORDERED: Final = (
    Operator("lt", Takes.VALUE, "is less", lambda term, expression, value: expression < value),
    Operator("lte", Takes.VALUE, "is this or less", lambda term, expression, value: expression <= value),
    Operator("gt", Takes.VALUE, "is more", lambda term, expression, value: expression > value),
    Operator("gte", Takes.VALUE, "is this or more", lambda term, expression, value: expression >= value),
    Operator("between", Takes.RANGE, "is between these two, or is one of them", _between),
)
_EXISTS: Final = Operator("exists", Takes.FLAG, "has related rows (true), or none (false)", _exists)
_OF: Final[Mapping[Family, tuple[Operator, ...]]] = {
    Family.TEXT: (_EQ, _NE, _IN, _NOT_IN, *_TEXTS),
    Family.ORDERED: (_EQ, _NE, _IN, _NOT_IN, *_ORDERED),
    Family.CHOICE: (_EQ, _NE, _IN, _NOT_IN),
    Family.FLAG: (_EQ, _NE),
    Family.ROWS: (_EXISTS,),
}


def operators_of(term: Term) -> tuple[Operator, ...]:
    """List the operators that a term has; `is_null` only where it may be NULL."""
    return (*_OF[term.family], _NULL) if term.nullable else _OF[term.family]

"""How the values of an order get into a cursor and back to the database without becoming others on the way.

A value that is rounded, or that Python code has made into another, would lose or repeat rows: so a cursor carries what
the database itself compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
    bindparam,
    cast,
    false,
    type_coerce,
)
from sqlalchemy import Dialect as SQLAlchemyDialect
from sqlalchemy.sql.sqltypes import NullType, _AbstractInterval
from sqlalchemy.types import TypeDecorator, TypeEngine

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError

_RAW = NullType()
_PLAIN = (Boolean, String, LargeBinary, Date, DateTime, Time, _AbstractInterval, NullType)
_LARGEST = 2**63


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """One expression, as its values travel.

    Attributes:
        read: What is selected.
        compared: What stands in comparisons: the expression itself, so that an index serves it.
        type: Of the values that it is compared with; None where each value has its own.
        ranks: Of an ENUM that is ordered by number and compared as text: its values in order.
        name: Of the parameter for a value that it is compared with.
    """

    read: ColumnElement[Any]
    compared: ColumnElement[Any]
    type: TypeEngine[Any] | None = None
    ranks: Sequence[str] = ()
    name: str = "crosslet_at"

    def bound(self, value: Any) -> ColumnElement[Any]:
        """Return a value to compare with."""
        return bindparam(self.name, value, self.type if self.type is not None else type_for(value))

    def beyond(self, value: Any, *, descending: bool) -> ColumnElement[bool]:
        """Compare: strictly behind a value, which is not NULL."""
        if self.ranks:
            place = self.ranks.index(value)
            rest = self.ranks[:place] if descending else self.ranks[place + 1 :]
            return self.compared.in_(rest) if rest else false()
        return self.compared < self.bound(value) if descending else self.compared > self.bound(value)


def carried(expression: ColumnElement[Any], kind: TypeEngine[Any], dialect: Dialect, number: int = 0) -> Carried:
    """Say how the values of an expression travel.

    Args:
        expression: The expression.
        kind: What the database stores, as `stored` says.
        dialect: What the database can do.
        number: The place of its term in the order.

    Raises:
        ConfigurationError: They cannot: JSON, arrays, and others that not every database orders.
    """
    if not isinstance(kind, (*_PLAIN, Enum, Numeric, Float, Integer, Uuid)):
        raise ConfigurationError(
            f"Pages cannot be ordered by {expression} of type {kind!r}: order by an expression of a plain type, such "
            "as `cast(column, String)`, or `column['name'].as_string()` of a JSON column."
        )
    found = _typed(expression, kind) if dialect.compares_typed else _raw(expression, kind, dialect)
    return replace(found, name=f"crosslet_at_{number}")


def _raw(expression: ColumnElement[Any], kind: TypeEngine[Any], dialect: Dialect) -> Carried:
    """For databases that compare a value as their drivers handed it out."""
    if isinstance(kind, Float) and not dialect.reads_floats_exactly:
        # A FLOAT is sent with six digits; as a DOUBLE it is sent with all.
        return Carried(cast(expression, Double()), type_coerce(expression, _RAW), _RAW)
    raw = type_coerce(expression, _RAW)
    if isinstance(kind, Enum) and kind.native_enum and not dialect.compares_enums_in_order:
        return Carried(raw, raw, _RAW, tuple(kind.enums))
    return Carried(raw, raw, _RAW)


def _typed(expression: ColumnElement[Any], kind: TypeEngine[Any]) -> Carried:
    """For servers that compare by the types of both sides, so that each value needs its own."""
    if isinstance(kind, Enum):
        # Labels, whatever Python makes of them.
        return Carried(cast(expression, String()), type_coerce(expression, kind), kind)
    if isinstance(kind, Float):
        # A REAL becomes text with fewer digits than it has when it is compared.
        return Carried(cast(expression, Double()), type_coerce(expression, Double()), Double())
    exact = kind
    if isinstance(kind, Numeric | Uuid):
        exact = Numeric(asdecimal=True) if isinstance(kind, Numeric) else Uuid()
    coerced = type_coerce(expression, exact)
    # Numbers are as wide as each of them is, not as what they were computed of.
    has_own = isinstance(kind, Numeric | Integer | NullType)
    return Carried(coerced, coerced, None if has_own else exact)


def stored(kind: TypeEngine[Any], engine: SQLAlchemyDialect) -> TypeEngine[Any]:
    """Return the type under those that are made of Python code.

    Args:
        kind: The type of an expression.
        engine: The engine's dialect.
    """
    # SQLAlchemy's own Interval is such a type, and emulates nothing where there is a native one.
    while isinstance(kind, TypeDecorator) and not isinstance(kind, Interval):
        kind = kind.load_dialect_impl(engine)
    return kind._variant_mapping.get(engine.name, kind)


def type_for(value: Any) -> TypeEngine[Any] | None:
    """Return the type of a number, as wide as it needs; None for what has one type only."""
    if isinstance(value, int) and not isinstance(value, bool):
        # A sum of integers may be wider than what it is a sum of.
        return BigInteger() if -_LARGEST <= value < _LARGEST else Numeric()
    return Numeric() if isinstance(value, Decimal) else None

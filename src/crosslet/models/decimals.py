"""ExactDecimal: money that stays exact on every database.

What its SQL may look like on SQLite is in scaled.py and unit_texts.py; other types are in types.py.
"""

import operator
from collections.abc import Sequence
from decimal import Context, Decimal
from itertools import repeat
from typing import Any, Final

from sqlalchemy import Dialect, Integer, Numeric
from sqlalchemy.sql import operators
from sqlalchemy.types import BigInteger, TypeDecorator, TypeEngine

from crosslet.errors import ConfigurationError, InvalidValue, Problem

# SQLite's integers have 64 bits, which is 18 whole decimal digits.
_MAX_PRECISION: Final = 18
# Of our own, so that no getcontext() of the application's can round.
_CONTEXT: Final = Context(prec=60)
# PostgreSQL and MySQL disagree about the digits of these results, and SQLite would have to round.
_REFUSED: Final = frozenset({
    operators.truediv, operators.floordiv, operators.mod, operator.pow,
    operators.concat_op, operators.like_op, operators.ilike_op,
})  # fmt: skip


class _Comparator(TypeDecorator.Comparator[Decimal], Numeric.Comparator[Decimal]):
    """Refuse the operations whose result would differ from one database to the next."""

    __slots__ = ()

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        _refuse(op, other)
        return super().operate(op, *other, **kwargs)

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
        _refuse(op, (other,))
        return super().reverse_operate(op, other, **kwargs)


def _refuse(op: Any, others: tuple[Any, ...]) -> None:
    if op in _REFUSED:
        raise ConfigurationError(
            f"An ExactDecimal does not take part in {op.__name__!r} in SQL: databases round it differently. "
            "Fetch the values and compute in Python."
        )
    if op is operators.mul and not all(map(_is_whole, others)):
        raise ConfigurationError(
            "An ExactDecimal can be multiplied in SQL by whole numbers only: databases round the rest differently. "
            "Fetch the value, multiply and quantize it in Python."
        )


def _is_whole(other: Any) -> bool:
    affinity = getattr(getattr(other, "type", None), "_type_affinity", None)
    return affinity is Integer if affinity is not None else type(other) is int


class ExactDecimal(TypeDecorator[Decimal]):
    """Store a decimal number of fixed precision without ever rounding it.

    NUMERIC on PostgreSQL, MySQL and MariaDB. SQLite has no exact decimals: there the column is INTEGER and counts the
    smallest unit (12.50 is 1250). SQL that is written as text has to know that; in a CHECK or a server default it is
    refused on SQLite where it would mean something else.

    Comparing, adding, subtracting, negating, multiplying by a whole number, sum, min, max and coalesce are exact
    everywhere. Division, other products and LIKE are refused, and so are, on SQLite, avg and what else would show the
    unit. Numbers in SQL are held to the same scale.

    Args:
        precision: Digits in all, 18 at most.
        scale: Digits after the point.

    Raises:
        InvalidValue: A float, NaN or infinity was given, or more digits than fit: nothing is rounded.
        ConfigurationError: The precision cannot be kept everywhere, or SQL was to do what is refused.
    """

    impl = Numeric
    cache_ok = True
    comparator_factory = _Comparator
    coerce_to_is_types = (type(None),)

    def __init__(self, precision: int, scale: int) -> None:
        if not (0 <= scale <= precision and 1 <= precision <= _MAX_PRECISION):
            raise ConfigurationError(
                f"ExactDecimal({precision}, {scale}) cannot be exact everywhere: precision goes from 1 to "
                f"{_MAX_PRECISION}, scale from 0 to the precision. Servers take more digits as Numeric({precision}, "
                f"{scale}), SQLite does not."
            )
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale
        self._limit = Decimal(10) ** (precision - scale)
        self._step = Decimal(1).scaleb(-scale)
        self._zero = Decimal(0).scaleb(-scale)

    @property
    def python_type(self) -> type[Decimal]:
        """Return the type of the values."""
        return Decimal

    def problem_with(self, value: object) -> Problem | None:
        """Say why a value cannot be stored, None if it can."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            return Problem("value", "must be a Decimal or a whole number", "wrong_type")
        if not value.is_finite():
            return Problem("value", "must be a finite number", "not_finite")
        if value.copy_abs() >= self._limit:
            reason = f"may have at most {self.precision - self.scale} digits before the decimal point"
            return Problem("value", reason, "out_of_range")
        if value.quantize(self._step, context=_CONTEXT) != value:
            return Problem("value", f"may have at most {self.scale} decimal places", "too_many_decimal_places")
        return None

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Refuse what does not fit; count units for SQLite."""
        if value is None:
            return None
        if problem := self.problem_with(value):
            raise InvalidValue([problem])
        number = Decimal(value)
        if dialect.name == "sqlite":
            return int(number.scaleb(self.scale, _CONTEXT))
        return number.quantize(self._step, context=_CONTEXT)

    def bound_values(self, values: Sequence[Decimal], dialect: Dialect) -> list[Any] | None:
        """Bind many Decimals at once; None where one of them does not fit: `problem_with` says which, and why."""
        try:
            numbers = list(map(_CONTEXT.quantize, values, repeat(self._step)))
        except ArithmeticError:  # no number at all, or far more digits than fit
            return None
        if numbers != values or not (-self._limit < min(numbers) and max(numbers) < self._limit):
            return None
        if dialect.name != "sqlite":
            return numbers
        return list(map(int, map(_CONTEXT.scaleb, numbers, repeat(self.scale))))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Make a Decimal of SQLite's units, and give each answer its decimal places (a sum of nothing has none)."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            return _CONTEXT.add(value, self._zero)
        if not isinstance(value, int):  # SQLite turns what overflows, or was written by hand, into floats
            raise ConfigurationError(
                f"SQLite holds a number here that is no whole count of {self._step}: it was written by SQL that does "
                "not know of ExactDecimal, or a sum left 64 bits."
            )
        return Decimal(value).scaleb(-self.scale, _CONTEXT)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Hold numbers in expressions to the scale, and not to the precision: a sum is larger than its parts."""
        if op is operators.mul:
            _refuse(op, (value,))  # the ORM binds a number on the left before any comparator sees it
            return BigInteger()
        return ExactDecimal(_MAX_PRECISION, self.scale)

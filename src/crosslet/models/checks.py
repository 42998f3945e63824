"""For each column type, why a value could not be stored, or would be stored differently by some database.

A check answers None, or a code and a reason that a client may read. Which values are checked is in values.py.
"""

import enum
import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import types

from crosslet.errors import Problem
from crosslet.models.decimals import ExactDecimal
from crosslet.models.json_values import json_problem, text_problem
from crosslet.models.types import PortableJSON, UTCDateTime, moment_problem

# A code and a reason; None if the value can be stored.
Answer = tuple[str, str] | None
Check = Callable[[Any], Answer]

_NOT_TEXT: Final = ("wrong_type", "must be text")
_NOT_FINITE: Final = ("not_finite", "must be a finite number")


def check_of(column_type: types.TypeEngine[Any]) -> Check | None:
    """Return the check for a column type; None where nothing is known, such as a type of the application's own."""
    for known, make in _MAKERS:
        if isinstance(column_type, known):
            return make(column_type)
    return None


def _check_text(column_type: types.String) -> Check:
    limit = column_type.length if column_type.length is not None else math.inf
    too_long = ("too_long", f"may have at most {limit} characters")

    def check(value: Any) -> Answer:
        if not isinstance(value, str):
            return _NOT_TEXT
        if len(value) > limit:
            return too_long
        return text_problem(value)

    return check


def _check_integer(column_type: types.Integer) -> Check:
    small, big = (isinstance(column_type, size) for size in (types.SmallInteger, types.BigInteger))
    bits = 16 if small else 64 if big else 32
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    out_of_range = ("out_of_range", f"must be between {low} and {high}")

    def check(value: Any) -> Answer:
        if not isinstance(value, int) or isinstance(value, bool):
            return "wrong_type", "must be a whole number"
        return None if low <= value <= high else out_of_range

    return check


def _check_boolean(column_type: types.Boolean) -> Check:
    return lambda value: None if value is True or value is False else ("wrong_type", "must be true or false")


def _check_float(column_type: types.Float[Any]) -> Check:
    def check(value: Any) -> Answer:
        if isinstance(value, bool) or not isinstance(value, float | int | Decimal):
            return "wrong_type", "must be a number"
        try:
            return None if math.isfinite(value) else _NOT_FINITE
        except OverflowError:
            return "out_of_range", "is too large"

    return check


def _check_numeric(column_type: types.Numeric[Any]) -> Check:
    """Check a plain NUMERIC: servers would round to its scale, and SQLite would keep it all."""
    if not column_type.asdecimal:
        return _check_float(column_type)  # type: ignore[arg-type]
    scale = None if column_type.precision is None else column_type.scale or 0
    limit = None if column_type.precision is None else Decimal(10) ** (column_type.precision - (scale or 0))

    def check(value: Any) -> Answer:
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            return "wrong_type", "must be a Decimal or a whole number"
        if not value.is_finite():
            return _NOT_FINITE
        if limit is not None and value.copy_abs() >= limit:
            return "out_of_range", f"must be smaller than {limit}"
        if scale is not None and _decimal_places(value) > scale:
            return "too_many_decimal_places", f"may have at most {scale} decimal places"
        return None

    return check


def _decimal_places(value: Decimal) -> int:
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    for digit in reversed(digits):
        if places <= 0 or digit:
            return places
        places -= 1
    return 0


def _check_datetime(column_type: types.DateTime) -> Check:
    def check(value: Any) -> Answer:
        if not isinstance(value, datetime):
            return "wrong_type", "must be a date and time"
        if (value.tzinfo is not None) is column_type.timezone:
            # MySQL and SQLite drop an offset, PostgreSQL applies it: only UTC means the same to all.
            if value.utcoffset():
                return "not_utc", "must be in UTC: value.astimezone(UTC)"
            return None
        if column_type.timezone:
            return "naive_datetime", "needs a time zone, such as datetime.now(UTC)"
        return "aware_datetime", "may not have a time zone"

    return check


def _check_class(expected: type | tuple[type, ...], name: str) -> Check:
    wrong = ("wrong_type", f"must be {name}")
    return lambda value: None if isinstance(value, expected) else wrong


def _check_uuid(column_type: types.Uuid[Any]) -> Check:
    return _check_class(UUID, "a UUID") if column_type.as_uuid else _check_text(types.String(36))


def _check_date(column_type: types.Date) -> Check:
    # A datetime is a date to Python; some drivers cut its time off, some refuse it.
    wrong = ("wrong_type", "must be a date")
    return lambda value: None if isinstance(value, date) and not isinstance(value, datetime) else wrong


def _check_time(column_type: types.Time) -> Check:
    wrong = ("wrong_type", "must be a time of day without a time zone")
    return lambda value: None if isinstance(value, time) and value.tzinfo is None else wrong


def _check_binary(column_type: types.LargeBinary) -> Check:
    limit = column_type.length if column_type.length is not None else math.inf

    def check(value: Any) -> Answer:
        if not isinstance(value, bytes | bytearray | memoryview):
            return "wrong_type", "must be bytes"
        return None if len(value) <= limit else ("too_long", f"may have at most {limit} bytes")

    return check


def _check_enum(column_type: types.Enum) -> Check:
    members = column_type.enum_class
    names = frozenset(column_type.enums)

    def check(value: Any) -> Answer:
        if members is not None and isinstance(value, members):
            return None
        known = isinstance(value, str) and not isinstance(value, enum.Enum) and value in names
        return None if known else ("not_a_member", "is not one of the allowed values")

    return check


def _answer(problem: Problem | None) -> Answer:
    return None if problem is None else (problem.code, problem.reason)


# In this order, because an Enum is a String, and a type of ours is no subclass of what it is stored as.
_MAKERS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], Check]], ...]] = (
    (UTCDateTime, lambda column_type: lambda value: _answer(moment_problem(value))),
    (ExactDecimal, lambda column_type: lambda value: _answer(column_type.problem_with(value))),
    ((PortableJSON, types.JSON), lambda column_type: json_problem),
    (types.Enum, _check_enum),
    (types.String, _check_text),
    (types.Integer, _check_integer),
    (types.Boolean, _check_boolean),
    (types.Float, _check_float),
    (types.Numeric, _check_numeric),
    (types.DateTime, _check_datetime),
    (types.Date, _check_date),
    (types.Time, _check_time),
    (types.Interval, lambda column_type: _check_class(timedelta, "a duration")),
    (types.Uuid, _check_uuid),
    (types.LargeBinary, _check_binary),
)

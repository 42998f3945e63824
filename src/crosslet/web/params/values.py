"""How the values of a filter are read: by the type of the column that they are compared with, and by the shape's.

A value that its column could not hold is refused here, so no driver ever sees it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Final, Literal, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, NaiveDatetime, TypeAdapter
from pydantic_core import PydanticCustomError
from sqlalchemy import types
from sqlalchemy.types import TypeEngine

from crosslet.models import ExactDecimal, UTCDateTime, check_of
from crosslet.reads import Family


@dataclass(frozen=True, eq=False)
class ValueType:
    """What a term's values are.

    Attributes:
        family: Which questions they answer.
        annotation: By what they are read, for Pydantic.
        sql: The column's type.
    """

    family: Family
    annotation: Any
    sql: TypeEngine[Any]

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Return what reads and describes a value."""
        return TypeAdapter(self.annotation)

    @cached_property
    def _check(self) -> Callable[[Any], tuple[str, str] | None] | None:
        return check_of(self.sql)

    def read(self, raw: Any) -> Any:
        """Read a value as it is compared with the column.

        Raises:
            ValidationError: It is none of the type's.
            PydanticCustomError: The column could not hold it.
        """
        value = self.adapter.validate_python(raw)
        if isinstance(value, Enum) and getattr(self.sql, "enum_class", None) is None:
            value = value.value
        if isinstance(value, datetime) and isinstance(self.sql, types.DateTime) and value.tzinfo is not None:
            value = _in_utc(value)
        return self.checked(value)

    def checked(self, value: Any) -> Any:
        """Return a value that the column could hold.

        Raises:
            PydanticCustomError: It could not.
        """
        found = self._check(value) if self._check is not None else None
        if found is not None:
            raise PydanticCustomError(found[0], f"Input {found[1]}")
        return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar, seen from another time zone
        raise PydanticCustomError("out_of_range", "Input is outside the calendar") from None


FLAG: Final = ValueType(Family.FLAG, bool, types.Boolean())
COUNT: Final = ValueType(Family.ORDERED, int, types.BigInteger())
TEXT: Final = ValueType(Family.TEXT, str, types.String())

_FAMILIES: Final[tuple[tuple[type, Family, Any], ...]] = (
    (UTCDateTime, Family.ORDERED, AwareDatetime),
    (ExactDecimal, Family.ORDERED, Decimal),
    (types.String, Family.TEXT, str),
    (types.Boolean, Family.FLAG, bool),
    (types.Integer, Family.ORDERED, int),
    (types.Date, Family.ORDERED, date),
    (types.Time, Family.ORDERED, time),
    (types.Interval, Family.ORDERED, timedelta),
)
_SQL_TYPES: Final[dict[Any, TypeEngine[Any]]] = {
    str: types.String(),
    int: types.BigInteger(),
    float: types.Double(),
    bool: types.Boolean(),
    Decimal: types.Numeric(),
    datetime: UTCDateTime(),
    date: types.Date(),
    time: types.Time(),
    timedelta: types.Interval(),
    UUID: types.Uuid(),
}


def value_type_of(sql: TypeEngine[Any], annotation: Any = None) -> ValueType | None:
    """Return how values of a column are read; None where a type has no operators, such as JSON and bytes.

    Args:
        sql: The column's type.
        annotation: The field's, without `Annotated` and `| None`: a narrower choice than the column's counts.
    """
    found = _of_column(sql)
    takes_some = isinstance(sql, types.String | types.Integer) and not isinstance(sql, types.Enum)
    narrows = takes_some and is_choice(annotation)
    return ValueType(Family.CHOICE, annotation, sql) if narrows else found


def _of_column(sql: TypeEngine[Any]) -> ValueType | None:
    if isinstance(sql, types.Enum):
        return ValueType(Family.CHOICE, sql.enum_class or Literal[tuple(sql.enums)], sql)
    if isinstance(sql, types.Uuid):
        return ValueType(Family.CHOICE, UUID if sql.as_uuid else str, sql)
    if isinstance(sql, types.DateTime):
        return ValueType(Family.ORDERED, AwareDatetime if sql.timezone else NaiveDatetime, sql)
    if isinstance(sql, types.Numeric | types.Float):
        return ValueType(Family.ORDERED, Decimal if sql.asdecimal else float, sql)
    return next((ValueType(family, kind, sql) for known, family, kind in _FAMILIES if isinstance(sql, known)), None)


def value_type_for(kind: Any) -> ValueType | None:
    """Return how values of a Python type are read; None where no column type stands for it."""
    if is_choice(kind):
        values = get_args(kind) or [member.value for member in kind]
        sql = _SQL_TYPES[int if all(isinstance(value, int) for value in values) else str]
        return ValueType(Family.CHOICE, kind, sql)
    return _of_column(_SQL_TYPES[kind]) if kind in _SQL_TYPES else None


def is_choice(annotation: Any) -> bool:
    """Tell whether an annotation is an enumeration or a Literal."""
    return get_origin(annotation) is Literal or (isinstance(annotation, type) and issubclass(annotation, Enum))

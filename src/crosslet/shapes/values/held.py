"""What a column holds: SQLAlchemy's types, told apart by the Python value that reading one gives.

A whitelist again: a type with Python code of its own, or one that is not known here, holds nothing we can write.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import BigInteger, SmallInteger, TypeDecorator, TypeEngine

from crosslet.models import ExactDecimal, PortableJSON, UTCDateTime
from crosslet.shapes.values.target import Target


@dataclass(frozen=True, slots=True)
class Held:
    """What a column holds.

    Attributes:
        sort: The value in Python, such as `int` or `datetime`; "units" are an ExactDecimal, "number" is a Numeric
            that is read as a float.
        scale: Decimal places, None if the type does not say.
        is_short: A float of 4 bytes, an integer of 4 or fewer.
        zone: Of a datetime or time: "" is naive, "given" as stored, "utc" always UTC.
        is_native: The database has a type for it.
        labels: Of an enumeration, what is stored and the value that it stands for.
        fraction: Digits after the second that the type asks for, None if it does not say.
    """

    sort: str
    scale: int | None = None
    is_short: bool = False
    zone: str = ""
    is_native: bool = True
    labels: tuple[tuple[str, Any], ...] = ()
    enum: type[Enum] | None = None
    item: "Held | None" = None
    fraction: int | None = None


_SIMPLE: Final[tuple[tuple[type[TypeEngine[Any]], Held], ...]] = (
    (Boolean, Held("bool")),
    (BigInteger, Held("int")),
    (SmallInteger, Held("int", is_short=True)),
    (mysql.BIT, Held("int", is_native=False)),
    (mysql.YEAR, Held("int", is_short=True, is_native=False)),
    (postgresql.OID, Held("int", is_native=False)),
    (postgresql.MACADDR, Held("str")),
    (postgresql.MACADDR8, Held("str")),
    (postgresql.INET, Held("IPv4Address")),
    (postgresql.CIDR, Held("IPv4Network")),
    (postgresql.INTERVAL, Held("interval")),
    (postgresql.HSTORE, Held("json")),
    (LargeBinary, Held("bytes")),
    (Date, Held("date")),
    (JSON, Held("json")),
)
# Binary digits of a float of 4 bytes.
_SINGLE: Final = 24
_OWN_CODE: Final = ("process_result_value", "result_processor", "column_expression")


def held_by(type_: TypeEngine[Any], target: Target) -> Held | None:
    """Return what a column of this type holds; None if only Python can tell."""
    dialect = target.dialect
    impl = type_.dialect_impl(dialect)
    while isinstance(impl, TypeDecorator):
        if isinstance(impl, Interval):
            return Held("interval", is_native=False)
        if _has_code_of(impl, UTCDateTime):
            return Held("datetime", zone="utc", fraction=6)
        if _has_code_of(impl, ExactDecimal) and isinstance(impl, ExactDecimal):
            return Held("units", scale=impl.scale)
        if not (_has_code_of(impl, TypeDecorator) or _has_code_of(impl, PortableJSON)):
            return None
        impl = impl.load_dialect_impl(dialect).dialect_impl(dialect)
    return _held(impl, type_, target) if _is_known(impl) else None


def _has_code_of(type_: TypeEngine[Any], owner: type[TypeEngine[Any]]) -> bool:
    return isinstance(type_, owner) and all(
        getattr(type(type_), name, None) is getattr(owner, name, None) for name in _OWN_CODE
    )


def _is_known(impl: TypeEngine[Any]) -> bool:
    methods = (getattr(type(impl), name, None) for name in ("result_processor", "column_expression"))
    custom = getattr(impl, "_storage_format", None) != getattr(type(impl), "_storage_format", None)
    is_own = all(str(getattr(method, "__module__", "")).startswith("sqlalchemy.") for method in methods)
    return is_own and not custom and getattr(impl, "_reg", None) is None


def _held(impl: TypeEngine[Any], type_: TypeEngine[Any], target: Target) -> Held | None:  # noqa: PLR0911 - a table of types
    match impl:
        case mysql.SET():
            return None
        case EnumType():
            return _enumeration(impl)
        case Uuid():
            return _uuid(impl, target)
        case ARRAY():
            item = held_by(impl.item_type, target)
            return Held("list", item=item) if item is not None else None
        case DateTime() | Time():
            sort = "datetime" if isinstance(impl, DateTime) else "time"
            zone = "given" if impl.timezone and target.name == "postgresql" else ""
            return Held(sort, zone=zone, fraction=getattr(impl, "fsp", None))
        case Float() | Numeric():
            return _numeric(impl, type_, target)
        case String():
            return Held("str")
    for known, held in _SIMPLE:
        if isinstance(impl, known):
            return held
    return Held("int", is_short=target.name != "sqlite") if isinstance(impl, Integer) else None


def _enumeration(impl: EnumType) -> Held:
    if impl.enum_class is None or not issubclass(impl.enum_class, Enum):
        return Held("str")
    members = impl.enum_class.__members__
    if impl.values_callable is None:
        return Held("enum", labels=tuple((name, members[name].value) for name in impl.enums), enum=impl.enum_class)
    objects = list(impl.enum_class) if len(impl.enums) != len(members) else list(members.values())
    pairs = zip(impl.enums, objects, strict=True)
    return Held("enum", labels=tuple((name, one.value) for name, one in pairs), enum=impl.enum_class)


def _uuid(impl: Uuid[Any], target: Target) -> Held | None:
    native = target.dialect.supports_native_uuid and impl.native
    if impl.as_uuid:
        return Held("uuid", is_native=native)
    return Held("str") if native else None


def _numeric(impl: Float[Any] | Numeric[Any], type_: TypeEngine[Any], target: Target) -> Held | None:
    if isinstance(impl, Float):
        return None if impl.asdecimal else Held("float", is_short=_is_single(type_, target))
    if (impl.scale or 0) < 0:
        return None
    return Held("decimal" if impl.asdecimal else "number", scale=impl.scale)


def _is_single(type_: TypeEngine[Any], target: Target) -> bool:
    """Tell whether a float has 4 bytes, from its name in DDL: SQLAlchemy's drivers make one type of them all."""
    name, _, digits = type_.compile(target.dialect).rstrip(")").partition("(")
    if name == "FLOAT" and digits.isdecimal():
        return int(digits) <= _SINGLE
    return name == {"postgresql": "REAL", "mysql": "FLOAT", "mariadb": "FLOAT"}.get(target.name)

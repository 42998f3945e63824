"""What tests/shapes/test_values.py puts through each database: types of columns, annotations of fields, values."""

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Context, Decimal
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Literal
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, HttpUrl, JsonValue
from sqlalchemy import (
    ARRAY,
    CHAR,
    JSON,
    REAL,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from crosslet.models import ExactDecimal, PortableJSON, UTCDateTime


@dataclass(frozen=True)
class Case:
    """A column, a field that it is read into, and values to store.

    Attributes:
        ways: What is expected of JSON: "same", "read", both or "" for neither.
    """

    name: str
    type: TypeEngine[Any]
    annotation: Any
    values: tuple[Any, ...] = ()
    strategy: st.SearchStrategy[Any] | None = None
    ways: str = "same read"
    config: ConfigDict = field(default_factory=ConfigDict)

    def examples(self, count: int) -> list[Any]:
        """Return the values and as many more of the strategy's."""
        found = [None, *self.values]
        if self.strategy is not None:
            found += sampled(self.strategy, count)
        return found


def sampled(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Draw values, the same ones each time."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


class Colour(enum.Enum):
    RED = "rouge"
    BLUE = "it's a \\ 100% {v} 😀"


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = -20


class Mixed(enum.Enum):
    ONE = 1
    WORD = 'say "x"'


class Address(BaseModel):
    street: str
    since: date | None
    age: int = 0


def values_of(cls: Any) -> list[str]:
    return [str(member.value) for member in cls]


BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
HEX = ConfigDict(ser_json_bytes="hex", val_json_bytes="hex")
SECONDS = ConfigDict(ser_json_timedelta="float")
STRICT = ConfigDict(strict=True)

WORDS = ("", " ", "it's", 'a "b" \\ / 100% :x {v} %s', "😀 é ü", "\x01\x1f\t\n\r\x7f\u2028", "null", "Z" * 3000)
SHORT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
INTS = st.integers(-(1 << 63), (1 << 63) - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SINGLES = st.floats(-(2.0**100), 2.0**100, width=32)
FLOAT_EDGES = (0.0, -0.0, 0.1, 0.1 + 0.2, 1.0, -1.5, 1e16, 1e22, 5e-324, 1.7976931348623157e308)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))
MOMENT_EDGES = (
    datetime(2024, 2, 29, 1, 2, 3),
    datetime(1, 1, 1, 0, 0, 0, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999998),
    datetime(1969, 12, 31, 23, 59, 59, 120000),
    datetime(999, 1, 1, 12),
)
DAYS = st.dates(date(2, 1, 1), date(9999, 12, 30))
LISTS = st.lists(MOMENTS, max_size=3)
BYTES = st.binary(max_size=100)
TIMES = (time(0), time(23, 59, 59, 999999), time(1, 2, 3, 100000), time(12, 0, 0, 1))
JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 53), 1 << 53)
    | st.floats(-1e15, 1e15, allow_nan=False).map(lambda x: round(x, 6))
    | SHORT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=8,
)
JSON_EDGES: tuple[Any, ...] = (
    {},
    [],
    0,
    "",
    "text",
    True,
    {"b": 1, "a": [None, {"x": 1.5}]},
    ["😀", '"', "\\"],
    12345678901,
)


WIDE = Context(prec=60)


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    """Draw decimals that fit, small ones as often as large."""
    limit = 10**precision - 1
    units = st.integers(-limit, limit) | st.integers(-(10**3), 10**3)
    return units.map(lambda unit: Decimal(unit).scaleb(-scale, WIDE))


def decimal_edges(precision: int, scale: int) -> tuple[Decimal, ...]:
    units = (0, 1, -1, 10, 99, -100, 1000, 10_000, 120_000, 10**precision - 1, 1 - 10**precision)
    return tuple(Decimal(unit).scaleb(-scale, WIDE) for unit in units if abs(unit) < 10**precision)


def _decimal(
    name: str, type_: TypeEngine[Any], precision: int, scale: int, annotation: Any = Decimal, **options: Any
) -> Case:
    return Case(name, type_, annotation, decimal_edges(precision, scale), decimals(precision, scale), **options)


def everywhere(target: str) -> list[Case]:
    """Return the cases of all databases."""
    return [*numbers(target), *texts(), *moments(), *encoded()]


def numbers(target: str) -> list[Case]:
    digits = 15 if target == "sqlite" else 18  # SQLAlchemy stores a Numeric as a float there
    return [
        Case("bool", Boolean(), bool, (True, False)),
        Case("bool_any", Boolean(), Any, (True, False)),
        Case("bool_strict", Boolean(), bool, (True, False), config=STRICT),
        Case("int", Integer(), int, (0, -1, 2**31 - 1)),
        Case("bigint", BigInteger(), int, (0, -(2**63), 2**63 - 1), INTS),
        Case("bigint_any", BigInteger(), Any, (2**63 - 1,), INTS),
        Case("smallint", SmallInteger(), Literal[1, 2], (1, 2)),
        Case("int_float", BigInteger(), float, (0, 2**53 + 1), INTS, ways="read"),
        Case("int_decimal", BigInteger(), Decimal, (0, 2**53 + 1), INTS, ways="read"),
        Case("int_bool", Integer(), bool, (0, 1), ways="read"),
        Case("int_enum", Integer(), Size, (1, -20)),
        Case("int_str", Integer(), str, ways=""),
        Case("double", Double(), float, FLOAT_EDGES, FLOATS),
        Case("double_any", Double(), Any, FLOAT_EDGES, FLOATS, ways="same"),
        Case("double_decimal", Double(), Decimal, ways=""),
        Case("float", Float(), float, (0.0, 0.1, -1.5, 1e10), SINGLES),
        _decimal("numeric2", Numeric(12, 2), 12, 2),
        _decimal("numeric6", Numeric(12, 6), 12, 6),
        _decimal("numeric10", Numeric(digits, 10), digits, 10),
        _decimal("numeric0", Numeric(12, 0), 12, 0),
        _decimal("numeric2_any", Numeric(12, 2), 12, 2, Any, ways="same"),
        _decimal("numeric2_float", Numeric(12, 2), 12, 2, float),
        _decimal("numeric0_int", Numeric(12, 0), 12, 0, int),
        _decimal("number", Numeric(12, 2, asdecimal=False), 12, 2, float),
        _decimal("exact0", ExactDecimal(12, 0), 12, 0),
        _decimal("exact2", ExactDecimal(12, 2), 12, 2),
        _decimal("exact7", ExactDecimal(18, 7), 18, 7),
        _decimal("exact18", ExactDecimal(18, 18), 18, 18),
        _decimal("exact2_float", ExactDecimal(12, 2), 12, 2, float),
        _decimal("exact2_strict", ExactDecimal(12, 2), 12, 2, config=STRICT),
    ]  # fmt: skip


def texts() -> list[Case]:
    return [
        Case("string", String(50), str, WORDS[:-1], SHORT),
        Case("text", Text(), str, WORDS, SHORT),
        Case("text_any", Text(), Any, WORDS, SHORT),
        Case("char", CHAR(10), str, ("a", "a b", "ab😀")),
        Case("text_literal", Text(), Literal["a", "b"], ("a", "b")),
        Case("text_enum", Text(), Colour, ("rouge", Colour.BLUE.value)),
        Case("text_date", Text(), date, ("2024-02-29",), ways="read"),
        Case("text_url", Text(), HttpUrl, ("http://x.y", "https://é.example/a?b=c"), ways="read"),
        Case("text_lower", Text(), str, ("Abc ",), config=ConfigDict(str_to_lower=True), ways="read"),
        Case("uuid", Uuid(), UUID, (UUID(int=0), UUID(int=2**128 - 1)), st.uuids(version=4)),
        Case("uuid_any", Uuid(), Any, (UUID(int=0),), st.uuids(version=4), ways="same"),
        Case("uuid_char", Uuid(native_uuid=False), UUID, (UUID(int=0), UUID(int=2**128 - 1)), st.uuids()),
        Case("uuid_strict", Uuid(native_uuid=False), UUID, (UUID(int=0),), st.uuids(), config=STRICT),
        Case("uuid_str", Uuid(), str, ways=""),
    ]  # fmt: skip


def moments() -> list[Case]:
    clock = Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb")
    moment = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    # SQLAlchemy's column for it has no fraction on MySQL and MariaDB.
    whole = st.integers(-3000 * 86400, 900_000 * 86400).map(lambda seconds: timedelta(seconds=seconds))
    spans = (timedelta(0), timedelta(days=400), timedelta(seconds=-1), timedelta(days=1, hours=2, minutes=3, seconds=4))
    return [
        Case("date", Date(), date, (date.min, date.max, date(2024, 2, 29)), DAYS),
        Case("date_datetime", Date(), datetime, (date(2024, 2, 29),), ways="read"),
        Case("time", clock, time, TIMES, st.times()),
        Case("datetime", moment, datetime, MOMENT_EDGES, MOMENTS),
        Case("datetime_any", moment, Any, MOMENT_EDGES, MOMENTS, ways="same"),
        Case("datetime0", DateTime(), datetime, (datetime(2024, 2, 29, 1, 2, 3), datetime(1, 1, 1))),
        Case("utc", UTCDateTime(), datetime, tuple(one.replace(tzinfo=UTC) for one in MOMENT_EDGES), _aware(MOMENTS)),
        Case("utc_strict", UTCDateTime(), datetime, (), _aware(MOMENTS), config=STRICT),
        Case("interval", Interval(), timedelta, spans, whole),
        Case("interval_seconds", Interval(), timedelta, spans, whole, config=SECONDS),
    ]  # fmt: skip


def encoded() -> list[Case]:
    objects = st.dictionaries(SHORT, JSONS, max_size=3)
    return [
        Case("bytes_hex", LargeBinary(), bytes, (b"", b"\0\xff"), BYTES, config=HEX),
        Case("bytes_base64", LargeBinary(), bytes, (b"", b"\0\xff", bytes(200)), BYTES, config=BASE64),
        Case("enum", Enum(Colour, name="colour"), Colour, tuple(Colour)),
        Case("enum_any", Enum(Colour, name="colour"), Any, tuple(Colour), ways="same"),
        Case("enum_named", Enum(Colour, native_enum=False), Colour, tuple(Colour)),
        Case("enum_values", Enum(Size, name="size", values_callable=values_of), Size, tuple(Size)),
        Case("enum_ints", Enum(Size, native_enum=False), Size, tuple(Size)),
        Case("enum_mixed", Enum(Mixed, native_enum=False), Mixed, tuple(Mixed)),
        Case("enum_other", Enum(Colour, native_enum=False), Size, ways=""),
        Case("json", JSON(), Any, JSON_EDGES, JSONS),
        Case("json_value", JSON(), JsonValue, JSON_EDGES, JSONS),
        Case("json_dict", PortableJSON(), dict[str, Any], ({}, {"a": None}), objects),
        Case("json_list", PortableJSON(), list[int], ([], [1, 2]), ways="read"),
        Case("json_texts", PortableJSON(), list[str], ([], ["a", "😀"])),
        Case("json_model", PortableJSON(), Address, ({"street": "a", "since": "2024-01-02", "more": 1},), ways="read"),
        Case("json_models", PortableJSON(), list[Address], ([], [{"street": "é", "since": None}]), ways="read"),
        Case("json_decimal", JSON(), Decimal, ways=""),
        Case("json_decimals", JSON(), list[Decimal], ways=""),
        Case("json_int", JSON(), int, (1, "2", 3.0), ways="read"),
        Case("json_moment", JSON(), datetime, ("2024-01-02 03:04:05",), ways="read"),
    ]  # fmt: skip


def _aware(strategy: st.SearchStrategy[datetime]) -> st.SearchStrategy[datetime]:
    return strategy.map(lambda moment: moment.replace(tzinfo=UTC))


def postgresql_cases(target: str) -> list[Case]:
    inf = (math.inf, -math.inf, math.nan)
    spans = (
        timedelta(microseconds=1),
        timedelta(microseconds=-1),
        timedelta(days=365),
        timedelta(days=-800, seconds=60.5),
    )
    wide = st.timedeltas(timedelta(days=-900_000), timedelta(days=900_000))
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    clocks = (
        *tuple(one.replace(tzinfo=UTC) for one in TIMES),
        time(1, 2, tzinfo=kathmandu),
        time(9, 8, 7, 1, tzinfo=timezone(-timedelta(hours=3))),
    )
    zoned = (*tuple(one.replace(tzinfo=UTC) for one in MOMENT_EDGES), datetime(2024, 1, 1, tzinfo=kathmandu))
    free = (*decimal_edges(30, 0), *decimal_edges(30, 12), Decimal("1E+20"), Decimal("-5.00"))
    return [
        *arrays(),
        Case("real", REAL(), float, (0.1, 1e10, *inf), SINGLES),
        Case("double_inf", Double(), float, inf),
        Case("numeric", Numeric(), Decimal, free, decimals(30, 9)),
        Case("numeric_wide", Numeric(40, 20), Decimal, decimal_edges(40, 20), decimals(40, 20)),
        Case("numeric_nan", Numeric(), float, tuple(map(Decimal, ("NaN", "Infinity", "-Infinity", "1.5")))),
        Case("numeric_nan2", Numeric(12, 2), float, (Decimal("NaN"), Decimal("1.5"))),
        Case("bytes_utf8", LargeBinary(), bytes, ways=""),
        Case("datetime_ends", DateTime(), datetime, (datetime.min, datetime.max)),
        Case("zoned", DateTime(timezone=True), datetime, zoned, _aware(MOMENTS)),
        Case("timetz", Time(timezone=True), time, clocks),
        Case("spans", Interval(), timedelta, spans, wide),
        Case("spans_seconds", Interval(), timedelta, spans, wide, config=SECONDS),
        Case("jsonb", postgresql.JSONB(), Any, JSON_EDGES, JSONS),
        Case("inet", postgresql.INET(), IPv4Address, (IPv4Address("10.0.0.1"), IPv4Address("0.0.0.0")), ways="same"),
        Case("cidr", postgresql.CIDR(), IPv4Network, (IPv4Network("10.0.0.0/8"), IPv4Network("1.2.3.4/32"))),
        Case("macaddr", postgresql.MACADDR(), str, ("08:00:2b:01:02:03",)),
        Case("oid", postgresql.OID(), int, (0, 2**32 - 1)),
        Case("range", postgresql.INT4RANGE(), Any, ways=""),
    ]  # fmt: skip


def arrays() -> list[Case]:
    array = postgresql.ARRAY
    return [
        Case("texts", array(Text), list[str], ([], ["a", 'b"', "😀"], ["null"]), st.lists(SHORT, max_size=3)),
        Case("texts_none", ARRAY(Text), list[str | None], ([None, "a"], [None])),
        Case("ints", array(Integer), list[int], ([], [1, -2])),
        Case("ints2", array(Integer, dimensions=2), list[list[int]], ([[1, 2], [3, 4]],)),
        Case("ints_any", array(Integer), Any, ([], [1, -2], [[1, 2], [3, 4]])),
        Case("numerics", array(Numeric(20, 10)), list[Decimal], ([],), st.lists(decimals(20, 10), max_size=3)),
        Case("uuids", array(Uuid), list[UUID], ([], [UUID(int=5)])),
        Case("dates", array(Date), list[date], ([], [date.max, date(2024, 1, 1)])),
        Case("moments", array(DateTime), list[datetime | None], ([], [None, MOMENT_EDGES[1]]), LISTS),
        Case("floats", array(Double), list[float], ([], [0.1, math.inf, -0.0, math.nan])),
        Case("colours", array(Enum(Colour, name="colour")), list[Colour], ([], [Colour.RED, Colour.BLUE])),
        Case("sizes", array(Enum(Size, name="sizes")), list[Size], ([], [Size.LARGE])),
        Case("moments_any", array(DateTime), Any, ways=""),
    ]  # fmt: skip


def mariadb_cases(target: str) -> list[Case]:
    latin = ("é", "ü?", "plain")
    return [
        Case("unsigned", mysql.BIGINT(unsigned=True), int, (0, 2**64 - 1)),
        Case("bit1", mysql.BIT(1), int, (0, 1)),
        Case("bit9", mysql.BIT(9), int, (0, 1, 511)),
        Case("bit_bool", mysql.BIT(1), bool, (0, 1), ways="read"),
        Case("year", mysql.YEAR(), int, (1901, 2155)),
        Case("latin1", mysql.VARCHAR(20, charset="latin1"), str, latin),
        Case("utf16", mysql.VARCHAR(20, charset="utf16"), str, (*latin, "😀")),
        Case("utf8mb4", mysql.VARCHAR(20, charset="utf8mb4"), str, (*latin, "😀", "a\0b")),
        Case("collated", mysql.VARCHAR(20, collation="utf8mb4_general_ci"), str, (*latin, "😀")),
        Case("enum_labels", mysql.ENUM(Colour, charset="latin1"), Colour, tuple(Colour)),
        Case("enum_latin1", mysql.ENUM("a", "é", charset="latin1"), str, ("a", "é")),
        Case("moment3", mysql.DATETIME(fsp=3), datetime, (datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 0, 0, 120000))),
        Case("time0", Time(), time, (time(0), time(1, 2, 3))),
        Case("stamp", mysql.TIMESTAMP(fsp=6), datetime, (datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 0, 0, 120000))),
        Case("blob_utf8", LargeBinary(), bytes, ways=""),
        Case("mysql_double", mysql.DOUBLE(), Decimal, ways=""),
        Case("mysql_float", mysql.FLOAT(asdecimal=False), float, (0.1, 1.5), SINGLES),
        Case("tags", mysql.SET("a", "b"), Any, ways=""),
    ]  # fmt: skip


def sqlite_cases(target: str) -> list[Case]:
    spans = (timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(days=-800, seconds=60.5))
    wide = st.timedeltas(timedelta(days=-700_000), timedelta(days=900_000))
    return [
        Case("numeric", Numeric(), Decimal, (Decimal(0), Decimal("1.5"), Decimal("0.0000001")), decimals(15, 8)),
        Case("numeric_wide", Numeric(20, 2), Decimal, decimal_edges(20, 2), decimals(20, 2)),
        Case("double_inf", Double(), float, (math.inf, -math.inf)),
        Case("bytes_utf8", LargeBinary(), bytes, (b"", b"text", "😀\0".encode()), ways="same"),
        Case("spans", Interval(), timedelta, spans, wide),
        Case("spans_seconds", Interval(), timedelta, spans, wide, config=SECONDS),
        Case("nul", Text(), str, ("a\0b", "\0")),
        Case("moment_ends", DateTime(), datetime, (datetime.min, datetime.max)),
    ]  # fmt: skip


CASES: dict[str, Callable[[str], list[Case]]] = {
    "postgresql": postgresql_cases,
    "mariadb": mariadb_cases,
    "mysql": mariadb_cases,
    "sqlite": sqlite_cases,
}


def cases_of(database: str) -> list[Case]:
    """Return the cases of one database."""
    return [*everywhere(database), *CASES[database](database)]

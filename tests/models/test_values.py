"""One answer to each bad value, before any SQL; and what passes is stored the same on every driver."""

import enum
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    BigInteger,
    Computed,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Interval,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Text,
    func,
    insert,
    inspect,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, make_transient_to_detached, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from crosslet.models import (
    BigIntKey,
    ExactDecimal,
    Portable,
    Timestamps,
    UUIDKey,
    check_mapping,
    check_values,
    checks_of,
    uuid7,
)


class Base(Portable, DeclarativeBase):
    pass


class Colour(enum.Enum):
    RED = "red"


class Size(enum.StrEnum):
    BIG = "big"


class Level(enum.IntEnum):
    HIGH = 3


class Reversed(TypeDecorator[str]):
    """A type of an application's own, of which nothing can be known."""

    impl = String
    cache_ok = True


class Owner(BigIntKey, Timestamps, Base):
    __tablename__ = "owners"


class Sample(UUIDKey, Base):
    __tablename__ = "samples"
    text: Mapped[str | None] = mapped_column(String(20))
    long_text: Mapped[str | None] = mapped_column(Text)
    small: Mapped[int | None] = mapped_column(SmallInteger)
    number: Mapped[int | None]
    big: Mapped[int | None] = mapped_column(BigInteger)
    active: Mapped[bool | None]
    ratio: Mapped[float | None]
    numeric: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    free_numeric: Mapped[Decimal | None] = mapped_column(Numeric)
    float_numeric: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    money: Mapped[Decimal | None] = mapped_column(ExactDecimal(6, 2))
    moment: Mapped[datetime | None]
    wall_clock: Mapped[datetime | None] = mapped_column(DateTime)
    zoned: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    day: Mapped[date | None]
    hour: Mapped[time | None]
    length: Mapped[timedelta | None] = mapped_column(Interval)
    key: Mapped[UUID | None]
    colour: Mapped[Colour | None] = mapped_column(Enum(Colour))
    word: Mapped[str | None] = mapped_column(Enum("a", "b", name="word"))
    data: Mapped[bytes | None] = mapped_column(LargeBinary(4))
    settings: Mapped[dict[str, Any] | None]
    own: Mapped[str | None] = mapped_column(Reversed(3))


class Strict(BigIntKey, Base):
    __tablename__ = "stricts"
    name: Mapped[str] = mapped_column("full_name", String(5))
    count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(5), server_default="new")
    double: Mapped[int] = mapped_column(Computed("count * 2", persisted=True))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    owner: Mapped[Owner] = relationship()


NEPAL = timezone(timedelta(hours=5, minutes=45))


def nested(levels: int) -> list[Any]:
    value: list[Any] = [1]
    for _ in range(levels - 1):
        value = [value]
    return value


REFUSED = [
    ("text", "x" * 21, "too_long"),
    ("text", "a\0b", "nul_character"),
    ("text", "\ud800", "not_unicode"),
    ("text", 5, "wrong_type"),
    ("text", b"x", "wrong_type"),
    ("long_text", "a\0b", "nul_character"),
    ("small", 2**15, "out_of_range"),
    ("number", 2**31, "out_of_range"),
    ("number", -(2**31) - 1, "out_of_range"),
    ("number", 2**63, "out_of_range"),
    ("number", "abc", "wrong_type"),
    ("number", True, "wrong_type"),
    ("number", 1.0, "wrong_type"),
    ("big", 2**63, "out_of_range"),
    ("active", "yes", "wrong_type"),
    ("active", 2, "wrong_type"),
    ("ratio", float("nan"), "not_finite"),
    ("ratio", float("-inf"), "not_finite"),
    ("ratio", 10**400, "out_of_range"),
    ("ratio", "1", "wrong_type"),
    ("numeric", Decimal("99999.99"), "out_of_range"),
    ("numeric", Decimal("1.005"), "too_many_decimal_places"),
    ("numeric", Decimal("NaN"), "not_finite"),
    ("numeric", 1.5, "wrong_type"),
    ("numeric", True, "wrong_type"),
    ("free_numeric", Decimal("Infinity"), "not_finite"),
    ("float_numeric", float("inf"), "not_finite"),
    ("money", Decimal("99999.99"), "out_of_range"),
    ("money", Decimal("1.005"), "too_many_decimal_places"),
    ("money", 1.5, "wrong_type"),
    ("moment", datetime(2024, 5, 1), "naive_datetime"),
    ("moment", "2024-05-01", "wrong_type"),
    ("moment", datetime.min.replace(tzinfo=NEPAL), "out_of_range"),
    ("wall_clock", datetime(2024, 5, 1, tzinfo=UTC), "aware_datetime"),
    ("zoned", datetime(2024, 5, 1), "naive_datetime"),
    ("zoned", datetime(2024, 5, 1, 12, tzinfo=NEPAL), "not_utc"),
    ("day", datetime(2024, 5, 1), "wrong_type"),
    ("day", "2024-05-01", "wrong_type"),
    ("hour", time(1, tzinfo=UTC), "wrong_type"),
    ("length", 5, "wrong_type"),
    ("key", "01a1fc62-a56a-7000-8000-000000000000", "wrong_type"),
    ("colour", "purple", "not_a_member"),
    ("colour", Size.BIG, "not_a_member"),
    ("word", "c", "not_a_member"),
    ("word", 3, "not_a_member"),
    ("data", "text", "wrong_type"),
    ("data", b"12345", "too_long"),
    ("settings", {"a": float("nan")}, "not_finite"),
    ("settings", {"a": ["b\0"]}, "nul_character"),
    ("settings", {"a\0": 1}, "nul_character"),
    ("settings", {"a": "\udfff"}, "not_unicode"),
    ("settings", {1: "a"}, "not_json"),
    ("settings", {"a": {1, 2}}, "not_json"),
    ("settings", {"a": Decimal(1)}, "not_json"),
    ("settings", {"a": 2**64}, "out_of_range"),
    ("settings", nested(32), "too_deep"),
]
STORED = [
    ("text", "x" * 20),
    ("text", "😀" * 20),
    ("text", ""),
    ("text", "acb "),
    ("text", Size.BIG),
    ("long_text", "x" * 1000),
    ("small", -(2**15)),
    ("number", 2**31 - 1),
    ("number", -(2**31)),
    ("number", Level.HIGH),
    ("big", -(2**63)),
    ("active", False),
    ("ratio", 0.1),
    ("ratio", 123456789.123456),
    ("ratio", 3),
    ("money", Decimal("-9999.99")),
    ("money", Decimal("1.500")),
    ("money", 7),
    ("moment", datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=NEPAL)),
    ("day", date(2024, 2, 29)),
    ("hour", time(23, 59, 59, 999999)),
    ("key", UUID("00000000-0000-4000-8000-000000000001")),
    ("colour", Colour.RED),
    ("word", "b"),
    ("settings", {"emoji": "😀", "list": [1, 1.5, None, True], "deep": {"x": {}}}),
    ("settings", []),
    ("settings", 5),
    ("settings", 1.5),
    ("settings", "text"),
    ("settings", True),
    ("settings", {"big": 2**63 - 1}),
    ("settings", nested(31)),
    ("own", "abc"),
]


@pytest.mark.parametrize(("field", "value", "code"), REFUSED)
def test_a_bad_value_is_named_by_field_and_code(field: str, value: Any, code: str) -> None:
    problems = check_values(Sample(**{field: value}))
    assert [(problem.field, problem.code) for problem in problems] == [(field, code)]
    assert check_mapping(inspect(Sample), {field: value}) == problems


@pytest.mark.parametrize(("field", "value", "code"), [case for case in REFUSED if isinstance(case[1], str)])
def test_a_reason_never_repeats_the_value(field: str, value: str, code: str) -> None:
    (problem,) = check_values(Sample(**{field: value}))
    assert value not in problem.reason


async def test_what_passes_is_stored_as_it_was(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        for field, value in STORED:
            sample = Sample(**{field: value})
            assert check_values(sample) == [], (field, value)
            session.add(sample)
            await session.flush()
            found = await session.scalar(select(getattr(Sample, field)).where(Sample.id == sample.id))
            assert found == value, (field, value)


def test_plain_times_and_none_pass() -> None:
    sample = Sample(wall_clock=datetime(2024, 5, 1), zoned=datetime(2024, 5, 1, tzinfo=UTC), text=None)
    assert check_values(sample) == []


def test_every_problem_of_a_row_is_listed() -> None:
    problems = check_values(Sample(text="x" * 21, number="abc", ratio=0.5))
    assert [problem.field for problem in problems] == ["text", "number"]


def test_null_is_refused_only_where_nothing_fills_it() -> None:
    empty = Strict(name=None, count=None, state=None, id=None, owner_id=None)
    assert [(problem.field, problem.code) for problem in check_values(empty)] == [("name", "required")]
    assert check_values(Strict()) == []  # what was not set is the database's to judge


def test_an_update_to_null_is_not_filled_by_a_default() -> None:
    row = Strict(id=1, name="x", count=1)
    make_transient_to_detached(row)
    for field, value in {"name": "x", "count": 1, "state": "new"}.items():
        set_committed_value(row, field, value)
    row.count = None  # type: ignore[assignment]
    row.name = "too long"
    assert [(problem.field, problem.code) for problem in check_values(row)] == [
        ("count", "required"), ("name", "too_long")
    ]  # fmt: skip


def test_only_what_changed_is_checked() -> None:
    row = Strict(id=1)
    make_transient_to_detached(row)
    set_committed_value(row, "name", "longer than five")  # stored before the column shrank
    set_committed_value(row, "count", 1)
    row.count = 2
    assert check_values(row) == []


def test_sql_is_left_to_the_database() -> None:
    assert check_values(Sample(number=Sample.big + 1, text=func.lower("X"), settings=null(), key=Sample.id)) == []


def test_fields_are_named_by_attribute_and_checks_are_compiled_once() -> None:
    checks = checks_of(inspect(Strict))
    assert set(checks) == {"id", "name", "count", "state", "double", "owner_id"}
    assert checks_of(inspect(Strict)) is checks
    assert check_mapping(inspect(Strict), {"name": "x" * 6, "unknown": 1})[0].field == "name"


def test_an_update_by_mapping_may_not_set_null() -> None:
    assert check_mapping(inspect(Strict), {"count": None}) == []
    assert [problem.code for problem in check_mapping(inspect(Strict), {"count": None}, inserting=False)] == [
        "required"
    ]


async def test_a_relationship_fills_the_foreign_key(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        row = Strict(name="x", owner_id=None, owner=Owner())
        assert check_values(row) == []
        session.add(row)
        await session.flush()
        assert row.owner_id == row.owner.id


async def test_bytes_come_back(engine: AsyncEngine) -> None:
    if engine.dialect.driver == "aiomysql":
        pytest.skip("aiomysql 0.3.2 cannot escape bytes with PyMySQL 1.2")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(insert(Sample).values(id=uuid7(), data=b"\0\xff'\\"))
        assert await connection.scalar(select(Sample.data)) == b"\0\xff'\\"


async def test_json_is_read_and_filtered_by_path(engine: AsyncEngine) -> None:
    settings = [
        {"theme": {"dark": True, "name": "night 😀"}, "tags": ["new", "old"], "size": 3, "ratio": 1.5},
        {"theme": {"dark": False, "name": "day"}, "tags": [], "size": 12, "ratio": 0.25},
        {"theme": None},
        None,
    ]
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add_all(Sample(settings=value, small=place) for place, value in enumerate(settings))
        await session.flush()
        path = Sample.settings
        conditions = {
            path["theme"]["dark"].as_boolean(): [0],
            path[("theme", "dark")].as_boolean().is_(False): [1],
            path["theme"]["dark"].as_boolean() == False: [1],  # noqa: E712
            ~path["theme"]["dark"].as_boolean(): [1],
            path["theme"]["dark"].as_boolean().is_(None): [2, 3],
            path["theme"]["name"].as_string() == "night 😀": [0],
            path["tags"][0].as_string() == "new": [0],
            path["size"].as_integer() > 3: [1],
            path["ratio"].as_float() > 0.5: [0],
            path["size"].as_string().is_(None): [2, 3],
            path.is_(None): [3],
        }
        for condition, places in conditions.items():
            found = await session.scalars(select(Sample.small).where(condition).order_by(Sample.small))
            assert found.all() == places, condition
        read = select(path["theme"]["name"].as_string(), path["theme"]["dark"].as_boolean(), path["size"].as_integer())
        assert (await session.execute(read.order_by(Sample.small))).all() == [
            ("night 😀", True, 3), ("day", False, 12), (None, None, None), (None, None, None)
        ]  # fmt: skip
        lists = select(path["tags"], path["tags"][1].as_string()).where(Sample.small < 2).order_by(Sample.small)
        assert (await session.execute(lists)).all() == [(["new", "old"], "old"), ([], None)]


async def test_a_float_keeps_all_its_digits_with_a_plain_float_too(engine: AsyncEngine) -> None:
    class Own(Portable, BigIntKey, DeclarativeBase):
        pass

    class Row(Own):
        __tablename__ = "rows"
        plain: Mapped[float] = mapped_column(Float(53))
        default: Mapped[float]

    async with engine.begin() as connection:
        await connection.run_sync(Own.metadata.create_all)
        await connection.execute(insert(Row).values(plain=1234567.891, default=1234567.891))
        assert (await connection.execute(select(Row.plain, Row.default))).one() == (1234567.891, 1234567.891)

"""What a driver is handed past the engine: the values of every type arrive as they do through it."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy import Enum as EnumType

from connections.reading import reader_of
from crosslet import Database, ExactDecimal, UTCDateTime
from crosslet.shapes.texts import direct_text, hand_of


class Colour(Enum):
    RED = "r"
    GREEN = "g"


class Shout(TypeDecorator[str]):
    """A type with code of its own on the way in."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()


metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("uuid", Uuid),
    Column("text_uuid", Uuid(as_uuid=False)),
    Column("at", UTCDateTime()),
    Column("local", DateTime),
    Column("day", Date),
    Column("hour", Time),
    Column("span", Interval),
    Column("numeric", Numeric(12, 3)),
    Column("exact", ExactDecimal(18, 6)),
    Column("real", Float(53)),
    Column("big", BigInteger),
    Column("flag", Boolean),
    Column("raw", LargeBinary(50)),
    Column("word", String(50)),
    Column("prose", Text),
    Column("colour", EnumType(Colour)),
    Column("shout", Shout),
    Column("odd name (50%)", String(10)),
)
VALUES: dict[str, list[Any]] = {
    "uuid": [UUID(int=2**127 + 5), UUID(int=7)],
    "text_uuid": [str(UUID(int=2**127 + 5))],
    "at": [datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)],
    "local": [datetime(2024, 2, 29, 23, 59, 59)],
    "day": [date(2024, 2, 29)],
    "hour": [time(23, 59, 58)],
    "span": [timedelta(days=3, seconds=5)],
    "numeric": [Decimal("123456789.125"), Decimal("-0.5")],
    "exact": [Decimal("123456789012.123456"), Decimal("-0.000001")],
    "real": [0.5, -1e300],
    "big": [2**63 - 1, -(2**63)],
    "flag": [True, False],
    "raw": [b"\x00\xff'\\%", b""],
    "word": ["it's 100% \\ ünï😀 %s :a $1 ?", ""],
    "prose": ["x" * 5000],
    "colour": [Colour.RED],
    "shout": ["loud"],
    "odd name (50%)": ["%(x)s"],
}
CASES = [(name, value) for name, values in VALUES.items() for value in values]


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=metadata) as database:
        await database.create_all()
        yield database


async def test_the_values_of_every_type_find_their_row(db: Database) -> None:
    async with db.write() as session:
        for number, (name, value) in enumerate(CASES):
            await session.execute(insert(things).values({"id": number, name: value}))
        await session.execute(insert(things).values(id=-1))
    read = reader_of(db)
    for number, (name, value) in enumerate(CASES):
        column = things.c[name]
        as_text = select(things.c.id).where(column == value)
        named = select(things.c.id).where(column == bindparam("odd (name)%", type_=column.type))
        listed = select(things.c.id).where(column.in_([value]))
        for statement, values in ((as_text, {}), (named, {"odd (name)%": value}), (listed, {})):
            found = {row[0] for row in (await read(statement, **values)).rows}
            assert found == {number}, (name, value)
        missing = select(func.count()).where(column.is_not_distinct_from(bindparam("none", None, type_=column.type)))
        assert (await read(missing)).rows[0][0] == len(CASES) + 1 - len(VALUES[name]), name


async def test_values_come_back_as_they_were_sent(db: Database) -> None:
    """What no column can be compared with: JSON, None without a column, several of one name."""
    read = reader_of(db)
    document = {"a": [1, 2.5, None, "é%"], "b": {"c": True}}
    async with db.read() as session:
        expected = tuple((await session.execute(text("SELECT :a, :b, :a"), {"a": "x", "b": None})).one())
    assert tuple((await read("SELECT :a, :b, :a", a="x", b=None)).rows[0]) == expected == ("x", None, "x")
    (row,) = (await read(select(literal(document, JSON)))).rows
    # The PostgreSQL drivers parse JSON themselves.
    assert (row[0] if isinstance(row[0], dict) else json.loads(row[0])) == document


async def test_lists_of_any_length(db: Database) -> None:
    async with db.write() as session:
        for number in range(6):
            await session.execute(insert(things).values(id=number, word=f"w{number}", flag=True, big=number))
    read, chosen = reader_of(db), bindparam("chosen", expanding=True)
    statement = select(things.c.id).where(things.c.flag == literal(True), things.c.word.in_(chosen))
    statement = statement.where(things.c.big < 5).order_by(things.c.id)
    for words, expected in ((["w1", "w5", "w4"], [1, 4]), ([], []), (["w0"], [0])):
        assert [row[0] for row in (await read(statement, chosen=words)).rows] == expected
    pairs = select(things.c.id).where(tuple_(things.c.id, things.c.word).in_([(1, "w1"), (2, "w1"), (3, "w3")]))
    assert [row[0] for row in (await read(pairs.order_by(things.c.id))).rows] == [1, 3]


async def test_literals_are_written_into_the_text(db: Database) -> None:
    read, limit = reader_of(db), bindparam("most", type_=Integer, literal_execute=True)
    async with db.write() as session:
        for number in range(4):
            await session.execute(insert(things).values(id=number))
    statement = select(things.c.id).where(things.c.id > bindparam("more", type_=Integer)).limit(limit)
    statement = statement.order_by(things.c.id)
    compiled = statement.compile(dialect=(await db.engine()).dialect)
    handed = direct_text(compiled, {"most": 2, "more": 0})
    assert handed is not None
    assert "2" in handed[0]
    assert [row[0] for row in (await read(statement, most=2, more=0)).rows] == [1, 2]
    assert [row[0] for row in (await read(statement, most=1, more=1)).rows] == [2]


class Named(TypeDecorator[Any]):
    """Writes any value as its name into the text."""

    impl = String
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Any) -> str:
        return repr(value)


async def test_each_value_that_is_written_into_a_text_makes_its_own(db: Database) -> None:
    """The texts are kept; what is bound beside is each call's, and True is not the 1 that it equals."""
    wanted = bindparam("wanted", type_=Named(), literal_execute=True)
    limit = bindparam("most", type_=Integer, literal_execute=True)
    statement = select(wanted).where(things.c.id < bindparam("more", type_=Integer)).limit(limit)
    hand = hand_of(statement.compile(dialect=(await db.engine()).dialect))
    for given in ({"most": 1, "wanted": 1, "more": 2}, {"most": 2, "wanted": 1, "more": 3}) * 2:
        handed = hand(given)
        assert handed is not None
        assert f"LIMIT {given['most']}" in handed[0]
        assert given["more"] in values_of(handed[1])
    true, one = hand({"most": 1, "wanted": True, "more": 4}), hand({"most": 1, "wanted": 1, "more": 4})
    assert true is not None
    assert one is not None
    assert "'True'" in true[0]
    assert "'1'" in one[0]


def values_of(parameters: Any) -> list[Any]:
    return list(parameters.values() if isinstance(parameters, dict) else parameters)


async def test_a_kept_text_takes_the_values_of_its_like(db: Database) -> None:
    """Statements of one form share a cache key, and so a compiled text; each brings values of its own."""
    dialect = (await db.engine()).dialect
    kept, other = (select(things.c.id).where(things.c.word == word, things.c.id.in_([1])) for word in ("a", "b"))
    keys = [statement._generate_cache_key() for statement in (kept, other)]
    assert keys[0] is not None
    assert keys[1] is not None
    assert keys[0].key == keys[1].key
    compiled = kept.compile(dialect=dialect, cache_key=keys[0])
    first, second = direct_text(compiled), direct_text(compiled, None, keys[1].bindparams)
    assert first is not None
    assert second is not None
    assert first[0] == second[0]
    assert "a" in values_of(first[1])
    assert "b" in values_of(second[1])


async def test_what_only_the_engine_can_send(db: Database) -> None:
    dialect = (await db.engine()).dialect
    changing = insert(things).values(id=1).compile(dialect=dialect)
    elsewhere = select(things.c.id).compile(dialect=dialect, schema_translate_map={None: "other"})
    of_wrong_type = select(things.c.id).where(things.c.shout == bindparam("a", type_=Shout)).compile(dialect=dialect)
    missing = select(things.c.id).where(things.c.id == bindparam("a")).compile(dialect=dialect)
    assert direct_text(changing) is None
    assert direct_text(elsewhere) is None
    assert direct_text(of_wrong_type, {"a": 5}) is None
    assert direct_text(missing) is None

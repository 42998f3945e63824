"""Many rows for one statement: which rows may go together, and that what is stored is what was given."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, LargeBinary, MetaData, Text, Time, select
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, errors
from crosslet.connections.bulk_rows import bulk_forms, grouped

SQL = "INSERT INTO t (a, b) VALUES (%s, %s)"


class Base(DeclarativeBase):
    metadata = MetaData()


class Kept(Base):
    __tablename__ = "kept_in_bulk"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str | None] = mapped_column(Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb"))
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    number: Mapped[float | None]
    day: Mapped[date | None]
    hour: Mapped[time | None] = mapped_column(Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb"))
    span: Mapped[timedelta | None]
    flag: Mapped[bool | None]
    facts: Mapped[Any] = mapped_column(JSON, nullable=True)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


ROWS: list[dict[str, Any]] = [
    {
        "text": 'it\'s \\ "100%" ? %s \n é 😀',
        "data": b"\x00\xff'\\?%s",
        "number": -1.5e300,
        "day": date(1, 1, 1),
        "hour": time(23, 59, 59, 999999),
        "span": timedelta(hours=-3, seconds=1),
        "flag": False,
        "facts": {"a": [1, "?"]},
    },
    {"text": "", "data": b"", "number": 0.1, "hour": time(0), "span": timedelta(0), "flag": True},
    {},
]


async def test_all_values_come_back(db: Database) -> None:
    given = [{**dict.fromkeys(ROWS[0]), **ROWS[number % 3], "id": number} for number in range(350)]
    async with db.write() as session:
        assert (await session.insert_many(Kept, given, chunk=200)).inserted == 350
    async with db.read() as session:
        found = list(await session.scalars(select(Kept).order_by(Kept.id)))
    assert [{name: getattr(row, name) for name in given[0]} for row in found] == given


async def test_columns_without_a_value_and_rows_larger_than_a_packet(db: Database) -> None:
    large = [{"id": number, "text": "é?%s" * 300_000, "data": None} for number in range(6)]
    small = [{"id": number, "text": None, "data": None} for number in range(6, 200)]
    async with db.write() as session:
        assert (await session.insert_many(Kept, large + small)).inserted == 200
    async with db.read() as session:
        assert await session.scalar(select(Kept.text).where(Kept.id == 5)) == "é?%s" * 300_000
        assert await session.count(select(Kept).where(Kept.text.is_(None), Kept.data.is_(None))) == 194


async def test_a_row_that_is_refused_takes_the_unit_or_itself(db: Database) -> None:
    rows = [{"id": number, "text": "x"} for number in range(250)]
    rows[123]["id"] = 7
    with pytest.raises(errors.UniqueViolation):
        async with db.write() as session:
            await session.insert_many(Kept, rows)
    async with db.write() as session:
        assert await session.count(Kept) == 0
        result = await session.insert_many(Kept, rows, on_error="skip")
        assert [row.index for row in result.skipped] == [123]
    async with db.read() as session:
        assert await session.count(Kept) == 249


@pytest.mark.parametrize(
    "records",
    [
        [(1, "a"), ("1", "b")],
        [(1, True), (1, 2)],
        [(timedelta(1), 1)],
        [(datetime(2026, 1, 1, tzinfo=UTC), 1)],
        [(object(), 1)],
        [({}, 1)],
        [(2**63, 1)],
        [(None, 1), (2**64 - 1, 1)],
        [(None, None)],
        [],
    ],
)
def test_values_that_the_protocol_has_no_form_for(records: Any) -> None:
    assert bulk_forms(SQL, records) is None


def test_a_column_of_nulls_is_named_in_the_statement() -> None:
    assert bulk_forms(SQL, [(1, None), (2, None)]) == [("INSERT INTO t (a, b) VALUES (?, NULL)", [(1,), (2,)])]
    assert bulk_forms(SQL, [(1, None), (2, 3)]) == [("INSERT INTO t (a, b) VALUES (?, ?)", [(1, None), (2, 3)])]
    assert bulk_forms("UPDATE t SET `100%%` = %s WHERE a = %s", [(UUID(int=1), Decimal(2))]) == [
        ("UPDATE t SET `100%` = ? WHERE a = ?", [(str(UUID(int=1)), Decimal(2))])
    ]
    assert bulk_forms(SQL, [(UUID(int=7), 1), (None, 2)]) == [
        ("INSERT INTO t (a, b) VALUES (?, ?)", [(str(UUID(int=7)), 1), (None, 2)])
    ]
    assert bulk_forms("INSERT INTO t (`a?`) VALUES (%s)", [(1,)]) is None


def test_rows_are_sent_in_parts_of_about_a_megabyte() -> None:
    forms = bulk_forms(SQL, [("é" * 100_000, 1), *[("a" * 200_000, 2)] * 9])
    assert forms is not None
    assert [len(rows) for _, rows in forms] == [4, 4, 2]
    assert forms[0][1][0] == ("é" * 100_000, 1)


def test_groups_of_rows() -> None:
    statement = "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b"
    records = [(number, str(number)) for number in range(250)]
    found = grouped(statement, records)
    assert found is not None
    text, groups, rest = found
    assert text.count("(?, ?)") == 100
    assert text.endswith(" ON CONFLICT (a) DO UPDATE SET b = excluded.b")
    assert (len(groups), groups[1][:4], rest) == (2, [100, "100", 101, "101"], records[200:])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = ?",
        "INSERT INTO t (a, b) VALUES (?, lower(?))",
        "INSERT INTO t (a, b) VALUES (?, 1)",
        'INSERT INTO "t?" (a, b) VALUES (?, ?)',
        "INSERT INTO t (a, b) SELECT ?, ?",
        "UPDATE t SET a = ? WHERE b = ?",
    ],
)
def test_statements_of_another_form_are_left_alone(statement: str) -> None:
    assert grouped(statement, [(1, 2)] * 500) is None
    assert grouped("INSERT INTO t (a, b) VALUES (?, ?)", [(1, 2)] * 99) is None
    assert grouped("INSERT INTO t (a, b) VALUES (?, ?)", []) is None

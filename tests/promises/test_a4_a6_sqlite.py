"""A4, A6: SQLite keeps its word: no lost update, savepoints and DDL that roll back, memory that is not shared."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import StaticPool

from crosslet import Database, Session
from promises.databases import ask_server, database, names_in, usual
from promises.tables import Account, Base, Item


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """Give the URL of an SQLite file: these traps are SQLite's alone."""
    return f"sqlite+aiosqlite:///{tmp_path / 'one.db'}"


async def balance_in(url: str) -> int:
    [(balance,)] = await ask_server(url, "SELECT balance FROM account")
    return int(balance)


async def read(session: AsyncSession) -> int:
    return (await session.scalars(select(Account.balance).where(Account.id == 1))).one()


async def set_to(session: AsyncSession, balance: int) -> None:
    await session.execute(update(Account).where(Account.id == 1).values(balance=balance))


async def test_the_usual_units_overwrite_each_other(file_url: str) -> None:
    async with usual(file_url) as data:
        await ask_server(file_url, "INSERT INTO account (id, balance) VALUES (1, 0)")
        async with data.session() as one, data.session() as two:
            first, second = await read(one), await read(two)
            await set_to(one, first + 1)
            await one.commit()
            await set_to(two, second + 1)
            await two.commit()
        assert await balance_in(file_url) == 1  # two were acknowledged


async def test_crosslet_loses_no_update(file_url: str) -> None:
    async def increment(session: Session) -> None:
        await set_to(session, await read(session) + 1)

    async with database(file_url) as db, database(file_url) as second:
        await ask_server(file_url, "INSERT INTO account (id, balance) VALUES (1, 0)")
        # Two Databases on one file are two writers, as two processes are.
        await asyncio.gather(*(one.run(increment) for one in (db, second) for _ in range(20)))
        assert await balance_in(file_url) == 40


async def nested_then_undone(session: AsyncSession) -> None:
    async with session.begin_nested():
        session.add(Item(name="nested"))
    await session.rollback()


async def test_the_usual_savepoint_survives_the_rollback(file_url: str) -> None:
    async with usual(file_url) as data:
        async with data.session() as session:
            await nested_then_undone(session)
        assert await names_in(file_url) == ["nested"]


async def test_crosslet_rolls_savepoints_back(file_url: str) -> None:
    async with database(file_url) as db:
        async with db.write() as session:
            await nested_then_undone(session)
        assert await names_in(file_url) == []


async def tables_in(url: str) -> list[str]:
    return [name for (name,) in await ask_server(url, "SELECT name FROM sqlite_master WHERE name = 'made'")]


async def test_the_usual_ddl_survives_the_rollback(file_url: str) -> None:
    async with usual(file_url) as data:
        async with data.session() as session:
            await session.execute(text("CREATE TABLE made (id INTEGER)"))
            await session.rollback()
        assert await tables_in(file_url) == ["made"]


async def test_crosslet_rolls_ddl_back(file_url: str) -> None:
    async with database(file_url) as db:
        async with db.write() as session:
            await session.execute(text("CREATE TABLE made (id INTEGER)"))
            await session.rollback()
        assert await tables_in(file_url) == []


async def test_a_writer_that_reads_first_is_not_refused(file_url: str) -> None:
    """BEGIN without IMMEDIATE fails at once here, whatever the busy timeout: the file has changed since it was read."""
    async with database(file_url) as db:
        await ask_server(file_url, "INSERT INTO account (id, balance) VALUES (1, 0)")
        async with db.write() as session:
            await read(session)
            other = sqlite3.connect(file_url.partition(":///")[2], timeout=0)
            with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("UPDATE account SET balance = 9")
            await set_to(session, 7)
        assert await balance_in(file_url) == 7


async def test_foreign_keys_are_on_and_a_reader_sees_committed_rows_meanwhile(file_url: str) -> None:
    async with database(file_url) as db, db.write() as session:
        assert (await session.execute(text("PRAGMA foreign_keys"))).scalar() == 1
        session.add(Item(name="open"))
        await session.flush()
        async with db.read() as reader:
            assert (await reader.scalars(select(Item.name))).all() == []


# --- A6: a database in memory ----------------------------------------------------------------------


async def test_the_usual_memory_mixes_two_units() -> None:
    async with usual("sqlite+aiosqlite://", poolclass=StaticPool) as data:
        async with data.session() as one, data.session() as two:
            one.add(Item(name="acknowledged"))
            await one.flush()
            two.add(Item(name="refused"))
            await two.flush()
            await two.rollback()
            await one.commit()
        async with data.session() as session:
            assert (await session.scalars(select(Item.name))).all() == []  # the acknowledged one is gone


async def test_crosslet_keeps_units_in_memory_apart() -> None:
    async with Database("sqlite://", metadata=Base) as db:
        await db.create_all()

        async def unit(number: int) -> None:
            async with db.write() as session:
                session.add(Item(name=f"{number:02}"))
                await session.flush()
                await asyncio.sleep(0)
                if number % 2:
                    raise KeyError(number)

        outcomes = await asyncio.gather(*(unit(number) for number in range(50)), return_exceptions=True)
        acknowledged = [f"{number:02}" for number, outcome in enumerate(outcomes) if outcome is None]
        async with db.read() as session:
            assert list(await session.scalars(select(Item.name).order_by(Item.name))) == acknowledged
        assert len(acknowledged) == 25

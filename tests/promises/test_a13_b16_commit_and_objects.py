"""A13, B16: a commit on a closed connection is refused; objects are as readable after a commit as before it."""

import gc

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from crosslet import errors
from fix_databases import Target
from promises.databases import checked_out, database, names_in, usual
from promises.tables import Item


async def lose_connection(session: AsyncSession, target: Target) -> None:
    """Close the driver's connection under the session, as a driver or a careless hand would."""
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    if target.driver == "asyncpg":
        raw.terminate()
    elif target.driver in {"aiosqlite", "psycopg"}:
        await raw.close()
    else:
        raw.close()


async def test_the_usual_commit_on_a_closed_sqlite_connection_succeeds(target: Target, url: str) -> None:
    if target.dialect.has_server:
        pytest.skip("SQLAlchemy's aiosqlite alone skips a commit without a connection")
    async with usual(url) as data:
        async with data.session() as session:
            session.add(Item(name="acknowledged"))
            await session.flush()
            await lose_connection(session, target)
            await session.commit()
        assert await names_in(url) == []


async def test_crosslet_refuses_to_commit_on_a_closed_connection(target: Target, url: str) -> None:
    async with database(url) as db:
        acknowledged = False
        with pytest.raises((errors.UnitPoisoned, errors.CommitOutcomeUnknown)):
            async with db.write() as session:
                session.add(Item(name="not acknowledged"))
                await session.flush()
                await lose_connection(session, target)
            acknowledged = True
        assert not acknowledged
        assert await names_in(url) == []
        assert await checked_out(db) == 0
        async with db.write() as session:
            session.add(Item(name="next"))
        assert await names_in(url) == ["next"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_the_usual_session_forgets_objects_and_counts_without_them(url: str) -> None:
    async with usual(url) as data:
        async with async_sessionmaker(data.engine, autoflush=False)() as session:
            session.add(Item(name="one"))
            assert await session.scalar(select(func.count()).select_from(Item)) == 0
            item = Item(name="two")
            session.add(item)
            await session.commit()
            with pytest.raises(MissingGreenlet):
                _ = item.name
        # The driver's call that was never awaited, and its connection, complain when they are collected.
        gc.collect()


async def test_crosslet_counts_what_was_added_and_keeps_objects_readable(url: str) -> None:
    async with database(url) as db:
        async with db.write() as session:
            item = Item(name="one")
            session.add(item)
            assert await session.count(Item) == 1
            assert await session.scalar(select(func.count()).select_from(Item)) == 1
            await session.commit()
            assert item.name == "one"
            session.add(Item(name="two"))
            assert await session.count(Item) == 2
        assert (item.id, item.name) == (item.id, "one")
        async with db.read() as session:
            read = await session.one(Item, select(Item).where(Item.name == "two"))
        assert read.name == "two"
        assert await names_in(url) == ["one", "two"]

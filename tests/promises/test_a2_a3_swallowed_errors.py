"""A2, A3: a unit in which a database error was swallowed stores nothing, on every database alike."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database, Deadlines, errors
from fix_databases import Target
from promises.databases import ask_server, checked_out, database, names_in, usual
from promises.tables import Account, Item

INSERT = text("INSERT INTO item (name) VALUES (:name)")


async def swallow_a_duplicate(session: AsyncSession) -> None:
    """Do what a handler does that takes an error for its own business."""
    await session.execute(INSERT, {"name": "first"})
    with suppress(DBAPIError):
        await session.execute(INSERT, {"name": "first"})


async def test_the_usual_commit_stores_nothing_or_a_part(target: Target, url: str) -> None:
    async with usual(url) as data:
        async with data.session() as session:
            await swallow_a_duplicate(session)
            await session.commit()
        # PostgreSQL has turned COMMIT into ROLLBACK without an error; the others have kept half a unit.
        assert await names_in(url) == ([] if target.dialect_name == "postgresql" else ["first"])


async def test_crosslet_refuses_the_commit(url: str) -> None:
    async with database(url) as db:
        with pytest.raises(errors.UnitPoisoned) as caught:
            async with db.write() as session:
                await swallow_a_duplicate(session)
        assert caught.value.cause == "unique-violation"
        assert await names_in(url) == []
        assert await checked_out(db) == 0
        async with db.write() as session:
            session.add(Item(name="next"))
        assert await names_in(url) == ["next"]


async def test_crosslet_refuses_the_next_statement(url: str) -> None:
    async with database(url) as db:
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                await swallow_a_duplicate(session)
                await session.execute(INSERT, {"name": "second"})
        assert await names_in(url) == []


@pytest.mark.parametrize("how", ["session", "run_sync", "begin", "flush"])
async def test_every_way_to_commit_is_refused(url: str, how: str) -> None:
    async def commit(session: AsyncSession) -> None:
        if how == "session":
            await session.commit()
        elif how == "run_sync":
            await session.run_sync(lambda inner: inner.commit())
        elif how == "flush":
            session.add(Item(name="second"))
            await session.flush()

    async with database(url) as db:
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                if how == "begin":
                    async with session.begin():
                        await swallow_a_duplicate(session)
                await swallow_a_duplicate(session)
                await commit(session)
        assert await names_in(url) == []


async def test_a_savepoint_makes_the_unit_whole_again(url: str) -> None:
    async with database(url) as db:
        async with db.write() as session:
            await session.execute(INSERT, {"name": "first"})
            with pytest.raises(errors.UniqueViolation):
                async with session.begin_nested():
                    await session.execute(INSERT, {"name": "inner"})
                    await session.execute(INSERT, {"name": "first"})
            await session.execute(INSERT, {"name": "second"})
        assert await names_in(url) == ["first", "second"]


async def test_an_error_swallowed_inside_a_savepoint_poisons_the_unit(url: str) -> None:
    async with database(url) as db:
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                await session.execute(INSERT, {"name": "before"})
                async with session.begin_nested():
                    await swallow_a_duplicate(session)
        assert await names_in(url) == []


async def test_an_error_before_a_savepoint_is_not_undone_by_it(url: str) -> None:
    async with database(url) as db:
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                savepoint = await session.begin_nested()
                await session.execute(INSERT, {"name": "kept"})
                await savepoint.commit()
                await swallow_a_duplicate(session)
                async with session.begin_nested():
                    await session.execute(INSERT, {"name": "second"})
        assert await names_in(url) == []


async def test_an_orm_flush_that_fails_poisons_too(url: str) -> None:
    async with database(url) as db:
        async with db.write() as session:
            session.add(Item(name="taken"))
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                session.add(Item(name="mine"))
                await session.flush()
                session.add(Item(name="taken"))
                with pytest.raises(errors.UniqueViolation):
                    await session.flush()
                await session.commit()
        assert await names_in(url) == ["taken"]


async def test_a_swallowed_timeout_of_ones_own_poisons(target: Target, url: str) -> None:
    """The statement was cancelled on its way: nobody knows whether the server did it, so it may not be stored."""
    slow = SLOW[target.dialect_name]
    async with database(url) as db:
        with pytest.raises((errors.UnitPoisoned, errors.ConnectionLost)):
            async with db.write() as session:
                await session.execute(INSERT, {"name": "first"})
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await session.execute(text(slow))
        assert await names_in(url) == []
        assert await checked_out(db) == 0


# A second and more on any machine: nothing waits for its end.
SLOW = {
    "postgresql": "SELECT pg_sleep(20)",
    "mariadb": "SELECT SLEEP(20)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT max(i) FROM n",
}


async def move_ten(session: AsyncSession) -> None:
    """Take ten from one account; the lock on the other makes the second half fail, which is swallowed."""
    await session.execute(update(Account).where(Account.id == 1).values(balance=Account.balance - 10))
    with suppress(DBAPIError):
        await session.execute(update(Account).where(Account.id == 2).values(balance=Account.balance + 10))


async def balances(url: str) -> list[int]:
    return [balance for (balance,) in await ask_server(url, "SELECT balance FROM account ORDER BY id")]


async def fill(url: str) -> None:
    await ask_server(url, "INSERT INTO account (id, balance) VALUES (1, 100), (2, 100), (3, 100)")


@pytest.mark.needs("has_row_locks")
async def test_a_swallowed_lock_timeout(target: Target, url: str) -> None:
    """MariaDB undoes the statement alone: the usual commit stores -10 and never +10."""
    async with usual(url) as data, database(url, deadlines=Deadlines(lock=1)) as db:
        await fill(url)
        async with data.session() as holder:
            await holder.execute(update(Account).where(Account.id == 2).values(balance=100))
            async with data.session() as session:
                await session.execute(text(LOCK_LIMIT[target.dialect_name]))
                await move_ten(session)
                await session.commit()
            assert await balances(url) == ([90, 100, 100] if target.dialect_name == "mariadb" else [100, 100, 100])
            before = await balances(url)
            with pytest.raises(errors.UnitPoisoned) as caught:
                async with db.write() as session:
                    await move_ten(session)
            assert caught.value.cause == "lock-timeout"
            assert caught.value.retryable
            assert await balances(url) == before


LOCK_LIMIT = {"postgresql": "SET LOCAL lock_timeout = 1000", "mariadb": "SET SESSION innodb_lock_wait_timeout = 1"}


async def deadlock(session: AsyncSession, other: AsyncSession) -> BaseException:
    """Take from one account, then lose a deadlock over the other; return the error. `other` holds what it took."""
    await session.execute(update(Account).where(Account.id == 1).values(balance=Account.balance - 10))
    # The server ends the transaction that has changed less.
    await other.execute(text("INSERT INTO item (name) VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f')"))
    await other.execute(update(Account).where(Account.id == 2).values(balance=Account.balance))
    third = asyncio.create_task(other_side(other))
    try:
        await session.execute(update(Account).where(Account.id == 2).values(balance=Account.balance + 10))
    except DBAPIError as error:
        return error
    finally:
        await third
    raise AssertionError("no deadlock")


async def other_side(other: AsyncSession) -> None:
    await asyncio.sleep(0.2)  # it may come too early, then this side waits and the deadlock comes all the same
    await other.execute(update(Account).where(Account.id == 1).values(balance=Account.balance))


@pytest.mark.needs("has_row_locks")
async def test_a_swallowed_deadlock(target: Target, url: str) -> None:
    """The server has undone the whole unit; who repeats the statement only stores its second half."""
    if target.dialect_name != "mariadb":
        pytest.skip("PostgreSQL refuses whatever follows: that is A2")
    async with usual(url) as data:
        await fill(url)
        async with data.session() as other, data.session() as session:
            await deadlock(session, other)
            await other.rollback()
            await session.execute(update(Account).where(Account.id == 2).values(balance=Account.balance + 10))
            await session.commit()
        assert await balances(url) == [100, 110, 100]
        async with database(url) as db:
            caught = await swallow_in(db, data)
        assert caught.cause == "deadlock-detected"
        assert caught.retryable
        assert await balances(url) == [100, 110, 100]


async def swallow_in(db: Database, data: Any) -> errors.UnitPoisoned:
    async with data.session() as other:
        with pytest.raises(errors.UnitPoisoned) as caught:
            async with db.write() as session:
                # Inside a savepoint, which the server has undone as well: leaving it heals nothing.
                with pytest.raises((errors.DeadlockDetected, errors.UnitPoisoned)):
                    async with session.begin_nested():
                        raise await deadlock(session, other)
                await other.rollback()
                await session.execute(update(Account).where(Account.id == 2).values(balance=Account.balance + 10))
    return caught.value

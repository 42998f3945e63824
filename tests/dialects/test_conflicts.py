"""Two units that want the same row: which error each database answers with, and that it can be run again."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from crosslet import Database, Deadlines, Session, errors
from fix_databases import Target

Opener = Callable[..., Awaitable[Database]]
CHANGE = text("UPDATE authors SET age = coalesce(age, 0) + 1 WHERE id = :id")


async def notice_deadlocks_soon(session: Session, target: Target) -> None:
    if target.dialect_name == "postgresql":
        await session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))


@pytest.mark.needs("has_row_locks")
async def test_a_deadlock(shop: Database, target: Target) -> None:
    both_hold_one = asyncio.Barrier(2)

    async def unit(first: int, second: int) -> None:
        async with shop.write() as session:
            await notice_deadlocks_soon(session, target)
            await session.execute(CHANGE, {"id": first})
            await both_hold_one.wait()
            await session.execute(CHANGE, {"id": second})

    outcomes = await asyncio.gather(unit(1, 3), unit(3, 1), return_exceptions=True)
    failures = [outcome for outcome in outcomes if outcome is not None]
    assert [type(failure) for failure in failures] == [errors.DeadlockDetected]
    assert failures[0].sqlstate in {"40P01", "1213"}


async def change_what_another_changed(shop: Database, isolation: str, prepare: str | None = None) -> None:
    """Read, let another unit change and commit, then change."""
    async with shop.write(isolation=isolation) as session:
        if prepare is not None:
            await session.execute(text(prepare))
        await session.execute(text("SELECT age FROM authors"))
        async with shop.write() as other:
            await other.execute(CHANGE, {"id": 1})
        await session.execute(CHANGE, {"id": 1})


@pytest.mark.needs("has_row_locks", "has_transactional_ddl")
@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
async def test_a_serialization_failure(shop: Database, isolation: str) -> None:
    with pytest.raises(errors.SerializationFailure) as caught:
        await change_what_another_changed(shop, isolation)
    assert caught.value.sqlstate == "40001"


@pytest.mark.needs("has_row_locks")
async def test_a_changed_snapshot(shop: Database, target: Target) -> None:
    if target.dialect.has_transactional_ddl:
        pytest.skip("the setting is InnoDB's")
    with pytest.raises(errors.SerializationFailure) as caught:
        await change_what_another_changed(shop, "REPEATABLE READ", "SET SESSION innodb_snapshot_isolation = 1")
    assert caught.value.sqlstate == "1020"


@pytest.mark.needs("has_row_locks")
async def test_a_write_skew_is_refused(shop: Database, target: Target) -> None:
    """Each reads what the other changes: PostgreSQL sees it at COMMIT, InnoDB as a deadlock of its shared locks."""
    both_have_read = asyncio.Barrier(2)

    async def unit(own: int) -> None:
        async with shop.write(isolation="SERIALIZABLE") as session:
            await session.execute(text("SELECT sum(age) FROM authors"))
            await both_have_read.wait()
            await session.execute(CHANGE, {"id": own})

    outcomes = await asyncio.gather(unit(1), unit(3), return_exceptions=True)
    failures = [type(outcome) for outcome in outcomes if outcome is not None]
    assert failures in ([errors.SerializationFailure], [errors.DeadlockDetected])


@pytest.mark.needs("has_row_locks")
async def test_a_lock_that_stays(open_shop: Opener, target: Target) -> None:
    # MySQL and MariaDB count in whole seconds.
    shop = await open_shop(deadlines=Deadlines(lock=0.2))
    async with shop.write() as holder:
        await holder.execute(CHANGE, {"id": 1})
        with pytest.raises(errors.LockTimeout) as caught:
            async with shop.write() as session:
                await session.execute(CHANGE, {"id": 1})
    assert caught.value.sqlstate in {"55P03", "1205"}


@pytest.mark.needs("has_row_locks")
async def test_a_lock_that_nobody_waits_for(shop: Database) -> None:
    lock = text("SELECT age FROM authors WHERE id = 1 FOR UPDATE NOWAIT")
    async with shop.write() as holder:
        await holder.execute(lock)
        with pytest.raises(errors.LockTimeout):
            async with shop.write() as session:
                await session.execute(lock)


@pytest.mark.needs("has_single_writer")
async def test_a_busy_file(open_shop: Opener) -> None:
    shop, other = await open_shop(), await open_shop(deadlines=Deadlines(lock=0.05))
    async with shop.write() as holder:
        await holder.execute(CHANGE, {"id": 1})
        with pytest.raises(errors.DatabaseBusy) as caught:
            async with other.write() as session:
                await session.execute(CHANGE, {"id": 1})
        async with other.read() as reader:
            assert await reader.scalar(text("SELECT age FROM authors WHERE id = 1")) is None
    assert caught.value.sqlstate == "SQLITE_BUSY"


@pytest.mark.needs("has_single_writer")
async def test_a_snapshot_too_old_to_write(shop: Database, target: Target) -> None:
    """Not to be had through crosslet, whose writers take the lock at BEGIN: provoked on the driver."""
    engine = await shop.engine()
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        await raw.execute("BEGIN")
        await (await raw.execute("SELECT count(*) FROM authors")).fetchall()
        with sqlite3.connect(str(engine.url.database)) as other:
            other.execute("UPDATE authors SET age = 7 WHERE id = 1")
        other.close()
        with pytest.raises(sqlite3.OperationalError) as caught:
            await raw.execute("UPDATE authors SET age = 8 WHERE id = 1")
        await raw.rollback()
    failure = target.dialect.classify(caught.value)
    assert (failure.kind, failure.sqlstate) == (errors.DatabaseBusy, "SQLITE_BUSY_SNAPSHOT")

"""A change that is committed with its own statement, when its task or its connection is lost meanwhile."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from crosslet import Database, New, errors
from database.one_trip import UserRow, with_ada
from fix_databases import Target
from promises.databases import through_proxy
from promises.proxy import Fault
from sample import Sample, User


@pytest.fixture
async def base(url: str) -> AsyncIterator[Database]:
    async with with_ada(url) as db:
        yield db


@pytest.mark.needs("has_row_locks")
async def test_a_cancel_waits_for_the_statement(base: Database) -> None:
    hooks: list[str] = []
    started = asyncio.Event()

    async def insert_one() -> None:
        async with base.write() as session:
            session.after_commit(lambda: hooks.append("ran"))
            started.set()
            await session.one(UserRow, New(User, email="b@example.com"), commit=True)

    async with base.write() as other:
        await other.create(User, email="b@example.com")
        task = asyncio.create_task(insert_one())
        await started.wait()
        # MariaDB refreshes what it tells only where nobody has asked for a tenth of a second.
        async with asyncio.timeout(30):
            while not await waits_for_lock(base):  # noqa: ASYNC110 - the server tells, and no event does
                await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.sleep(0)
        await other.rollback()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(30):
        while not hooks:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with base.read() as session:
        assert await session.count(select(User).where(User.email == "b@example.com")) == 1


WAITING = {
    "postgresql": "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    "mariadb": "information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
}


async def waits_for_lock(db: Database) -> bool:
    async with db.read() as session:
        return bool(await session.scalar(text(f"SELECT count(*) FROM {WAITING[db.dialect.name]}")))


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER], ids=["lost", "stored"])
async def test_a_connection_that_is_lost_meanwhile(target: Target, url: str, fault: Fault) -> None:
    async with through_proxy(target, url) as (proxy, through), Database(through, metadata=Sample) as db:
        await db.create_all()
        async with db.write() as session:
            await session.one(UserRow, New(User, email="first@example.com"), commit=True)
        proxy.arm(b"b@example.com", fault)
        with pytest.raises(errors.CommitOutcomeUnknown):
            async with asyncio.timeout(60), db.write() as session:
                await session.one(UserRow, New(User, email="b@example.com"), commit=True)
        proxy.mend()
        async with Database(url) as other, other.read() as session:
            count = await session.count(select(User).where(User.email == "b@example.com"))
    # asyncmy and aiomysql send a COMMIT of its own, which never came.
    assert count == (1 if fault is Fault.CUT_AFTER and target.dialect.name == "postgresql" else 0)


@pytest.mark.needs("can_share_sessions")
async def test_it_is_one_message_to_the_server_and_its_answer(target: Target, url: str) -> None:
    async with through_proxy(target, url) as (proxy, through), Database(through, metadata=Sample) as db:
        await db.create_all()
        async with db.write() as session:
            for number in range(8):  # psycopg prepares a statement that it has met five times
                await session.one(UserRow, New(User, email=f"{number}@example.com"), commit=True)
                await session.rollback()
            proxy.received.clear()
            before = proxy.replies
            await session.one(UserRow, New(User, email="last@example.com"), commit=True)
            assert proxy.replies - before == 1
            assert b"last@example.com" in proxy.received
            for word in (b"BEGIN", b"COMMIT", b"ROLLBACK"):
                assert word not in proxy.received

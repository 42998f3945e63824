"""Direct reads and the pool: whose connections they take, what becomes of dead ones, who gets the ordinary way."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, event, select, text
from sqlalchemy.pool import Pool

from connections.reading import HANG, direct_of, is_whole, opened, pool_of, reader_of
from crosslet import Database, Deadlines, PoolSettings, errors
from crosslet.transactions import ConstraintNames, explain_reads, fetch_directly, may_read_directly
from fix_databases import Target
from promises.databases import through_proxy
from promises.proxy import Fault
from promises.waiting import until
from sample import Sample, User

OWN_NUMBER = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT CONNECTION_ID()"}
KILL = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


@pytest.mark.needs("has_server")
async def test_connections_that_the_server_ended_are_replaced(url: str, target: Target) -> None:
    assert target.server is not None
    async with Database(url, pool=PoolSettings(readers=3)) as db:
        read = reader_of(db)
        asking = OWN_NUMBER[target.dialect_name]
        held = [await (await db.engine(read_only=True)).connect() for _ in range(3)]
        numbers = {int((await connection.execute(text(asking))).scalar_one()) for connection in held}
        for connection in held:
            await connection.close()
        for number in numbers:
            target.server.execute(KILL[target.dialect_name].format(number))
        answers = [await read(asking)]
        # One loss speaks for all connections of its age: a session, which sends nothing twice, meets none of them.
        async with db.read() as first, db.read() as second, db.read() as third:
            for session in (first, second, third):
                await session.execute(text("SELECT 1"))
        answers += await asyncio.gather(*(read(asking) for _ in range(20)))
        assert not numbers & {int(answer.rows[0][0]) for answer in answers}
        assert await is_whole(db)


@pytest.mark.needs("has_server")
async def test_a_connection_that_is_lost_again_and_again(url: str, target: Target) -> None:
    async with through_proxy(target, url) as (proxy, through), Database(through) as db:
        read = reader_of(db)
        await read("SELECT 1")
        losses = 0

        async def lose() -> None:
            nonlocal losses
            while True:
                proxy.arm(b"SELECT 2", Fault.CUT_BEFORE)
                await proxy.seen.wait()
                losses += 1

        losing = asyncio.create_task(lose())
        with pytest.raises(errors.ConnectionLost) as caught:
            await read("SELECT 2")
        losing.cancel()
        assert losses == 2
        assert caught.value.connection_invalidated
        assert await is_whole(db)


async def test_more_tasks_than_connections_take_turns(url: str) -> None:
    async with Database(url, pool=PoolSettings(readers=2)) as db:
        read = reader_of(db)
        answers = await asyncio.gather(*(read(f"SELECT {number}") for number in range(30)))
        assert [answer.rows[0][0] for answer in answers] == list(range(30))
        assert len((await db.connections.pair()).open_connections[0]) == 2
        assert await is_whole(db)


async def test_a_full_pool_says_so(url: str) -> None:
    async with Database(url, pool=PoolSettings(readers=1, wait=0.05)) as db:
        read = reader_of(db)
        async with db.read() as session:
            await session.execute(text("SELECT 1"))
            with pytest.raises(errors.PoolTimeout):
                await read("SELECT 1")
        assert (await read("SELECT 1")).rows[0][0] == 1
        assert await is_whole(db)


async def test_nobody_connects_twice_and_a_lifetime_ends_connections(url: str) -> None:
    async with Database(url, pool=PoolSettings(lifetime=60)) as db:
        made, read = await opened(db), reader_of(db)
        for _ in range(3):
            await read("SELECT 1")
        assert len(made) == 1
        (await pool_of(db))._recycle = 0
        await read("SELECT 1")
        assert len(made) == 2
        assert await is_whole(db)


async def test_without_a_server_there_is_the_error_of_connecting(url: str, target: Target) -> None:
    if target.server is None:
        db = Database("sqlite+aiosqlite:////nowhere/at/all.db")
    else:
        async with through_proxy(target, url) as (_, through):
            db = Database(through)
    with pytest.raises(errors.CannotConnect):
        await reader_of(db)("SELECT 1")
    assert await is_whole(db)
    await db.close()


async def test_a_connection_used_directly_has_not_rested(url: str) -> None:
    async with Database(url, pool=PoolSettings(ping_after=60)) as db:
        read = reader_of(db)
        await read("SELECT 1")
        (entry,) = (await pool_of(db))._pool._queue._queue
        entry.info["crosslet.rested_since"] = 0
        await read("SELECT 1")
        assert entry.info["crosslet.rested_since"] > 0


@pytest.mark.needs("has_server")
async def test_one_round_trip(url: str, target: Target) -> None:
    async with through_proxy(target, url) as (proxy, through), Database(through, metadata=Sample) as db:
        read = reader_of(db)
        statement = select(bindparam("n", type_=User.__table__.c.email.type))
        for _ in range(6):  # psycopg prepares a statement that comes often: two trips, once.
            await read(statement, n="warm")
        for number in range(5):
            before = proxy.replies
            assert (await read(statement, n=f"{number}")).rows[0][0] == f"{number}"
            assert proxy.replies == before + 1


@contextmanager
def listening(target: Any, name: str) -> Iterator[None]:
    def hear(*arguments: Any) -> None:
        return None

    event.listen(target, name, hear)
    try:
        yield
    finally:
        event.remove(target, name, hear)


ENGINE_EVENTS = ("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute", "handle_error")


async def test_who_listens_gets_the_ordinary_way(db: Database) -> None:
    direct = await direct_of(db)
    engine = (await db.connections.pair()).reader.sync_engine
    assert direct.is_unobserved()
    for target, names in (
        (engine, (*ENGINE_EVENTS, "engine_connect", "do_execute")),
        (Engine, ENGINE_EVENTS),
        (engine.pool, ("checkout", "checkin")),
        (Pool, ("checkout", "checkin")),
    ):
        for name in names:
            with listening(target, name):
                assert not direct.is_unobserved(), name
            assert direct.is_unobserved()


async def test_who_listened_first_is_not_taken_for_our_own(url: str) -> None:
    with listening(Engine, "before_cursor_execute"):
        async with Database(url) as db:
            assert not (await direct_of(db)).is_unobserved()
    async with Database(url) as db:
        assert (await direct_of(db)).is_unobserved()


async def test_who_logs_gets_the_ordinary_way(url: str, db: Database, caplog: pytest.LogCaptureFixture) -> None:
    direct = await direct_of(db)
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"):
        assert not direct.is_unobserved()
    assert direct.is_unobserved()
    async with Database(url, echo=True) as loud:
        assert not (await direct_of(loud)).is_unobserved()


async def test_which_units_may(db: Database) -> None:
    direct = await direct_of(db)
    async with db.read() as session:
        assert may_read_directly(session.unit, direct)
        await session.execute(text("SELECT 1"))
        assert not may_read_directly(session.unit, direct), "it holds a connection already"
    async with db.write() as session:
        assert not may_read_directly(session.unit, direct)


@pytest.mark.parametrize("pool", ["serverless", "pgbouncer"])
async def test_which_pools_may_not(url: str, target: Target, pool: Any) -> None:
    if pool == "pgbouncer" and not target.dialect.can_share_sessions:
        pytest.skip("no pooler")
    async with Database(url, pool=pool) as db, db.read() as session:
        direct = (await db.connections.pair()).direct
        assert direct is None
        assert not may_read_directly(session.unit, direct)


async def test_a_unit_past_its_end_reads_nothing(db: Database) -> None:
    explain, direct = explain_reads(db.dialect, ConstraintNames(list), show_values=False), await direct_of(db)
    async with db.read() as session:

        async def elsewhere() -> None:
            await fetch_directly(session.unit, direct, explain, "SELECT 1", ())

        await elsewhere()
        with pytest.raises(errors.WrongTask):
            await asyncio.create_task(elsewhere())
    with pytest.raises(errors.SessionClosed):
        await elsewhere()


async def test_idle_reads_leave_no_timer_behind(url: str) -> None:
    """The deadline's one timer ends by itself once nobody reads."""
    async with Database(url, deadlines=Deadlines(statement=0.05)) as db:
        await reader_of(db)("SELECT 1")
        watch = (await direct_of(db))._watch

        async def is_quiet() -> bool:
            return watch._timer is None

        async with asyncio.timeout(HANG):
            await until(is_quiet)

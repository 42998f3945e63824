"""The pools: rested connections are tested, a full pool says so, presets hold what they promise."""

import asyncio

import pytest
from sqlalchemy import text

from crosslet import Database, Deadlines, PoolSettings, Session, errors
from fix_databases import Target

OWN_NUMBER = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT CONNECTION_ID()"}
KILL = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


async def number(session: Session, target: Target) -> int:
    return int(await session.scalar(text(OWN_NUMBER[target.dialect_name])))


def kill(target: Target, connection: int) -> None:
    assert target.server is not None
    target.server.execute(KILL[target.dialect_name].format(connection))


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("read_only", [True, False], ids=["reader", "writer"])
async def test_a_rested_connection_is_replaced_if_the_server_ended_it(
    url: str, target: Target, read_only: bool
) -> None:
    async with Database(url, pool=PoolSettings(ping_after=0)) as db:
        open_unit = db.read if read_only else db.write
        async with open_unit() as session:
            first = await number(session, target)
        kill(target, first)
        async with open_unit() as session:
            assert await number(session, target) != first


@pytest.mark.needs("has_server")
async def test_a_connection_used_a_moment_ago_is_not_tested(url: str, target: Target) -> None:
    """So the unit meets the loss itself; `run` has it run again."""
    async with Database(url, pool=PoolSettings(ping_after=60)) as db:
        async with db.write() as session:
            first = await number(session, target)
        kill(target, first)
        with pytest.raises(errors.ConnectionLost):
            async with db.write() as session:
                await number(session, target)
        assert await db.run(number, target) != first


@pytest.mark.needs("has_server")
async def test_run_survives_a_lost_connection(url: str, target: Target) -> None:
    async with Database(url, pool=PoolSettings(ping_after=60)) as db:
        first = await db.run(number, target)
        kill(target, first)
        assert await db.run(number, target) != first


@pytest.mark.needs("has_server")
async def test_a_reader_stays_in_autocommit_after_a_ping(url: str) -> None:
    """In a transaction the clock would stand still and the snapshot would grow old."""
    async with Database(url, pool=PoolSettings(ping_after=0, readers=1)) as db:
        for _ in range(3):
            async with db.read() as session:
                clock = text("SELECT current_timestamp(6)")
                first, second = await session.scalar(clock), await session.scalar(clock)
                assert second > first


async def test_a_full_pool_says_so(url: str) -> None:
    async with Database(url, pool=PoolSettings(writers=1, readers=1, wait=0.05)) as db:
        async with db.read() as first:
            await first.execute(text("SELECT 1"))
            with pytest.raises(errors.PoolTimeout):
                async with db.read() as second:
                    await second.execute(text("SELECT 1"))
        async with db.read() as third:
            assert await third.scalar(text("SELECT 1")) == 1


async def test_readers_and_writers_do_not_take_each_others_connections(url: str) -> None:
    pool = PoolSettings(writers=1, readers=1, wait=0.05)
    async with Database(url, pool=pool) as db, db.write() as writer, db.read() as reader:
        await writer.execute(text("SELECT 1"))
        assert await reader.scalar(text("SELECT 1")) == 1


async def test_more_tasks_than_connections_take_turns(url: str) -> None:
    async with Database(url, pool=PoolSettings(readers=2)) as db:

        async def read(value: int) -> int:
            async with db.read() as session:
                return int(await session.scalar(text(f"SELECT {value}")))

        assert await asyncio.gather(*(read(value) for value in range(20))) == list(range(20))
        pair = db.connections.known_pair()
        assert pair is not None
        assert [len(open_) for open_ in pair.open_connections] == [2, 0]


async def test_serverless_keeps_no_connection(url: str) -> None:
    async with Database(url, pool="serverless") as db:
        async with db.read() as session:
            await session.execute(text("SELECT 1"))
            pair = db.connections.known_pair()
            assert pair is not None
            assert len(pair.open_connections[0]) == 1
        assert len(pair.open_connections[0]) == 0


@pytest.mark.needs("has_server")
async def test_a_lifetime_ends_connections_between_units(url: str, target: Target) -> None:
    async with Database(url, pool=PoolSettings(lifetime=0.001)) as db:
        async with db.write() as session:
            first = await number(session, target)
        await asyncio.sleep(0.002)  # What is being tested is that time passes.
        async with db.write() as session:
            assert await number(session, target) != first


@pytest.mark.needs("has_server")
async def test_behind_a_pooler_nothing_is_set_on_the_session(url: str, target: Target) -> None:
    """The limits hold inside the transaction and are gone after it."""
    if not target.dialect.unit_statements(Deadlines(), read_only=True):
        pytest.skip("no settings of one transaction")
    setting = text("SELECT current_setting('statement_timeout'), current_setting('transaction_read_only')")
    async with Database(url, pool="pgbouncer", deadlines=Deadlines(statement=7)) as db:
        async with db.read() as session:
            assert tuple((await session.execute(setting)).one()) == ("7s", "on")
        engine = await db.engine(read_only=True)
        async with engine.connect() as connection:
            assert tuple((await connection.execute(setting)).one()) == ("0", "off")

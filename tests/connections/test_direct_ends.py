"""Direct reads that do not end by themselves: deadlines, cancellation, loops that stop."""

import asyncio
import random
from typing import Any

import anyio
import pytest
from sqlalchemy import bindparam, literal, select

from connections.reading import HANG, SLEEP, is_whole, opened, pool_of, reader_of
from crosslet import Database, Deadlines, PoolSettings, errors
from fix_databases import Target
from promises.databases import through_proxy
from promises.proxy import Fault

# SQLite has no sleep; this counts for ever.
FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def slow(target: Target) -> str:
    return SLEEP[target.dialect_name].format(60) if target.server is not None else FOR_EVER


@pytest.mark.needs("has_server")
async def test_a_black_hole_costs_the_deadline(url: str, target: Target) -> None:
    deadlines = Deadlines(connect=5, statement=0.3, close=0.3)
    pool = PoolSettings(readers=1)
    async with through_proxy(target, url) as (proxy, through), Database(through, deadlines=deadlines, pool=pool) as db:
        read = reader_of(db)
        await read("SELECT 1")
        proxy.arm(b"SELECT 2", Fault.SWALLOW)
        async with asyncio.timeout(HANG):
            with pytest.raises(errors.StatementTimeout):
                await read("SELECT 2")
        assert await is_whole(db)
        proxy.mend()
        async with asyncio.timeout(HANG):
            assert (await read("SELECT 3")).rows[0][0] == 3


async def test_the_deadline_ends_a_statement_on_sqlite(url: str, target: Target) -> None:
    if target.server is not None:
        pytest.skip("servers have a limit of their own")
    async with Database(url, deadlines=Deadlines(statement=0.1), pool=PoolSettings(readers=1)) as db:
        read = reader_of(db)
        with pytest.raises(errors.StatementTimeout) as caught:
            await read(FOR_EVER)
        assert not caught.value.connection_invalidated
        assert (await read("SELECT 1")).rows[0][0] == 1
        assert len((await db.connections.pair()).open_connections[0]) == 1


async def cancel(work: Any) -> None:
    task = asyncio.ensure_future(work)
    await asyncio.sleep(0.05)  # It has been sent; if not, the test only proves less.
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("way", ["task", "scope"])
async def test_a_cancelled_statement_ends(url: str, target: Target, way: str) -> None:
    """Its connection is kept where the driver allows it, and the next read never sees an old answer."""
    # Only the end of the statement frees the connection in time, not the end of the patience with it.
    deadlines = Deadlines(statement=3 * HANG, close=3 * HANG)
    async with Database(url, deadlines=deadlines, pool=PoolSettings(readers=1, wait=HANG)) as db:
        made, read = await opened(db), reader_of(db)
        await read("SELECT 1")
        if way == "task":
            await cancel(read(slow(target)))
        else:
            with anyio.move_on_after(0.05) as scope:
                await read(slow(target))
            assert scope.cancelled_caught
        async with asyncio.timeout(HANG):
            assert [(await read("SELECT :n", n=str(number))).rows[0][0] for number in range(3)] == ["0", "1", "2"]
        assert await is_whole(db)
        # psycopg closes its connection itself when the scope cancels it again while it cancels the statement.
        is_kept = db.connections.driver.survives_cancel and (way, target.driver) != ("scope", "psycopg")
        assert len(made) == (1 if is_kept else 2)


@pytest.mark.needs("has_server")
async def test_a_cancelled_statement_in_a_black_hole_frees_its_connection(url: str, target: Target) -> None:
    deadlines = Deadlines(statement=1, close=0.2)
    pool = PoolSettings(readers=1, wait=HANG)
    async with through_proxy(target, url) as (proxy, through), Database(through, deadlines=deadlines, pool=pool) as db:
        read = reader_of(db)
        await read("SELECT 1")
        proxy.arm(b"SELECT 2", Fault.SWALLOW)
        task = asyncio.ensure_future(read("SELECT 2"))
        await proxy.seen.wait()
        task.cancel()
        async with asyncio.timeout(HANG):
            with pytest.raises((asyncio.CancelledError, errors.StatementTimeout)):
                await task
            assert await is_whole(db)
        proxy.mend()
        async with asyncio.timeout(HANG):
            assert (await read("SELECT 3")).rows[0][0] == 3


async def test_closing_after_a_cancel_leaves_nothing_open(url: str, target: Target) -> None:
    async with Database(url) as db:
        read = reader_of(db)
        await read("SELECT 1")
        await cancel(read(slow(target)))
        pair = await db.connections.pair()
    assert len(pair.open_connections[0]) == 0


def test_a_loop_may_end_in_the_middle_of_it(url: str, target: Target) -> None:
    async def work() -> None:
        read = reader_of(db)
        await read("SELECT 1")
        pools.append(await pool_of(db))
        await cancel(read(slow(target)))

    db, pools = Database(url), list[Any]()
    asyncio.run(work())
    assert [pool.checkedout() for pool in pools] == [0]


async def test_a_storm_of_cancels(url: str) -> None:
    """Half of them cancelled at some moment: nobody gets another's answer, or an error, or no connection."""
    async with Database(url, pool=PoolSettings(readers=3, wait=HANG)) as db:
        read, dice = reader_of(db), random.Random(1)
        question = select(literal(0) + bindparam("n", type_=literal(0).type))

        async def ask(number: int) -> int:
            return int((await read(question, n=number)).rows[0][0])

        async def one(number: int) -> int | None:
            task = asyncio.ensure_future(ask(number))
            if number % 2:
                await asyncio.sleep(dice.uniform(0, 0.003))
                task.cancel()
            try:
                return await task
            except asyncio.CancelledError:
                return None

        async with asyncio.timeout(2 * HANG):
            for start in range(0, 300, 12):
                answers = await asyncio.gather(*(one(number) for number in range(start, start + 12)))
                for number, answer in enumerate(answers, start):
                    assert answer == number or (answer is None and number % 2)
        assert await is_whole(db)
        assert len((await db.connections.pair()).open_connections[0]) <= 3

"""Who has waited longest is next: nobody starves while others take again what they have just given back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Integer, bindparam, select

from crosslet import Database, PoolSettings, Session

One = Callable[[Session], Awaitable[None]]
_TASKS, _TURNS = 6, 30


async def through_the_engine(session: Session) -> None:
    await session.execute(select(bindparam("one", 1, Integer)))


@pytest.mark.parametrize("read_only", [True, False], ids=["readers", "writers"])
async def test_nobody_starves(url: str, read_only: bool) -> None:
    """Each gives back and takes again without a pause, as a request with several loads does."""
    turns = [0] * _TASKS
    behind: list[int] = []
    async with Database(url, pool=PoolSettings(readers=1, writers=1)) as db:
        open_unit = db.read if read_only else db.write

        async def work(number: int) -> None:
            for _ in range(_TURNS):
                async with open_unit() as session:
                    await through_the_engine(session)
                turns[number] += 1
            behind.append(min(turns))

        await work(0)
        turns[0] = 0
        behind.clear()
        await asyncio.gather(*(work(number) for number in range(_TASKS)))
    # When the first has had all its turns, the others have had nearly as many.
    assert behind[0] >= _TURNS - 2


async def test_nobody_starves_beside_direct_reads(url: str) -> None:
    turns = [0] * _TASKS
    behind: list[int] = []
    async with Database(url, pool=PoolSettings(readers=1)) as db:
        await db.ping()
        pair = await db.connections.pair()
        pool = pair.direct.pool

        async def work(number: int) -> None:
            for _ in range(_TURNS):
                held = await pair.direct.take()
                await asyncio.sleep(0)
                pool.give_back(held)
                turns[number] += 1
            behind.append(min(turns))

        await asyncio.gather(*(work(number) for number in range(_TASKS)))
        assert pool.checkedin() == 1
    assert behind[0] >= _TURNS - 2


async def test_who_is_cancelled_while_it_is_handed_a_connection_gives_it_on(url: str) -> None:
    async with Database(url, pool=PoolSettings(readers=1)) as db:
        await db.ping()
        pair = await db.connections.pair()
        held = await pair.direct.take()
        waiting = [asyncio.create_task(pair.direct.take()) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        pair.direct.pool.give_back(held)
        waiting[0].cancel()
        waiting[1].cancel()
        done = await waiting[2]
        assert [task.cancelled() for task in await asyncio.wait(waiting) and waiting] == [True, True, False]
        pair.direct.pool.give_back(done)
        assert pair.direct.pool.checkedin() == 1

"""Between a read and a write: whatever the order of things, nobody is given what is older than a confirmed commit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from cache.club import EVERY, Member, MemberOut, club, names, rename
from crosslet import Database, MemoryCache, New, errors
from crosslet.database import trees


class Pause:
    """Stops the first who comes by, until it is told to go on."""

    def __init__(self) -> None:
        self.reached, self.free = asyncio.Event(), asyncio.Event()
        self.times = 0

    async def here(self) -> None:
        self.times += 1
        if self.times == 1:
            self.reached.set()
            await self.free.wait()


class PausedCache(MemoryCache):
    """Stops before or after the moments of a commit."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        self.moment, self.pause = moment, Pause()
        self.is_on = False

    async def _stop(self, moment: str) -> None:
        if self.is_on and moment == self.moment:
            await self.pause.here()

    async def begin(self, tags: frozenset[str], seconds: float) -> int:
        await self._stop("before")
        doubt = await super().begin(tags, seconds)
        await self._stop("under way")
        return doubt

    async def end(self, doubt: int | None, tags: frozenset[str]) -> None:
        await self._stop("committed")
        await super().end(doubt, tags)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with club(url) as database:
        yield database


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Pause]:
    """Stop the next read between its statement's answer and the cache."""

    def next_one() -> Pause:
        pause, real = Pause(), trees.TreeReader.texts

        async def texts(reader: Any, plan: Any, *, joined: bool = False) -> Sequence[str]:
            found = await real(reader, plan, joined=joined)
            await pause.here()
            return found

        monkeypatch.setattr(trees.TreeReader, "texts", texts)
        return pause

    return next_one


async def test_what_was_read_before_a_commit_and_comes_after_it_is_not_kept(
    db: Database, slow: Callable[[], Pause]
) -> None:
    pause = slow()
    reading = asyncio.create_task(names(db))
    await pause.reached.wait()
    await rename(db, "eve")
    pause.free.set()
    assert await reading == ["ada", "bob"]  # it began before the write
    assert await names(db) == ["eve", "bob"]
    assert db.cache_statistics().discarded == 1


async def test_who_comes_after_a_write_does_not_wait_for_who_began_before_it(
    db: Database, slow: Callable[[], Pause]
) -> None:
    pause = slow()
    early = asyncio.create_task(names(db))
    await pause.reached.wait()
    await rename(db, "eve")
    assert await names(db) == ["eve", "bob"]
    pause.free.set()
    assert await early == ["ada", "bob"]
    assert await names(db) == ["eve", "bob"]


async def test_one_loads_and_the_others_wait(db: Database, slow: Callable[[], Pause]) -> None:
    pause = slow()
    reading = [asyncio.create_task(names(db)) for _ in range(20)]
    await pause.reached.wait()
    pause.free.set()
    assert all(found == ["ada", "bob"] for found in await asyncio.gather(*reading))
    found = db.cache_statistics()
    assert (pause.times, found.misses, found.shared + found.hits) == (1, 1, 19)


async def test_where_the_one_is_cancelled_another_tries(db: Database, slow: Callable[[], Pause]) -> None:
    pause = slow()
    first = asyncio.create_task(names(db))
    await pause.reached.wait()
    others = [asyncio.create_task(names(db)) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await asyncio.gather(*others) == [["ada", "bob"]] * 5
    assert await names(db) == ["ada", "bob"]


async def test_a_waiting_one_that_is_cancelled_takes_nobody_along(db: Database, slow: Callable[[], Pause]) -> None:
    pause = slow()
    first = asyncio.create_task(names(db))
    await pause.reached.wait()
    waiting = [asyncio.create_task(names(db)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[1]
    pause.free.set()
    assert [await first, await waiting[0], await waiting[2]] == [["ada", "bob"]] * 3


async def test_where_the_one_fails_its_error_is_its_own(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real, times = trees.TreeReader.texts, 0

    async def texts(reader: Any, plan: Any, *, joined: bool = False) -> Sequence[str]:
        nonlocal times
        times += 1
        if times == 1:
            await asyncio.sleep(0)
            raise errors.ConnectionLost
        return await real(reader, plan, joined=joined)

    monkeypatch.setattr(trees.TreeReader, "texts", texts)
    found = await asyncio.gather(*[names(db) for _ in range(5)], return_exceptions=True)
    assert [type(one) for one in found].count(errors.ConnectionLost) == 1
    assert found.count(["ada", "bob"]) == 4


@pytest.mark.parametrize("moment", ["before", "under way", "committed"])
@pytest.mark.parametrize("way", ["a unit", "one statement"])
async def test_a_commit_under_way_leaves_nothing_old_behind(url: str, moment: str, way: str) -> None:
    cache = PausedCache(moment)

    async def write() -> None:
        if way == "a unit":
            return await rename(db, "eve")
        async with db.write() as session:
            await session.one(MemberOut, New(Member, id=3, name="cyd"), commit=True)
        return None

    async with club(url, cache=cache) as db:
        old, new = ["ada", "bob"], ["eve", "bob"] if way == "a unit" else ["ada", "bob", "cyd"]
        assert await names(db) == old
        cache.is_on = True
        writing = asyncio.create_task(write())
        await cache.pause.reached.wait()
        # Kept results of the table are out of use now: what was read is what the database has at this moment.
        assert await names(db) == (new if moment == "committed" else old)
        assert db.cache_statistics().bypassed == (0 if moment == "before" else 1)
        cache.pause.free.set()
        await writing
        assert await names(db) == new
        assert await names(db) == new
        assert db.cache_statistics().hits == 1 + (moment == "before")


@pytest.mark.parametrize("moment", ["before", "under way", "committed"])
async def test_a_commit_whose_task_is_cancelled_ends_results_all_the_same(url: str, moment: str) -> None:
    cache = PausedCache(moment)
    async with club(url, cache=cache) as db:
        assert await names(db) == ["ada", "bob"]
        cache.is_on = True
        writing = asyncio.create_task(rename(db, "eve"))
        await cache.pause.reached.wait()
        writing.cancel()
        await asyncio.sleep(0)
        cache.pause.free.set()
        with pytest.raises(asyncio.CancelledError):
            await writing
        async with db.read() as session:
            fresh = [row.name for row in await session.all(MemberOut, select(Member).order_by(Member.id))]
        assert await names(db) == fresh == ["eve", "bob"]
        assert not cache._doubts


async def test_an_unknown_outcome_stays_in_doubt_for_a_while(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("crosslet.cache.memory.monotonic", lambda: now[0])
    results: Any = db._results
    assert await names(db) == ["ada", "bob"]
    doubt = await results.begin(frozenset({"table:member"}), 5.0)
    results.lose(doubt, unknown=True)
    assert await names(db) == await names(db) == ["ada", "bob"]
    assert db.cache_statistics().bypassed == 2
    now[0] += 31
    assert await names(db) == await names(db)
    assert db.cache_statistics().bypassed == 2
    # A process that dies, or a commit that nobody awaits, holds nobody up for longer than its deadline and a while.
    await results.begin(frozenset({"table:member"}), 5.0)
    now[0] += 36
    assert await names(db)
    assert db.cache_statistics().bypassed == 2


@pytest.mark.parametrize("fails", ["commit", "flush"])
async def test_a_commit_that_the_database_refuses_leaves_no_doubt(db: Database, fails: str) -> None:
    assert await names(db)
    with pytest.raises(errors.UniqueViolation):
        async with db.write() as session:
            session.add(Member(id=1, name="again"))
            if fails == "flush":
                await session.flush()
    assert await names(db) == ["ada", "bob"]
    assert db.cache_statistics().bypassed == 0


async def test_writers_and_readers_at_once(url: str) -> None:
    """Each writer counts up and then reads; each reader looks: nothing goes back behind what was confirmed."""
    async with club(url) as db:
        confirmed, wrong = 0, []

        async def write() -> None:
            nonlocal confirmed
            for _ in range(15):
                async with db.write() as session:
                    row = await session.get_one(Member, 1, with_for_update=True)
                    row.visits += 1
                    mine = row.visits
                confirmed = max(confirmed, mine)
                await read(mine)

        async def read(least: int) -> None:
            async with db.read() as session:
                found = (await session.all(MemberOut, EVERY))[0].visits
            if found < least:
                wrong.append((found, least))

        async def keep_reading() -> None:
            while not done.is_set():
                await read(confirmed)
                await asyncio.sleep(0)

        done = asyncio.Event()
        readers = [asyncio.create_task(keep_reading()) for _ in range(8)]
        await asyncio.gather(*[write() for _ in range(3)])
        done.set()
        await asyncio.gather(*readers)
        assert wrong == []
        assert confirmed == 45
        assert db.cache_statistics().hits > 0

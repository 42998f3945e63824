"""A10: a cancel during COMMIT leaves nothing in between: the commit is seen through, then the cancel goes on."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from sqlalchemy import event, text, update

from crosslet import Database, Session, errors
from fix_databases import Target
from promises.commits import can_defer, spoil_commit
from promises.databases import ask_server, checked_out, database, names_in, through_proxy, usual
from promises.proxy import Fault, Proxy
from promises.tables import Account, Item
from promises.waiting import until, until_len

PATIENCE = 20.0


async def at_commit(db: Database, act: Callable[[], None]) -> None:
    """Do something at the moment when COMMIT is about to be sent, once."""
    engine = await db.engine()
    loop = asyncio.get_running_loop()
    acts = [act]

    def now(connection: Any) -> None:
        if acts:
            loop.call_soon(acts.pop())

    event.listen(engine.sync_engine, "commit", now)


async def by_cancel(db: Database, work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(work())
    await at_commit(db, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task


async def by_two_cancels(db: Database, work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(work())

    def twice() -> None:
        task.cancel()
        asyncio.get_running_loop().call_soon(task.cancel)

    await at_commit(db, twice)
    with pytest.raises(asyncio.CancelledError):
        await task


async def by_timeout(db: Database, work: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(None) as timeout:
            await at_commit(db, lambda: timeout.reschedule(asyncio.get_running_loop().time()))
            await work()
            # Where the answer was quicker than the cancel, it comes here.
            await asyncio.sleep(PATIENCE)


async def by_anyio_scope(db: Database, work: Callable[[], Awaitable[None]]) -> None:
    with anyio.CancelScope() as scope:
        await at_commit(db, scope.cancel)
        await work()
        await asyncio.sleep(PATIENCE)
    assert scope.cancelled_caught


WAYS = {"cancel": by_cancel, "twice": by_two_cancels, "timeout": by_timeout, "anyio": by_anyio_scope}


@pytest.mark.parametrize("way", WAYS)
async def test_a_commit_that_has_begun_is_seen_through(url: str, way: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):
        hooks: list[str] = []

        async def work() -> None:
            async with db.write() as session:
                session.after_commit(lambda: hooks.append("once"))
                session.add(Item(name="stored"))
                await session.flush()
            await asyncio.sleep(0)

        await WAYS[way](db, work)
        assert await names_in(url) == ["stored"]
        await until_len(hooks, 1)
        assert hooks == ["once"]
        assert await checked_out(db) == 0


@pytest.mark.parametrize("way", WAYS)
async def test_a_commit_that_fails_while_it_is_cancelled_runs_no_hook(target: Target, url: str, way: str) -> None:
    if not can_defer(target):
        pytest.skip("MariaDB checks everything before COMMIT")
    async with database(url) as db, asyncio.timeout(PATIENCE):
        hooks: list[str] = []

        async def work() -> None:
            async with db.write() as session:
                session.after_commit(lambda: hooks.append("never"))
                session.add(Item(name="refused"))
                await session.flush()
                await spoil_commit(session, target, url)

        if way == "anyio":
            # Behind its shield no cancellation is seen, so what COMMIT has met is told.
            with pytest.raises(errors.ForeignKeyViolation):
                await by_anyio_scope(db, work)
        else:
            await WAYS[way](db, work)
        assert await names_in(url) == []
        assert await checked_out(db) == 0
        async with db.write() as session:
            session.add(Item(name="next"))
        assert (hooks, await names_in(url)) == ([], ["next"])


async def test_a_cancel_between_two_hooks_loses_neither(url: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):
        ran: list[str] = []
        task: asyncio.Task[None]

        async def first() -> None:
            ran.append("first")
            task.cancel()
            await asyncio.sleep(PATIENCE)

        async def work() -> None:
            async with db.write() as session:
                session.after_commit(first)
                session.after_commit(lambda: ran.append("second"))
                session.add(Item(name="stored"))

        task = asyncio.create_task(work())
        with pytest.raises(asyncio.CancelledError):
            await task
        await until_len(ran, 2)
        assert ran == ["first", "second"]


# --- with a server that takes its time -------------------------------------------------------------


async def hold_and_cancel(proxy: Proxy, fault: Fault, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Cancel the work while the proxy has its COMMIT, or the answer to it, in its hands."""
    proxy.arm(b"COMMIT", fault)
    task: asyncio.Task[None] = asyncio.ensure_future(work())  # type: ignore[assignment]
    await proxy.seen.wait()
    task.cancel()
    return task


@pytest.mark.needs("has_server")
async def test_the_usual_cancelled_commit_is_stored_or_not_and_nobody_knows(target: Target, url: str) -> None:
    """The same answer in both cases: the call was cancelled, and the connection is gone."""
    async with usual(url), through_proxy(target, url) as (proxy, through), asyncio.timeout(PATIENCE):
        for fault in (Fault.HOLD_BEFORE, Fault.HOLD_REPLY):
            async with usual(through) as data:

                async def work(name: str = fault.name, data: Any = data) -> None:
                    async with data.session() as session:
                        session.add(Item(name=name))
                        await session.commit()

                task = await hold_and_cancel(proxy, fault, work)
                if target.driver == "psycopg":
                    proxy.cut()  # it would wait five seconds for an answer to its own cancel request
                with pytest.raises((asyncio.CancelledError, ConnectionError)):
                    await task
                proxy.mend()
        await settled(url, "HOLD_REPLY")
        assert await names_in(url) == ["HOLD_REPLY"]


async def settled(url: str, name: str) -> None:
    """Wait until the server has done what was sent to it."""

    async def stored() -> bool:
        return name in await names_in(url)

    await until(stored)


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("fault", [Fault.HOLD_BEFORE, Fault.HOLD_REPLY], ids=lambda fault: fault.name.lower())
async def test_crosslet_waits_for_the_answer(target: Target, url: str, fault: Fault) -> None:
    async with through_proxy(target, url) as (proxy, through), database(through) as db, asyncio.timeout(PATIENCE):
        hooks: list[str] = []

        async def work() -> None:
            async with db.write() as session:
                session.after_commit(lambda: hooks.append("once"))
                session.add(Item(name="stored"))

        task = await hold_and_cancel(proxy, fault, work)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        proxy.release.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await names_in(url) == ["stored"]
        await until_len(hooks, 1)
        assert await checked_out(db) == 0


# --- storms ----------------------------------------------------------------------------------------


class Storm:
    """Transfers that are cancelled at random moments, and the ledger of what was acknowledged."""

    def __init__(self, db: Database, url: str, seed: int) -> None:
        self.db, self.url = db, url
        self.chance = random.Random(seed)
        self.acknowledged: list[str] = []
        self.hooked: list[str] = []
        self.cancelled: list[str] = []

    async def transfer(self, session: Session, name: str) -> None:
        session.after_commit(lambda: self.hooked.append(name))
        await session.execute(update(Account).where(Account.id == 1).values(balance=Account.balance - 1))
        session.add(Item(name=name))
        await session.flush()
        await session.execute(update(Account).where(Account.id == 2).values(balance=Account.balance + 1))

    async def one(self, name: str) -> None:
        async with self.db.write() as session:
            await self.transfer(session, name)
        self.acknowledged.append(name)

    async def disturb(self, number: int) -> None:
        name, moment = f"{number:04}", self.chance.uniform(0, 0.015)
        way = number % 4
        try:
            if way == 0:
                async with asyncio.timeout(moment):
                    await self.one(name)
            elif way == 1:
                with anyio.move_on_after(moment):
                    await self.one(name)
            else:
                task = asyncio.create_task(self.one(name))
                await asyncio.sleep(moment)
                task.cancel()
                if way == 3:
                    await asyncio.sleep(0)
                    task.cancel()
                await task
        except (TimeoutError, asyncio.CancelledError):
            self.cancelled.append(name)

    async def run(self, count: int, width: int) -> None:
        numbers = iter(range(count))

        async def worker() -> None:
            for number in numbers:
                await self.disturb(number)

        await asyncio.gather(*(worker() for _ in range(width)))

    async def check(self) -> None:
        stored = await names_in(self.url)
        [(first,), (second,)] = await ask_server(self.url, "SELECT balance FROM account ORDER BY id")
        # No half unit, none stored twice, no acknowledged one lost; the hooks of each stored one ran once.
        assert (first, second) == (-len(stored), len(stored))
        assert set(self.acknowledged) <= set(stored)
        await until_len(self.hooked, len(stored))
        assert sorted(self.hooked) == stored
        assert await checked_out(self.db) == 0


async def storm(url: str, count: int) -> None:
    async with database(url) as db, asyncio.timeout(300):
        await ask_server(url, "INSERT INTO account (id, balance) VALUES (1, 0), (2, 0)")
        made = Storm(db, url, seed=count)
        await made.run(count, width=4)
        await made.check()
        assert made.cancelled
        # The pool is of use to the next, at once and in full.
        await asyncio.gather(*(made.one(f"after {number}") for number in range(10)))
        await made.check()
        async with db.read() as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_a_few_cancels(url: str) -> None:
    await storm(url, 24)


@pytest.mark.slow
async def test_a_storm_of_cancels(url: str) -> None:
    await storm(url, 400)

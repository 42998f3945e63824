"""B4: a network that swallows every byte costs a deadline, not a connection and not an eternity."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from crosslet import Database, Deadlines, PoolSettings, Retry, errors
from crosslet.web import install
from fix_databases import Target
from promises.databases import checked_out, database, through_proxy, usual
from promises.proxy import Fault, Proxy
from promises.serving import ask
from promises.tables import Base, Item

# psycopg warns of a cursor on a server that cannot be told any more to close it.
pytestmark = [
    pytest.mark.needs("has_server"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# Each step may take this long. The bound of a test is far above their sum, also on a busy machine, and below no end.
DEADLINES = Deadlines(connect=0.5, ping=0.3, statement=0.4, lock=0.4, commit=0.3, close=0.3)
HANG = 30.0
# Mending a proxy cuts what was open: a connection that has rested is tested before it is used.
POOL = PoolSettings(writers=1, readers=1, ping_after=0, wait=1.0)


async def timed(work: Callable[[], Awaitable[object]]) -> BaseException | None:
    """Await the work; return its error. A hang fails the test, whatever the machine is busy with."""
    async with asyncio.timeout(HANG):
        try:
            await work()
        except errors.CrossletError as caught:
            return caught
    return None


async def works_again(db: Database) -> None:
    """Use both pools, each of one connection: neither may have been lost."""
    async with asyncio.timeout(HANG):
        # A busy machine may need longer than the deadlines of these tests.
        while await timed(lambda: _use(db)) is not None:
            pass
    assert await checked_out(db) == 0


async def _use(db: Database) -> None:
    async with db.write() as session:
        await session.execute(text("SELECT 1"))
    async with db.read() as session:
        await session.execute(text("SELECT 1"))


@asynccontextmanager
async def held(target: Target, url: str) -> AsyncIterator[tuple[Proxy, Database]]:
    """Give a warm Database behind a proxy; afterwards it must be as good as new."""
    options: dict[str, Any] = {"deadlines": DEADLINES, "pool": POOL, "retry": Retry(attempts=1)}
    async with database(url), through_proxy(target, url) as (proxy, through), Database(through, **options) as db:
        await works_again(db)
        yield proxy, db
        proxy.mend()
        await works_again(db)
    gc.collect()


async def test_the_usual_ping_waits_for_ever(target: Target, url: str) -> None:
    async with usual(url), through_proxy(target, url) as (proxy, through), usual(through) as data:

        async def work() -> None:
            async with data.session() as session:
                await session.execute(text("SELECT 1"))

        await work()
        proxy.swallowing = True
        task = asyncio.create_task(work())
        _, waiting = await asyncio.wait({task}, timeout=2)
        assert waiting == {task}
        proxy.mend()
        await asyncio.gather(task, return_exceptions=True)


async def unit(db: Database, name: str) -> None:
    async with db.write(isolation="REPEATABLE READ") as session:
        session.add(Item(name=name))
        await session.flush()
        async with session.begin_nested():
            await session.execute(text("SELECT 1"))


async def reading(db: Database, name: str) -> None:
    async with db.read() as session:
        async for _ in await session.stream_scalars(select(Item.name)):
            pass


async def pinging(db: Database, name: str) -> None:
    await db.ping()


STEPS, AT_ONCE = 30, 6
UNHURRIED = Deadlines(connect=HANG, ping=HANG, statement=HANG, lock=HANG, commit=HANG, close=HANG)


@pytest.mark.parametrize("work", [unit, reading, pinging], ids=["unit", "stream", "ping"])
async def test_silence_after_any_message_of_the_server(
    target: Target, url: str, work: Callable[[Database, str], Awaitable[None]]
) -> None:
    """From the first byte of a new connection to the last of its commit: whatever was the server's last message."""

    turn = asyncio.Semaphore(AT_ONCE)

    async def silent_after(count: int, deadlines: Deadlines = DEADLINES) -> BaseException | None:
        async with turn, through_proxy(target, url) as (proxy, through):
            db = Database(through, metadata=Base, deadlines=deadlines, pool=POOL)
            proxy.silent_after = count
            error = await timed(lambda: work(db, f"{count}"))
            proxy.mend()
            await works_again(db)
            assert await timed(db.close) is None
            return error

    async with database(url):
        outcomes = await asyncio.gather(*(silent_after(count) for count in range(STEPS)))
        beyond = await silent_after(STEPS, UNHURRIED)
    gc.collect()
    assert isinstance(outcomes[0], errors.Unavailable)
    assert beyond is None, "the last message is to get through: more STEPS"
    expected = errors.Unavailable | errors.StatementTimeout | errors.ConnectionLost | errors.CommitOutcomeUnknown
    assert all(isinstance(outcome, expected | None) for outcome in outcomes), outcomes


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (b"SELECT 2", errors.StatementTimeout),
        (b"INSERT", errors.StatementTimeout),
        (b"SAVEPOINT", errors.StatementTimeout),
        (b"COMMIT", errors.CommitOutcomeUnknown),
    ],
)
async def test_a_step_that_is_swallowed(
    target: Target, url: str, marker: bytes, expected: type[errors.CrossletError]
) -> None:
    async with held(target, url) as (proxy, db):

        async def work() -> None:
            async with db.write() as session:
                await session.execute(text("SELECT 2"))
                async with session.begin_nested():
                    session.add(Item(name="item"))

        proxy.arm(marker, Fault.SWALLOW)
        error = await timed(work)
        assert proxy.seen.is_set()
        # Where the driver sends BEGIN by itself and waits, it has the statement's deadline, too.
        assert type(error) is expected


async def test_a_rollback_that_is_swallowed_keeps_the_error_of_the_unit(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):

        async def work() -> None:
            async with db.write() as session:
                session.add(Item(name="item"))
                await session.flush()
                proxy.arm(b"ROLLBACK", Fault.SWALLOW)
                raise errors.NotFound("item")

        assert isinstance(await timed(work), errors.NotFound)
        assert proxy.seen.is_set()


async def test_a_read_that_is_swallowed(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):

        async def work() -> None:
            async with db.read() as session:
                await session.execute(text("SELECT 2"))

        proxy.arm(b"SELECT 2", Fault.SWALLOW)
        assert isinstance(await timed(work), errors.StatementTimeout)


async def test_a_stream_that_is_swallowed_in_its_middle(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):
        async with database(url) as direct, direct.write() as session:
            session.add_all(Item(name=f"{number:05}" + 90 * "x") for number in range(8000))

        async def work() -> None:
            async with db.read() as session:
                rows = await session.stream_scalars(select(Item.name).execution_options(yield_per=10))
                async for _ in rows:
                    proxy.swallowing = True

        error = await timed(work)
        assert isinstance(error, errors.StatementTimeout | errors.ConnectionLost)


async def test_a_ping_of_a_rested_connection_that_is_swallowed(target: Target, url: str) -> None:
    """The pool drops the connection and makes a new one, which comes to nothing either."""
    async with held(target, url) as (proxy, db):

        async def work() -> None:
            async with db.write() as session:
                await session.execute(text("SELECT 2"))

        proxy.swallowing = True
        assert isinstance(await timed(work), errors.Unavailable)


async def test_health_says_so_in_time(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):
        app = FastAPI()
        install(app, db)
        assert (await ask(app, "GET", "/health/ready")).status == 200
        proxy.swallowing = True

        async def work() -> None:
            answer = await ask(app, "GET", "/health/ready")
            assert (answer.status, answer.json()) == (503, {"status": "unavailable", "reason": "cannot-connect"})
            assert (await ask(app, "GET", "/health/live")).status == 200

        assert await timed(work) is None


async def test_close_does_not_wait_for_a_server_that_is_gone(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):
        proxy.swallowing = True
        assert await timed(db.close) is None


async def test_a_cancel_does_not_wait_for_a_server_that_is_gone(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db):

        async def work() -> None:
            async with db.write() as session:
                await session.execute(text("SELECT 2"))

        proxy.arm(b"SELECT 2", Fault.SWALLOW)
        task = asyncio.create_task(work())
        await proxy.seen.wait()
        task.cancel()
        # psycopg gives its own cancel request five seconds.
        _, waiting = await asyncio.wait({task}, timeout=HANG)
        assert not waiting
        assert task.cancelled()


async def test_other_databases_are_unaffected(target: Target, url: str) -> None:
    async with held(target, url) as (proxy, db), database(url) as other:
        proxy.swallowing = True
        stuck = asyncio.create_task(timed(lambda: unit(db, "stuck")))
        for number in range(20):
            await unit(other, f"{number}")
        assert isinstance(await stuck, errors.CrossletError)

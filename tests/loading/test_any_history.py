"""Random histories, in a session that loads alone and in one that loads peers: nobody can tell which is which."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from anyio import from_thread, to_thread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from crosslet import Database
from loading.histories import LABELS, NAMES, Actor, Label, Operation, missing, reset
from loading.library import Library

Do = Callable[[Callable[[Actor], Any]], Awaitable[Any]]
MODES = ("one", "peers")
CLASSES = sorted({label[0] for label in LABELS}, key=lambda cls: cls.__name__)


@st.composite
def histories(draw: st.DrawFn) -> list[Operation]:
    """Read a few classes, and go on with their objects: those of all would seldom meet."""
    classes = draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=4, unique=True))
    labels: list[Label] = [label for label in LABELS if label[0] in classes]
    numbers = st.integers(0, 11)
    reads = [("read", next(one for one in labels if one[0] is cls), draw(numbers), 1) for cls in classes]
    operation = st.tuples(st.sampled_from(NAMES), st.sampled_from(labels), numbers, numbers)
    return [*reads, *draw(st.lists(operation, min_size=5, max_size=25))]


async def compare(one: Do, peers: Do, history: list[Operation]) -> None:
    """Live through a history in both."""
    for operation in history:
        with warnings.catch_warnings():
            # What SQLAlchemy warns of is seen in both, and these have no taste.
            warnings.simplefilter("ignore", SAWarning)
            seen = [await do(lambda actor: actor.do(operation)) for do in (one, peers)]  # noqa: B023
            assert seen[0] == seen[1], operation
            loaded = await both_loaded(one, peers)
        assert loaded[0] == loaded[1], operation


async def both_loaded(one: Do, peers: Do) -> list[Any]:
    """Let each load what the other has, and return what both have then."""
    for _ in range(4):
        first, second = await one(Actor.loaded), await peers(Actor.loaded)
        lacks = list(missing(first, second)), list(missing(second, first))
        if not any(lacks):
            break
        await one(lambda actor: actor.load(lacks[0]))  # noqa: B023
        await peers(lambda actor: actor.load(lacks[1]))  # noqa: B023
    return [await one(Actor.loaded), await peers(Actor.loaded)]


def run(examples: int, live: Callable[[list[Operation], bool], None]) -> None:
    """Let hypothesis find a history in which the two differ."""
    checks = list(HealthCheck)

    @settings(max_examples=examples, deadline=None, suppress_health_check=checks, derandomize=True, database=None)
    @given(histories(), st.booleans())
    def example(history: list[Operation], flag: bool) -> None:
        live(history, flag)

    example()


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    """Give two libraries in memory whose savepoints work."""
    made = [create_engine("sqlite://", poolclass=StaticPool) for _ in MODES]
    for engine in made:
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        Library.metadata.create_all(engine)
    yield made
    for engine in made:
        engine.dispose()


@pytest.mark.slow
def test_in_sessions_of_sqlalchemy(engines: list[Engine], request: pytest.FixtureRequest) -> None:
    """The mode is that of the session; `expire_on_commit` is on or off."""

    def live(history: list[Operation], expires: bool) -> None:
        dos: list[Do] = []
        sessions = []
        for engine, mode in zip(engines, MODES, strict=True):
            with engine.begin() as connection:
                reset(connection)
            sessions.append(Session(engine, expire_on_commit=expires))
            sessions[-1].fetch_mode = mode  # type: ignore[attr-defined]
            dos.append(here(Actor(sessions[-1])))
        try:
            asyncio.run(compare(dos[0], dos[1], history))
        finally:
            for session in sessions:
                session.close()

    run(3000 if request.config.getoption("--full") else 150, live)


def here(actor: Actor) -> Do:
    async def do(work: Callable[[Actor], Any]) -> Any:
        return work(actor)

    return do


@asynccontextmanager
async def unit(db: Database, mode: Any) -> AsyncIterator[Do]:
    async with (await db.engine()).begin() as connection:
        await connection.run_sync(reset)
    async with db.write() as session:
        session.fetch_mode = mode
        actor = await session.run_sync(Actor)
        yield lambda work: session.run_sync(lambda _: work(actor))
        await session.rollback()


@pytest.mark.slow
async def test_in_units(target: Any, request: pytest.FixtureRequest) -> None:
    async with AsyncExitStack() as stack:
        dbs = [Database(await target.make_url(), metadata=Library) for _ in MODES]
        for db in dbs:
            await stack.enter_async_context(db)
            await db.create_all()

        async def live(history: list[Operation]) -> None:
            async with unit(dbs[0], "one") as one, unit(dbs[1], "peers") as peers:
                await compare(one, peers, history)

        full = request.config.getoption("--full")
        await to_thread.run_sync(run, 300 if full else 20, lambda history, _: from_thread.run(live, history))

"""A11: a connection that is lost during COMMIT leaves an unknown outcome, which is said, and never tried again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database, Deadlines, Session, errors
from crosslet.web import RetryRoute, Writer, install
from fix_databases import Target
from promises.databases import checked_out, database, names_in, through_proxy, usual
from promises.proxy import Fault, Proxy
from promises.serving import ask
from promises.tables import Item

pytestmark = pytest.mark.needs("has_server")
PATIENCE = 60.0
CUTS = [Fault.CUT_BEFORE, Fault.CUT_AFTER]
named = pytest.mark.parametrize("fault", CUTS, ids=lambda fault: fault.name.lower())


@asynccontextmanager
async def cut_off(target: Target, url: str, **options: Any) -> AsyncIterator[tuple[Proxy, Database]]:
    async with through_proxy(target, url) as (proxy, through), database(through, **options) as db:
        async with asyncio.timeout(PATIENCE):
            yield proxy, db
        assert await checked_out(db) == 0


def stored_by(fault: Fault, name: str = "item") -> list[str]:
    return [name] if fault is Fault.CUT_AFTER else []


async def test_the_usual_error_is_the_same_for_stored_and_lost(target: Target, url: str) -> None:
    seen: list[str] = []
    async with usual(url), through_proxy(target, url) as (proxy, through), asyncio.timeout(PATIENCE):
        for fault in CUTS:
            async with usual(through) as data:
                session: AsyncSession
                async with data.session() as session:
                    session.add(Item(name=fault.name))
                    await session.flush()
                    proxy.arm(b"COMMIT", fault)
                    with pytest.raises(DBAPIError) as caught:
                        await session.commit()
                    seen.append(str(caught.value))
    assert seen[0] == seen[1]
    assert await names_in(url) == ["CUT_AFTER"]


async def by_block(session: Session) -> None:
    session.add(Item(name="item"))
    await session.flush()


async def by_commit(session: Session) -> None:
    session.add(Item(name="item"))
    await session.commit()


async def by_begin(session: Session) -> None:
    async with session.begin():
        session.add(Item(name="item"))


async def by_run_sync(session: Session) -> None:
    session.add(Item(name="item"))
    await session.flush()
    await session.run_sync(lambda inner: inner.commit())


WAYS: dict[str, Callable[[Session], Any]] = {
    "block": by_block,
    "commit": by_commit,
    "begin": by_begin,
    "run_sync": by_run_sync,
}


@named
@pytest.mark.parametrize("way", WAYS)
async def test_the_outcome_is_unknown_and_nothing_is_repeated(target: Target, url: str, fault: Fault, way: str) -> None:
    async with cut_off(target, url) as (proxy, db):
        attempts = 0
        hooks: list[str] = []

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            session.after_commit(lambda: hooks.append("never"))
            await WAYS[way](session)

        proxy.arm(b"COMMIT", fault)
        with pytest.raises(errors.CommitOutcomeUnknown) as caught:
            await db.run(unit)
        assert not isinstance(caught.value, errors.RetryableError)
        assert (attempts, hooks) == (1, [])
        assert await names_in(url) == stored_by(fault)
        async with db.write() as session:
            session.add(Item(name="next"))


@named
async def test_a_retry_route_says_unknown_and_asks_for_no_repetition(target: Target, url: str, fault: Fault) -> None:
    async with cut_off(target, url) as (proxy, db):
        app, router = FastAPI(), APIRouter(route_class=RetryRoute)
        install(app, db)
        attempts = 0

        @router.post("/items")
        async def create(session: Writer) -> str:
            nonlocal attempts
            attempts += 1
            session.add(Item(name="item"))
            return "acknowledged"

        app.include_router(router)
        proxy.arm(b"COMMIT", fault)
        answer = await ask(app, "POST", "/items")
        assert (answer.status, answer.json()["code"], attempts) == (503, "commit-outcome-unknown", 1)
        assert "retry-after" not in answer.headers
        assert await names_in(url) == stored_by(fault)


@named
async def test_a_commit_past_its_deadline_is_unknown_too(target: Target, url: str, fault: Fault) -> None:
    """The connection is there, and silent: before the server has COMMIT, or with its answer under way."""
    holding = Fault.HOLD_BEFORE if fault is Fault.CUT_BEFORE else Fault.HOLD_REPLY
    async with cut_off(target, url, deadlines=Deadlines(commit=0.3, close=0.3)) as (proxy, db):
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            session.add(Item(name="item"))

        proxy.arm(b"COMMIT", holding)
        with pytest.raises(errors.CommitOutcomeUnknown):
            await db.run(unit)
        assert attempts == 1
        proxy.mend()


async def test_a_connection_lost_before_commit_is_known_and_repeated(target: Target, url: str) -> None:
    async with cut_off(target, url) as (proxy, db):
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            session.add(Item(name="item"))
            if attempts == 1:
                await session.flush()
                proxy.cut()

        proxy.arm(b"INSERT", Fault.CUT_AFTER)
        await db.run(unit)
        assert attempts == 2
        assert await names_in(url) == ["item"]


async def test_a_cancel_on_top_of_a_lost_commit_runs_no_hook(target: Target, url: str) -> None:
    async with cut_off(target, url) as (proxy, db):
        hooks: list[str] = []

        async def work() -> None:
            async with db.write() as session:
                session.after_commit(lambda: hooks.append("never"))
                session.add(Item(name="item"))

        proxy.arm(b"COMMIT", Fault.HOLD_BEFORE)
        task = asyncio.create_task(work())
        await proxy.seen.wait()
        task.cancel()
        await asyncio.sleep(0)
        proxy.cut()
        with pytest.raises((asyncio.CancelledError, errors.CommitOutcomeUnknown)):
            await task
        proxy.mend()
        async with db.write() as session:
            session.add(Item(name="next"))
        assert hooks == []

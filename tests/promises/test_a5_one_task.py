"""A5: a session belongs to one task; the second one hears so before anything is sent."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database, Session, errors
from fix_databases import Target
from promises.databases import checked_out, database, names_in, usual
from promises.tables import Item

# A hang is a failure here, not a test that never ends.
PATIENCE = 20.0


async def add(session: AsyncSession, name: str) -> None:
    session.add(Item(name=name))
    await session.flush()


async def test_the_usual_session_takes_two_tasks(target: Target, url: str) -> None:
    """One task's rollback undoes what the other one has done and then acknowledges."""
    if target.driver in {"asyncpg", "asyncmy"}:
        pytest.skip("asyncpg raises from the driver and asyncmy hangs, depending on the timing")
    async with usual(url) as data, data.session() as session:
        await session.execute(select(1))
        added, undone = asyncio.Event(), asyncio.Event()

        async def acknowledge() -> str:
            await add(session, "mine")
            added.set()
            await undone.wait()
            await session.commit()
            return "acknowledged"

        async def refuse() -> None:
            await added.wait()
            await session.rollback()
            undone.set()

        assert (await asyncio.gather(acknowledge(), refuse()))[0] == "acknowledged"
        assert await names_in(url) == []


async def statements_of(db: Database) -> list[str]:
    engine = await db.engine()
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return sent


VERBS = {
    "execute": lambda session: session.execute(text("SELECT 2")),
    "flush": lambda session: session.flush(),
    "get": lambda session: session.get(Item, 1),
    "commit": lambda session: session.commit(),
    "rollback": lambda session: session.rollback(),
    "stream": lambda session: session.stream(text("SELECT 2")),
    "create": lambda session: session.create(Item, {"name": "theirs"}),
    "all": lambda session: session.all(Item),
    "run_sync": lambda session: session.run_sync(lambda inner: inner.execute(text("SELECT 2"))),
    "connection": lambda session: session.connection(),
    "refresh": lambda session: session.refresh(object()),
    "invalidate": lambda session: session.invalidate(),
}


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_second_task_is_refused_before_it_sends(url: str, kind: str) -> None:
    async with database(url) as db:
        sent = await statements_of(db)
        owner = asyncio.current_task()
        assert owner is not None
        async with asyncio.timeout(PATIENCE), getattr(db, kind)() as session:
            await session.execute(text("SELECT 1"))
            before = len(sent)
            for verb, use in VERBS.items():
                refused = await asyncio.create_task(outcome(use(session)), name="intruder")
                assert (verb, type(refused)) == (verb, errors.WrongTask)
                assert owner.get_name() in str(refused)
                assert "intruder" in str(refused)
            assert len(sent) == before
            # The owner goes on as if nothing had been.
            await session.execute(text("SELECT 1"))
        assert await checked_out(db) == 0


async def outcome(work: Awaitable[Any]) -> Any:
    try:
        return await work
    except errors.CrossletError as error:
        return error


async def test_gather_on_one_session(url: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):
        with pytest.raises(errors.WrongTask):
            async with db.write() as session:
                await session.execute(text("SELECT 1"))
                await asyncio.gather(add(session, "one"), add(session, "two"))
        assert await names_in(url) == []
        assert await checked_out(db) == 0


async def test_a_connection_that_was_kept_is_no_way_round(url: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):
        async with db.write() as session:
            connection = await session.connection()
            with pytest.raises(errors.WrongTask):
                await asyncio.create_task(connection.execute(text("SELECT 2")))
        assert await checked_out(db) == 0


async def test_one_session_a_task_works_side_by_side(url: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):

        async def unit(number: int) -> None:
            async with db.write() as session:
                await add(session, f"{number:02}")

        await asyncio.gather(*(unit(number) for number in range(20)))
        assert await names_in(url) == [f"{number:02}" for number in range(20)]


async def test_a_session_outlives_the_task_that_opened_it_but_not_its_unit(url: str) -> None:
    """Fixtures and exit stacks hand sessions on: the next task owns it once the first one has ended."""
    async with database(url) as db, asyncio.timeout(PATIENCE):

        async def opened() -> Session:
            return await db.open(read_only=False)

        session = await asyncio.create_task(opened())
        await add(session, "handed on")
        await session.commit()
        await session.close()
        with pytest.raises(errors.SessionClosed):
            await session.execute(text("SELECT 1"))
        assert await names_in(url) == ["handed on"]

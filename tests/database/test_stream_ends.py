"""However a stream ends, its connection is free; a deadline is of a fetch."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import insert, select, text

from crosslet import Database, Deadlines, errors
from database.streaming import (
    BY_MAIL,
    ONE,
    SLOW,
    Shout,
    ShoutOut,
    is_free,
    sleep_in,
    with_one_reader,
)
from fix_databases import Target
from promises.databases import checked_out
from promises.waiting import until
from sample import Post, Sample, User, UserOut


@pytest.fixture
async def one(url: str) -> AsyncIterator[Database]:
    async with with_one_reader(url) as db:
        yield db


async def test_a_loop_that_is_left_gives_the_connection_back(one: Database) -> None:
    async with one.stream(UserOut, BY_MAIL, partition=3) as users:
        async for _ in users:
            break
    assert await is_free(one)
    async for _ in one.stream(UserOut, BY_MAIL, partition=3):
        break
    await until(lambda: is_free(one))
    lines = one.stream(UserOut, BY_MAIL, partition=3).lines()
    async for _ in lines:
        break
    await lines.aclose()  # type: ignore[attr-defined]
    assert await is_free(one)


@pytest.mark.parametrize("shape", [UserOut, User, ShoutOut])
async def test_a_cancelled_reader_gives_the_connection_back(one: Database, shape: Any) -> None:
    reading = asyncio.Event()
    async with one.write() as session:
        session.add_all([Shout(word="a"), Shout(word="b")])

    async def read() -> None:
        statement = select(Shout) if shape is ShoutOut else BY_MAIL
        async with one.stream(shape, statement, partition=1) as rows:
            async for _ in rows:
                reading.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await reading.wait()
    assert await checked_out(one) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: is_free(one))
    gc.collect()


# psycopg complains of a cursor that went with its connection, which SQLAlchemy gives up where it is cancelled.
@pytest.mark.filterwarnings("ignore:.*AsyncServerCursor.*was deleted while still open:ResourceWarning")
@pytest.mark.needs("has_server")
async def test_a_reader_that_is_cancelled_in_a_fetch(one: Database, target: Target) -> None:
    slow = text(SLOW[target.dialect_name].replace("0.02", "20"))

    async def read(shape: Any, statement: Any) -> None:
        async for _ in one.stream(shape, statement):
            pass

    sleeping = select(User).where(sleep_in(target, 20) == sleep_in(target, 0))
    # While it connects, asyncmy waits with Python 3.11's `wait_for`, which may lose a cancellation.
    async with one.read() as session:
        await session.count(User)
    for shape, statement in ((dict, slow), (UserOut, sleeping)):
        task = asyncio.create_task(read(shape, statement))
        await until(lambda: _is_out(one))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: is_free(one))
        gc.collect()


async def _is_out(db: Database) -> bool:
    return await checked_out(db) == 1


async def test_an_error_gives_the_connection_back(one: Database) -> None:
    wrong = select(User).where(text("no_such_column = 1"))
    for rows in (one.stream(UserOut, wrong), one.stream(UserOut, wrong).lines(), one.stream(User, wrong)):
        with pytest.raises(errors.StatementRejected):
            async for _ in rows:
                pass
        assert await is_free(one)
    for misfit in (one.stream(UserOut, select(Post)), one.stream(UserOut)):
        with pytest.raises(errors.ConfigurationError):
            async for _ in misfit:
                pass
        assert await is_free(one)


class Few(BaseModel):
    visits: Annotated[int, Field(lt=40)]


async def test_an_error_after_some_rows(one: Database) -> None:
    """What was read is handed over, then comes the error: never a short result that looks whole."""
    seen = 0
    with pytest.raises(errors.ConfigurationError, match=r"Few.visits"):
        async for _ in one.stream(Few, BY_MAIL, partition=10):
            seen += 1
    assert seen == 40
    assert await is_free(one)


async def test_a_stream_is_read_once(one: Database) -> None:
    users = one.stream(UserOut, BY_MAIL)
    assert len([user async for user in users]) == 250
    with pytest.raises(errors.ConfigurationError, match="read once"):
        async for _ in users:
            pass
    for wrong in (0, -1):
        with pytest.raises(errors.ConfigurationError, match="1 at least"):
            one.stream(UserOut, BY_MAIL, partition=wrong)
        with pytest.raises(errors.ConfigurationError, match="1 at least"):
            async for _ in one.stream(UserOut, BY_MAIL).partitions(wrong):
                pass
    with pytest.raises(errors.ConfigurationError, match="mapped class"):
        async for _ in one.stream(User, BY_MAIL).lines():
            pass


async def test_a_dead_connection_is_replaced(one: Database) -> None:
    assert await is_free(one)
    pair = await one.connections.pair()
    held = pair.reader.pool.take_open()  # type: ignore[attr-defined]
    one.connections.driver.cut(held.driver_connection)
    pair.reader.pool.give_back(held)  # type: ignore[attr-defined]
    assert len([user async for user in one.stream(UserOut, BY_MAIL)]) == 250


class Long(BaseModel):
    email: str
    settings: dict[str, Any] | None


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("shape", [Long, dict])
async def test_a_deadline_is_of_a_fetch_and_not_of_the_whole(url: str, target: Target, shape: Any) -> None:
    """MariaDB counts from the first row to the last, the reader's own time with it."""
    async with Database(url, metadata=Sample) as db:
        await db.create_all()
        async with db.write() as session:
            # Longer than what a server collects before it sends.
            settings = {"long": "x" * 20_000}
            await session.execute(insert(User), [{"email": f"{n}", "settings": settings} for n in range(300)])
    async with Database(url, metadata=Sample, pool=ONE, deadlines=Deadlines(statement=0.5)) as db:
        slow = select(User).where(sleep_in(target, 0.004) != "1")
        if shape is dict:
            slow = slow.with_only_columns(User.settings)
        began = asyncio.get_running_loop().time()
        assert len([row async for row in db.stream(shape, slow, partition=20)]) == 300
        assert asyncio.get_running_loop().time() - began > 1.1
        with pytest.raises(errors.StatementTimeout):
            async for _ in db.stream(Long, select(User).where(sleep_in(target, 20) != "1")):
                pass
        assert await is_free(db)

"""What goes wrong in the middle of many rows: nothing is stored, the error is the right one, connections stay whole."""

import asyncio
import gc
import resource
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Integer, MetaData, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from bulk.stock import Counted, Item, Stock, item
from crosslet import Database, Deadlines, Model, errors
from fix_databases import Target
from promises.databases import ask_server, checked_out
from promises.waiting import until

KILL = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}
WAITING = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE pid = {} AND wait_event_type = 'Lock'",
    # Not innodb_trx: who asks more than ten times a second gets the same answer for ever.
    "mariadb": "SELECT CAST(variable_value AS INTEGER) FROM information_schema.global_status "
    "WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'",
}
ROWS = [item(number) for number in range(300)]


@asynccontextmanager
async def blocked(stock: Database, url: str, verb: str) -> AsyncIterator[tuple["asyncio.Task[Any]", int]]:
    """Give a task whose rows wait, half of them sent, for a row that another unit has not committed."""
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def storing() -> None:
        async with stock.write() as session:
            raw = (await (await session.connection()).get_raw_connection()).driver_connection
            await session.create(Item, code="before")
            ready.set_result(stock.connections.driver.backend_id(raw) or 0)
            options = {} if verb == "insert_many" else {"key": "code"}
            await getattr(session, verb)(Item, ROWS, **options)

    async with stock.write() as other:
        await other.create(Item, code="c150")
        task = asyncio.create_task(storing())
        number = await ready

        async def waits() -> bool:
            return bool((await ask_server(url, WAITING[stock.dialect.name].format(number)))[0][0])

        await until(waits)
        yield task, number
        await other.rollback()


async def nothing_is_stored(stock: Database) -> None:
    async with stock.read() as session:
        assert await session.count(Item) == 0
    async with stock.write() as session:
        await session.insert_many(Item, ROWS)
        await session.upsert_many(Item, ROWS, key="code")
        await session.rollback()
    assert await checked_out(stock) == 0


@pytest.mark.parametrize("verb", ["insert_many", "upsert_many"])
@pytest.mark.needs("has_row_locks", "has_server")
async def test_a_connection_that_is_killed(stock: Database, target: Target, url: str, verb: str) -> None:
    async with blocked(stock, url, verb) as (task, number):
        await ask_server(url, KILL[stock.dialect.name].format(number))
        with pytest.raises(errors.ConnectionLost):
            await task
    await nothing_is_stored(stock)


@pytest.mark.parametrize("verb", ["insert_many", "upsert_many"])
@pytest.mark.needs("has_row_locks", "has_server")
async def test_a_task_that_is_cancelled(stock: Database, target: Target, url: str, verb: str) -> None:
    async with blocked(stock, url, verb) as (task, _):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await nothing_is_stored(stock)


@pytest.mark.parametrize("verb", ["insert_many", "upsert_many"])
@pytest.mark.needs("has_row_locks", "has_server")
async def test_a_lock_that_is_not_given_free(target: Target, url: str, verb: str) -> None:
    async with Database(url, metadata=[Stock, Counted], deadlines=replace(Deadlines(), lock=1.0)) as stock:
        await stock.create_all()
        async with blocked(stock, url, verb) as (task, _):
            with pytest.raises(errors.LockTimeout):
                await task
        await nothing_is_stored(stock)


async def test_a_cancelled_verb_leaves_a_database_that_works(stock: Database) -> None:
    begun = asyncio.Event()

    async def rows() -> AsyncIterator[dict[str, Any]]:
        for number in range(200):
            yield item(number)
        begun.set()
        await asyncio.Event().wait()

    async def storing() -> None:
        async with stock.write() as session:
            await session.insert_many(Item, rows(), chunk=50)

    task = asyncio.create_task(storing())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await nothing_is_stored(stock)


async def test_a_swallowed_error_of_many_rows_spoils_the_unit(stock: Database) -> None:
    for count in (2, 300):
        with pytest.raises(errors.UnitPoisoned):
            async with stock.write() as session:
                await session.create(Item, code="kept")
                with pytest.raises(errors.UniqueViolation):
                    await session.insert_many(Item, [*ROWS[:count], ROWS[0]])
    await nothing_is_stored(stock)


class Careless(TypeDecorator[Any]):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return "no number" if value == 70 else value


class Guessed(Model):
    """Not among the tables that every test gets."""

    __tablename__ = "guesses"
    metadata = MetaData()
    number: Mapped[Any] = mapped_column(Careless)


@pytest.mark.needs("can_copy")
async def test_a_value_that_copy_cannot_send_spoils_the_unit(stock: Database, target: Target) -> None:
    """A type of the application's own may let through what the driver then refuses, in the middle of a COPY."""
    async with stock.write() as session:
        await (await session.connection()).run_sync(Guessed.metadata.create_all)
    rows = [{"number": number} for number in range(100)]
    with pytest.raises(errors.UnitPoisoned):
        async with stock.write() as session:
            await session.create(Item, code="lost")
            with pytest.raises(errors.DataRejected):
                await session.insert_many(Guessed, rows)
    async with stock.write() as session:
        result = await session.insert_many(Guessed, rows, on_error="skip")
        assert [one.index for one in result.skipped] == [70]
        assert await session.count(Guessed) == 99
    await nothing_is_stored(stock)


@pytest.mark.slow
async def test_a_million_rows_take_no_more_memory_than_a_chunk(stock: Database) -> None:
    """Of each row stays one byte, its outcome."""

    def rows(count: int) -> Iterator[dict[str, Any]]:
        return ({"code": f"c{number}"} for number in range(count))

    count = 1_000_000 if stock.dialect.can_copy else 200_000
    async with stock.write() as session:
        await session.insert_many(Item, rows(20_000))
        await session.rollback()
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = await session.insert_many(Item, rows(count))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        await session.rollback()
    assert result.inserted == count
    assert grown < 32 * 1024 * (1024 if sys.platform == "darwin" else 1)


async def test_skipped_rows_hold_no_chunk_alive(stock: Database) -> None:
    rows = [item(number, name="x" * 31) for number in range(2000)]
    async with stock.write() as session:
        tracemalloc.start()
        result = await session.insert_many(Item, rows, on_error="skip")
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert len(result.skipped) == 2000
    assert all(
        one.error.__traceback__ is one.error.__cause__ is one.error.__context__ is None for one in result.skipped
    )
    assert size < 4_000_000

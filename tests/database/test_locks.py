"""Locks by name and on rows, seen from two units at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, Deadlines, Portable, errors, for_update


class Base(Portable, DeclarativeBase):
    pass


class Job(Base):
    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base, deadlines=Deadlines(lock=1.0)) as database:
        await database.create_all()
        async with database.write() as session:
            session.add_all([Job(id=key, name="new") for key in (1, 2, 3)])
        yield database


@pytest.mark.needs("has_row_locks")
async def test_a_named_lock_is_held_until_the_unit_ends(target: object, db: Database) -> None:
    async with db.write() as first:
        assert await first.try_lock("invoices")
        # Whoever has it may take it again.
        await first.lock("invoices")
        async with db.write() as second:
            assert not await second.try_lock("invoices")
            assert await second.try_lock("orders")
            with pytest.raises(errors.LockTimeout):
                await second.lock("invoices", wait=0.05)
            # The unit may go on.
            assert await second.count(Job) == 3
    async with db.write() as third:
        await third.lock("invoices")


@pytest.mark.needs("has_row_locks")
async def test_a_lock_ends_however_its_unit_does(target: object, db: Database) -> None:
    async def fail() -> None:
        async with db.write() as session:
            await session.lock("x")
            raise ValueError("no")

    async def hang(begun: asyncio.Event) -> None:
        async with db.write() as session:
            await session.lock("x")
            begun.set()
            await asyncio.Event().wait()

    with pytest.raises(ValueError, match="no"):
        await fail()
    begun = asyncio.Event()
    hanging = asyncio.create_task(hang(begun))
    await begun.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with db.write() as session:
        await session.lock("x")
        await session.rollback()
        async with db.write() as other:
            await other.lock("x")


async def test_who_waits_for_a_lock_gets_it_with_what_was_stored(db: Database) -> None:
    """Twenty units read a number and store the next: without the lock some would be lost."""

    async def count() -> None:
        async with db.write() as session:
            await session.lock("counter", wait=20)
            job = await session.get_one(Job, 1)
            await session.patch(job, {"name": str(int(job.name.replace("new", "0")) + 1)})

    await asyncio.gather(*(count() for _ in range(20)))
    async with db.read() as session:
        assert (await session.get_one(Job, 1)).name == "20"


async def test_readers_have_no_locks(db: Database) -> None:
    async with db.read() as session:
        with pytest.raises(errors.ReadOnlySession):
            await session.lock("x")
        with pytest.raises(errors.ReadOnlySession):
            await session.try_lock("x")


async def test_a_lock_has_a_name(db: Database) -> None:
    async with db.write() as session:
        with pytest.raises(errors.ConfigurationError, match="name"):
            await session.lock("")


@pytest.mark.needs("has_row_locks")
async def test_rows_that_others_have_are_refused_or_left_out(target: object, db: Database) -> None:
    queue = select(Job).order_by(Job.id).limit(1)
    async with db.write() as first:
        mine = await first.one(Job, for_update(queue, wait="skip"))
        async with db.write() as second:
            other = await second.one(Job, for_update(queue, wait="skip"))
            assert (mine.id, other.id) == (1, 2)
        with pytest.raises(errors.LockTimeout):
            async with db.write() as third:
                await third.one(Job, for_update(queue, wait=False))
        with pytest.raises(errors.LockTimeout):
            async with db.write() as fourth:
                await fourth.one(Job, for_update(queue))


async def test_a_unit_that_is_alone_gets_its_rows(db: Database) -> None:
    async with db.write() as session:
        for wait in (True, False, "skip"):
            found = await session.all(Job, for_update(select(Job), wait=wait))  # type: ignore[arg-type]
            assert len(found) == 3


def test_there_are_three_ways_of_waiting() -> None:
    with pytest.raises(errors.ConfigurationError, match="skip"):
        for_update(select(Job), wait="sometimes")  # type: ignore[arg-type]

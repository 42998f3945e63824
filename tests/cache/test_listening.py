"""Results in memory, and the writes of other processes by PostgreSQL's NOTIFY: two Databases share nothing but that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from cache.club import Base, Member, MemberOut, Note, NoteOut, Team, club, names, rename, rename_unseen
from crosslet import Database, MemoryCache, New, cached, errors
from fix_databases import Target

pytestmark = pytest.mark.needs("can_notify")


@pytest.fixture
async def both(target: Target) -> AsyncIterator[tuple[Database, Database]]:
    url = await target.make_url()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(club(url, cache=MemoryCache(listen=True)))
        other = await stack.enter_async_context(Database(url, metadata=Base, cache=MemoryCache(listen=True)))
        for db in (one, other):
            await hearing(db)
        yield one, other


async def hearing(db: Database) -> None:
    """Read until what is read is kept: it begins with the first read."""
    hits = db.cache_statistics().hits
    while db.cache_statistics().hits == hits:
        await names(db)
        await asyncio.sleep(0)


async def heard(db: Database, messages: int) -> None:
    while db.cache_statistics().heard < messages:
        await names(db)
        await asyncio.sleep(0)  # what is read from memory waits for nothing


async def test_a_write_of_one_reaches_the_other(both: tuple[Database, Database]) -> None:
    one, other = both
    before = other.cache_statistics().heard
    await rename(one, "eve")
    assert await names(one) == ["eve", "bob"]
    await heard(other, before + 1)
    assert await names(other) == ["eve", "bob"]
    assert 0 < other.cache_statistics().heard_after < 60
    assert one.cache_statistics().heard == 0


async def test_a_unit_of_one_statement_and_a_word_reach_it_too(both: tuple[Database, Database]) -> None:
    one, other = both
    before = other.cache_statistics().heard
    async with one.write() as session:
        await session.one(MemberOut, New(Member, id=3, name="cyd"), commit=True)
    await heard(other, before + 1)
    assert await names(other) == ["ada", "bob", "cyd"]
    await rename_unseen(one, "eve")
    assert await names(other) == ["ada", "bob", "cyd"]
    await one.invalidate(Member)
    await heard(other, before + 2)
    assert await names(other) == ["eve", "bob", "cyd"]


async def test_what_hooks_add_flush_after_flush_is_told_as_well(both: tuple[Database, Database]) -> None:
    one, other = both
    notes = cached(select(Note), ttl=60)
    while other.cache_statistics().hits < 5:
        async with other.read() as session:
            assert len(await session.all(NoteOut, notes)) == 1
    before = other.cache_statistics().heard
    waiting = [Note(id=2, text="late", member_id=2), Team(id=3, name="b"), Team(id=2, name="a")]

    def add_next(session: Session, *rest: Any) -> None:
        if waiting:
            session.add(waiting.pop())

    async with one.write() as session:
        session.add(Member(id=3, name="cyd"))
        event.listen(session.sync_session, "after_flush", add_next)
    assert not waiting
    await heard(other, before + 1)
    async with other.read() as session:
        assert len(await session.all(NoteOut, notes)) == 2


async def test_what_is_rolled_back_is_not_heard_of(both: tuple[Database, Database]) -> None:
    one, other = both
    before = other.cache_statistics().heard
    with pytest.raises(RuntimeError, match="no"):
        async with one.write() as session:
            await session.execute(update(Member).values(name="zoe"))
            raise RuntimeError("no")
    await rename(one, "eve")
    await heard(other, before + 1)
    assert other.cache_statistics().heard == before + 1


async def test_many_tables_are_one_short_message(both: tuple[Database, Database]) -> None:
    one, other = both
    before = other.cache_statistics().heard
    await one.invalidate(*[f"a name that is rather long {number}" for number in range(1000)])
    await heard(other, before + 1)


async def test_who_does_not_hear_is_given_nothing(both: tuple[Database, Database]) -> None:
    one, other = both
    pid = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = :name")
    async with one.write() as session:
        name = await session.scalar(text("SELECT current_database()"))
        found = (await session.execute(pid, {"name": name})).all()
    assert len(found) == 2
    listener = other._results._listener
    assert listener is not None
    while listener.is_hearing:
        await names(other)
        await asyncio.sleep(0)
    await rename(one, "eve")
    assert await names(other) == ["eve", "bob"]
    await hearing(other)
    assert await names(other) == ["eve", "bob"]


async def test_it_takes_a_database_that_has_messages(target: Target) -> None:
    for url in ("sqlite://", "mysql+asyncmy://localhost/x"):
        with pytest.raises(errors.ConfigurationError, match="NOTIFY"):
            Database(url, cache=MemoryCache(listen=True))
    with pytest.raises(errors.ConfigurationError, match="pooler"):
        Database("postgresql+asyncpg://localhost/x", cache=MemoryCache(listen=True), pool="pgbouncer")

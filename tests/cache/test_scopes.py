"""Who reads is part of the key where the server shows different rows to different sessions."""

from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import pytest
from sqlalchemy import func, select, text

from cache.club import EVERY, Member, MemberOut, club, names, rename
from crosslet import Database, errors


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with club(url) as database:
        yield database


_WHO: ContextVar[str] = ContextVar("who")


async def test_a_scope_is_part_of_the_key(url: str) -> None:
    async with club(url, cache_scope=lambda: _WHO.get("nobody")) as db:
        for who, hits in (("a", 0), ("b", 0), ("a", 1), ("b", 2)):
            token = _WHO.set(who)
            await names(db)
            _WHO.reset(token)
            assert db.cache_statistics().hits == hits
        await rename(db, "eve")
        assert await names(db) == ["eve", "bob"]


async def test_a_scope_must_be_a_text(url: str) -> None:
    wrong: Any = lambda: 7  # noqa: E731
    async with club(url, cache_scope=wrong) as db:
        with pytest.raises(errors.ConfigurationError, match="cache_scope"):
            await names(db)
    with pytest.raises(errors.ConfigurationError, match="cache_scope"):
        Database("sqlite://", cache_scope=wrong())


@pytest.mark.needs("can_notify")
@pytest.mark.parametrize(
    "change",
    [
        select(func.set_config("app.tenant", "2", False)),
        text("SET app.tenant = '2'"),
        text("/* by hand */ set role pg_monitor"),
    ],
)
async def test_a_reader_that_changes_the_servers_settings_neither_gives_nor_takes(db: Database, change: Any) -> None:
    await names(db)
    async with db.read() as session:
        await session.scalar(select(func.count()).select_from(Member))
        await session.all(MemberOut, EVERY)
        assert db.cache_statistics().hits == 1
        await session.execute(change)
        with suppress(errors.DatabaseError):  # the role may read nothing
            await session.all(MemberOut, EVERY)
    assert (db.cache_statistics().hits, db.cache_statistics().bypassed) == (1, 1)

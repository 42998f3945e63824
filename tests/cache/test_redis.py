"""Results in Redis: found and ended by every process, whatever Redis does meanwhile.

Two Databases with a RedisCache each share nothing but the two servers: as two processes do.
"""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
from redis import asyncio as redis_client
from sqlalchemy import select, update

from cache.club import EVERY, Base, Member, MemberOut, club, names, rename, rename_unseen
from crosslet import Database, Deadlines, RedisCache, errors
from crosslet.cache import redis as module
from crosslet.database import trees
from crosslet.testing import RedisServer, start_redis


@pytest.fixture
async def both(url: str, redis_server: RedisServer) -> AsyncIterator[tuple[Database, Database]]:
    space = uuid4().hex
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            club(url, cache=RedisCache(redis_server.url, namespace=space, timeout=30.0))
        )
        other = Database(url, metadata=Base, cache=RedisCache(redis_server.url, namespace=space, timeout=30.0))
        yield first, await stack.enter_async_context(other)


async def test_one_fills_and_the_other_finds(both: tuple[Database, Database]) -> None:
    one, other = both
    assert await names(one) == ["ada", "bob"]
    await rename_unseen(one, "eve")
    assert await names(other) == ["ada", "bob"]
    assert (one.cache_statistics().misses, other.cache_statistics().hits) == (1, 1)


async def test_a_write_of_one_ends_what_both_have(both: tuple[Database, Database]) -> None:
    one, other = both
    for name in ("eve", "fay"):
        assert await names(one) == await names(other)
        await rename(other, name)
        assert await names(one) == await names(other) == [name, "bob"]
    await rename_unseen(one, "gus")
    await other.invalidate(Member)
    assert await names(one) == ["gus", "bob"]


async def test_what_one_read_before_the_others_commit_is_not_kept(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = both
    reached, free = asyncio.Event(), asyncio.Event()
    real = trees.TreeReader.texts

    async def texts(reader: Any, plan: Any, *, joined: bool = False) -> Sequence[str]:
        found = await real(reader, plan, joined=joined)
        if not reached.is_set():
            reached.set()
            await free.wait()
        return found

    monkeypatch.setattr(trees.TreeReader, "texts", texts)
    reading = asyncio.create_task(names(one))
    await reached.wait()
    await rename(other, "eve")
    free.set()
    assert await reading == ["ada", "bob"]
    assert await names(one) == await names(other) == ["eve", "bob"]
    assert one.cache_statistics().discarded == 1


async def test_a_commit_under_way_is_known_to_the_other(both: tuple[Database, Database]) -> None:
    one, other = both
    assert await names(one) == ["ada", "bob"]
    doubt = await other._results.begin(frozenset({"table:member"}), 5.0)
    assert await names(one) == ["ada", "bob"]
    assert one.cache_statistics().bypassed == 1
    other._results.lose(doubt, unknown=False)
    while one.cache_statistics().kept < 2:
        await names(one)
    await names(one)
    assert one.cache_statistics().hits == 1


async def test_a_process_that_died_in_its_commit_holds_nobody_up_for_ever(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = both
    monkeypatch.setattr(module, "HOLD", 0.0)
    assert await names(one) == ["ada", "bob"]
    await other._results.begin(frozenset({"table:member"}), 0.2)
    while one.cache_statistics().kept < 2:
        await names(one)
    assert one.cache_statistics().bypassed > 0
    assert one.cache_statistics().hits == 0


async def test_a_redis_that_does_not_answer_costs_misses_and_a_line_in_the_log(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REST", 0.0)
    # What it was sent last it may do later: then the tables are in doubt until the commit must have ended.
    monkeypatch.setattr(module, "HOLD", 0.0)
    with start_redis() as server:
        async with club(url, cache=RedisCache(server.url, timeout=1.0), deadlines=Deadlines(commit=3.0)) as db:
            assert await names(db) == await names(db) == ["ada", "bob"]
            assert db.cache_statistics().hits == 1
            os.kill(server.pid, signal.SIGSTOP)
            with caplog.at_level(logging.WARNING, "crosslet.cache"):
                await rename(db, "eve")
                assert await names(db) == ["eve", "bob"]
            assert "Redis does not answer" in caplog.text
            assert db.cache_statistics().undelivered > 0
            os.kill(server.pid, signal.SIGCONT)
            # It still has the older result, and this process knows better.
            while db.cache_statistics().hits < 2:
                assert await names(db) == ["eve", "bob"]
            assert db.cache_statistics().undelivered == 0


async def test_a_redis_that_is_gone_and_comes_back_empty(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST", 0.0)
    with start_redis() as server:
        async with club(url, cache=RedisCache(server.url)) as db:
            assert await names(db) == ["ada", "bob"]
            server.stop()
            await rename(db, "eve")
            assert await names(db) == ["eve", "bob"]
            with start_redis(port=server.port):
                while db.cache_statistics().hits == 0:
                    assert await names(db) == ["eve", "bob"]


async def test_a_dead_redis_is_left_alone_for_a_while(url: str) -> None:
    with start_redis() as server:
        cache = RedisCache(server.url)
    async with club(url, cache=cache) as db:
        await names(db)
        until = cache._rest_until
        for _ in range(5):
            await names(db)
        assert until > 0
        assert db.cache_statistics().bypassed == 6


async def test_lost_generations_and_spoiled_entries_are_misses(
    both: tuple[Database, Database], redis_server: RedisServer
) -> None:
    one, _ = both
    async with redis_client.Redis.from_url(redis_server.url) as client:
        for part in ("generation", "entry"):
            await names(one)
            await rename_unseen(one, part)
            pattern = f"*{one._results.store._namespace}*:{part}:*"  # type: ignore[attr-defined]
            async for key in client.scan_iter(pattern):
                if part == "generation":
                    await client.delete(key)
                else:
                    ticket = (await client.get(key)).partition(b"\n")[0]
                    await client.set(key, ticket + b"\nnot json")
            assert await names(one) == [part, "bob"]


async def test_keys_show_nothing(both: tuple[Database, Database], redis_server: RedisServer) -> None:
    one, _ = both
    async with one.read() as session:
        secret = select(Member).where(Member.name == "topsecret")
        await session.all(MemberOut, EVERY.where(Member.name == "topsecret"))
        assert await session.all(MemberOut, secret) == []
    async with redis_client.Redis.from_url(redis_server.url) as client:
        keys = b" ".join([key async for key in client.scan_iter()])
    assert b"entry" in keys
    assert b"topsecret" not in keys
    assert b"member" not in keys


async def test_a_result_that_is_too_large_is_not_kept(url: str, redis_server: RedisServer) -> None:
    cache = RedisCache(redis_server.url, namespace=uuid4().hex, max_entry_bytes=10)
    async with club(url, cache=cache) as db:
        assert await names(db) == await names(db)
        assert (db.cache_statistics().kept, db.cache_statistics().discarded) == (0, 2)


async def test_two_processes_write_and_read_at_once(both: tuple[Database, Database]) -> None:
    """Redis answers: so nobody, in neither of them, is given less than what was confirmed before."""
    confirmed, wrong = 0, []

    async def write(db: Database) -> None:
        nonlocal confirmed
        for _ in range(8):
            async with db.write() as session:
                await session.execute(update(Member).where(Member.id == 1).values(visits=Member.visits + 1))
                mine = await session.scalar(select(Member.visits).where(Member.id == 1))
            confirmed = max(confirmed, int(mine or 0))

    async def read(db: Database) -> None:
        while not done.is_set():
            least = confirmed
            async with db.read() as session:
                found = (await session.all(MemberOut, EVERY))[0].visits
            if found < least:
                wrong.append((found, least))

    done = asyncio.Event()
    readers = [asyncio.create_task(read(db)) for db in both for _ in range(4)]
    await asyncio.gather(*[write(db) for db in both for _ in range(2)])
    done.set()
    await asyncio.gather(*readers)
    assert wrong == []
    assert confirmed == 32
    assert [db.cache_statistics().undelivered for db in both] == [0, 0]


def test_mistakes_are_said_at_once() -> None:
    for url in ("http://x", "localhost:6379"):
        with pytest.raises(errors.ConfigurationError, match="redis://"):
            RedisCache(url)
    with pytest.raises(errors.ConfigurationError, match="braces"):
        RedisCache("redis://x", namespace="{a}")
    with pytest.raises(errors.ConfigurationError, match="more than 0"):
        RedisCache("redis://x", timeout=0)
    assert "hidden" not in repr(RedisCache("redis://:hidden@x/0"))

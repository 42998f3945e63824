"""A trace sees every statement of its block, on both ways, and changes neither; others' are not in it."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest
from pydantic import BaseModel
from sqlalchemy import insert, select, text, update

from crosslet import Database, MemoryCache, New, cached, errors
from crosslet.connections.direct import count_listeners
from crosslet.facts import Trace, current_scope, settle_request, trace
from facts.shelves import Author, Book, Shelf
from fix_databases import Target


class Route:
    path = "/users/{id}"


class AuthorOut(BaseModel):
    name: str


async def shape(db: Database) -> None:
    async with db.read() as session:
        assert len(await session.all(AuthorOut, select(Author))) == 3


async def objects(db: Database) -> None:
    async with db.read() as session:
        assert len(await session.all(Author, select(Author))) == 3


async def by_hand(db: Database) -> None:
    async with db.read() as session:
        assert len((await session.execute(text("SELECT name FROM authors"))).all()) == 3


async def streamed(db: Database) -> None:
    assert len([one async for one in db.stream(AuthorOut, select(Author))]) == 3


async def plain_engine(db: Database) -> None:
    engine = await db.engine(read_only=True)
    async with engine.connect() as connection:
        assert len((await connection.execute(select(Author.name))).all()) == 3


READS = [shape, objects, by_hand, streamed, plain_engine]


async def test_every_way_is_seen_once_with_line_and_rows(shelves: Database) -> None:
    for read in READS:
        await read(shelves)
        with trace(shelves) as found:
            await read(shelves)
        (sent,) = found.statements
        assert sent.rows == 3, read
        assert sent.elapsed_ms is not None
        assert 0 < sent.elapsed_ms < 10_000
        assert sent.site is not None
        assert (Path(sent.site.file).name, sent.site.function.partition(".")[0]) == ("test_trace.py", read.__name__)
        assert "authors" in sent.statement
        assert (sent.error, sent.parameters, sent.route, sent.loads) == (None, None, None, None)
        assert len(sent.fingerprint) == 12
        (total,) = found.totals
        assert (total.count, total.rows, total.failed, total.fingerprint) == (1, 3, 0, sent.fingerprint)
        assert total.total_ms == pytest.approx(total.max_ms)


async def test_reads_go_past_the_engine_under_a_trace_as_without(shelves: Database) -> None:
    await shape(shelves)
    pair = await shelves.connections.pair()
    assert pair.direct is not None
    before = count_listeners(pair.reader.sync_engine)
    with trace(shelves, reads=True) as found:
        assert pair.direct.is_unobserved()
        assert count_listeners(pair.reader.sync_engine) == before
        async with shelves.read() as session:
            await session.all(AuthorOut, select(Author))
            # SQLAlchemy's part of a session is made only when it is needed.
            assert session._made is None
    assert found.count == 1
    assert shelves.connections.observers.count == 0


async def test_what_surrounds_statements_is_not_counted(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.write(isolation="SERIALIZABLE") as session:
            async with session.begin_nested():
                await session.execute(update(Author).values(name="x"))
            with pytest.raises(ZeroDivisionError):
                async with session.begin_nested():
                    await session.scalar(select(Author.name).limit(1))
                    raise ZeroDivisionError
    assert [sent.statement.split()[0] for sent in found.statements] == ["UPDATE", "SELECT"]
    assert found.statements[0].rows == 3


@pytest.mark.needs("can_share_sessions", "can_notify")
async def test_neither_is_what_crosslet_sends_for_poolers_and_caches(target: Target) -> None:
    settings: list[dict[str, Any]] = [{"pool": "pgbouncer"}, {"cache": MemoryCache(listen=True)}]
    for given in settings:
        async with Database(await target.make_url(), metadata=Shelf, **given) as db:
            await db.create_all()
            async with db.read() as session:
                # From here on commits tell other processes what they change.
                await session.all(AuthorOut, cached(select(Author), ttl=60))
            with trace(db, everywhere=True) as found:
                async with db.write() as session:
                    session.add(Author(name="new"))
                async with db.read() as session:
                    await session.all(AuthorOut, select(Author))
        assert [sent.statement.split()[0] for sent in found.statements] == ["INSERT", "SELECT"]


async def test_a_stream_inside_a_unit(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.write() as session:
            assert len([one async for one in session.stream(AuthorOut, select(Author))]) == 3
    (sent,) = found.statements
    assert sent.rows in (None, 3)
    assert sent.site is not None


async def test_a_change_that_is_committed_with_its_own_statement(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.write() as session:
            await session.one(AuthorOut, New(Author, {"name": "new"}), commit=True)
    names = [sent.statement.split()[0] for sent in found.statements]
    # Where nothing is returned, the row is read again.
    assert names in (["INSERT"], ["INSERT", "SELECT"])
    assert {sent.site.function for sent in found.statements if sent.site is not None} == {
        "test_a_change_that_is_committed_with_its_own_statement"
    }
    assert None not in [sent.site for sent in found.statements]


async def test_many_rows_are_few_statements(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.write() as session:
            await session.insert_many(Author, [{"name": f"n{number}"} for number in range(500)])
    assert 1 <= found.count <= 5
    # Before a COPY the server is asked about the table.
    assert {sent.statement.split()[0] for sent in found.statements} in ({"INSERT"}, {"SELECT", "COPY"})


async def test_a_statement_that_fails_is_told_with_its_error(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.read() as session:
            with pytest.raises(errors.DatabaseError):
                await session.execute(text("SELECT nothing FROM authors"))
        with pytest.raises(errors.IntegrityViolation):
            async with shelves.write() as session:
                await session.execute(insert(Book).values(title="no author", author_id=None))
    assert [sent.error is not None for sent in found.statements] == [True, True]
    assert [total.failed for total in found.totals] == [1, 1]


async def test_lists_of_any_length_are_one_statement(shelves: Database) -> None:
    async def read(names: list[str]) -> None:
        async with shelves.read() as session:
            await session.all(AuthorOut, select(Author).where(Author.name.in_(names)))
            await session.all(Author, select(Author).where(Author.name.in_(names)))

    with trace(shelves) as found:
        await read(["a"])
        await read(["a", "b", "c"])
    assert found.count == 4
    assert [total.count for total in found.totals] == [2, 2]
    assert all("IN (...)" in total.statement for total in found.totals)


async def test_concurrent_tasks_have_traces_of_their_own(shelves: Database) -> None:
    begun = asyncio.Event()

    async def traced(read: Callable[[Database], Awaitable[None]]) -> Trace:
        with trace(shelves) as found:
            begun.set()
            await asyncio.gather(read(shelves), read(shelves))
        return found

    first, second, _ = await asyncio.gather(traced(shape), traced(objects), by_hand(shelves))
    assert [len({sent.statement for sent in found.statements}) for found in (first, second)] == [1, 1]
    assert (first.count, second.count) == (2, 2)
    assert first.statements[0].statement != second.statements[0].statement


async def test_everywhere_means_all_tasks_and_an_inner_trace_has_its_part(shelves: Database) -> None:
    task_may_go = asyncio.Event()

    async def other() -> None:
        await task_may_go.wait()
        await objects(shelves)

    task = asyncio.create_task(other())
    with trace(shelves, everywhere=True) as all_of_it:
        with trace(shelves) as inner:
            await shape(shelves)
        task_may_go.set()
        await task
    await shape(shelves)
    assert (all_of_it.count, inner.count) == (2, 1)


async def test_the_newest_are_kept_and_the_others_counted(shelves: Database) -> None:
    with trace(shelves, newest=2) as found:
        await shape(shelves)
        await objects(shelves)
        await by_hand(shelves)
    assert (found.count, found.dropped, len(found.statements)) == (3, 1, 2)
    assert [sent.statement.startswith("SELECT name") for sent in found.statements] == [False, True]
    assert sum(total.count for total in found.totals) == 3


async def test_production_keeps_totals(shelves: Database) -> None:
    with shelves.trace(detail="production") as found:
        for _ in range(3):
            await shape(shelves)
        await objects(shelves)
    assert sorted(total.count for total in found.totals) == [1, 3]
    assert (found.count, found.statements, found.lazy_loads, found.eager_loads) == (4, [], [], [])


async def test_values_are_masked_unless_the_database_shows_them(target: Target) -> None:
    secret = "hunter2 and more"
    for shows in (False, True):
        async with Database(await target.make_url(), metadata=Shelf, show_values=shows) as db:
            await db.create_all()
            with trace(db, values=True) as found:
                async with db.write() as session:
                    await session.insert_many(Author, [{"name": secret}])
                async with db.read() as session:
                    await session.all(AuthorOut, select(Author).where(Author.name == secret))
                    await session.all(Author, select(Author).where(Author.name == secret))
            texts = [sent.parameters for sent in found.statements]
            assert None not in texts
            assert [secret in str(one) for one in texts[-2:]] == [shows, shows]
            assert shows or "<str of 16>" in str(texts[-1])


async def test_a_stream_that_is_left_early(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.stream(AuthorOut, select(Author), partition=1) as stream:
            async for _ in stream:
                break
    (sent,) = found.statements
    assert sent.elapsed_ms is not None
    assert sent.rows is not None
    assert 1 <= sent.rows <= 3


async def test_two_halves_in_two_contexts(shelves: Database) -> None:
    """As pytest runs the halves of a fixture."""
    found = trace(shelves)

    async def enter() -> None:
        found.__enter__()
        await shape(shelves)

    await asyncio.create_task(enter())
    await shape(shelves)
    found.__exit__(None, None, None)
    assert found.count == 1
    assert shelves.connections.observers.count == 0


@pytest.mark.parametrize("wrong", [{"newest": 0}, {"detail": "all"}, {"detail": "production", "values": True}])
def test_wrong_settings_are_told(wrong: Any) -> None:
    with pytest.raises(errors.ConfigurationError):
        trace(Database("sqlite://"), **wrong)


@pytest.mark.parametrize("detail", ["sites", "production"])
def test_ten_thousand_requests_leave_memory_flat(detail: Any) -> None:
    db = Database("sqlite://")
    observers, connection = db.connections.observers, SimpleNamespace(info={})
    alive: WeakSet[Any] = WeakSet()

    def serve(count: int) -> None:
        for number in range(count):
            route = Route()
            alive.add(route)
            scope = {"type": "http", "method": "GET", "path": f"/users/{number}", "route": route}
            token = current_scope.set(scope)
            # Each has a text of its own, as SQL that was put together by hand.
            marks = observers.began(f"SELECT {count + number} FROM users", (number,), connection)
            observers.ended(marks, 1)
            current_scope.reset(token)
            settle_request(scope)

    with trace(db, detail=detail, newest=100) as found:
        serve(2_000)
        tracemalloc.start()
        serve(10_000)
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (found.count, len(found.totals)) == (12_000, 1_001)
    assert len(found.statements) <= 100
    assert len(alive) <= 1
    assert kept < 200_000

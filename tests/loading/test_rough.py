"""Many tasks, threads, cancellations and deadlines: no load takes another's place, waits for ever or stays behind."""

import asyncio
import gc
import threading
import weakref
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crosslet import Database, errors
from crosslet.loading import origin_of, peers, portal, turns
from loading.library import Author, Book, Count, touched

Given = tuple[Database, Count]


async def of_one(db: Database, number: int) -> None:
    """Read some authors and what belongs to them, in steps between which others go on."""
    async with db.read() as session:
        first = await session.all(Author, select(Author).where(Author.id % 5 == number % 5))
        await asyncio.sleep(0)
        second = await session.all(Book, select(Book).where(Book.author_id % 5 == number % 5))
        for author in first:
            await asyncio.sleep(0)
            assert {book.author_id for book in await author.awaitable_attrs.books} == {author.id}
        for book in second:
            assert len(await book.awaitable_attrs.reviews) in {1, 2}
        origins = [{origin_of(one._sa_instance_state) for one in some} for some in (first, second)]  # type: ignore[attr-defined]
        assert [len(some) for some in origins] == [1, 1]
        sites = [str(next(iter(some)).site) for some in origins]  # type: ignore[union-attr]
        assert all("in of_one" in site for site in sites)
        assert sites[0] != sites[1]


async def test_tasks_with_sessions_of_their_own(library: Given) -> None:
    db, count = library
    await asyncio.gather(*(of_one(db, number) for number in range(40)))
    assert count() == 40 * 4


async def test_sessions_of_one_task_in_turns(library: Given) -> None:
    db, count = library
    async with db.read() as one, db.read() as other:
        some = [await each.all(Author, select(Author).order_by(Author.id)) for each in (one, other)]
        for left, right in zip(*some, strict=True):
            assert left is not right
            assert len(await left.awaitable_attrs.books) == len(await right.awaitable_attrs.books) == 3
    assert count() == 4


async def test_below_portals_and_run_sync(library: Given) -> None:
    db, count = library

    async def inner(authors: list[Author]) -> int:
        return sum(len(author.books) for author in authors)

    async def outer() -> tuple[int, int, int]:
        async with db.read() as session:
            authors = list(await session.all(Author, select(Author)))
            below = await portal(inner(authors))
            there = await session.run_sync(lambda _: sum(len(author.bio) for author in authors))
            return below, there, sum(len(one.long_books) for one in authors)

    assert (await portal(outer()))[::2] == (60, 40)
    assert count() == 4


async def test_who_is_cancelled_hinders_nobody(library: Given) -> None:
    """The first of several that touch is cancelled while its batch is under way: the session is spoilt, all end."""
    db, _ = library

    async def touch(author: Author) -> int:
        return len(author.books)

    for cancelled in (0, 1, 2):
        async with db.read() as session:
            authors = await session.all(Author, select(Author).order_by(Author.id))
            tasks = [asyncio.create_task(portal(touch(author))) for author in authors[:4]]
            await asyncio.sleep(0)
            tasks[cancelled].cancel()
            async with asyncio.timeout(20):
                ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(ended[cancelled], asyncio.CancelledError)
            if cancelled:
                assert [one for one in ended if not isinstance(one, BaseException)] == [3, 3, 3]
            await session.rollback()
    assert not list(turns._RUNNING)


async def test_a_batch_that_fails_is_tried_again(library: Given) -> None:
    """A statement that raises leaves nothing half loaded, and the next touch loads for all."""
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).order_by(Author.id))

        def fail(_: Any) -> None:
            raise KeyError("in the middle")

        from sqlalchemy import event

        made: Session = await session.run_sync(lambda one: one)
        event.listen(made, "do_orm_execute", fail)
        with pytest.raises(KeyError):
            await touched(session, lambda: len(authors[3].books))
        event.remove(made, "do_orm_execute", fail)
        assert not any("books" in author.__dict__ for author in authors)
        count.clear()
        assert await touched(session, lambda: [len(author.books) for author in authors]) == [3] * 20
        assert count() == 1


async def test_a_thread_is_told_so(library: Given) -> None:
    db, _ = library
    seen: list[Any] = []
    async with db.read() as session:
        authors = await session.all(Author, select(Author))

        def look() -> None:
            try:
                seen.append(authors[0].books)
            except errors.NotLoaded as error:
                seen.append(error)

        thread = threading.Thread(target=look)
        thread.start()
        await asyncio.to_thread(thread.join)
        assert isinstance(seen[0], errors.NotLoaded)
        assert len(await authors[0].awaitable_attrs.books) == 3


async def test_nothing_is_kept_of_sessions_that_ended(library: Given) -> None:
    db, _ = library
    ended: list[weakref.ref[Any]] = []

    async def use() -> None:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            assert sum(len(author.books) for author in authors) == 60
            ended.append(weakref.ref(await session.run_sync(lambda one: one)))
            ended.append(weakref.ref(authors[0]))

    for _ in range(20):
        await portal(use())
    gc.collect()
    assert not [one for one in ended if one() is not None]
    assert not list(peers._GROUPS)

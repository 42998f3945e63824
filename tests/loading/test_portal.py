"""Attributes that wait by themselves: only in the task of the portal, and with all that asyncio does around them."""

import asyncio
import contextvars
import sys
from collections.abc import AsyncIterator
from threading import Thread
from typing import Any

import jinja2
import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.util import greenlet_spawn

from crosslet import Database, errors
from crosslet.loading import close_portal, portal
from loading.library import Author, Count, touched

Given = tuple[Database, Count]


async def test_attributes_wait(library: Given) -> None:
    db, count = library

    async def look() -> int:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            await asyncio.sleep(0)
            return sum(len(book.reviews) for author in authors for book in author.books)

    assert await portal(look()) == 120
    assert count() == 3


async def test_below_a_library_in_another_language_and_in_a_template(library: Given) -> None:
    db, _ = library

    class BookOut(BaseModel):
        model_config = ConfigDict(from_attributes=True)
        title: str

    class AuthorOut(BaseModel):
        model_config = ConfigDict(from_attributes=True)
        books: list[BookOut]

    page = jinja2.Template("{% for book in author.long_books %}{{ book.title }};{% endfor %}", autoescape=True)

    async def look() -> tuple[AuthorOut, str]:
        async with db.read() as session:
            author = await session.one(Author, select(Author).where(Author.id == 1))
            return AuthorOut.model_validate(author), page.render(author=author)

    found, text = await portal(look())
    assert [book.title for book in found.books] == ["book 3", "book 2", "book 1"][: len(found.books)]
    assert text == "book 1;book 2;"


async def test_what_a_coroutine_returns_and_raises() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise KeyError("it")

    async def nothing() -> str:
        return "it"

    assert await portal(nothing()) == "it"
    for _ in range(3):
        with pytest.raises(KeyError, match="it"):
            await portal(fail())
    assert await portal(portal(nothing())) == "it"


async def test_a_cancellation_and_a_deadline_reach_the_inside() -> None:
    seen: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            await asyncio.sleep(0)
            seen.append("cleaned")
            raise

    task = asyncio.create_task(portal(wait()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await portal(wait())
    assert seen == ["cancelled", "cleaned"] * 2


async def test_a_deadline_in_the_middle_of_a_load_leaves_the_pool_whole(library: Given) -> None:
    db, _ = library

    async def look() -> None:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            asyncio.current_task().cancel()  # type: ignore[union-attr]
            len(authors[0].books)

    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(portal(look()))
    async with db.read() as session:
        authors = await session.all(Author, select(Author))
        assert await touched(session, lambda: sum(len(author.books) for author in authors)) == 60


async def test_context_variables_are_shared() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    async def change() -> int:
        before = variable.get()
        await asyncio.sleep(0)
        variable.set(before + 1)
        return before

    variable.set(5)
    assert await portal(change()) == 5
    assert variable.get() == 6


async def test_generators_and_task_groups() -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    async def run() -> list[int]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(asyncio.sleep(0, 7))
        spawned = await greenlet_spawn(lambda: 8)
        return [*[number async for number in numbers()], task.result(), spawned]

    assert await portal(run()) == [0, 1, 2, 7, 8]


async def test_two_hundred_at_once_keep_apart() -> None:
    async def run(number: int) -> int:
        for _ in range(number % 7):
            await asyncio.sleep(0)
        return number

    assert await asyncio.gather(*(portal(run(number)) for number in range(200))) == list(range(200))


async def test_no_other_task_and_no_thread(library: Given) -> None:
    db, count = library

    async def elsewhere(authors: list[Author]) -> None:
        len(authors[0].books)

    def in_thread(authors: list[Author], found: list[BaseException]) -> None:
        try:
            len(authors[0].books)
        except errors.NotLoaded as error:
            found.append(error)

    async def look() -> None:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            with pytest.raises(errors.NotLoaded, match="another task"):
                await asyncio.create_task(elsewhere(authors))
            found: list[BaseException] = []
            thread = Thread(target=in_thread, args=(authors, found))
            thread.start()
            thread.join()
            assert len(found) == 1
            assert len(authors[0].books) == 3

    await portal(look())
    assert count() == 2


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with Python 3.12")
async def test_no_eager_task(library: Given) -> None:
    """It begins inside the portal's own greenlet, and goes on outside of it."""
    db, count = library
    eager: Any = getattr(asyncio, "eager_task_factory", None)

    async def touch(authors: list[Author]) -> None:
        len(authors[0].books)

    async def ask() -> None:
        async with db.read() as session:
            await session.execute(select(Author.id))

    async def look() -> None:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            loop = asyncio.get_running_loop()
            loop.set_task_factory(eager)
            try:
                with pytest.raises(errors.NotLoaded):
                    await loop.create_task(touch(authors))
                with pytest.raises(errors.WrongTask):
                    await loop.create_task(ask())
            finally:
                loop.set_task_factory(None)
            assert len(authors[0].books) == 3

    await portal(look())
    assert count() == 2


async def test_it_can_be_closed(library: Given) -> None:
    db, _ = library

    async def look() -> None:
        async with db.read() as session:
            authors = await session.all(Author, select(Author))
            close_portal()
            with pytest.raises(errors.NotLoaded):
                len(authors[0].books)
            assert len(await authors[0].awaitable_attrs.books) == 3

    await portal(look())
    close_portal()  # without one nothing happens

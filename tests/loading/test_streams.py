"""A stream that has its connection to itself: whatever else is sent there would lose its rows, so it is refused."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import async_sessionmaker

from crosslet import Database, errors
from fix_databases import Target
from loading.library import Author, Count, touched

Given = tuple[Database, Count]
SLOWLY = select(Author).order_by(Author.id).execution_options(yield_per=5)


async def read(session: Any, touch: Any) -> list[int]:
    numbers = []
    async for authors in (await session.stream_scalars(SLOWLY)).partitions():
        numbers += [author.id for author in authors]
        await touch(authors)
    return numbers


# The drivers say so when a stream that was given up is rolled back.
pytestmark = pytest.mark.filterwarnings("ignore:Previous unbuffered result")


async def test_a_plain_session_loses_rows(library: Given, target: Target) -> None:
    """SQLAlchemy's own: the load ends the stream, and the loop ends as if there were no more rows."""
    db, _ = library
    if db.dialect.can_interleave:
        pytest.skip("a cursor of the server's keeps its rows")
    async with async_sessionmaker(await db.engine())() as session:
        numbers = await read(session, lambda some: session.run_sync(lambda _: len(some[0].books)))
    assert numbers == [1, 2, 3, 4, 5]


async def test_a_load_beside_it_is_refused_before_a_row_is_lost(library: Given, target: Target) -> None:
    db, _ = library
    async with db.write() as session:
        if db.dialect.can_interleave:
            numbers = await read(session, lambda some: touched(session, lambda: len(some[0].books)))
            assert numbers == list(range(1, 21))
            return
        with pytest.raises(errors.StreamOpen, match=r"stream of its own"):
            await read(session, lambda some: touched(session, lambda: len(some[0].books)))
        await session.rollback()


async def test_any_other_statement_is_refused_as_well(library: Given, target: Target) -> None:
    db, _ = library
    async with db.write() as session:
        counting = lambda _: session.scalar(select(func.count()).select_from(Author))  # noqa: E731
        if db.dialect.can_interleave:
            assert len(await read(session, counting)) == 20
            return
        with pytest.raises(errors.StreamOpen):
            await read(session, counting)
        await session.rollback()


async def test_read_to_its_end_it_is_in_nobody_s_way(library: Given) -> None:
    db, _ = library
    async with db.write() as session:
        found = [author async for author in await session.stream_scalars(SLOWLY)]
        assert await touched(session, lambda: sum(len(author.books) for author in found)) == 60

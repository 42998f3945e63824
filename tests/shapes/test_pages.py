"""Lists of a known size, which PostgreSQL sends as one text."""

import json

from sqlalchemy import bindparam, select

from crosslet import Database
from shapes.library import Book
from shapes.test_trees import MarkedBook, library

__all__ = ["library"]


async def test_pages_of_any_size(library: Database) -> None:
    """PostgreSQL sends a page as one text, a longer list a row each: in the same order, and nothing for no row."""
    for size in (0, 1, 3, 1000, 1001):
        statement = select(Book).order_by(Book.title.desc()).limit(size)
        async with library.read() as session:
            objects = await session.all(MarkedBook, statement)
            content = await session.json(list[MarkedBook], statement)
            kept = select(Book).order_by(Book.title.desc()).limit(bindparam("size")).params(size=size)
            assert await session.json(list[MarkedBook], kept) == content
        assert json.loads(content) == [{"title": book.title} for book in objects]
        assert [book.title for book in objects] == [f"Book {number}" for number in range(5, -1, -1)][:size]

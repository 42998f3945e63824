"""Each object knows its statement, also where the rows below it were read before its own were handed out."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload

from crosslet.loading import origin_of
from loading.library import Author, Book
from loading.test_peers import Given


async def test_objects_of_a_statement_that_loads_more_along(library: Given) -> None:
    db, _ = library
    for option in (
        selectinload(Author.books).selectinload(Book.reviews),
        joinedload(Author.books).selectinload(Book.reviews),
    ):
        async with db.read() as session:
            authors = (await session.scalars(select(Author).options(option))).unique().all()
            found: list[Any] = [*authors, *(book for author in authors for book in author.books)]
            found += [review for book in authors[0].books for review in inspect(book).dict.get("reviews", ())]
        assert len(found) > len(authors)
        origins = {origin_of(inspect(one)) for one in found}
        assert len(origins) == 1, option
        (origin,) = origins
        assert origin is not None
        assert origin.site is not None
        assert origin.site.function.startswith("test_objects_of_a_statement")

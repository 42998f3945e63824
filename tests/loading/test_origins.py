"""Each object knows its statement, also where the rows below it were read before its own were handed out."""

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from crosslet.loading import origin_of
from loading.library import Author, Book
from loading.test_peers import Given


async def test_objects_of_a_statement_that_loads_more_along(library: Given) -> None:
    db, _ = library
    for option in (selectinload, joinedload, subqueryload):
        async with db.read() as session:
            statement = select(Author).options(option(Author.books).selectinload(Book.reviews))
            authors = (await session.scalars(statement)).unique().all()
        books = [book for author in authors for book in author.books]
        reviews = [review for book in books for review in book.reviews]
        assert reviews
        origins = {origin_of(inspect(one)) for one in (*authors, *books, *reviews)}
        assert len(origins) == 1, option
        (origin,) = origins
        assert origin is not None
        assert origin.site is not None
        assert origin.site.function.startswith("test_objects_of_a_statement")

"""What the ORM loads for one object alone, and what it loads for nothing, with the rules over them."""

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, lazyload, selectinload, subqueryload

from crosslet import Database
from crosslet.facts import Trace, trace
from crosslet.rules import Finding, findings_in, n_plus_one, unused_eager_load
from facts.shelves import Author, Book, Review, fill, one_by_one


async def touched(db: Database) -> Trace:
    with trace(db) as found:
        async with db.read() as session:
            authors = (await session.scalars(one_by_one())).all()
            for author in authors:
                for book in await author.awaitable_attrs.books:
                    await book.awaitable_attrs.reviews
    return found


async def test_each_lazy_load_is_known_with_query_and_line(shelves: Database) -> None:
    found = await touched(shelves)
    paths = [load.path for load in found.lazy_loads]
    assert paths.count(("Author.books",)) == 3
    assert paths.count(("Author.books", "Book.reviews")) == 6
    assert len({load.origin for load in found.lazy_loads}) == 1
    assert [sent.loads for sent in found.statements].count("Book.reviews") == 6
    assert found.statements[0].loads is None
    origin = found.lazy_loads[0].origin
    assert origin is not None
    assert origin.site == found.statements[0].site


async def test_n_plus_one_names_attribute_count_lines_and_option(shelves: Database) -> None:
    found = await touched(shelves)
    books, reviews = n_plus_one(found.lazy_loads)
    first = found.statements[0].site
    assert first is not None
    assert books.message == f"Author.books was loaded 3 times, for one object of the query at {first} each."
    assert books.fix == "add .options(selectinload(Author.books)) to that query."
    assert reviews.fix == "add .options(selectinload(Author.books).selectinload(Book.reviews)) to that query."
    assert reviews.data["count"] == 6
    assert books.site is not None
    assert reviews.site is not None
    assert (books.site.line - first.line, reviews.site.line - first.line) == (2, 3)
    # The same statements are no further finding of another rule.
    assert {finding.rule for finding in findings_in(found)} == {"n_plus_one"}


async def test_the_option_is_the_cure(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.read() as session:
            statement = select(Author).options(selectinload(Author.books).selectinload(Book.reviews))
            for author in (await session.scalars(statement)).all():
                assert [len(book.reviews) for book in author.books] == [1, 1]
    assert found.count == 3
    assert (found.lazy_loads, findings_in(found)) == ([], [])


async def test_what_is_loaded_for_all_that_came_together_is_no_finding(shelves: Database) -> None:
    with trace(shelves, reads=True) as found:
        async with shelves.read() as session:
            for author in (await session.scalars(select(Author))).all():
                for book in await author.awaitable_attrs.books:
                    await book.awaitable_attrs.reviews
    assert found.count == 3
    assert (found.lazy_loads, found.eager_loads, findings_in(found)) == ([], [], [])


async def test_one_object_of_each_query_is_no_n_plus_one(shelves: Database) -> None:
    with trace(shelves) as found:
        for name in ("author 0", "author 1", "author 2"):
            async with shelves.read() as session:
                author = (await session.scalars(one_by_one().where(Author.name == name))).one()
                await author.awaitable_attrs.books
    assert len(found.lazy_loads) == 3
    assert n_plus_one(found.lazy_loads) == []


async def test_below_an_eager_load_the_option_begins_at_the_query(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.read() as session:
            statement = select(Author).options(selectinload(Author.books).lazyload(Book.reviews))
            for author in (await session.scalars(statement)).all():
                for book in author.books:
                    await book.awaitable_attrs.reviews
    (finding,) = n_plus_one(found.lazy_loads)
    assert finding.data["option"] == "selectinload(Author.books).selectinload(Book.reviews)"


async def test_refreshing_rows_one_by_one_is_seen(shelves: Database) -> None:
    with trace(shelves) as found:
        async with shelves.write() as session:
            session.fetch_mode = "one"
            authors = (await session.scalars(select(Author))).all()
            for author in authors:
                session.expire(author, ["name"])
            await authors[0].awaitable_attrs.name
    load = found.lazy_loads[0]
    assert (load.attribute, load.option) == ("Author.name", None)
    assert load.origin is not None


# --- eager loads ----------------------------------------------------------------------------------


async def unused(db: Database, option: object, *, reads: bool) -> list[Finding]:
    with trace(db, reads=True) as found:
        async with db.read() as session:
            authors = (await session.scalars(select(Author).options(option))).unique().all()  # type: ignore[arg-type]
            if reads:
                assert len(authors[-1].books) == 2
    return unused_eager_load(found.eager_loads)


@pytest.mark.parametrize("loader", [selectinload, joinedload, subqueryload])
async def test_a_relationship_that_no_object_had_read(shelves: Database, loader: object) -> None:
    option = loader(Author.books)  # type: ignore[operator]
    (finding,) = await unused(shelves, option, reads=False)
    assert finding.data["attribute"] == "Author.books"
    assert finding.site is not None
    assert finding.site.function == "unused"
    # One object of three is enough.
    assert await unused(shelves, option, reads=True) == []


async def test_contains_eager_and_a_chain_is_told_once(shelves: Database) -> None:
    with trace(shelves, reads=True) as found:
        async with shelves.read() as session:
            statement = select(Book).join(Book.author).options(contains_eager(Book.author).selectinload(Author.books))
            (await session.scalars(statement)).unique().all()
    (finding,) = unused_eager_load(found.eager_loads)
    assert finding.data["path"] == ["Book.author"]


async def test_a_shape_that_reads_the_objects_counts(shelves: Database) -> None:
    class BookOut(BaseModel, from_attributes=True):
        title: str

    class AuthorOut(BaseModel, from_attributes=True):
        books: list[BookOut]

    with trace(shelves, reads=True) as found:
        async with shelves.read() as session:
            for author in (await session.scalars(select(Author).options(selectinload(Author.books)))).all():
                AuthorOut.model_validate(author)
    assert [load.is_read for load in found.eager_loads] == [True]


async def test_one_run_of_a_line_that_reads_speaks_for_all(shelves: Database) -> None:
    with trace(shelves, reads=True) as found:
        for reads in (False, True, False):
            async with shelves.read() as session:
                authors = (await session.scalars(select(Author).options(selectinload(Author.books)))).all()
                if reads:
                    assert authors[0].books
    assert len(found.eager_loads) == 3
    assert unused_eager_load(found.eager_loads) == []


async def test_nothing_is_said_where_it_cannot_be_known(shelves: Database) -> None:
    with trace(shelves, reads=True) as found:
        async with shelves.write() as session:
            # These came with a query of their own before, and are what the other loads for.
            known = (await session.scalars(one_by_one())).all()
            await session.scalars(select(Author).options(selectinload(Author.books)))
            assert [len(author.books) for author in known] == [2, 2, 2]
        async with shelves.write() as session:
            # A flush reads the children of what it deletes, and nobody hears of it.
            statement = select(Book).options(selectinload(Book.reviews), lazyload(Book.author)).limit(1)
            book = (await session.scalars(statement)).one()
            await session.execute(delete(Review))
            await session.delete(book)
    assert unused_eager_load(found.eager_loads) == []


async def test_attributes_are_as_before_after_the_last_trace(shelves: Database) -> None:
    def kinds() -> set[type]:
        return {type(Author.books), type(Book.author), type(Book.reviews)}

    assert kinds() == {InstrumentedAttribute}
    with trace(shelves, reads=True):
        async with shelves.read() as session:
            with trace(shelves, reads=True):
                await session.scalars(select(Author))
                assert InstrumentedAttribute not in kinds()
            await session.scalars(select(Author))
            assert InstrumentedAttribute not in kinds()
    assert kinds() == {InstrumentedAttribute}


async def test_more_rows_do_not_change_what_is_kept(shelves: Database) -> None:
    await fill(shelves, 5)
    with trace(shelves, newest=4) as found:
        async with shelves.read() as session:
            for author in (await session.scalars(one_by_one())).all():
                await author.awaitable_attrs.books
    assert (len(found.lazy_loads), found.count) == (4, 9)

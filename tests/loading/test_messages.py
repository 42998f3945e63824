"""What the errors say: the attribute, the reason, both lines, and the option for that very statement."""

import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, inspect, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import exc as orm_exc
from sqlalchemy.orm import selectinload, undefer

from crosslet import Database, errors
from crosslet.loading import origin_of
from loading.library import Author, Book, Count, Librarian, Node, Review, touched

Given = tuple[Database, Count]


def line_of(marker: str) -> str:
    lines = Path(__file__).read_text().splitlines()
    return next(f"test_messages.py:{number} " for number, line in enumerate(lines, 1) if line.endswith(f"# {marker}"))


async def test_both_lines_and_the_option_at_the_root(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        statement = select(Author).order_by(Author.id)
        authors = await session.all(Author, statement)  # the statement
        with pytest.raises(exc.MissingGreenlet) as caught:
            len(authors[0].books)  # the touch
    assert isinstance(caught.value, errors.NotLoaded)
    text = str(caught.value)
    assert "Author.books was not loaded, and an attribute cannot wait for the database here" in text
    assert f"touched at: tests/loading/{line_of('the touch')}" in text
    assert f"came from the statement at: tests/loading/{line_of('the statement')}" in text
    assert ".options(selectinload(Author.books))" in text
    assert "await author.awaitable_attrs.books" in text
    assert (caught.value.owner, caught.value.name) == ("Author", "books")
    assert count() == 1


def option_in(text: str) -> Any:
    """Return the option that an error advises, as the code that it is."""
    found = re.search(r"`\.options\((.*?)\)`", text)
    assert found is not None
    names = {"selectinload": selectinload, "undefer": undefer, "Author": Author, "Book": Book, "Review": Review}
    from sqlalchemy.orm import joinedload

    return eval(found[1], {**names, "joinedload": joinedload, "Librarian": Librarian})


@pytest.mark.parametrize("name", ["books", "bio"])
async def test_the_advice_works_at_the_root(library: Given, name: str) -> None:
    db, _ = library
    async with db.read() as session:
        author = await session.one(Author, select(Author).where(Author.id == 1))
        with pytest.raises(errors.NotLoaded) as caught:
            getattr(author, name)
    async with db.read() as session:
        author = await session.one(Author, select(Author).where(Author.id == 1).options(option_in(str(caught.value))))
        assert getattr(author, name)


async def test_the_advice_works_two_and_three_levels_down(library: Given) -> None:
    """It is for the statement that was written, however deep below it the object stands, and how it came there."""
    db, count = library
    for loading in ([selectinload(Author.books)], []):
        async with db.read() as session:
            author = await session.one(Author, select(Author).where(Author.id == 1).options(*loading))
            book = await touched(session, lambda author=author: author.books[0])  # type: ignore[misc]
            with pytest.raises(errors.NotLoaded) as caught:
                len(book.reviews)
            assert ".options(selectinload(Author.books).selectinload(Book.reviews))" in str(caught.value)
            with pytest.raises(errors.NotLoaded) as topics:
                len(book.topics)
            assert "selectinload(Author.books).selectinload(Book.topics)" in str(topics.value)
    three = [option_in(str(caught.value))]
    async with db.read() as session:
        author = await session.one(Author, select(Author).where(Author.id == 1).options(*three))
        review = author.books[0].reviews[0]
        count.clear()
        assert await touched(session, lambda: review.book.author) is author
        assert count() == 0
    async with db.read() as session:
        review = await session.one(Review, select(Review).where(Review.id == 1))
        book = await touched(session, lambda: review.book)
        with pytest.raises(errors.NotLoaded) as caught:
            book.author  # noqa: B018
        assert ".options(joinedload(Review.book).joinedload(Book.author))" in str(caught.value)
    async with db.read() as session:
        review = await session.one(Review, select(Review).where(Review.id == 1).options(option_in(str(caught.value))))
        assert review.book.author is not None


@pytest.mark.parametrize("mode", ["peers", "one"])
async def test_three_levels_of_what_was_loaded_late(library: Given, mode: Any) -> None:
    """SQLAlchemy counts the path of what is loaded late from the object that was touched; the advice does not."""
    db, _ = library
    chain = "selectinload(Author.books).selectinload(Book.topics).selectinload(Topic.books).selectinload(Book.reviews)"
    async with db.read() as session:
        session.fetch_mode = mode
        author = await session.one(Author, select(Author).where(Author.id == 1))  # far above
        book = await touched(session, lambda: next(iter(next(iter(author.books[0].topics)).books - set(author.books))))
        with pytest.raises(errors.NotLoaded) as caught:
            len(book.reviews)
    assert f".options({chain})" in str(caught.value)
    assert line_of("far above") in str(caught.value)


async def test_a_tree_that_is_walked_keeps_its_statements(library: Given) -> None:
    """Each level has the same statement: the way to it is no part of it, so that SQLAlchemy compiles it once."""
    db, count = library
    cache: Any = (await db.engine(read_only=True)).sync_engine._compiled_cache
    async with db.read() as session:
        node = await session.one(Node, select(Node).where(Node.id == 1))
        sizes = []
        while children := await touched(session, lambda node=node: node.children):  # type: ignore[misc]
            node = children[0]
            sizes.append(len(cache))
    assert node.id == 16
    assert sizes[1:] == sizes[1:2] * 3
    assert count() == 1 + 5


async def test_eager_loads_do_not_hide_where_an_object_came_from(library: Given) -> None:
    """They are read while the rows above still are, in chunks of 500, and belong to the same statement."""
    db, _ = library
    eager = selectinload(Author.books, chunksize=7).selectinload(Book.reviews)
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(eager))  # with eager loads
        book = authors[0].books[0]
        for one in (authors[0], book, book.reviews[0]):
            origin = origin_of(inspect(one))
            assert origin is not None
            assert origin is origin_of(inspect(authors[0]))
            assert str(origin.site).startswith("tests/loading/" + line_of("with eager loads").strip())


async def test_a_detached_object_still_knows_its_statement(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        author = await session.one(Author, select(Author).where(Author.id == 1))  # of the detached
    for one in (author, pickle.loads(pickle.dumps(author))):
        for name, option in (("books", "selectinload(Author.books)"), ("bio", "undefer(Author.bio)")):
            with pytest.raises(orm_exc.DetachedInstanceError) as caught:
                getattr(one, name)
            assert isinstance(caught.value, errors.DetachedNotLoaded)
            assert f"Author.{name} was not loaded, and its session has ended" in str(caught.value)
            assert option in str(caught.value)
            if one is author:
                assert line_of("of the detached") in str(caught.value)
    assert count() == 1


async def test_expired_by_a_commit(library: Given) -> None:
    db, _ = library
    async with async_sessionmaker(await db.engine())() as session:
        author = (await session.scalars(select(Author).where(Author.id == 1))).one()
        await session.commit()
        with pytest.raises(errors.NotLoaded, match=r"(?s)Author\.name was not loaded, and it was expired.*expire_on_"):
            author.name  # noqa: B018
        await session.refresh(author)
        await session.commit()
    with pytest.raises(errors.DetachedNotLoaded, match=r"(?s)Author\.name .*expire_on_commit=False"):
        author.name  # noqa: B018


async def test_of_a_sub_class(library: Given) -> None:
    db, _ = library
    async with db.read() as session:
        librarian = await session.one(Librarian, select(Librarian).where(Librarian.id == 1))
        with pytest.raises(errors.NotLoaded, match=r"selectinload\(Librarian\.notes\)"):
            len(librarian.notes)
        with pytest.raises(errors.NotLoaded, match=r"selectinload\(Person\.loans\)"):
            len(librarian.loans)


async def test_a_cascade_that_would_have_to_load(library: Given) -> None:
    """It is no touched attribute, and says the same."""
    db, _ = library
    async with db.write() as session:
        book = await session.one(Book, select(Book).where(Book.id == 1))
        with pytest.raises(errors.NotLoaded, match=r"Book\.reviews was not loaded"):
            session.sync_session.delete(book)
        await session.rollback()

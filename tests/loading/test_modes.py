"""Which mode counts: the statement's, else the session's, else the class's; and what each does."""

from typing import Any

import pytest
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column

from crosslet import Database, errors, fetch
from loading.library import Author, Book, Count, touched

Given = tuple[Database, Count]


async def look(session: Any, authors: Any) -> int:
    return await session.run_sync(lambda _: sum(len(author.books) for author in authors))


async def test_raise_refuses_relationships_and_columns(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(fetch("raise")))
        for name in ("books", "bio"):
            with pytest.raises(errors.LoadRefused, match=rf"Author\.{name} was not loaded"):
                await touched(session, lambda name=name: getattr(authors[0], name))  # type: ignore[misc]
    assert count() == 1


async def test_raise_n_plus_one_refuses_where_there_are_several(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(fetch("raise_n_plus_one")))
        with pytest.raises(errors.LoadRefused, match="several objects"):
            await look(session, authors)
        del authors
    async with db.read() as session:
        one = select(Author).where(Author.id == 3).options(fetch("raise_n_plus_one"))
        author = await session.one(Author, one)
        assert await look(session, [author]) == 3
        with pytest.raises(errors.LoadRefused):
            await touched(session, lambda: len(author.books[0].reviews))
    assert count() == 1 + 1 + 1


async def test_the_mode_goes_with_what_is_loaded_below(library: Given) -> None:
    db, count = library
    async with db.read() as session:
        authors = await session.all(Author, select(Author).options(fetch("one")).limit(4))
        await touched(session, lambda: [[len(book.reviews) for book in author.books] for author in authors])
    assert count() == 1 + 4 + 12


async def test_of_the_session_and_the_database(library: Given, url: str) -> None:
    db, count = library
    async with db.read() as session:
        session.fetch_mode = "raise"
        authors = await session.all(Author, select(Author))
        with pytest.raises(errors.LoadRefused):
            await look(session, authors)
        books = await session.all(Book, select(Book).options(fetch("peers")))
        await touched(session, lambda: [len(book.reviews) for book in books])
        session.fetch_mode = None
        assert await look(session, authors) == 60
    assert count() == 1 + 1 + 1 + 1
    async with Database(str(await plain_url(db)), fetch_mode="raise") as strict, strict.read() as session:
        authors = await session.all(Author, select(Author))
        with pytest.raises(errors.LoadRefused):
            await look(session, authors)


async def plain_url(db: Database) -> str:
    return db.connections.url.render_as_string(hide_password=False)


async def test_of_a_class(url: str) -> None:
    class Base(DeclarativeBase):
        __fetch_mode__ = "raise"

    class Page(Base):
        __tablename__ = "pages"

        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        text: Mapped[str] = deferred(mapped_column(String(20)))

    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all([Page(id=1, text="a"), Page(id=2, text="b")])
        async with db.read() as session:
            pages = await session.all(Page, select(Page))
            with pytest.raises(errors.LoadRefused):
                await touched(session, lambda: pages[0].text)
            session.fetch_mode = "peers"
            assert await touched(session, lambda: {page.text for page in pages}) == {"a", "b"}


async def test_a_session_of_sqlalchemy_s_own_loads_one_by_one_until_it_is_told(library: Given) -> None:
    db, count = library
    async with async_sessionmaker(await db.engine())() as session:
        authors = (await session.scalars(select(Author))).all()
        assert await look(session, authors) == 60
    assert count() == 21
    count.clear()
    async with async_sessionmaker(await db.engine())() as session:
        authors = (await session.scalars(select(Author).options(fetch("peers")))).all()
        assert await look(session, authors) == 60
        assert await session.run_sync(lambda _: {author.bio for author in authors})
    assert count() == 3


async def test_the_option_is_part_of_the_statement_s_structure(library: Given) -> None:
    """One statement with it and one without share nothing that SQLAlchemy keeps of them."""
    db, _ = library
    async with db.read() as session:
        await session.all(Author, select(Author).where(Author.id < 7))
    async with db.read() as session:
        authors = await session.all(Author, select(Author).where(Author.id < 8).options(fetch("raise")))
        with pytest.raises(errors.LoadRefused):
            await look(session, authors)
    async with db.read() as session:
        authors = await session.all(Author, select(Author).where(Author.id < 9))
        assert await look(session, authors) == 24


@pytest.mark.parametrize(
    "make", [lambda: fetch("all"), lambda: fetch(window=0), lambda: Database("sqlite://", fetch_mode="x")]
)  # type: ignore[arg-type, list-item]
def test_what_is_no_mode(make: Any) -> None:
    with pytest.raises(errors.ConfigurationError):
        make()

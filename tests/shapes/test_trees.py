"""Trees are what the ORM and Pydantic make of the same rows, in one statement, on every database."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, computed_field, field_serializer
from sqlalchemy import bindparam, event, func, select
from sqlalchemy.orm import aliased, with_loader_criteria

from crosslet import Count, Database, Exists, From, Limit, OrderBy, Where, errors
from shapes.library import Author, Book, Copy, Edition, Genre, Library, Tag, book_tags, places, rows


@pytest.fixture
async def library(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Library) as db:
        await db.create_all()
        async with db.write() as session:
            everything = rows()
            session.add_all(everything)
            await session.flush()
            named = {getattr(one, "title", getattr(one, "name", "")): one.id for one in everything}
            for title, tag, place in places():
                values = {"book_id": named[title], "tag_id": named[tag], "place": place}
                await session.execute(book_tags.insert().values(values))
        yield db


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TagOut(Shape):
    name: str


class CopyOut(Shape):
    id: UUID
    code: str


class EditionOut(Shape):
    number: int
    pages: int
    copies: list[CopyOut]


class AuthorName(Shape):
    name: str
    born: date | None


class BookOut(Shape):
    id: UUID
    title: str
    genre: Genre
    price: Decimal
    published_at: datetime
    created_at: datetime
    is_lent: bool
    details: dict[str, Any] | None
    author: AuthorName
    tags: list[TagOut]
    editions: list[EditionOut]


class GrandchildOut(Shape):
    name: str
    mentor: AuthorName | None


class ChildOut(Shape):
    name: str
    students: list[GrandchildOut]


class AuthorOut(Shape):
    id: UUID
    full_name: str
    initial: str
    born: date | None
    book_count: int
    mentor: AuthorName | None
    students: list[ChildOut]
    books: list[BookOut]
    cheap_books: list[BookOut]


class Renamed(Shape):
    model_config = ConfigDict(from_attributes=True, validate_by_name=True)

    label: str = Field(validation_alias="title", serialization_alias="bookTitle")
    price: Decimal = Field(alias="price", serialization_alias="cost")
    hidden: UUID = Field(validation_alias="id", exclude=True)


class Computing(Shape):
    title: str
    tags: list[TagOut]

    @computed_field
    def loud(self) -> str:
        return self.title.upper()


class Serializing(Shape):
    price: Decimal
    author: AuthorName

    @field_serializer("price")
    def _price(self, value: Decimal) -> str:
        return f"{value} EUR"


class CompositeOut(Shape):
    code: str
    edition: EditionOut


SHAPES: list[tuple[type[Shape], Any]] = [
    (AuthorOut, Author),
    (BookOut, Book),
    (Renamed, Book),
    (Computing, Book),
    (Serializing, Book),
    (EditionOut, Edition),
    (CompositeOut, Copy),
    (TagOut, Tag),
]
ORDER = {Author: Author.name, Book: Book.title, Edition: Edition.pages, Copy: Copy.code, Tag: Tag.name}


async def expected(db: Database, shape: Any, statement: Any) -> list[Any]:
    """Let the ORM load and Pydantic make the objects."""
    adapter: TypeAdapter[Any] = TypeAdapter(list[shape])

    def load(session: Any) -> Any:
        found = session.scalars(statement).unique().all()
        return adapter.validate_python(found, from_attributes=True)

    async with db.write() as session:
        return list(await session.run_sync(load))


class Statements:
    """The statements that a Database sends."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def follow(self, db: Database) -> "Statements":
        for read_only in (True, False):
            engine = await db.engine(read_only=read_only)
            event.listen(engine.sync_engine, "before_cursor_execute", self._note)
        return self

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self.sent.append(statement)


@pytest.mark.parametrize(("shape", "entity"), SHAPES, ids=lambda item: item.__name__)
async def test_a_tree_is_what_orm_and_pydantic_make_in_one_statement(
    library: Database, shape: Any, entity: Any
) -> None:
    statement = select(entity).order_by(ORDER[entity])
    wanted = await expected(library, shape, statement)
    written = TypeAdapter(list[shape]).dump_json(wanted, by_alias=True)
    async with library.read() as session:
        await session.execute(select(1))
        statements = await Statements().follow(library)
        assert await session.all(shape, statement) == wanted
        assert json.loads(await session.json(list[shape], statement)) == json.loads(written)
        assert len(statements.sent) == 2
        first = await session.first(shape, statement)
        assert first == wanted[0]


async def test_the_statement_s_own_where_order_limit_and_joins_are_the_parents(library: Database) -> None:
    filtered = select(Author).where(Author.books.any(Book.is_lent)).order_by(Author.name.desc()).limit(1).offset(1)
    async with library.read() as session:
        found = await session.all(AuthorOut, filtered)
    assert found == await expected(library, AuthorOut, filtered)
    assert len(found) == 1


async def test_other_values_of_the_same_statement_use_the_kept_plan(library: Database) -> None:
    async with library.read() as session:
        for title in ("Book 0", "Book 3", "nothing", "Book 5"):
            for limit in (1, 5):
                statement = select(Book).where(Book.title == title, Book.price.in_([Decimal("0.05"), Decimal("9.05")]))
                found = await session.all(BookOut, statement.limit(limit))
                assert [book.title for book in found] == ([title] if title in {"Book 0", "Book 3"} else [])


async def test_an_alias_and_a_held_row(library: Database) -> None:
    other = aliased(Author)
    async with library.write() as session:
        statement = select(other).where(other.name == "Dan")
        dan = await session.one(AuthorOut, statement)
        assert (dan.full_name, len(dan.books)) == ("Dan", 3)
        row = await session.one(Author, select(Author).where(Author.name == "Dan"))
        assert await session.one(AuthorOut, row) == dan
        assert json.loads(await session.json(AuthorOut, row))["full_name"] == "Dan"


class Marked(Shape):
    name: str
    latest: Annotated[list[TagOut], From(Author.books), OrderBy(Book.title.desc()), Limit(2)] = []


class MarkedBook(Shape):
    title: str


class MarkedAuthor(Shape):
    name: str
    shout: Annotated[str, From(func.upper(Author.name))]
    latest: Annotated[list[MarkedBook], From(Author.books), OrderBy(Book.title.desc()), Limit(2)]
    second: Annotated[list[MarkedBook], From(Author.books), Limit(1, offset=1)]
    lent: Annotated[list[MarkedBook], From(Author.books), Where(Book.is_lent)]
    blue: Annotated[list[MarkedBook], From(Author.books), Where(Book.tags.any(Tag.name == "blue"))]
    books: Annotated[int, Count(Author.books)]
    lent_books: Annotated[int, Count(Author.books, Book.is_lent)]
    has_students: Annotated[bool, Exists(Author.students)]


async def test_markers(library: Database) -> None:
    async with library.read() as session:
        statements = await Statements().follow(library)
        found = {one.name: one for one in await session.all(MarkedAuthor, select(Author))}
        assert len(statements.sent) == 1
        raw = json.loads(await session.json(list[MarkedAuthor], select(Author).order_by(Author.name)))
    dan, cyd = found["Dan"], found["Cyd"]
    assert dan.shout == "DAN"
    assert [book.title for book in dan.latest] == ["Book 5", "Book 4"]
    assert [book.title for book in dan.second] == ["Book 4"]
    assert [book.title for book in dan.lent] == ["Book 3"]
    assert [book.title for book in dan.blue] == ["Book 3"]
    assert (dan.books, dan.lent_books, dan.has_students) == (3, 1, False)
    assert (cyd.books, cyd.latest, cyd.has_students) == (0, [], False)
    assert found["Ada 😀"].has_students
    assert raw == [found[one["name"]].model_dump(mode="json") for one in raw]


async def test_the_association_table_orders_its_rows(library: Database) -> None:
    class Reversed(Shape):
        title: str
        tags: Annotated[list[TagOut], OrderBy(book_tags.c.place.desc())]

    statement = select(Book).where(Book.title == "Book 0")
    async with library.read() as session:
        assert [tag.name for tag in (await session.one(BookOut, statement)).tags] == ["wet", "blue"]
        assert [tag.name for tag in (await session.one(Reversed, statement)).tags] == ["blue", "wet"]


async def test_one_and_json_of_one_say_when_there_is_none_or_more(library: Database) -> None:
    async with library.read() as session:
        for read in (session.one, session.json):
            with pytest.raises(errors.NotFound):
                await read(BookOut, select(Book).where(Book.title == "nothing"))
            with pytest.raises(errors.MultipleRowsFound):
                await read(BookOut, select(Book))
        assert await session.json(list[BookOut], select(Book).where(Book.title == "nothing")) == b"[]"


async def test_a_stream_gives_the_same_shapes(library: Database) -> None:
    statement = select(Author).order_by(Author.name)
    wanted = await expected(library, AuthorOut, statement)
    async with library.read() as session:
        assert [author async for author in session.stream(AuthorOut, statement)] == wanted
    async with library.read() as session:
        assert [author.name async for author in session.stream(Author, statement)] == [one.full_name for one in wanted]


async def test_a_list_of_20_mb_comes_back_whole(url: str) -> None:
    """Beyond what MariaDB cuts a list at by default (1 MiB), and what it may send as one packet (16 MiB)."""
    async with Database(url, metadata=Library) as db:
        await db.create_all()
        async with db.write() as session:
            author = Author(name="Prolific")
            session.add(author)
            for number in range(40):
                session.add(
                    Book(
                        title=f"{number:02}",
                        genre=Genre.NOVEL,
                        price=Decimal(1),
                        published_at=datetime(2020, 1, 1, tzinfo=UTC),
                        is_lent=False,
                        details={"text": f"{number:02}" * 256_000},
                        author=author,
                    )
                )
                await session.flush()
        async with db.read() as session:
            raw = await session.json(list[BookOut], select(Book).order_by(Book.title))
            assert len(raw) > 20_000_000
            assert [book["details"]["text"] for book in json.loads(raw)] == [f"{n:02}" * 256_000 for n in range(40)]

            class Shelf(Shape):
                books: Annotated[list[BookOut], Limit(20)]

            shelf = await session.one(Shelf, select(Author))
            assert [len(book.details["text"]) for book in shelf.books if book.details] == [512_000] * 20


async def test_values_given_by_params(library: Database) -> None:
    kept = select(Book).where(Book.title == bindparam("title"))
    async with library.read() as session:
        for title in ("Book 0", "Book 4"):
            assert (await session.one(MarkedBook, kept.params(title=title))).title == title
            assert json.loads(await session.json(MarkedBook, kept.params(title=title))) == {"title": title}
        for read in (session.one, session.all, session.json):
            with pytest.raises(errors.ConfigurationError, match=r"title=\.\.\."):
                await read(MarkedBook, kept)


async def test_a_listener_of_the_application_s_own_is_heard(library: Database) -> None:
    """A read may go past the session's machinery only where nobody would notice."""

    def only_lent(state: Any) -> None:
        state.statement = state.statement.options(with_loader_criteria(Book, Book.is_lent, include_aliases=True))

    statement = select(Author).order_by(Author.name)
    async with library.read() as session:
        everything = await session.all(AuthorOut, statement)
    async with library.read() as session:
        event.listen(session.sync_session, "do_orm_execute", only_lent)
        lent = await session.all(AuthorOut, statement)
    assert [len(author.books) for author in everything] == [2, 1, 0, 3]
    assert [[book.is_lent for book in author.books] for author in lent] == [[True], [], [], [True]]


async def test_no_statement_reaches_the_engine_where_nobody_listens(library: Database) -> None:
    async with library.read() as session:
        # The first connection tells the server's version, which what is sent depends on.
        await session.execute(select(1))
    async with library.read() as session:
        await session.all(BookOut, select(Book))
        assert session.unit.connection is None
        assert session._made is None


async def test_execution_options_are_a_call_s_own(library: Database) -> None:
    seen: list[Any] = []

    def note(state: Any) -> None:
        seen.append(state.execution_options.get("mark"))

    statement = select(Book).where(Book.title == "Book 0")
    async with library.read() as session:
        await session.one(MarkedBook, statement.execution_options(mark=1))
        event.listen(session.sync_session, "do_orm_execute", note)
        await session.one(MarkedBook, statement)
        await session.one(MarkedBook, statement.execution_options(mark=2))
    assert seen == [None, 2]


async def test_distinct_parents_of_a_join(library: Database) -> None:
    statement = select(Author).join(Author.books).where(Book.price >= 0).order_by(Author.name).distinct()
    wanted = await expected(library, AuthorOut, statement)
    async with library.read() as session:
        assert await session.all(AuthorOut, statement) == wanted
        assert [one.full_name for one in wanted] == ["Ada 😀", "Bob \"'\\ %s :x", "Dan"]
        assert await session.all(MarkedBook, select(Book).order_by(Book.title).distinct()) == [
            MarkedBook(title=f"Book {number}") for number in range(6)
        ]


async def test_a_row_by_its_key(library: Database) -> None:
    async with library.read() as session:
        dan = await session.one(Author, select(Author).where(Author.name == "Dan"))
        by_key = await session.one(AuthorOut, Author, dan.id)
        assert by_key == await session.one(AuthorOut, select(Author).where(Author.id == dan.id))
        assert (await session.one(Author, Author, dan.id)).name == "Dan"
        assert json.loads(await session.json(AuthorOut, Author, dan.id))["full_name"] == "Dan"
        copy = await session.first(Copy, select(Copy).order_by(Copy.code))
        assert copy is not None
        edition = await session.one(EditionOut, Edition, (copy.book_id, copy.number))
        assert edition.number == copy.number
        for read in (session.one, session.json):
            with pytest.raises(errors.NotFound):
                await read(AuthorOut, Author, copy.id)
            with pytest.raises(errors.ConfigurationError, match="2 parts"):
                await read(EditionOut, Edition, 1)
            with pytest.raises(errors.ConfigurationError, match="a mapped class before it"):
                await read(AuthorOut, select(Author), dan.id)

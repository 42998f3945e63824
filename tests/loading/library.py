"""A library: every kind of relationship and of late column that an object can have, in plain SQLAlchemy."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, String, Table, event
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, relationship

from crosslet import Database
from crosslet.database import Session

T = TypeVar("T")


class Library(AsyncAttrs, DeclarativeBase):
    """Nothing of crosslet's is in it."""


book_topics = Table(
    "book_topics",
    Library.metadata,
    Column("book_id", ForeignKey("books.id"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id"), primary_key=True),
)


class Author(Library):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(30))
    bio: Mapped[str] = deferred(mapped_column(String(30)))
    photo: Mapped[str] = deferred(mapped_column(String(30)), group="media")
    voice: Mapped[str] = deferred(mapped_column(String(30)), group="media")
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.id.desc()")
    long_books: Mapped[list["Book"]] = relationship(
        primaryjoin="and_(Author.id == foreign(Book.author_id), Book.pages > 150)", viewonly=True, order_by="Book.id"
    )


class Book(Library):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(30))
    pages: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author | None] = relationship(back_populates="books")
    reviews: Mapped[list["Review"]] = relationship(back_populates="book", cascade="all, delete-orphan")
    topics: Mapped[set["Topic"]] = relationship(secondary=book_topics, back_populates="books")


class Review(Library):
    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(30))
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    book: Mapped[Book] = relationship(back_populates="reviews")


class Topic(Library):
    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(30))
    books: Mapped[set[Book]] = relationship(secondary=book_topics, back_populates="topics")


class Node(Library):
    __tablename__ = "nodes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    children: Mapped[list["Node"]] = relationship(back_populates="parent", order_by="Node.id")
    parent: Mapped["Node | None"] = relationship(back_populates="children", remote_side="Node.id")


class Shelf(Library):
    __tablename__ = "shelves"

    floor: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    copies: Mapped[list["Copy"]] = relationship(back_populates="shelf")


class Copy(Library):
    __tablename__ = "copies"
    __table_args__ = (ForeignKeyConstraint(["floor", "number"], ["shelves.floor", "shelves.number"]),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    floor: Mapped[int]
    number: Mapped[int]
    shelf: Mapped[Shelf] = relationship(back_populates="copies")


class Person(Library):
    __tablename__ = "people"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    loans: Mapped[list["Loan"]] = relationship(back_populates="person")


class Librarian(Person):
    __tablename__ = "librarians"
    __mapper_args__ = {"polymorphic_identity": "librarian"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    desk: Mapped[str] = mapped_column(String(30))
    notes: Mapped[list["Note"]] = relationship(back_populates="librarian")


class Loan(Library):
    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(back_populates="loans")


class Note(Library):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    librarian_id: Mapped[int] = mapped_column(ForeignKey("librarians.id"))
    librarian: Mapped[Librarian] = relationship(back_populates="notes")


AUTHORS = 20


def rows() -> list[Library]:
    """Make 20 authors of 3 books each, a book without author, 2 reviews a book, and what the other tests need."""
    topics = [Topic(id=number, name=f"topic {number}") for number in range(1, 5)]
    authors = [
        Author(
            id=number, name=f"author {number}", bio=f"bio {number}", photo=f"photo {number}", voice=f"voice {number}"
        )
        for number in range(1, AUTHORS + 1)
    ]
    books = [
        Book(
            id=number,
            title=f"book {number}",
            pages=100 * (number % 3) + 100,
            author_id=None if number > 3 * AUTHORS else (number - 1) // 3 + 1,
            topics={topics[number % 4], topics[(number + 1) % 4]},
        )
        for number in range(1, 3 * AUTHORS + 2)
    ]
    reviews = [Review(id=number, text=f"review {number}", book_id=(number - 1) // 2 + 1) for number in range(1, 121)]
    # 31 nodes, five levels: the root is 1, the children of n are 2n and 2n + 1.
    nodes = [Node(id=number, parent_id=number // 2 or None) for number in range(1, 32)]
    shelves = [Shelf(floor=number % 2, number=number) for number in range(10)]
    copies = [Copy(id=number, floor=number % 2, number=number % 10) for number in range(40)]
    people: list[Library] = [
        Librarian(id=number, desk=f"desk {number}") if number % 2 else Person(id=number) for number in range(1, 11)
    ]
    loans = [Loan(id=number, person_id=number % 10 + 1) for number in range(30)]
    notes = [Note(id=number, librarian_id=2 * (number % 5) + 1) for number in range(15)]
    return [*topics, *authors, *books, *reviews, *nodes, *shelves, *copies, *people, *loans, *notes]


class Count:
    """Statements that read."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self) -> int:
        """Return how many there were."""
        return len(self.texts)

    def clear(self) -> None:
        """Begin again."""
        self.texts.clear()


@contextmanager
def counted(*engines: Any) -> Iterator[Count]:
    """Count what some engines read; a unit may begin with statements of its own."""
    count = Count()

    def listen(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            count.texts.append(statement)

    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", listen)
    yield count
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", listen)


async def filled(url: str) -> AsyncIterator[tuple[Database, Count]]:
    """Give a library, and what its readers and writers send from now on."""
    async with Database(url, metadata=Library) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all(rows())
        with counted(await db.engine(), await db.engine(read_only=True)) as count:
            yield db, count


async def touched(session: Session, look: Callable[[], T]) -> T:
    """Touch attributes where they may wait for the database."""
    return await session.run_sync(lambda _: look())

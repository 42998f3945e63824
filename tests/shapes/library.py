"""A small library with every kind of relationship, for tests of trees."""

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String, Table, and_, func, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, column_property, composite, mapped_column, relationship, synonym

from crosslet import ExactDecimal, Model


class Library(Model):
    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


@dataclass(frozen=True)
class Size:
    number: int
    pages: int


class Genre(enum.Enum):
    NOVEL = "novel"
    POEMS = "poems"


book_tags = Table(
    "book_tags",
    Library.metadata,
    Column("book_id", ForeignKey("books.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    Column("place", Integer, nullable=False),
)


class Author(Library):
    __tablename__ = "authors"

    name: Mapped[str] = mapped_column(String(50))
    born: Mapped[date | None]
    mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("authors.id"))
    full_name: Mapped[str] = synonym("name")

    mentor: Mapped["Author | None"] = relationship(remote_side="Author.id", back_populates="students")
    students: Mapped[list["Author"]] = relationship(back_populates="mentor", order_by="Author.name")
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.title")
    cheap_books: Mapped[list["Book"]] = relationship(
        primaryjoin=lambda: and_(Author.id == Book.author_id, Book.price < 10), viewonly=True, order_by="Book.title"
    )

    book_titles: AssociationProxy[list[str]] = association_proxy("books", "title")
    book_tags: AssociationProxy[list[list[str]]] = association_proxy("books", "tag_names")
    mentor_name: AssociationProxy[str | None] = association_proxy("mentor", "name")

    @hybrid_property
    def initial(self) -> str:
        return self.name[:1]

    @initial.inplace.expression
    @classmethod
    def _initial(cls) -> Any:
        return func.substr(cls.name, 1, 1)


class Book(Library):
    __tablename__ = "books"

    title: Mapped[str] = mapped_column(String(100))
    genre: Mapped[Genre]
    price: Mapped[Decimal] = mapped_column(ExactDecimal(10, 2))
    published_at: Mapped[datetime]
    is_lent: Mapped[bool]
    details: Mapped[dict[str, Any] | None]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("authors.id"))

    author: Mapped[Author] = relationship(back_populates="books")
    tags: Mapped[list["Tag"]] = relationship(secondary=book_tags, order_by=book_tags.c.place)
    editions: Mapped[list["Edition"]] = relationship(order_by="Edition.number", back_populates="book")
    tag_names: AssociationProxy[list[str]] = association_proxy("tags", "name")
    copy_codes: AssociationProxy[list[list[str]]] = association_proxy("editions", "copy_codes")
    author_born: AssociationProxy[date | None] = association_proxy("author", "born")


class Tag(Library):
    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(String(30))
    books: Mapped[list[Book]] = relationship(secondary=book_tags, order_by="Book.title", viewonly=True)


class Edition(Library):
    """A composite key, and rows below it that refer to both of its parts."""

    __tablename__ = "editions"

    id: Mapped[UUID] = mapped_column("book_id", ForeignKey("books.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[int]

    book: Mapped[Book] = relationship(back_populates="editions")
    copies: Mapped[list["Copy"]] = relationship(order_by="Copy.code", back_populates="edition")
    copy_codes: AssociationProxy[list[str]] = association_proxy("copies", "code")
    book_price: AssociationProxy[Decimal] = association_proxy("book", "price")
    size: Mapped["Size"] = composite("number", "pages")


class Copy(Library):
    __tablename__ = "copies"
    __table_args__ = (ForeignKeyConstraint(["book_id", "number"], ["editions.book_id", "editions.number"]),)

    code: Mapped[str] = mapped_column(String(20))
    book_id: Mapped[UUID]
    number: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="copies")


Author.book_count = column_property(  # type: ignore[attr-defined]
    select(func.count(Book.id)).where(Book.author_id == Author.id).correlate_except(Book).scalar_subquery()
)


def rows() -> list[Any]:
    """Return everything: three generations of authors, books with and without all there is."""
    ada = Author(name="Ada 😀", born=date(1815, 12, 10))
    bob = Author(name="Bob \"'\\ %s :x", mentor=ada)
    cyd = Author(name="Cyd", mentor=bob, born=date(1, 1, 1))
    dan = Author(name="Dan", mentor=bob)
    tags = [Tag(name=name) for name in ("blue", "red", "wet")]
    books = []
    for number, author in enumerate([ada, ada, bob, dan, dan, dan]):
        book = Book(
            title=f"Book {number}",
            genre=Genre.NOVEL if number % 2 else Genre.POEMS,
            price=Decimal(number * 3) + Decimal("0.05"),
            published_at=datetime(2020, 1, 1 + number, 12, 30, 0, number % 2, tzinfo=UTC),
            is_lent=number % 3 == 0,
            details={"b": [1, None, {"x": 2.5}], "a": "ü"} if number % 2 else None,
            author=author,
        )
        book.editions = [
            Edition(number=n, pages=100 * n, copies=[Copy(code=f"{number}{n}{c}") for c in range(n - 1)])
            for n in range(1, 1 + number % 3)
        ]
        books.append(book)
    return [ada, bob, cyd, dan, *tags, *books]


def places() -> list[tuple[str, str, int]]:
    """Say which tags a book has, and in which order: not that of their names."""
    return [
        ("Book 0", "wet", 1),
        ("Book 0", "blue", 2),
        ("Book 3", "red", 1),
        ("Book 3", "blue", 2),
        ("Book 5", "wet", 9),
    ]

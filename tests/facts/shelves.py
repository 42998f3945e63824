"""Authors, their books and those books' reviews, and queries that leave relationships for later."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, lazyload, mapped_column, relationship

from crosslet import Database, Portable, Timestamps, UUIDKey


class Shelf(Portable, UUIDKey, Timestamps, DeclarativeBase):
    """A base of its own: others have authors and books, too."""


class Author(Shelf):
    __tablename__ = "authors"

    name: Mapped[str] = mapped_column(String(20))
    books: Mapped[list["Book"]] = relationship(back_populates="author", cascade="all, delete-orphan")


class Book(Shelf):
    __tablename__ = "books"

    title: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("authors.id"), index=True)
    author: Mapped[Author] = relationship(back_populates="books")
    reviews: Mapped[list["Review"]] = relationship()


class Review(Shelf):
    __tablename__ = "reviews"

    stars: Mapped[int]
    book_id: Mapped[UUID] = mapped_column(ForeignKey("books.id"), index=True)


async def fill(db: Database, authors: int = 3) -> None:
    """Add authors with two books each, and a review of each book."""
    async with db.write() as session:
        session.add_all(
            Author(
                name=f"author {number}",
                books=[Book(title=f"book {letter}", reviews=[Review(stars=5)]) for letter in "ab"],
            )
            for number in range(authors)
        )


def one_by_one() -> Select[Any]:
    """Return a query whose relationships are loaded for each object on its own."""
    return select(Author).options(lazyload(Author.books).lazyload(Book.reviews))

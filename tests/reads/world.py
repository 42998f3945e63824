"""Authors, their books, tags and pupils: a column of each kind that can be filtered, and every sort of relationship."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import Column, DateTime, ForeignKey, Interval, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import Count, ExactDecimal, Exists, Portable, UUIDKey, Where


class World(Portable, UUIDKey, DeclarativeBase):
    """A base of its own, so that no other test's tables are created along."""


class Mood(Enum):
    MERRY = "merry"
    SAD = "sad"
    ANGRY = "angry"


book_tags = Table(
    "book_tags",
    World.metadata,
    Column("book_id", ForeignKey("books.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Author(World):
    __tablename__ = "authors"

    name: Mapped[str] = mapped_column(String(40))
    nick: Mapped[str | None] = mapped_column(String(40))
    secret: Mapped[str] = mapped_column(String(40), default="secret")
    age: Mapped[int | None]
    rating: Mapped[float | None]
    balance: Mapped[Decimal | None] = mapped_column(ExactDecimal(12, 2))
    is_active: Mapped[bool | None]
    mood: Mapped[Mood | None]
    level: Mapped[str | None] = mapped_column(String(10))
    born: Mapped[date | None]
    seen: Mapped[datetime | None]
    local: Mapped[datetime | None] = mapped_column(DateTime())
    wakes: Mapped[time | None]
    pause: Mapped[timedelta | None] = mapped_column(Interval())
    settings: Mapped[dict[str, Any] | None]
    photo: Mapped[bytes | None]
    mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("authors.id"))
    mentor: Mapped["Author | None"] = relationship(remote_side="Author.id", back_populates="pupils")
    pupils: Mapped[list["Author"]] = relationship(back_populates="mentor")
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(World):
    __tablename__ = "books"

    title: Mapped[str] = mapped_column(String(40))
    stars: Mapped[int | None]
    is_draft: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")
    tags: Mapped[list["Tag"]] = relationship(secondary=book_tags)


class Tag(World):
    __tablename__ = "tags"

    label: Mapped[str] = mapped_column(String(40))


class TagOut(BaseModel):
    label: str


class BookOut(BaseModel):
    title: str
    stars: int | None
    tags: list[TagOut]


class PupilOut(BaseModel):
    name: str


class MentorOut(BaseModel):
    name: str
    age: int | None


class AuthorOut(BaseModel):
    id: UUID
    name: str
    nick: str | None = Field(serialization_alias="nickName")
    age: int | None
    rating: float | None
    balance: Decimal | None
    is_active: bool | None
    mood: Mood | None
    level: Literal["low", "high"] | None
    born: date | None
    seen: datetime | None
    local: datetime | None
    wakes: time | None
    pause: timedelta | None
    settings: dict[str, Any] | None
    photo: bytes | None = Field(exclude=True)
    mentor: MentorOut | None
    pupils: list[PupilOut]
    books: Annotated[list[BookOut], Where(~Book.is_draft)]
    book_count: Annotated[int, Count(Author.books)]
    has_books: Annotated[bool, Exists(Author.books)]


class Masked(BaseModel):
    name: str
    secret: SecretStr = Field(default=SecretStr(""))


MOMENT = datetime(2026, 5, 17, 12, 30, 0, 250_000, tzinfo=UTC)


def author(name: str, **values: Any) -> Author:
    return Author(name=name, **values)


def people() -> list[Author]:
    """Make authors whose values meet, differ, or are missing."""
    fun = Tag(label="fun")
    ada = make_ada(fun)
    bob = make_bob(ada, fun)
    eve = make_eve(bob)
    empty = author("Zoë 'quoted' \"%\" /", mentor=ada)
    other = author("ADA", nick="x", age=2_147_483_647, settings={}, mentor=eve, books=[Book(title="", stars=0)])
    return [ada, bob, eve, empty, other]


def make_ada(fun: Tag) -> Author:
    sea, war = Tag(label="sea%_/"), Tag(label="war")
    return author(
        "Ada",
        nick="É%lan",
        age=36,
        rating=4.5,
        balance=Decimal("12.50"),
        is_active=True,
        mood=Mood.MERRY,
        level="high",
        born=date(1815, 12, 10),
        seen=MOMENT,
        local=datetime(2026, 5, 17, 12, 30),
        wakes=time(6, 30),
        pause=timedelta(minutes=30),
        settings={"theme": {"dark": True, "name": "Sea "}, "size": 3, "zoom": 1.5, "tags": ["a", "b"]},
        books=[
            Book(title="Notes", stars=5, tags=[fun, sea]),
            Book(title="notes_2", stars=1, tags=[war]),
            Book(title="Draft", stars=4, is_draft=True, tags=[fun]),
        ],
    )


def make_bob(ada: Author, fun: Tag) -> Author:
    return author(
        "bob",
        nick="",
        age=-1,
        rating=-0.25,
        balance=Decimal("-0.01"),
        is_active=False,
        mood=Mood.SAD,
        level="low",
        born=date(1999, 1, 1),
        seen=MOMENT - timedelta(microseconds=1),
        local=datetime(2026, 5, 17, 12, 30, 0, 1),
        wakes=time(23, 59, 59, 999_999),
        pause=timedelta(days=1, microseconds=1),
        settings={"theme": {"dark": False, "name": "sea"}, "size": "3", "zoom": 1e300, "tags": []},
        mentor=ada,
        books=[Book(title="100%", stars=None, tags=[]), Book(title="Notes", stars=1, tags=[fun])],
    )


def make_eve(bob: Author) -> Author:
    return author(
        "Eve_\\x*?[a]",
        nick="élan vital ",
        age=36,
        rating=4.5,
        balance=Decimal("12.5"),
        is_active=True,
        mood=Mood.ANGRY,
        born=date(1815, 12, 10),
        seen=MOMENT + timedelta(days=400),
        settings={"theme": "dark", "size": 2.5, "zoom": None},
        mentor=bob,
        books=[Book(title="Only a draft", stars=5, is_draft=True)],
    )

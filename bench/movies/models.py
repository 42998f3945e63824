"""The tables of IMDBench as plain SQLAlchemy models: every contender that maps anything maps these.

Its tables, keys and indexes; `full_name` and `avg_rating` are computed as there. What is computed is deferred, so
that the usual pattern pays for it only where it is asked for.
"""

from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, relationship


class Base(DeclarativeBase):
    pass


def _people_of_movies(name: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("list_order", Integer, nullable=False),
        Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
        Column("movie_id", ForeignKey("movies.id"), nullable=False, index=True),
    )


directors = _people_of_movies("directors")
actors = _people_of_movies("actors")


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    image: Mapped[str] = mapped_column(String(200))
    latest_reviews: Mapped[list["Review"]] = relationship(
        order_by="Review.creation_time.desc()", viewonly=True, back_populates="author"
    )


class Person(Base):
    __tablename__ = "persons"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(String(100))
    middle_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100))
    image: Mapped[str] = mapped_column(String(200))
    bio: Mapped[str] = mapped_column(Text)
    acted_in: Mapped[list["Movie"]] = relationship(
        secondary=actors, order_by="(Movie.year, Movie.title)", viewonly=True
    )
    directed: Mapped[list["Movie"]] = relationship(
        secondary=directors, order_by="(Movie.year, Movie.title)", viewonly=True
    )

    @hybrid_property
    def full_name(self) -> str:
        if self.middle_name:
            return f"{self.first_name} {self.middle_name} {self.last_name}"
        return f"{self.first_name} {self.last_name}"

    @full_name.inplace.expression
    @classmethod
    def _full_name(cls) -> ColumnElement[str]:
        middle = case((cls.middle_name != "", cls.middle_name + " "), else_="")
        return cls.first_name + " " + middle + cls.last_name


class Review(Base):
    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    rating: Mapped[int]
    creation_time: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id"), index=True)
    author: Mapped[User] = relationship(back_populates="latest_reviews")
    movie: Mapped["Movie"] = relationship(back_populates="reviews")


class Movie(Base):
    __tablename__ = "movies"
    id: Mapped[int] = mapped_column(primary_key=True)
    image: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    avg_rating: Mapped[float] = column_property(
        select(func.coalesce(cast(func.avg(Review.rating), Double), 0.0))
        .where(Review.movie_id == id)  # noqa: A003 - the column above
        .correlate_except(Review)
        .scalar_subquery(),
        deferred=True,
    )
    directors: Mapped[list[Person]] = relationship(secondary=directors, order_by=directors.c.list_order, viewonly=True)
    cast: Mapped[list[Person]] = relationship(secondary=actors, order_by=actors.c.list_order, viewonly=True)
    reviews: Mapped[list[Review]] = relationship(
        order_by=Review.creation_time.desc(), back_populates="movie", viewonly=True
    )

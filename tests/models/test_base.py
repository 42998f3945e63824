"""Model and Portable: constructor, repr, to_dict, the types that annotations mean."""

import enum
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

import pytest
from sqlalchemy import Double, ForeignKey, String, Uuid, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, defer, mapped_column, relationship

from crosslet.errors import ConfigurationError
from crosslet.models import BigIntKey, ExactDecimal, Model, Portable, PortableJSON, UTCDateTime, UUIDKey, to_dict, uuid7


class Base(Portable, DeclarativeBase):
    pass


class Author(UUIDKey, Base):
    __tablename__ = "authors"
    email: Mapped[str] = mapped_column(String(255))
    biography: Mapped[str | None]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(BigIntKey, Base):
    __tablename__ = "books"
    author_id: Mapped[UUID] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


class Colour(enum.Enum):
    RED = "red"


class Detail(TypedDict):
    size: int


def test_model_has_a_key_first_and_its_times_last() -> None:
    class Page(Model):
        __tablename__ = "pages"
        title: Mapped[str]

    assert Page.__table__.columns.keys() == ["id", "title", "created_at", "updated_at"]
    Model.metadata.remove(Page.__table__)


def test_annotations_mean_portable_types() -> None:
    class Sample(BigIntKey, Base):
        __tablename__ = "samples"
        moment: Mapped[datetime]
        key: Mapped[UUID | None]
        ratio: Mapped[float]
        text: Mapped[str]
        options: Mapped[dict[str, Any]]
        labels: Mapped[list[str] | None]
        anything: Mapped[dict]  # type: ignore[type-arg]
        price: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))
        day: Mapped[date]
        hour: Mapped[time]
        colour: Mapped[Colour]

    kinds = {column.name: type(column.type) for column in Sample.__table__.columns}
    assert kinds["moment"] is UTCDateTime
    assert kinds["key"] is Uuid
    assert kinds["ratio"] is Double
    assert kinds["text"] is String
    assert kinds["options"] is kinds["labels"] is kinds["anything"] is PortableJSON
    assert kinds["price"] is ExactDecimal


def test_a_decimal_without_digits_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError, match=r"Invoice\.total: .*ExactDecimal\(12, 2\)"):

        class Invoice(BigIntKey, Base):
            __tablename__ = "invoices"
            total: Mapped[Decimal]


def test_an_unknown_attribute_is_named_with_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"Author has no attribute 'emial'\. Did you mean 'email'\?"):
        Author(emial="a@example.com")
    with pytest.raises(TypeError, match=r"Author has no attribute 'zzz'\.$"):
        Author(zzz=1)


def test_a_base_may_have_a_constructor_of_its_own() -> None:
    class Own(Portable, DeclarativeBase):
        def __init__(self, **values: Any) -> None:
            super().__init__(**values)
            self.seen = True

    class Row(BigIntKey, Own):
        __tablename__ = "rows"
        size: Mapped[int]

    row = Row(size=1)
    assert row.seen
    assert row.size == 1


def test_repr_shows_class_and_key_and_no_value() -> None:
    key = uuid7()
    assert repr(Author(id=key, email="secret@example.com")) == f"<Author {key}>"
    assert repr(Author(email="secret@example.com")) == "<Author unsaved>"


async def test_repr_and_to_dict_never_load(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        author = Author(email="a@example.com")
        session.add(author)
        await session.commit()  # expires every attribute
        key = inspect(author).identity[0]
        assert repr(author) == f"<Author {key}>"
        assert author.to_dict() == {}
        session.expunge_all()
        found = (await session.scalars(select(Author).options(defer(Author.biography)))).one()
        assert found.to_dict() == {"id": key, "email": "a@example.com"}
        assert found.to_dict(exclude={"email"}) == {"id": key}
        assert to_dict(found) == found.to_dict()


def test_to_dict_serves_models_of_another_base() -> None:
    class Foreign(DeclarativeBase):
        pass

    class Row(Foreign):
        __tablename__ = "rows"
        id: Mapped[int] = mapped_column(primary_key=True)
        full_name: Mapped[str] = mapped_column("name")

    assert to_dict(Row(id=1, full_name="x")) == {"id": 1, "full_name": "x"}


def test_joined_inheritance_keeps_one_key_and_one_pair_of_times() -> None:
    class Shape(Model):
        __tablename__ = "shapes"
        kind: Mapped[str] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "shape"}  # noqa: RUF012

    class Circle(Shape):
        __tablename__ = "circles"
        id: Mapped[UUID] = mapped_column(ForeignKey("shapes.id"), primary_key=True)
        radius: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "circle"}  # noqa: RUF012

    try:
        assert set(Circle.__table__.columns.keys()) == {"id", "radius"}
        assert repr(Circle(radius=3)) == "<Circle unsaved>"
    finally:
        Model.metadata.remove(Circle.__table__)
        Model.metadata.remove(Shape.__table__)

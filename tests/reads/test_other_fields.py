"""Fields that are no plain column: composites, association proxies, hybrids, expressions; shapes that are no models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import Column, ColumnElement, ForeignKey, String, Table, func, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, composite, mapped_column, relationship
from typing_extensions import TypedDict

from crosslet import Database, From, Portable, UUIDKey
from crosslet.web import Filter, ListParams


class Base(Portable, UUIDKey, DeclarativeBase):
    pass


place_words = Table(
    "place_words",
    Base.metadata,
    Column("place_id", ForeignKey("places.id"), primary_key=True),
    Column("word_id", ForeignKey("words.id"), primary_key=True),
)


@dataclass
class Point:
    x: int
    y: int


class Place(Base):
    __tablename__ = "places"

    name: Mapped[str] = mapped_column(String(20))
    point: Mapped[Point] = composite(mapped_column("x"), mapped_column("y"))
    words: Mapped[list["Word"]] = relationship(secondary=place_words)
    spoken: AssociationProxy[list[str]] = association_proxy("words", "text")

    @hybrid_property
    def initial(self) -> str:
        return self.name[0]

    @initial.inplace.expression
    @classmethod
    def _initial(cls) -> ColumnElement[str]:
        return func.substr(cls.name, 1, 1)


class Word(Base):
    __tablename__ = "words"

    text: Mapped[str] = mapped_column(String(20))


class PointOut(BaseModel):
    x: int
    y: int


class PlaceOut(BaseModel):
    id: UUID
    name: str
    point: PointOut
    spoken: list[str]
    loud: Annotated[str | None, From(func.upper(Place.name))]


@dataclass
class PlaceLine:
    name: str


class PlaceDict(TypedDict):
    name: str


class Params(ListParams, model=Place, shape=PlaceOut):
    filters = {"first": Filter(Place.initial, str, sort=True)}  # noqa: RUF012
    search = ("spoken",)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("point.x=1", ["here"]),
        ("point.y__gte=2&sort=-point.y,name", ["there", "here"]),
        ("spoken=up", ["here", "there"]),
        ("spoken__starts_with=do", ["there"]),
        ("spoken__exists=false", ["alone"]),
        ("q=DOWN", ["there"]),
        ("loud__contains=ERE&sort=loud", ["here", "there"]),
        ("first=h", ["here"]),
        ("sort=-first", ["there", "here", "alone"]),
    ],
)
async def test_what_is_found(query: str, wanted: list[str], url: str) -> None:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        up, down = Word(text="up"), Word(text="down")
        async with db.write() as session:
            session.add(Place(name="here", point=Point(1, 2), words=[up]))
            session.add(Place(name="there", point=Point(3, 4), words=[up, down]))
            session.add(Place(name="alone", point=Point(5, 0)))
        params = Params.parse(query)
        async with db.read() as session:
            found = [one.name for one in await session.all(PlaceOut, params.apply(select(Place)))]
            other = [one.name for one in await session.scalars(params.apply(select(aliased(Place))))]
    assert sorted(found) == sorted(other)
    assert (found if "sort" in query else sorted(found)) == wanted


@pytest.mark.parametrize("shape", [PlaceLine, PlaceDict])
def test_any_shape_will_do(shape: type) -> None:
    kind = type("Any", (ListParams,), {"__module__": __name__}, model=Place, shape=shape)
    assert set(kind.allowed().sorts) == {"name"}
    assert str(kind.parse("name=x").criterion()).startswith("places.name = ")


@pytest.mark.parametrize("wrap", [lambda one: one, func.lower, lambda one: func.lower(one) + "x"])
def test_an_expression_that_was_used_moves_to_an_alias_whole(wrap: Callable[[Any], Any]) -> None:
    class Wrapped(ListParams, model=Place, shape=PlaceOut):
        filters = {"first": Filter(wrap(Place.initial), str)}  # noqa: RUF012

    params = Wrapped.parse("first=h")
    assert "places AS" not in str(params.apply(select(Place)))
    assert "AS places_1 \nWHERE" in str(params.apply(select(aliased(Place))))
    assert "places AS" not in str(params.apply(select(Place)))

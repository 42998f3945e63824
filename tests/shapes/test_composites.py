"""composite(): an object of the row's own values, in every way that a tree is read."""

from collections.abc import AsyncIterator
from dataclasses import InitVar, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import pytest
from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass
from sqlalchemy import select
from sqlalchemy.orm import aliased
from typing_extensions import TypedDict

from crosslet import Database, From, Limit, Where
from crosslet.errors import ConfigurationError
from crosslet.shapes.composites import code_of
from shapes.alike import Shape, assert_alike, company_at
from shapes.company import Chief, Employee, Engineer, Point, Site


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


class PointOut(Shape):
    x: int
    y: int


class PriceOut(Shape):
    amount: Decimal | None = Field(serialization_alias="theAmount")
    since: datetime | None
    currency: str | None


class SpanOut(Shape):
    first: int
    last: int | None


class PlaceOut(Shape):
    name: str
    place: PointOut
    floors: SpanOut


class SiteOut(Shape):
    place: PointOut
    rent: PriceOut | None
    never_none: PriceOut
    floors: SpanOut
    head: PlaceOut | None
    branches: list[PlaceOut]


SITES = select(Site).order_by(Site.name)


async def test_composites_are_what_the_orm_makes_in_one_statement(company: Database) -> None:
    found = await assert_alike(company, SiteOut, SITES)
    assert [site.rent is None for site in found] == [False, False, True]
    assert found[2].never_none == PriceOut(amount=None, since=None, currency=None)


async def test_what_the_class_promises_and_the_table_does_not_is_made_by_pydantic(company: Database) -> None:
    class Gated(Shape):
        gate: PointOut | None

    found = await assert_alike(company, Gated, SITES, way="typed")
    assert [site.gate for site in found] == [PointOut(x=3, y=4), PointOut(x=0, y=0), None]


class PointDict(TypedDict):
    y: int
    x: int


@dataclass
class PointData:
    x: int


@pytest.mark.parametrize("inner", [PointOut, PointDict, PointData, Point])
async def test_any_shape_of_one(company: Database, inner: Any) -> None:
    shape = type("Out", (Shape,), {"__annotations__": {"place": inner}})
    async with company.read() as session:
        (found, *_) = await session.all(shape, SITES)
        assert b'"x":1' in (await session.json(list[shape], SITES)).replace(b" ", b"")
    assert (found.place["x"] if inner is PointDict else found.place.x) == 1


async def test_an_alias_and_another_name(company: Database) -> None:
    class Named(Shape):
        where: Annotated[PointOut, From(Site.place)]

    other = aliased(Site)
    async with company.read() as session:
        found = await session.all(Named, select(other).where(other.name == "North"))
    assert [one.where for one in found] == [PointOut(x=0, y=0)]


async def test_composites_of_joined_inheritance(company: Database) -> None:
    class Sized(Shape):
        name: str
        size: PointOut

    class ChiefOut(Sized):
        budget: Decimal
        deputy: Sized | None

    await assert_alike(company, ChiefOut, select(Chief).order_by(Chief.name))
    await assert_alike(company, Sized, select(Engineer).order_by(Engineer.name))

    class Home(Shape):
        home: PointOut | None

    class Staffed(Shape):
        staff: list[Home]

    await assert_alike(company, Staffed, SITES, way="typed")
    await assert_alike(company, Home, select(Employee).order_by(Employee.name), way="typed")


async def test_what_python_code_makes_is_made_by_it(company: Database) -> None:
    class Coded(Shape):
        doubled: SpanOut
        open_floors: SpanOut | None

    class Deep(Shape):
        branches: list[Coded]
        head: Coded | None

    found = await assert_alike(company, Coded, SITES, way="rows")
    assert [site.doubled.first for site in found] == [0, 4, 2]
    assert [site.open_floors is None for site in found] == [False, False, True]
    await assert_alike(company, Deep, SITES, way="rows")
    told = await company.explain_shape(Coded, SITES)
    assert any("doubled: Doubled.__init__ is Python code" in reason for reason in told.reasons)
    assert any("open_floors: return_none_on is Python code" in reason for reason in told.reasons)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"place": int}, ["Site.place is one object of x, y", "`place: ...`"]),
        ({"place": type("In", (Shape,), {"__annotations__": {"z": int}})}, ["In.z matches nothing", "made of x, y"]),
        ({"place": type("In", (Shape,), {"__annotations__": {"x": str}})}, ["x cannot hold", "Site.place_x", "int"]),
        ({"rent": PriceOut}, ["Out.rent cannot be None", "all of its columns are nullable", "`rent: PriceOut | None`"]),
        ({"floors": type("In", (Shape,), {"__annotations__": {"last": int}})}, ["In.last cannot be None", "Site.top"]),
        ({"place": Annotated[PointOut, Limit(1)]}, ["this is a value"]),
        ({"place": Annotated[PointOut, Where(Site.floor > 1)]}, ["this is a value"]),
        (
            {"place": type("In", (Shape,), {"__annotations__": {"x": Annotated[int, From(Site.floor)]}})},
            ["In.x", "no markers"],
        ),
    ],
)
def test_a_misfit(fields: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("sqlite://").verify(type("Out", (Shape,), {"__annotations__": fields}), Site)
    for word in words:
        assert word in str(caught.value)


@dataclass
class Checked:
    x: int

    def __post_init__(self) -> None:
        self.x += 1


@dataclass
class Initial:
    x: InitVar[int]


@dataclass(slots=True)
class Slotted:
    x: int


class Renaming:
    def __init__(self, x: int) -> None:
        self._x = x

    @property
    def x(self) -> int:
        return self._x


class Kept:
    def __init__(self, x: int, y: "int | None" = None) -> None:
        """Keep them."""
        self.x = x
        self.y: int | None = y


class More(Kept):
    """One with the constructor of another."""


class Adding:
    def __init__(self, x: int) -> None:
        self.x = x
        self.y = x + 1


class Guarded:
    def __init__(self, x: int) -> None:
        self.x = x

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value * 2)


class Tupled(NamedTuple):
    x: int


@pydantic_dataclass
class Validated:
    x: str


def made(x: int) -> Slotted:
    return Slotted(x)


@pytest.mark.parametrize(
    ("of", "names", "code"),
    [
        (Point, ("x", "y"), None),
        (Slotted, ("x",), None),
        (Kept, ("x", "y"), None),
        (More, ("x", "y"), None),
        (Checked, ("x",), "Checked.__post_init__"),
        (Initial, ("x",), "Initial.__init__"),
        (Renaming, ("x",), "Renaming.__init__"),
        (Adding, ("x",), "Adding.__init__"),
        (Kept, ("x",), "Kept.__init__"),
        (Guarded, ("x",), "Guarded.__setattr__"),
        (Tupled, ("x",), "Tupled.__new__"),
        (Validated, ("x",), "Validated.__init__"),
        (made, ("x",), "made"),
    ],
)
def test_what_columns_tell_of_a_class(of: Any, names: tuple[str, ...], code: str | None) -> None:
    assert code_of(of, names) == code

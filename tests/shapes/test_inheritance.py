"""Columns and relationships of classes in several tables, or in one: of the class itself and of those above it."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import aliased

from crosslet import Count, Database, Exists, From, OrderBy, Where
from shapes.alike import Shape, assert_alike, company_at
from shapes.company import Bicycle, Car, Chief, Employee, Engineer, Manager, Site, Tool, Vehicle
from shapes.test_unions import SITES, CarOut, ChiefOut, EngineerOut, Named, ToolOut, shape


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


async def test_columns_and_relationships_of_three_levels(company: Database) -> None:
    class Deep(Shape):
        name: str
        degree: str
        budget: Decimal
        type: str
        site: Named
        boss: Named | None
        tools: list[ToolOut]
        deputy: Named | None
        skill_names: list[str | None]
        team: Annotated[int, Count(Chief.team)]

    class Middle(Shape):
        name: str
        degree: str
        tools: list[ToolOut]
        team: list[Named]

    await assert_alike(company, Middle, select(Engineer).order_by(Engineer.name))
    chiefs = select(Chief).order_by(Chief.name)
    other, flat = aliased(Chief), aliased(Chief, flat=True)
    async with company.read() as session:
        found = await session.all(Deep, chiefs)
        assert await session.all(Deep, select(other).order_by(other.name)) == found
        assert await session.all(Deep, select(flat).order_by(flat.name)) == found
        assert await session.all(Deep, select(Chief).order_by(Chief.id).distinct()) == found
        assert (await company.explain_shape(Deep, chiefs)).way == "json"
    ada, eve = found
    assert (ada.name, ada.degree, ada.budget, ada.team) == ("Ada", "PhD", Decimal("99.90"), 3)
    assert (ada.site.name, ada.boss, [tool.name for tool in ada.tools]) == ("Main 😀", None, ["pen"])
    assert (eve.deputy, eve.tools) == (Named(name="Bob"), [])
    assert eve.boss == Named(name="Ada")


class Degree(Shape):
    name: str
    degree: str


async def test_subclasses_below_others(company: Database) -> None:
    class ToolWithOwner(Shape):
        name: str
        engineer: Degree

    class Driven(Shape):
        name: str
        engineers: list[Degree]

    class CarWithDriver(Shape):
        seats: int | None
        manager: Named | None
        site: Named | None

    await assert_alike(company, ToolWithOwner, select(Tool).order_by(Tool.name))
    await assert_alike(company, Driven, SITES)
    await assert_alike(company, CarWithDriver, select(Car).order_by(Car.id))
    await assert_alike(company, CarOut, select(Car).order_by(Car.id))
    await assert_alike(company, shape(bonus=int | None, tools=list[CarOut]), select(Manager).order_by(Manager.id))
    await assert_alike(company, shape(frame=str | None), select(Bicycle).order_by(Bicycle.id))
    await assert_alike(company, shape(wheels=int), select(Vehicle).order_by(Vehicle.id))


class Chosen(Shape):
    staff: Annotated[list[Named], Where(Chief.budget > 5), OrderBy(Engineer.degree)]
    names: Annotated[list[str], From(Site.staff_names), Where(Engineer.degree != "PhD"), OrderBy(Engineer.degree)]
    chiefs: Annotated[int, Count(Site.staff, Chief.budget >= 0)]
    has_rich: Annotated[bool, Exists(Site.staff, Chief.budget > 5)]
    toolless: Annotated[int, Count(Site.staff, Employee.id.not_in(select(Tool.engineer_id)))]


async def test_conditions_and_orders_may_name_columns_of_subclasses(company: Database) -> None:
    async with company.read() as session:
        main, _, south = await session.all(Chosen, SITES)
        assert await session.all(Chosen, select(Site).where(Site.floor == 0).distinct()) == [main]
    assert ([one.name for one in main.staff], main.names) == (["Ada"], ["Bob"])
    assert ([one.name for one in south.staff], south.names) == ([], ["Eve"])
    assert (main.chiefs, main.has_rich, main.toolless) == (1, True, 1)
    assert (south.chiefs, south.has_rich, south.toolless) == (1, False, 2)


async def test_a_union_of_a_subclass(company: Database) -> None:
    class Engineers(Shape):
        engineers: list[Annotated[EngineerOut | ChiefOut, Field(discriminator="type")]]

    await assert_alike(company, Engineers, SITES)

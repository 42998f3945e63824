"""Rows of several classes as a union that a field tells apart; and the columns and relationships of such classes."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, computed_field
from sqlalchemy import select, update
from sqlalchemy.orm import aliased
from typing_extensions import TypeAliasType, TypedDict

from crosslet import Database, Limit, OrderBy, Where
from shapes.alike import Shape, assert_alike, company_at
from shapes.company import (
    Employee,
    PaperKind,
    Shelf,
    Site,
)


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


SITES = select(Site).order_by(Site.name)
EMPLOYEES = select(Employee).order_by(Employee.name)


class PointOut(Shape):
    x: int
    y: int


class Named(Shape):
    name: str


class ToolOut(Shape):
    name: str


class CarOut(Shape):
    seats: int | None


class EmployeeOut(Shape):
    type: Literal["employee"]
    name: str
    boss: Named | None


class EngineerOut(Shape):
    type: Literal["engineer"]
    degree: str
    size: PointOut
    tools: list[ToolOut]
    tool_names: list[str]
    site: Named


class ChiefOut(Shape):
    budget: Decimal
    name: str
    degree: str
    type: Literal["chief"]
    tools: list[ToolOut]
    team: list[Named]
    deputy: Named | None


class ManagerOut(Shape):
    type: Literal["manager"]
    bonus: int | None
    tools: list[CarOut]


Anyone = Annotated[EmployeeOut | EngineerOut | ChiefOut | ManagerOut, Field(discriminator="type")]


class SiteOut(Shape):
    name: str
    staff: list[Anyone]


async def test_joined_and_single_tables_are_what_the_orm_gives_in_one_statement(company: Database) -> None:
    (main, north, south) = await assert_alike(company, SiteOut, SITES)
    assert [type(one) for one in main.staff] == [ChiefOut, EngineerOut, ManagerOut]
    assert [type(one) for one in south.staff] == [EmployeeOut, ChiefOut]
    assert north.staff == []


class BossOut(Shape):
    name: str
    boss: Anyone | None
    team: list[Anyone]


async def test_one_row_that_may_be_missing_and_itself(company: Database) -> None:
    found = await assert_alike(company, BossOut, EMPLOYEES)
    assert [type(one.boss) for one in found] == [type(None), ChiefOut, ChiefOut, EngineerOut, ChiefOut]


async def test_the_discriminator_of_the_field_itself(company: Database) -> None:
    class Led(Shape):
        boss: EmployeeOut | EngineerOut | ChiefOut | ManagerOut | None = Field(discriminator="type")

    await assert_alike(company, Led, EMPLOYEES)


class EngineersOut(Shape):
    """Two classes in one member."""

    type: Literal["engineer", "chief"]
    degree: str
    tools: list[ToolOut]


class OthersOut(Shape):
    type: Literal["manager", "employee"]
    name: str


class MergedOut(Shape):
    staff: Annotated[
        list[Annotated[EngineersOut | OthersOut, Field(discriminator="type")]], OrderBy(Employee.name.desc()), Limit(2)
    ]


async def test_several_classes_in_a_member_in_an_order_and_limited(company: Database) -> None:
    class Merged(Shape):
        staff: list[Annotated[EngineersOut | OthersOut, Field(discriminator="type")]]

    await assert_alike(company, Merged, SITES)
    async with company.read() as session:
        (main, _, south) = await session.all(MergedOut, SITES)
        by_rows = await session.all(MergedOut, select(Site).order_by(Site.id).distinct())
    assert [one.type for one in main.staff] == ["manager", "engineer"]
    assert [one.type for one in south.staff] == ["chief", "employee"]
    assert by_rows[0] == main


class EmployeeDict(TypedDict):
    type: Literal["employee", "manager"]
    name: str


@dataclass
class EngineerData:
    type: Literal["engineer", "chief"]
    degree: str
    tools: list[ToolOut]


Either = TypeAliasType("Either", Annotated[EmployeeDict | EngineerData, Field(discriminator="type")])


async def test_members_of_other_kinds_under_the_name_of_a_type(company: Database) -> None:
    class Staffed(Shape):
        staff: list[Either]

    async with company.read() as session:
        (main, *_) = await session.all(Staffed, SITES)
        raw = json.loads(await session.json(list[Staffed], SITES))
        rows = await session.all(Staffed, select(Site).order_by(Site.id).distinct())
    engineer = {"type": "engineer", "degree": "MSc", "tools": [{"name": "hammer"}, {"name": "saw"}]}
    assert main.staff[1] == EngineerData("engineer", "MSc", [ToolOut(name="hammer"), ToolOut(name="saw")])
    assert main.staff[2] == {"type": "manager", "name": "Cyd"}
    assert raw[0]["staff"][1:] == [engineer, {"type": "manager", "name": "Cyd"}]
    assert rows[0] == main
    assert (await company.explain_shape(Staffed, SITES)).way == "json"


async def test_changed_rows(company: Database) -> None:
    class Placed(SiteOut):
        place: PointOut
        staff_names: list[str]

    async with company.write() as session:
        changed = await session.one(Placed, update(Site).where(Site.floor == 0).values(name="New", place_x=7))
        named = await session.all(shape(staff_names=list[str]), update(Site).values(name="Same"))
    assert (changed.name, changed.place, changed.staff_names) == ("New", PointOut(x=7, y=2), ["Ada", "Bob", "Cyd"])
    assert [type(one) for one in changed.staff] == [ChiefOut, EngineerOut, ManagerOut]
    assert sorted(len(one.staff_names) for one in named) == [0, 2, 3]


class VehicleOut(Shape):
    wheels: Literal[0]


class WheeledOut(Shape):
    wheels: Literal[4] = 4
    seats: int | None


class BicycleOut(Shape):
    frame: str | None
    wheels: Literal[2]


class GarageOut(Shape):
    vehicles: list[Annotated[VehicleOut | WheeledOut | BicycleOut, Field(discriminator="wheels")]]


async def test_a_single_table_told_by_a_number(company: Database) -> None:
    found = await assert_alike(company, GarageOut, SITES)
    assert [type(one) for one in found[0].vehicles] == [WheeledOut, BicycleOut]


class LetterOut(Shape):
    kind: Literal[PaperKind.LETTER]
    stamp: str | None


class BillOut(Shape):
    kind: Literal[PaperKind.BILL, PaperKind.DRAFT]
    amount: Decimal | None


class PapersOut(Shape):
    papers: list[Annotated[LetterOut | BillOut, Field(discriminator="kind")]]


async def test_an_enumeration_tells_them_apart(company: Database) -> None:
    found = await assert_alike(company, PapersOut, SITES, typed="rows")
    assert [one.kind for one in found[0].papers] == list(PaperKind)


class LetterText(Shape):
    kind: Literal["letter"]
    stamp: str | None


class BillText(Shape):
    kind: Literal["bill", "draft"]


async def test_the_values_of_an_enumeration_as_text(company: Database) -> None:
    """Pydantic alone would not take the ORM's objects for it."""

    class Papers(Shape):
        papers: list[Annotated[LetterText | BillText, Field(discriminator="kind")]]

    async with company.read() as session:
        (main, *_) = await session.all(Papers, SITES)
        rows = await session.all(Papers, select(Site).order_by(Site.id).distinct())
    assert [one.kind for one in main.papers] == ["letter", "bill", "draft"]
    assert rows[0] == main


class HeavyOut(Shape):
    what: Literal["heavy"]
    crane: str | None
    papers: list[Annotated[LetterText | BillText, Field(discriminator="kind")]]


class LightOut(Shape):
    what: Literal["light"]
    label: str


class ShelfOut(Shape):
    boxes: list[Annotated[HeavyOut | LightOut, Field(discriminator="what")]]


async def test_an_expression_tells_them_apart_and_unions_stand_in_unions(company: Database) -> None:
    statement = select(Shelf).order_by(Shelf.id)
    async with company.read() as session:
        full, empty = await session.all(ShelfOut, statement)
        rows = await session.all(ShelfOut, statement.distinct())
        told = await company.explain_shape(ShelfOut, statement)
        raw = await session.json(list[ShelfOut], statement)
    assert (told.way, told.statements) == ("json", 1)
    assert [one.model_dump(mode="json") for one in (full, empty)] == [
        {
            "boxes": [
                {
                    "what": "heavy",
                    "crane": "big",
                    "papers": [{"kind": "letter", "stamp": "1c"}, {"kind": "bill"}],
                },
                {"what": "light", "label": "air"},
            ]
        },
        {"boxes": []},
    ]
    assert rows == [full, empty]
    assert (
        ShelfOut.model_validate_json(raw[1:-1].split(b'},{"boxes"')[0] + (b"}" if raw.count(b'"boxes"') > 1 else b""))
        == full
    )


class CapitalOut(Shape):
    sign: Literal["A"]


class SmallOut(Shape):
    sign: Literal["a"]


async def test_capitals_tell_them_apart(company: Database) -> None:
    class Signed(Shape):
        signs: list[Annotated[CapitalOut | SmallOut, Field(discriminator="sign")]]

    found = await assert_alike(company, Signed, select(Shelf).order_by(Shelf.id))
    assert [one.sign for one in found[0].signs] == ["a", "A"]


class Aliased(Shape):
    kind: Literal["employee", "manager"] = Field(alias="type", serialization_alias="kindOfPerson")
    name: str = Field(serialization_alias="fullName")


class AliasedEngineer(Shape):
    kind: Literal["engineer", "chief"] = Field(alias="type", serialization_alias="kindOfPerson")
    degree: str
    name: str = Field(exclude=True)

    @computed_field
    def loud(self) -> str:
        return self.name.upper()


async def test_aliases_and_what_objects_are_made_for(company: Database) -> None:
    class Staffed(Shape):
        staff: list[Annotated[Aliased | AliasedEngineer, Field(discriminator="kind")]]

    await assert_alike(company, Staffed, SITES, way="typed")


async def test_an_alias_of_the_class_above(company: Database) -> None:
    other = aliased(Site)
    async with company.read() as session:
        (main,) = await session.all(SiteOut, select(other).where(other.floor == 0))
    assert [type(one) for one in main.staff] == [ChiefOut, EngineerOut, ManagerOut]


class ThroughOut(Shape):
    head_staff: list[Anyone] | None


async def test_through_an_association_proxy(company: Database) -> None:
    await assert_alike(company, ThroughOut, SITES)


class SomeOut(Shape):
    staff: Annotated[
        list[Annotated[EngineerOut | ChiefOut, Field(discriminator="type")]],
        Where(Employee.type.in_(["engineer", "chief"])),
    ]


async def test_a_condition_may_leave_classes_out(company: Database) -> None:
    async with company.read() as session:
        (main, _, south) = await session.all(SomeOut, SITES)
        assert await session.all(SomeOut, select(Site).order_by(Site.id).distinct()) is not None
    assert [len(one.staff) for one in (main, south)] == [2, 1]
    told = await company.explain_shape(SomeOut, SITES)
    assert told.way == "typed"
    assert any("no member of the union stands for" in reason for reason in told.reasons)


def shape(**fields: Any) -> Any:
    return type("Out", (Shape,), {"__annotations__": fields})

"""Unions that say too little, or too much, of the classes that rows may be of."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Discriminator, Field
from pydantic import Tag as PydanticTag
from sqlalchemy import insert, select

from crosslet import Database, Where
from crosslet.errors import ConfigurationError
from shapes.alike import Shape, company_at
from shapes.company import Employee, Site, Vehicle
from shapes.test_unions import (
    EMPLOYEES,
    SITES,
    Anyone,
    ChiefOut,
    EmployeeOut,
    EngineerOut,
    GarageOut,
    ManagerOut,
    OthersOut,
    shape,
)


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


class Robot(BaseModel):
    type: Literal["robot"]


class BonusOut(Shape):
    type: Literal["engineer", "chief"]
    bonus: int | None


class NotTold(Shape):
    name: Literal["engineer", "chief"]


class NotToldEither(Shape):
    name: Literal["employee", "manager"]


def by_function(value: Any) -> str:
    return "a"


@pytest.mark.parametrize(
    ("fields", "entity", "words"),
    [
        (
            {"staff": list[EmployeeOut | ManagerOut]},
            Site,
            ["tries EmployeeOut | ManagerOut one after another", 'Field(discriminator="type")'],
        ),
        (
            {
                "staff": list[
                    Annotated[
                        Annotated[EmployeeOut, PydanticTag("a")] | Annotated[ManagerOut, PydanticTag("b")],
                        Discriminator(by_function),
                    ]
                ]
            },
            Site,
            ["one after another"],
        ),
        (
            {"staff": list[Annotated[EmployeeOut | ManagerOut, Field(discriminator="type")]]},
            Site,
            ["Out.staff", "'engineer', 'chief'", "Where()"],
        ),
        (
            {"staff": list[Annotated[EmployeeOut | Robot, Field(discriminator="type")]]},
            Site,
            ["Robot is for rows of Employee that are 'robot'", "'employee', 'engineer', 'chief', 'manager'"],
        ),
        (
            {"branches": list[Annotated[EmployeeOut | Robot, Field(discriminator="type")]]},
            Site,
            ["all rows of Site are of one class", "polymorphic_on"],
        ),
        (
            {"staff": list[Annotated[NotTold | NotToldEither, Field(discriminator="name")]]},
            Site,
            ["NotTold.name tells the shapes apart", "Employee.name is not what", "From(Employee.type)"],
        ),
        (
            {"boss": Anyone},
            Employee,
            ["Out.boss cannot be None", "Employee.boss"],
        ),
        (
            {"staff": Anyone},
            Site,
            ["leads to many rows"],
        ),
        (
            {"boss": list[Anyone]},
            Employee,
            ["leads to one row at most"],
        ),
        (
            {"staff": list[Annotated[BonusOut | OthersOut, Field(discriminator="type")]]},
            Site,
            ["BonusOut.bonus matches nothing of Engineer"],
        ),
    ],
)  # fmt: skip
def test_a_misfit(fields: dict[str, Any], entity: Any, words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("sqlite://").verify(shape(**fields), entity)
    for word in words:
        assert word in str(caught.value)


async def test_a_row_that_slips_through_is_no_silence(company: Database) -> None:
    class Slipping(Shape):
        staff: Annotated[list[Annotated[EngineerOut | ChiefOut, Field(discriminator="type")]], Where(Employee.id > 0)]

    class Led(Shape):
        boss: Annotated[
            Annotated[ManagerOut | EngineerOut, Field(discriminator="type")] | None,
            Where(Employee.id > 0),
        ]

    async with company.read() as session:
        for shape, statement in ((Slipping, SITES), (Led, EMPLOYEES)):
            for asked in (statement, statement.order_by(None).distinct()):
                with pytest.raises(ConfigurationError, match="union tag invalid"):
                    await session.all(shape, asked)
            with pytest.raises(ConfigurationError, match="union tag invalid"):
                await session.json(list[shape], statement)


async def test_a_row_of_an_unknown_class_is_refused(company: Database) -> None:
    """No member stands for it, also where JSON leaves as the database made it."""
    async with company.write() as session:
        await session.execute(insert(Vehicle.__table__).values(wheels=17, site_id=1))  # type: ignore[arg-type]
    async with company.read() as session:
        for wanted, statement in ((list[GarageOut], SITES), (GarageOut, select(Site).where(Site.id == 1))):
            with pytest.raises(ConfigurationError, match="of no class that is mapped"):
                await session.json(wanted, statement)
        with pytest.raises(ConfigurationError, match="union tag invalid"):
            await session.all(GarageOut, SITES)
        with pytest.raises(ConfigurationError, match="union tag invalid"):
            await session.all(GarageOut, select(Site).distinct())

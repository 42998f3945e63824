"""Association proxies: what related rows have, in their place."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crosslet import Database, From, Limit, OrderBy, Where
from crosslet.errors import ConfigurationError
from shapes.alike import Shape, assert_alike, company_at
from shapes.company import Certificate, Chief, Employee, Engineer, Level, Site, SkillLink


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


EMPLOYEES = select(Employee).order_by(Employee.name)
SITES = select(Site).order_by(Site.name)


class SkillOut(Shape):
    name: str


class PointOut(Shape):
    x: int
    y: int


class ValuesOut(Shape):
    skill_names: list[str | None]
    skills: list[SkillOut | None]
    grades: list[Decimal | None]
    learnt: list[datetime]
    levels: list[Level]
    exams: list[bool]
    shares: list[float]
    notes: list[Any]


async def test_values_of_each_kind_are_what_the_orm_gives_in_one_statement(company: Database) -> None:
    found = await assert_alike(company, ValuesOut, EMPLOYEES)
    assert found[0].skill_names == ["Python", None, "ünï \"q\" \\ 'x'"]
    assert found[0].grades == [None, Decimal("1234567890.12345678"), Decimal("0.00000010")]
    assert found[3].skills == []


async def test_through_one_row(company: Database) -> None:
    class HeadOut(Shape):
        head_name: str | None
        head_place: PointOut | None
        head_names: list[str] | None

    found = await assert_alike(company, HeadOut, SITES)
    assert [site.head_name is None for site in found] == [True, False, False]
    assert found[1].head_names == ["Ada", "Bob", "Cyd"]

    class Named(Shape):
        name: str

    class StaffOut(Shape):
        head_staff: list[Named] | None

    await assert_alike(company, StaffOut, SITES)


class CertificateOut(Shape):
    grade: Decimal | None
    note: Any
    learnt_at: datetime | None
    level: Level | None
    is_examined: bool | None
    share: float | None
    skill_name: str | None


async def test_each_kind_through_one_row(company: Database) -> None:
    found = await assert_alike(company, CertificateOut, select(Certificate).order_by(Certificate.id))
    assert [one.is_examined for one in found] == [True, False, True, None]


async def test_without_an_order(company: Database) -> None:
    class Certified(Shape):
        certified: list[bool | None]
        certified_notes: list[Any]

    found = await assert_alike(company, Certified, select(SkillLink).order_by(SkillLink.id))
    assert sorted(len(link.certified) for link in found) == [0, 0, 0, 1, 1, 1]


async def test_composites_of_many(company: Database) -> None:
    class Placed(Shape):
        branch_places: list[PointOut]

    class Gated(Shape):
        branch_gates: list[PointOut | None]

    await assert_alike(company, Placed, SITES)
    found = await assert_alike(company, Gated, SITES, way="typed")
    assert found[0].branch_gates == [PointOut(x=0, y=0), None]


async def test_lists_of_lists(company: Database) -> None:
    class Team(Shape):
        name: str
        team_skills: list[list[str | None]]

    found = await assert_alike(company, Team, EMPLOYEES)
    assert [len(skills) for skills in found[0].team_skills] == [2, 1, 0]


@pytest.mark.parametrize("container", [list, set, frozenset])
async def test_containers(company: Database, container: Any) -> None:
    class Named(Shape):
        staff_names: container[str]

    await assert_alike(company, Named, SITES, way="json" if container is list else "typed")


async def test_below_and_of_subclasses(company: Database) -> None:
    class Person(Shape):
        name: str
        skill_names: list[str | None]

    class Staffed(Shape):
        staff: list[Person]

    class Tooled(Person):
        tool_names: list[str]
        boss: Person | None

    await assert_alike(company, Staffed, SITES)
    await assert_alike(company, Tooled, select(Engineer).order_by(Engineer.name))
    await assert_alike(company, Tooled, select(Chief).order_by(Chief.name))


async def test_order_conditions_and_limit_are_those_of_the_first_rows(company: Database) -> None:
    class Some(Shape):
        skill_names: Annotated[list[str | None], OrderBy(SkillLink.place.desc())]
        first: Annotated[list[str | None], From(Employee.skill_names), Limit(1)]
        later: Annotated[list[str | None], From(Employee.skill_names), Limit(1, offset=1)]
        known: Annotated[list[SkillOut | None], From(Employee.skills), Where(SkillLink.skill_id.is_not(None))]
        new: Annotated[list[Level], From(Employee.levels), Where(SkillLink.level == Level.NEW)]

    statement = EMPLOYEES.where(Employee.name == "Ada")
    async with company.read() as session:
        (ada,) = await session.all(Some, statement)
        # Of DISTINCT rows the columns are read.
        assert await session.all(Some, statement.order_by(None).distinct()) == [ada]
    assert ada.skill_names == ["ünï \"q\" \\ 'x'", None, "Python"]
    assert (ada.first, ada.later) == (["Python"], [None])
    assert [skill.name for skill in ada.known if skill] == ["Python", "ünï \"q\" \\ 'x'"]
    assert ada.new == [Level.NEW, Level.NEW]


async def test_an_alias(company: Database) -> None:
    class Named(Shape):
        skill_names: list[str | None]
        team_skills: list[list[str | None]]

    other = aliased(Employee)
    async with company.read() as session:
        (bob,) = await session.all(Named, select(other).where(other.name == "Bob"))
    assert bob.skill_names == ["Python", None]


def shape(**fields: Any) -> Any:
    return type("Out", (Shape,), {"__annotations__": fields})


@pytest.mark.parametrize(
    ("fields", "entity", "words"),
    [
        ({"skill_names": str}, Employee, ["Out.skill_names leads to many rows", "`skill_names: list[...]`"]),
        ({"skill_names": list[str]}, Employee, ["Out.skill_names cannot be None", "list[... | None]"]),
        ({"grades": list[Decimal]}, Employee, ["SkillLink.grade can", "`grades: list[... | None]`"]),
        ({"skills": list[SkillOut]}, Employee, ["SkillLink.skill can", "`skills: list[SkillOut | None]`"]),
        ({"learnt": list[int]}, Employee, ["cannot hold what SkillLink.learnt_at holds", "`learnt: list[datetime]`"]),
        ({"head_name": str}, Site, ["Out.head_name cannot be None", "Site.head can", "`head_name: ... | None`"]),
        ({"head_names": list[str]}, Site, ["Out.head_names cannot be None"]),
        ({"team_skills": list[list[str]]}, Employee, ["`team_skills: list[list[... | None]]`"]),
        ({"by_place": dict[int, str]}, Employee, ["is a dictionary", "`links_by_place: list[SkillLinkOut]`"]),
        ({"by_place": list[str]}, Employee, ["is a dictionary"]),
        ({"shouts": list[str]}, Employee, ["SkillLink.shout", "Python code", "hybrid_property"]),
        ({"odd": list[str]}, Employee, ["code of its own", "`skill_links: list[SkillLinkOut]`"]),
        ({"head_name": Annotated[str | None, Limit(1)]}, Site, ["OrderBy and Limit are for lists"]),
        ({"skil_names": list[str]}, Employee, ["Did you mean skill_names?"]),
    ],
)
def test_a_misfit(fields: dict[str, Any], entity: Any, words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("sqlite://").verify(shape(**fields), entity)
    for word in words:
        assert word in str(caught.value)


async def test_what_only_python_reads_is_read_by_it(company: Database) -> None:
    """A list that stands in a row that may be missing, read as columns."""

    class Deep(Shape):
        head_names: list[str] | None
        head_staff: list[ValuesOut] | None
        shout: Annotated[str | None, From(func.upper(Site.name))]

    async with company.read() as session:
        (main, north, south) = await session.all(Deep, SITES)
        rows = await session.all(Deep, select(Site).order_by(Site.id).distinct())
    assert rows == [main, south, north]
    assert main.head_staff is None
    assert main.head_names is None
    assert north.head_staff is not None
    assert [len(one.skills) for one in north.head_staff] == [3, 2, 1]

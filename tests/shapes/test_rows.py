"""Trees that JSON cannot carry are read as rows: the same answer, one statement a list."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict
from sqlalchemy import ForeignKey, MetaData, String, TypeDecorator, delete, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import BigIntKey, Count, Database, Exists, Limit, OrderBy, errors
from crosslet.models import Portable
from shapes.test_trees import Statements


class Reversed(TypeDecorator[str]):
    """Text that is stored backwards: only Python can read it."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value[::-1] if value is not None else None

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return value[::-1] if value is not None else None


class Base(Portable, BigIntKey, DeclarativeBase):
    metadata = MetaData()


class Team(Base):
    __tablename__ = "teams"
    secret: Mapped[str] = mapped_column(Reversed)
    members: Mapped[list["Member"]] = relationship(back_populates="team", order_by="Member.rank")


class Member(Base):
    __tablename__ = "members"
    secret: Mapped[str] = mapped_column(Reversed)
    rank: Mapped[int]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    team: Mapped[Team] = relationship(back_populates="members")
    boss: Mapped["Member | None"] = relationship(remote_side="Member.id")
    things: Mapped[list["Thing"]] = relationship(order_by="Thing.name.desc()")


class Thing(Base):
    __tablename__ = "things"
    name: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ThingOut(Shape):
    name: str


class BossOut(Shape):
    secret: str
    things: list[ThingOut]


class MemberOut(Shape):
    secret: str
    rank: int
    boss: BossOut | None
    things: list[ThingOut]


class ThingOnly(Shape):
    rank: int


class TeamOut(Shape):
    secret: str
    members: list[MemberOut]


class TopOut(Shape):
    secret: str
    members: Annotated[list[MemberOut], OrderBy(Member.rank.desc()), Limit(2)]
    size: Annotated[int, Count(Team.members)]
    has_lazy: Annotated[bool, Exists(Team.members, ~Member.things.any())]


@pytest.fixture
async def teams(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            for number in range(3):
                team = Team(secret=f"team {number}")
                boss: Member | None = None
                for rank in range(number + 1):
                    names = [Thing(name=f"{number}{rank}{letter}") for letter in "abc"[: rank + 1]]
                    boss = Member(secret=f"member {rank}", rank=rank, team=team, boss=boss, things=names)
                session.add(team)
        yield db


async def by_orm(db: Database, shape: Any, statement: Any) -> Any:
    async with db.write() as session:
        return await session.run_sync(lambda s: [shape.model_validate(row) for row in s.scalars(statement)])


async def test_rows_give_what_the_orm_gives(teams: Database) -> None:
    statement = select(Team).order_by(Team.id)
    wanted = await by_orm(teams, TeamOut, statement)
    async with teams.read() as session:
        statements = await Statements().follow(teams)
        assert await session.all(TeamOut, statement) == wanted
        # Teams, their members with bosses, the bosses' things, the members' things.
        assert len(statements.sent) == 4
        raw = await session.json(list[TeamOut], statement)
    assert json.loads(raw) == [team.model_dump(mode="json") for team in wanted]


async def test_a_tree_without_lists_is_one_statement(teams: Database) -> None:
    class BossName(Shape):
        secret: str

    class Alone(Shape):
        secret: str
        team: BossName
        boss: BossName | None

    statement = select(Member).order_by(Member.id)
    wanted = await by_orm(teams, Alone, statement)
    async with teams.read() as session:
        statements = await Statements().follow(teams)
        assert await session.all(Alone, statement) == wanted
        assert len(statements.sent) == 1


async def test_a_limit_is_each_parent_s(teams: Database) -> None:
    async with teams.read() as session:
        found = await session.all(TopOut, select(Team).order_by(Team.id))
    assert [[member.rank for member in team.members] for team in found] == [[0], [1, 0], [2, 1]]
    assert [(team.size, team.has_lazy) for team in found] == [(1, False), (2, False), (3, False)]


async def test_the_reason_is_told(teams: Database) -> None:
    told = await teams.explain_shape(TeamOut, select(Team))
    assert (told.way, told.statements) == ("rows", 4)
    assert any("secret" in reason and "Python" in reason for reason in told.reasons)
    assert "SELECT" in str(told)

    class Short(Shape):
        id: int
        members: list[ThingOnly]

    told = await teams.explain_shape(Short, select(Team))
    assert (told.way, told.statements, told.reasons) == ("json", 1, ())


async def test_a_validator_that_wants_python_gets_it(teams: Database) -> None:
    seen: list[type] = []

    def look(value: Any) -> Any:
        seen.append(type(value))
        return value

    class Looking(Shape):
        rank: Annotated[int, BeforeValidator(look)]

    async with teams.read() as session:
        assert [one.rank for one in await session.all(Looking, select(Member).order_by(Member.id).limit(2))] == [0, 0]
    assert seen == [int, int]


async def test_changed_rows_come_back_as_trees(teams: Database) -> None:
    async with teams.write() as session:
        changed = await session.all(TeamOut, update(Team).where(Team.id > 0).values(secret="new"))
        assert sorted(len(team.members) for team in changed) == [1, 2, 3]
        assert {team.secret for team in changed} == {"new"}
        with pytest.raises(errors.ConfigurationError, match="read the shape first"):
            await session.all(TeamOut, delete(Team))

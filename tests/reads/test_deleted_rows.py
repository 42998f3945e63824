"""Rows that a session's filters leave out are out of a client's conditions, order and counts as well."""

from typing import Annotated
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import Count, Database, Exists, Portable, SoftDelete, UUIDKey, with_deleted
from crosslet.web import ListParams


class Base(Portable, UUIDKey, DeclarativeBase):
    pass


class Boss(SoftDelete, Base):
    __tablename__ = "bosses"

    name: Mapped[str] = mapped_column(String(20))


class Team(Base):
    __tablename__ = "teams"

    name: Mapped[str] = mapped_column(String(20))
    boss_id: Mapped[UUID] = mapped_column(ForeignKey("bosses.id"))
    boss: Mapped[Boss] = relationship()
    players: Mapped[list["Player"]] = relationship()


class Player(SoftDelete, Base):
    __tablename__ = "players"

    name: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))


class PlayerOut(BaseModel):
    name: str


class TeamOut(BaseModel):
    name: str
    players: list[PlayerOut]
    has_players: Annotated[bool, Exists(Team.players)]
    player_count: Annotated[int, Count(Team.players)]


class Params(ListParams, model=Team, shape=TeamOut):
    filters = {"player_count": True, "boss.name": True}  # noqa: RUF012


@pytest.mark.parametrize(
    ("query", "wanted", "with_the_deleted"),
    [
        ("players.name=gone", [], ["blue", "red"]),
        ("players__exists=true", ["red"], ["blue", "red"]),
        ("players__exists=false", ["blue"], []),
        ("has_players=false", ["blue"], []),
        ("player_count=1", ["red"], ["blue"]),
        ("player_count__lte=1&sort=-player_count", ["red", "blue"], ["blue"]),
        ("boss.name=old", [], ["red"]),
        # Whose boss is deleted has none, and comes first.
        ("sort=boss.name", ["red", "blue"], ["blue", "red"]),
        ("sort=-boss.name", ["blue", "red"], ["red", "blue"]),
    ],
)
async def test_deleted_rows_are_no_match(query: str, wanted: list[str], with_the_deleted: list[str], url: str) -> None:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            red, blue = Team(name="red", boss=Boss(name="old")), Team(name="blue", boss=Boss(name="new"))
            gone = [Player(name="gone"), Player(name="gone")]
            red.players, blue.players = [Player(name="here"), gone[0]], [gone[1]]
            session.add_all([red, blue])
            await session.flush()
            for row in (*gone, red.boss):
                await session.delete(row)
        statement = Params.parse(query).apply(select(Team))
        async with db.read() as session:
            found = [team.name for team in await session.all(TeamOut, statement)]
            everything = [team.name for team in await session.all(Team, with_deleted(statement))]
    is_sorted = "sort" in query
    assert (found if is_sorted else sorted(found)) == wanted
    assert (everything if is_sorted else sorted(everything)) == with_the_deleted

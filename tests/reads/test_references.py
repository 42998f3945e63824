"""A foreign key that takes living rows only."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel
from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, New, errors
from crosslet.writes import references_of
from reads.club import DELETED, LIVING, Base, Team, User, fill


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        await fill(database)
        yield database


class TeamOut(BaseModel):
    id: int


def team(owner: int) -> Team:
    return Team(id=owner, name="t", tenant=1, owner_id=owner)


async def test_a_reference_to_a_deleted_row_is_refused_where_it_is_declared(db: Database) -> None:
    async with db.write() as session:
        session.add(team(LIVING))
    for attempt in (
        lambda session: session.create(Team, {"name": "t"}, id=5, tenant=1, owner_id=DELETED),
        lambda session: session.one(Team, New(Team, {"name": "t"}, id=5, tenant=1, owner_id=DELETED), commit=True),
        lambda session: session.one(TeamOut, New(Team, {"name": "t"}, id=5, tenant=1, owner_id=DELETED), commit=True),
    ):
        with pytest.raises(errors.DeletedReference) as refused:
            async with db.write() as session:
                await attempt(session)
        assert refused.value.columns == ("owner_id",)
    with pytest.raises(errors.DeletedReference):
        async with db.write() as session:
            moved = await session.get_one(Team, LIVING)
            moved.owner_id = DELETED
    with pytest.raises(errors.UnitPoisoned):
        async with db.write() as session:
            session.add(team(DELETED))
            with contextlib.suppress(errors.DeletedReference):
                await session.flush()
    async with db.read() as session:
        assert (await session.execute(select(Team.id, Team.owner_id))).all() == [(LIVING, LIVING)]


async def test_a_savepoint_undoes_a_refused_reference(db: Database) -> None:
    async with db.write() as session:
        session.add(team(LIVING))
        with contextlib.suppress(errors.DeletedReference):
            async with session.begin_nested():
                session.add(team(DELETED))
    async with db.read() as session:
        assert (await session.scalars(select(Team.id))).all() == [LIVING]


async def test_what_is_referred_to_cannot_be_deleted_meanwhile(db: Database) -> None:
    """Whoever refers to a row that is being deleted waits for the outcome, and is refused then."""
    begun = asyncio.Event()

    async def refer() -> bool:
        try:
            async with db.write() as session:
                session.add(team(LIVING))
                begun.set()
        except (errors.DeletedReference, errors.RetryableError):
            return False
        return True

    async with db.write() as session:
        await session.delete(await session.get_one(User, LIVING))
        other = asyncio.create_task(refer())
        await begun.wait()
    assert await other is False
    async with db.read() as session:
        assert (await session.scalars(select(Team.id))).all() == []


def test_only_a_class_with_soft_delete_can_be_asked() -> None:
    class Other(DeclarativeBase):
        pass

    class Parent(Other):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Child(Other):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", info={"alive": True}))

    assert references_of(inspect(Parent)) == ()
    with pytest.raises(errors.ConfigurationError, match="belongs to none"):
        references_of(inspect(Child))

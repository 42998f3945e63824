"""Filters of one's own: given a value once for each session, composed with soft delete, switched off by name."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import selectinload

from crosslet import Database, RowFilter, errors, unscoped, with_deleted, without_filters
from reads.club import TENANT, Base, Owned, Tag, Team, User


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base, row_filters=[TENANT]) as database:
        await database.create_all()
        async with database.write() as session:
            session.add(User(id=1, email="a@x.io"))
            await session.flush()
            session.add_all(
                [
                    Team(id=1, name="red", tenant=1, owner_id=1),
                    Team(id=2, name="blue", tenant=2, owner_id=1),
                    Team(id=3, name="gone", tenant=1, owner_id=1),
                ]
            )
        async with database.write() as session:
            session.filter_by(tenant=1)
            await session.delete(await session.get_one(Team, 3))
        yield database


class TeamOut(BaseModel):
    id: int
    name: str


class OwnerOut(BaseModel):
    id: int
    teams: list[TeamOut]


async def names(session: Any, statement: Any) -> list[str]:
    return sorted((await session.scalars(statement)).all())


async def test_each_session_sees_its_own(db: Database) -> None:
    # Three times: the second and third time what was compiled and planned before is used with other values.
    for tenant, expected in ((1, "red"), (2, "blue"), (1, "red")):
        async with db.read() as session:
            session.filter_by(tenant=tenant)
            assert await names(session, select(Team.name)) == [expected]
            assert [team.name for team in await session.all(TeamOut, select(Team))] == [expected]
            assert (await session.one(TeamOut, Team, tenant)).name == expected
            assert (await session.one(OwnerOut, User, 1)).teams == [TeamOut(id=tenant, name=expected)]
            assert await session.count(Team) == 1
            with pytest.raises(errors.NotFound):
                await session.one(TeamOut, Team, 3 - tenant)
            assert await session.get(Team, 3 - tenant) is None
        async with db.write() as session:
            session.filter_by(tenant=tenant)
            (owner,) = await session.all(User, select(User).options(selectinload(User.teams)))
            assert [team.name for team in owner.teams] == [expected]
            assert [team.name for team in await session.all(TeamOut, select(Team))] == [expected]
            assert (await session.execute(update(Team).values(owner_id=1))).rowcount == 1
            assert [team.id for team in await session.all(TeamOut, update(Team).values(owner_id=1))] == [tenant]


async def test_many_sessions_at_once_keep_their_values(db: Database) -> None:
    async def names_of(tenant: int) -> set[str]:
        found: set[str] = set()
        for _ in range(20):
            async with db.read() as session:
                session.filter_by(tenant=tenant)
                found |= {team.name for team in await session.all(TeamOut, select(Team))}
                found |= {team.name for team in await session.all(Team, select(Team))}
        return found

    assert await asyncio.gather(*map(names_of, (1, 2, 1, 2))) == [{"red"}, {"blue"}, {"red"}, {"blue"}]


async def test_without_a_value_nothing_is_shown(db: Database) -> None:
    for again in range(2):
        async with db.write() as session:
            assert await session.count(User) == 1, again
            statements = (select(Team), select(User).where(User.teams.any()), select(func.count(Team.id)))
            for statement in statements:
                with pytest.raises(errors.ConfigurationError, match=r"session.filter_by\(tenant="):
                    await session.execute(statement)
            with pytest.raises(errors.ConfigurationError, match="filter_by"):
                await session.execute(delete(Team))
            with pytest.raises(errors.ConfigurationError, match="filter_by"):
                await session.all(TeamOut, select(Team))
            with pytest.raises(errors.ConfigurationError, match="filter_by"):
                await session.json(OwnerOut, User, 1)
            with pytest.raises(errors.ConfigurationError, match="filter_by"):
                await session.get(Team, 1)


async def test_each_is_switched_off_by_its_name(db: Database) -> None:
    async with db.read() as session:
        session.filter_by(tenant=1)
        assert await names(session, without_filters(select(Team.name), "tenant")) == ["blue", "red"]
        assert await names(session, with_deleted(select(Team.name))) == ["gone", "red"]
        assert await names(session, without_filters(select(Team.name))) == ["blue", "gone", "red"]
        with session.without_filters("tenant"):
            assert await names(session, select(Team.name)) == ["blue", "red"]
            with session.with_deleted():
                assert await names(session, select(Team.name)) == ["blue", "gone", "red"]
        assert await names(session, select(Team.name)) == ["red"]
        with session.only_deleted():
            assert await names(session, select(Team.name)) == ["gone"]
            assert [team.name for team in await session.all(TeamOut, select(Team))] == ["gone"]


async def test_the_identity_map_shows_no_row_of_another(db: Database) -> None:
    async with db.read() as session:
        session.filter_by(tenant=1)
        other = (await session.scalars(without_filters(select(Team).where(Team.id == 2), "tenant"))).one()
        assert await session.get(Team, 2) is None
        with session.without_filters("tenant"):
            assert await session.get(Team, 2) is other


async def test_a_value_that_is_a_list(url: str) -> None:
    some = RowFilter("some", Owned, lambda cls, tenants: cls.tenant.in_(tenants))
    async with Database(url, metadata=Base, row_filters=[some]) as db:
        await db.create_all()
        async with db.write() as session:
            session.add(User(id=1, email="a@x.io"))
            await session.flush()
            session.add_all([Team(id=key, name=str(key), tenant=key, owner_id=1) for key in (1, 2, 3)])
        for wanted in ([1, 2], [3], []):
            async with db.read() as session:
                session.filter_by(tenants=wanted)
                assert await names(session, select(Team.name)) == [str(one) for one in wanted]
                assert sorted(team.id for team in await session.all(TeamOut, select(Team))) == wanted
                assert await session.get(Team, 3) is None or 3 in wanted


async def test_statements_without_classes_say_that_they_mean_all_rows(db: Database) -> None:
    teams = Team.__table__
    refused = [
        select(teams),
        select(func.count()).select_from(teams),
        text("SELECT name FROM teams"),
        text('SELECT name FROM "Teams" WHERE 1 = 1'),
        update(teams).values(name="x"),
        delete(teams),
        select(1).where(select(teams.c.id).exists()),
        select(Team).from_statement(text("SELECT * FROM teams")),
        select(User.id).join(teams, teams.c.owner_id == User.id),
        select(User.id).select_from(teams),
    ]
    async with db.write() as session:
        session.filter_by(tenant=1)
        for statement in refused:
            with pytest.raises(errors.ConfigurationError, match="unscoped"):
                await session.execute(statement)
        await session.execute(
            insert(teams).values(
                id=9, name="new", tenant=1, owner_id=1, created_at=bindparam("t"), updated_at=bindparam("t")
            ),
            {"t": (await session.get_one(Team, 1)).created_at},
        )
        assert await names(session, unscoped(text("SELECT name FROM teams"))) == ["blue", "gone", "new", "red"]
        assert await names(session, unscoped(select(teams.c.name))) == ["blue", "gone", "new", "red"]
        assert await session.scalar(text("SELECT 'teams' -- teams")) == "teams"
        tagging = Base.metadata.tables["tagging"]
        assert (await session.execute(select(tagging))).all() == []


async def test_switching_off_one_filter_leaves_the_others_on_for_sql_by_hand(db: Database) -> None:
    teams = Team.__table__
    refused = [
        text("SELECT name FROM teams"),
        select(teams.c.name),
        delete(teams),
        select(Team).from_statement(text("SELECT * FROM teams")),
        select(User.id).join(teams, teams.c.owner_id == User.id),
    ]
    by_hand = text("SELECT name FROM teams")
    async with db.write() as session:
        session.filter_by(tenant=1)
        for statement in refused:
            for switched in (with_deleted(statement), without_filters(statement, "tenant")):
                with pytest.raises(errors.ConfigurationError, match="unscoped"):
                    await session.execute(switched)
            with session.with_deleted(), pytest.raises(errors.ConfigurationError, match="unscoped"):
                await session.execute(statement)
        # With all of them off there is nothing to miss.
        assert await names(session, without_filters(by_hand)) == ["blue", "gone", "red"]
        assert await names(session, without_filters(by_hand, "tenant", "soft_delete")) == ["blue", "gone", "red"]
        with session.without_filters("tenant"), session.with_deleted():
            assert await names(session, by_hand) == ["blue", "gone", "red"]


async def test_rows_that_are_found_by_their_keys_alone_are_refused(db: Database) -> None:
    rows = [{"id": 2, "name": "x"}]
    async with db.write() as session:
        session.filter_by(tenant=1)
        with pytest.raises(errors.ConfigurationError, match="update_many"):
            await session.execute(update(Team), rows)
        await session.execute(without_filters(update(Team)), rows)
        assert await names(session, without_filters(select(Team.name))) == ["gone", "red", "x"]


async def test_refreshing_what_is_held_is_not_filtered(db: Database) -> None:
    async with db.write() as session:
        session.filter_by(tenant=1)
        team = await session.get_one(Team, 1)
        team.tenant = 2
        await session.flush()
        session.expire(team)
        await session.refresh(team)
        assert team.tenant == 2


def lambda_without_class() -> bool:
    return True


@pytest.mark.parametrize("criterion", [lambda_without_class, lambda *cls: True, lambda cls, *, x: True, 5])
def test_a_criterion_is_a_function_of_a_class(criterion: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="lambda cls"):
        RowFilter("x", Tag, criterion)


@pytest.mark.parametrize("names", [["tenant", "tenant"], ["soft_delete"]])
def test_names_are_given_once(names: list[str]) -> None:
    filters = [RowFilter(name, Tag, lambda cls: cls.id > 0) for name in names]
    with pytest.raises(errors.ConfigurationError, match="two filters"):
        Database("sqlite:///x.db", row_filters=filters)


async def test_unknown_names_and_values_are_refused(db: Database) -> None:
    async with db.read() as session:
        with pytest.raises(errors.ConfigurationError, match="take tenant"):
            session.filter_by(tennant=1)
        with pytest.raises(errors.ConfigurationError, match="soft_delete, tenant"), session.without_filters("x"):
            pass
        with pytest.raises(errors.ConfigurationError, match="soft_delete, tenant"):
            await session.all(Tag, without_filters(select(Tag), "x"))

"""Pages and their totals show what the session's filters let through, however a statement has to be rewritten."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select, union_all

from crosslet import Database, Keyset, Offset, with_deleted
from crosslet.reads import CAP
from fix_databases import Target
from reads.club import TENANT, Base, Post, Team, User


class UserOut(BaseModel):
    email: str


class TeamOut(BaseModel):
    id: int
    name: str


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """Four users of whom the second is deleted, two posts each of which the first is deleted, teams of two tenants."""
    async with Database(url, metadata=Base, row_filters=[TENANT], secret="no secret of anybody") as database:
        await database.create_all()
        async with database.write() as session:
            session.add_all([User(id=n, email=f"{n}@x") for n in range(1, 5)])
            await session.flush()
            session.add_all([Post(id=10 * n + m, title="ab"[m], author_id=n) for n in range(1, 5) for m in (0, 1)])
            session.add_all([Team(id=n, name=f"t{n % 3}", tenant=n % 2, owner_id=1) for n in range(1, 9)])
        async with database.write() as session:
            for number in (1, 3, 4):
                await session.delete(await session.get_one(Post, 10 * number))
            await session.delete(await session.get_one(User, 2))
        yield database


async def read(session: Any, shape: Any, statement: Any, **options: Any) -> tuple[list[Any], int]:
    found, cursor = [], None
    while True:
        page = await session.page(shape, statement, Keyset(limit=1, cursor=cursor), total="exact", **options)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    numbered = await session.page(shape, statement, Offset(limit=2), total="exact", **options)
    assert numbered.items == found[:2]
    assert numbered.total == page.total
    return found, page.total


async def test_deleted_rows_are_on_no_page_and_in_no_total(db: Database) -> None:
    there = ["4@x", "3@x", "1@x"]
    for statement in (
        select(User).order_by(User.email.desc()),
        select(User).order_by(User.deleted_at, User.email.desc()),
        select(User).join(User.posts).order_by(User.email.desc()),
        select(User).join(User.posts).group_by(User.id).order_by(func.count(Post.id), User.email.desc()),
    ):
        async with db.read() as session:
            for shape in (UserOut, User):
                found, total = await read(session, shape, statement)
                assert ([user.email for user in found], total) == (there, 3)
            found, total = await read(session, UserOut, with_deleted(statement))
            assert (sorted(user.email for user in found), total) == (["1@x", "2@x", "3@x", "4@x"], 4)


async def test_deleted_rows_are_in_no_group_and_no_union(db: Database) -> None:
    groups = select(Post.author_id, func.count().label("n")).group_by(Post.author_id).order_by(func.count().desc())
    union = union_all(select(User.id, User.email), select(Post.id, Post.title)).subquery()
    async with db.read() as session:
        found, total = await read(session, dict, groups)
        assert ([row["n"] for row in found], total) == ([1, 1, 1], 3)
        assert (await read(session, dict, select(Post.title).distinct().order_by(Post.title)))[0] == [{"title": "b"}]
        found, total = await read(session, dict, select(union).order_by(union.c.email), key=[union.c.id])
        assert (len(found), total) == (6, 6)


async def test_each_tenant_walks_its_own_list_by_the_same_statement(db: Database) -> None:
    statement = select(Team).order_by(Team.name.desc(), Team.id)
    for tenant in (0, 1, 0):
        async with db.read() as session:
            session.filter_by(tenant=tenant)
            found, total = await read(session, TeamOut, statement)
            assert ({team.id % 2 for team in found}, len(found), total) == ({tenant}, 4, 4)


async def test_an_estimate_is_made_under_the_filters(
    db: Database, monkeypatch: pytest.MonkeyPatch, target: Target
) -> None:
    monkeypatch.setattr("crosslet.database.paging.CAP", 1)
    assert CAP == 10_000
    async with db.read() as session:
        page = await session.page(UserOut, User, Offset(limit=1), total="estimated")
    assert page.total_is == ("estimated" if target.dialect.estimates_rows else "at_least")

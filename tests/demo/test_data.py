"""The sample data: the same at each run, all of it or none, and true to the rules of the tables."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crosslet import Database
from demo import data
from demo.models import Account, Base, Comment, Follow, Post, Transfer, User, user_roles


async def contents(database: Database) -> dict[str, list[Any]]:
    async with database.read() as session:
        found = {}
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(select(table).order_by(*table.primary_key))
            # updated_at is the time of the run; a balance that was changed by transfers was updated.
            found[table.name] = [{k: v for k, v in row._mapping.items() if k != "updated_at"} for row in rows]
        return found


async def test_fills_an_empty_database_and_no_other(database: Database) -> None:
    await database.create_all()
    said: list[str] = []
    assert await data.fill(database, users=60, say=said.append)
    assert [line.split()[1] for line in said] == [
        "roles",
        "users",
        "follows",
        "posts",
        "comments",
        "accounts",
        "transfers",
    ]
    before = await contents(database)
    assert not await data.fill(database, users=60, say=said.append)
    assert len(said) == 7
    assert await contents(database) == before
    assert {name: bool(rows) for name, rows in before.items()} == dict.fromkeys(before, True)


async def test_an_interrupted_run_leaves_the_database_empty(database: Database) -> None:
    await database.create_all()

    def interrupt(line: str) -> None:
        if "comments" in line:
            raise KeyError(line)

    with pytest.raises(KeyError):
        await data.fill(database, users=40, say=interrupt)
    assert not any((await contents(database)).values())
    assert await data.fill(database, users=40)


def made(seed: int) -> list[dict[str, Any]]:
    generator = data.Generator(seed)
    users = generator.users(50)
    posts = generator.posts(users)
    return [row.to_dict() for row in (*users, *posts, *generator.follows(users), *generator.comments(users, posts))]


def test_one_seed_makes_the_same_rows_and_another_others() -> None:
    assert made(1) == made(1)
    assert made(1) != made(2)


async def test_the_full_size_is_what_the_guides_promise(tmp_path: Any) -> None:
    async with Database(f"sqlite:///{tmp_path}/demo.db", metadata=Base) as database:
        await database.create_all()
        await data.fill(database)
        async with database.read() as session:
            counts = {model: await session.count(model) for model in (User, Post, Comment, Follow, Account, Transfer)}
            assert counts[User] == 2000
            assert min(counts.values()) > 900
            assert await session.scalar(select(func.min(Account.balance))) >= Decimal(0)
            assert not await session.exists(select(Follow).where(Follow.follower_id == Follow.followed_id))
            early = select(Comment.id).join(Comment.post).where(Comment.created_at < Post.published_at)
            assert not await session.exists(early)
            granted = Counter((await session.execute(select(user_roles.c.user_id))).scalars())
            assert sum(granted.values()) == 100

"""How many statements each way to read what belongs to an object takes, on every driver."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import exc

import relationships
from crosslet import Database, errors
from loading.library import counted
from user_model import Post, Role, User

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def people(db: Database, person: Callable[..., dict[str, Any]]) -> Database:
    """Give three users with three posts each, and two roles."""
    async with db.write() as session:
        users = [await session.create(User, None, **person(name)) for name in ("ada", "bob", "cyd")]
        session.add_all(
            Post(title=f"{user.username} {number}", author=user, created_at=BEGIN + timedelta(days=number))
            for user in users
            for number in range(3)
        )
        session.add_all([Role(name="editor", users=users[:2]), Role(name="writer", users=users)])
    return db


async def test_each_takes_as_many_statements_as_it_says(people: Database) -> None:
    titles = {name: [f"{name} {number}" for number in range(3)] for name in ("ada", "bob", "cyd")}
    async with people.read() as session:
        with counted(await people.engine(read_only=True)) as count:
            users = await relationships.lists(session)
            assert {user.username: sorted(post.title for post in user.posts) for user in users} == titles
            assert count() == 2
            session.expunge_all()

            count.clear()
            posts = await relationships.single_objects(session)
            assert [post.author.username for post in posts] == ["ada"] * 3 + ["bob"] * 3 + ["cyd"] * 3
            assert count() == 1
            session.expunge_all()

            count.clear()
            roles = await relationships.level_by_level(session)
            shown = {role.name: sorted(post.title for user in role.users for post in user.posts) for role in roles}
            assert shown == {
                "editor": titles["ada"] + titles["bob"],
                "writer": [one for some in titles.values() for one in some],
            }
            assert count() == 3
            session.expunge_all()

            count.clear()
            found = await relationships.what_was_joined_anyway(session, "bob")
            assert [(post.title, post.author.username) for post in found] == [(one, "bob") for one in titles["bob"]]
            assert count() == 1
            session.expunge_all()

            count.clear()
            latest = await relationships.the_latest_of_each(session)
            assert [[one.title for one in user.posts] for user in latest] == [
                [f"{name} 2", f"{name} 1"] for name in ("ada", "bob", "cyd")
            ]
            assert count() == 1

            count.clear()
            assert await relationships.touched_in_a_loop(session) == {"ada": 3, "bob": 3, "cyd": 3}
            assert count() == 2


async def test_what_was_not_named_is_an_error(people: Database) -> None:
    async with people.read() as session:
        users = await relationships.nothing_else(session)
        assert [user.username for user in users] == ["ada", "bob", "cyd"]
        with pytest.raises(exc.InvalidRequestError, match="not available"):
            await session.run_sync(lambda _: users[0].posts)
        with pytest.raises(errors.LoadRefused, match=r"undefer\(User\.email\)"):
            await session.run_sync(lambda _: users[0].email)

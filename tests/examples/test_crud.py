"""The verbs of every day, on every driver."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import crud
from crosslet import Database, errors
from user_model import Post, User, UserIn, UserOut, UserPatch

Person = Callable[..., dict[str, Any]]


async def test_one_row_from_its_birth_to_its_end(db: Database) -> None:
    body = UserIn(email="ada@example.com", username="Ada", settings={"theme": "light", "n": 1})
    async with db.write() as session:
        made = await crud.register(session, body, "hash")
        shown = await crud.get_or_fail(session, made.id)
    assert shown == UserOut(id=made.id, email="ada@example.com", username="Ada", settings={"theme": "light", "n": 1})
    async with db.write() as session:
        changed = await crud.change(session, made.id, UserPatch(email="new@example.com"))
        assert (changed.email, changed.settings) == ("new@example.com", {"theme": "light", "n": 1})
        assert changed.updated_at > changed.created_at
        await crud.save(session, changed)
    async with db.read() as session:
        found = await crud.get(session, made.id)
        assert found is not None
        assert (found.username, found.settings) == ("ada", {"theme": "dark", "n": 1})
        assert crud.as_schema(found) == await crud.get_or_fail(session, made.id) == await crud.newest(session)
        assert set(crud.as_dict(found)) == {
            *("id", "email", "username", "is_admin", "is_active", "settings", "created_at", "updated_at")
        }
        assert await crud.is_taken(session, "ada")
    async with db.write() as session:
        await crud.remove(session, await session.one(User, found))
    async with db.read() as session:
        assert await crud.get(session, made.id) is None
        assert await crud.newest(session) is None
        assert not await crud.is_taken(session, "ada")
        with pytest.raises(errors.NotFound):
            await crud.get_or_fail(session, made.id)


async def test_null_that_was_sent_for_a_required_field_is_refused(db: Database, ada: User) -> None:
    with pytest.raises(errors.InvalidValue, match="email"):
        async with db.write() as session:
            await crud.change(session, ada.id, UserPatch(email=None))


async def test_pages_meet_without_gap_or_overlap(db: Database, person: Person) -> None:
    async with db.write() as session:
        session.add_all([User(**person(f"user{number}")) for number in range(7)])
    async with db.read() as session:
        pages = [await crud.page(session, skip=skip, limit=3) for skip in (0, 3, 6)]
    assert [user.username for rows, _ in pages for user in rows] == [f"user{number}" for number in range(7)]
    assert {total for _, total in pages} == {7}


async def test_statements_give_back_the_rows_that_they_changed(db: Database, person: Person) -> None:
    async with db.write() as session:
        users = [User(**person(name)) for name in ("quiet", "busy", "silent")]
        session.add_all(users)
        await session.flush()
        await session.create(Post, title="x", author_id=users[1].id)
        old = datetime.now(UTC) - timedelta(days=40)
        await session.create(Post, title="x", author_id=users[0].id, created_at=old)
    async with db.write() as session:
        changed = await crud.deactivate_silent(session, days=30)
        assert sorted(user.username for user in changed) == ["quiet", "silent"]
        assert await crud.deactivate_silent(session, days=30) == []
        removed = await crud.remove_inactive(session)
        assert sorted(row["username"] for row in removed) == ["quiet", "silent"]
        assert all(row["is_active"] is False for row in removed)
    async with db.read() as session:
        assert [user.username for user in await session.all(User)] == ["busy"]
        assert await session.count(select(Post)) == 1


async def test_columns_and_sums_in_two_languages(db: Database, person: Person) -> None:
    moment = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)
    async with db.write() as session:
        for name, count in (("ada", 3), ("bob", 1), ("eve", 0)):
            user = await session.create(User, None, **person(name))
            for number in range(count):
                created = moment + timedelta(microseconds=number)
                await session.create(Post, title="x", author_id=user.id, created_at=created)
    async with db.read() as session:
        assert await crud.busiest(session) == [crud.Author("ada", 3), crud.Author("bob", 1)]
        assert await crud.busiest_since(session, moment) == await crud.busiest(session)
        later = moment + timedelta(microseconds=2)
        assert await crud.busiest_since(session, later) == [crud.Author("ada", 1)]

"""Paths into JSON: read, filtered, ordered by and changed, on every driver."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

import json_documents
from crosslet import Database
from user_model import User

SETTINGS: dict[str, dict[str, Any]] = {
    "ada": {"theme": "dark", "visits": 9, "notify": {"mail": False, "push": True}, "tags": ["new", "old"]},
    "bob": {"theme": "light", "visits": 10, "tags": "new"},
    "cyd": {"theme": 7, "visits": "many", "notify": {"mail": None}},
    "dan": {"theme": "dark", "tags": ["new"]},
}


@pytest.fixture
async def ids(db: Database, person: Callable[..., dict[str, Any]]) -> dict[str, UUID]:
    async with db.write() as session:
        made = [await session.create(User, None, **person(name, settings=held)) for name, held in SETTINGS.items()]
    return {user.username: user.id for user in made}


async def settings_of(db: Database, user_id: UUID) -> dict[str, Any]:
    async with db.read() as session:
        return (await session.get_one(User, user_id)).settings


async def test_what_is_found(db: Database, ids: dict[str, UUID]) -> None:
    async with db.read() as session:
        assert [await json_documents.theme_of(session, one) for one in ids.values()] == ["dark", "light", None, "dark"]
        found = await json_documents.themes(session)
        assert sorted(found, key=str) == [
            {"theme": "dark", "users": 2},
            {"theme": "light", "users": 1},
            {"theme": None, "users": 1},
        ]
        assert await json_documents.who_gets_mail(session) == ["bob", "cyd", "dan"]
        assert await json_documents.tagged_first(session, "new") == ["ada", "dan"]
        assert await json_documents.most_frequent(session, 3) == ["bob", "ada", "cyd"]


async def test_what_is_changed(db: Database, ids: dict[str, UUID]) -> None:
    async with db.write() as session:
        await json_documents.set_theme(session, ids["ada"], 'the "dark"')
        await json_documents.add_tag(session, ids["ada"], "third")
        await json_documents.forget(session, ids["ada"])
        # What is no list stays what it is.
        await json_documents.add_tag(session, ids["bob"], "second")
        await json_documents.count_visit(session, ids["bob"])
        await json_documents.count_visit(session, ids["cyd"])
        dan = await session.get_one(User, ids["dan"])
        await json_documents.notify_by_mail(session, dan, False)
        assert dan.settings == SETTINGS["dan"] | {"notify": {"mail": False}}
    ada = {"theme": 'the "dark"', "visits": 9, "tags": ["new", "old", "third"]}
    assert await settings_of(db, ids["ada"]) == ada
    assert await settings_of(db, ids["bob"]) == SETTINGS["bob"] | {"visits": 11}
    assert await settings_of(db, ids["cyd"]) == SETTINGS["cyd"] | {"visits": 1}
    async with db.write() as session:
        changed = await json_documents.start_over(session, 'the "dark"', "dark")
        assert [user.settings for user in changed] == [{"theme": "dark", "tags": ["new", "old", "third"]}]


async def test_no_visit_is_lost(db: Database, ids: dict[str, UUID]) -> None:
    async def visit() -> None:
        await db.run(json_documents.count_visit, ids["dan"])

    await asyncio.gather(*(visit() for _ in range(10)))
    assert await settings_of(db, ids["dan"]) == SETTINGS["dan"] | {"visits": 10}

"""Totals and windows, on every driver."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import windows
from crosslet import Database
from user_model import Post, User

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def authors(db: Database, person: Callable[..., dict[str, Any]]) -> dict[str, User]:
    """Give three users with 3, 1 and 0 posts."""
    async with db.write() as session:
        made = {name: await session.create(User, None, **person(name)) for name in ("ada", "bob", "cyd")}
        for number, (name, pinned) in enumerate([("ada", 2), ("bob", 7), ("ada", None), ("ada", 3)]):
            when = BEGIN + timedelta(days=number)
            post = Post(title=f"{name} {number}", author=made[name], pinned_order=pinned, created_at=when)
            session.add(post)
    return made


async def test_groups_and_their_totals(db: Database, authors: dict[str, User]) -> None:
    async with db.read() as session:
        assert await windows.busy_authors(session, 2) == [{"username": "ada", "posts": 3}]
        assert await windows.busy_authors(session, 1) == [
            {"username": "ada", "posts": 3},
            {"username": "bob", "posts": 1},
        ]
        assert [(one["username"], one["posts"]) for one in await windows.with_counts(session)] == [
            ("ada", 3),
            ("bob", 1),
            ("cyd", 0),
        ]
        assert await windows.above_average(session) == ["ada"]
        assert await windows.silent_users(session) == ["cyd"]
        assert await windows.everything_named(session, 3) == [
            {"kind": "user", "name": "ada"},
            {"kind": "post", "name": "ada 0"},
            {"kind": "post", "name": "ada 2"},
        ]


async def test_windows(db: Database, authors: dict[str, User]) -> None:
    async with db.read() as session:
        newest = await windows.newest_of_each(session, 2)
        assert [(one["username"], one["title"], one["place"]) for one in newest] == [
            ("ada", "ada 3", 1),
            ("ada", "ada 2", 2),
            ("bob", "bob 1", 1),
        ]
        assert await windows.running_pins(session, authors["ada"]) == [
            {"title": "ada 0", "pins": 2},
            {"title": "ada 2", "pins": 2},
            {"title": "ada 3", "pins": 5},
        ]

"""Users over HTTP: created, read, listed, changed, deleted, on every driver."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from crosslet import Database
from demo.models import Comment, Post, User

FULL = {
    "email": "Ada@Example.com",
    "name": "Ada",
    "bio": "Counts.",
    "latitude": 51.5,
    "longitude": -0.125,
    "profile": {"theme": "dark", "tags": ["a", 1, None, {"b": 2.5}]},
}


async def test_a_created_user_is_what_is_read_afterwards(api: Any) -> None:
    made = await api.call("POST", "/users", expect=201, body=FULL)
    assert made == FULL | {
        "email": "ada@example.com",
        "id": str(UUID(made["id"])),
        "is_active": True,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }
    assert abs((datetime.now(UTC) - datetime.fromisoformat(made["created_at"])).total_seconds()) < 60
    assert await api.call("GET", f"/users/{made['id']}", expect=200) == made


async def test_a_user_who_is_not_there_is_a_404(api: Any) -> None:
    for method, options in (("GET", {}), ("PATCH", {"body": {"name": "x"}}), ("DELETE", {})):
        problem = await api.problem(method, f"/users/{uuid4()}", expect=404, **options)
        assert problem["code"] == "not-found"


async def test_a_taken_address_is_a_409_that_names_the_field_and_no_value(api: Any) -> None:
    await api.user(email="ada@example.com")
    for email in ("ada@example.com", "ADA@example.com"):
        problem = await api.problem("POST", "/users", expect=409, body={"email": email, "name": "x"})
        assert problem["code"] == "unique-violation"
        assert problem["fields"] == ["email"]
        assert "ada" not in str(problem).lower()
    other = await api.user()
    problem = await api.problem("PATCH", f"/users/{other['id']}", expect=409, body={"email": "ada@example.com"})
    assert problem["fields"] == ["email"]
    assert (await api.call("GET", f"/users/{other['id']}", expect=200)) == other


async def test_pages_hold_every_user_once_in_order_and_say_how_many_there_are(api: Any) -> None:
    made = [await api.user() for _ in range(7)]
    idle = await api.user()
    await api.call("PATCH", f"/users/{idle['id']}", expect=200, body={"is_active": False})
    pages = [await api.call("GET", "/users", expect=200, params={"skip": skip, "limit": 3}) for skip in (0, 3, 6, 9)]
    assert [item for page in pages for item in page["items"]] == [
        {"id": user["id"], "email": user["email"], "name": user["name"]} for user in made
    ]
    assert {page["total"] for page in pages} == {7}
    inactive = await api.call("GET", "/users", expect=200, params={"is_active": False})
    assert [item["id"] for item in inactive["items"]] == [idle["id"]]


async def test_a_patch_changes_what_was_sent_and_nothing_else(api: Any) -> None:
    made = await api.call("POST", "/users", expect=201, body=FULL)
    changed = await api.call("PATCH", f"/users/{made['id']}", expect=200, body={"bio": None, "profile": {"theme": "x"}})
    assert changed["updated_at"] > made["updated_at"]
    assert changed == made | {"bio": None, "profile": {"theme": "x"}, "updated_at": changed["updated_at"]}
    assert await api.call("PATCH", f"/users/{made['id']}", expect=200, body={}) == changed


async def test_null_for_a_required_field_is_a_422(api: Any) -> None:
    user = await api.user()
    problem = await api.problem("PATCH", f"/users/{user['id']}", expect=422, body={"name": None})
    assert problem["fields"] == ["name"]
    assert await api.call("GET", f"/users/{user['id']}", expect=200) == user


async def test_a_deleted_user_takes_posts_and_follows_along_and_leaves_comments(api: Any, database: Database) -> None:
    gone, stays = await api.user(), await api.user(name="Stays")
    await api.post(gone["id"])
    kept = await api.post(stays["id"])
    for author in (gone, stays):
        body = {"author_id": author["id"], "text": "Yes."}
        await api.call("POST", f"/posts/{kept['id']}/comments", expect=201, body=body)
    await api.call("POST", f"/users/{gone['id']}/following", expect=201, body={"followed_id": stays["id"]})
    await api.call("DELETE", f"/users/{gone['id']}", expect=204)
    await api.call("GET", f"/users/{gone['id']}", expect=404)
    async with database.read() as session:
        assert [post.id for post in await session.all(Post)] == [UUID(kept["id"])]
        comments = await session.all(Comment, select(Comment).order_by(Comment.created_at))
        assert [comment.author_id for comment in comments] == [None, UUID(stays["id"])]
        assert await session.count(User) == 1
    assert (await api.call("GET", f"/users/{stays['id']}/followers", expect=200))["total"] == 0
    listed = await api.call("GET", f"/posts/{kept['id']}/comments", expect=200)
    assert [item["author_name"] for item in listed["items"]] == [None, "Stays"]


async def test_a_user_who_owns_an_account_stays(api: Any) -> None:
    user = await api.user()
    await api.account(user["id"])
    problem = await api.problem("DELETE", f"/users/{user['id']}", expect=409)
    assert problem["code"] == "foreign-key-violation"
    assert await api.call("GET", f"/users/{user['id']}", expect=200) == user


async def test_a_user_with_a_first_post_is_both_or_neither(api: Any) -> None:
    body = {"user": {"email": "ada@example.com", "name": "Ada"}, "post": {"title": "Hello", "text": "World"}}
    made = await api.call("POST", "/users/with-first-post", expect=201, body=body)
    assert made["post"]["author_id"] == made["user"]["id"]
    assert made["post"]["author_email"] == "ada@example.com"
    assert await api.call("GET", f"/posts/{made['post']['id']}", expect=200) == made["post"]


@pytest.mark.parametrize("title", ["nul \0", "half \ud800"])
async def test_a_post_that_cannot_be_stored_leaves_no_user(api: Any, title: str) -> None:
    body = {"user": {"email": "ada@example.com", "name": "Ada"}, "post": {"title": title, "text": ""}}
    await api.problem("POST", "/users/with-first-post", expect=422, body=body)
    assert await api.call("GET", "/users", expect=200) == {"items": [], "total": 0}

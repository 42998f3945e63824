"""Posts and their comments over HTTP, on every driver."""

from typing import Any
from uuid import uuid4


async def test_a_post_shows_its_authors_address(api: Any) -> None:
    author = await api.user(email="ada@example.com")
    made = await api.post(author["id"], title="Hello", text="World")
    assert (made["author_id"], made["author_email"]) == (author["id"], "ada@example.com")
    assert (made["title"], made["text"], made["published_at"]) == ("Hello", "World", None)
    assert await api.call("GET", f"/posts/{made['id']}", expect=200) == made


async def test_posts_of_one_author_come_newest_first_and_by_state(api: Any) -> None:
    author, other = await api.user(), await api.user()
    await api.post(other["id"])
    drafts = [await api.post(author["id"]) for _ in range(2)]
    published = await api.post(author["id"], published_at="2026-01-01T00:00:00Z")
    path = f"/users/{author['id']}/posts"
    everything = await api.call("GET", path, expect=200)
    assert everything == {"items": [published, drafts[1], drafts[0]], "total": 3}
    assert (await api.call("GET", path, expect=200, params={"published": True}))["items"] == [published]
    assert (await api.call("GET", path, expect=200, params={"published": False}))["total"] == 2
    second = await api.call("GET", path, expect=200, params={"skip": 1, "limit": 1})
    assert second == {"items": [drafts[1]], "total": 3}


async def test_times_keep_their_microseconds_and_come_back_in_utc(api: Any) -> None:
    author = await api.user()
    post = await api.post(author["id"], published_at="2026-01-01T12:00:00.123456+05:00")
    assert post["published_at"] == "2026-01-01T07:00:00.123456Z"


async def test_a_post_is_changed_and_deleted_with_its_comments(api: Any) -> None:
    author = await api.user()
    post = await api.post(author["id"])
    path = f"/posts/{post['id']}"
    changed = await api.call("PATCH", path, expect=200, body={"title": "New"})
    assert changed == post | {"title": "New", "updated_at": changed["updated_at"]}
    comment = await api.call("POST", f"{path}/comments", expect=201, body={"author_id": author["id"], "text": "Yes."})
    await api.call("DELETE", path, expect=204)
    await api.problem("DELETE", path, expect=404)
    await api.problem("GET", path, expect=404)
    await api.problem("PATCH", path, expect=404, body={"title": "New"})
    await api.problem("DELETE", f"/comments/{comment['id']}", expect=404)


async def test_a_post_needs_an_author(api: Any) -> None:
    problem = await api.problem("POST", f"/users/{uuid4()}/posts", expect=404, body={"title": "x", "text": ""})
    assert problem["code"] == "not-found"


async def test_comments_come_oldest_first_with_names(api: Any) -> None:
    ada, bob = await api.user(name="Ada"), await api.user(name="Bob")
    post = await api.post(ada["id"])
    path = f"/posts/{post['id']}/comments"
    made = [
        await api.call("POST", path, expect=201, body={"author_id": user["id"], "text": user["name"]})
        for user in (ada, bob)
    ]
    assert await api.call("GET", path, expect=200) == {"items": made, "total": 2}
    assert [item["author_name"] for item in made] == ["Ada", "Bob"]
    await api.call("DELETE", f"/comments/{made[0]['id']}", expect=204)
    assert await api.call("GET", path, expect=200) == {"items": [made[1]], "total": 1}


async def test_a_comment_needs_a_post_and_an_author(api: Any) -> None:
    author = await api.user()
    post = await api.post(author["id"])
    body = {"author_id": author["id"], "text": "Yes."}
    await api.problem("POST", f"/posts/{uuid4()}/comments", expect=404, body=body)
    body["author_id"] = str(uuid4())
    problem = await api.problem("POST", f"/posts/{post['id']}/comments", expect=409, body=body)
    assert problem["code"] == "foreign-key-violation"
    assert (await api.call("GET", f"/posts/{post['id']}/comments", expect=200))["total"] == 0

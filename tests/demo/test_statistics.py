"""SQL by hand gives the same answer on every driver, times and keys included."""

from typing import Any


async def test_counts_what_was_written_since(api: Any) -> None:
    ada, bob, eve = [await api.user(email=f"{name}@example.com") for name in ("ada", "bob", "eve")]
    for author in (bob, bob, ada):
        post = await api.post(author["id"])
    second_of_bob = (await api.call("GET", f"/users/{bob['id']}/posts", expect=200))["items"][0]
    comment = {"author_id": eve["id"], "text": "Yes."}
    await api.call("POST", f"/posts/{post['id']}/comments", expect=201, body=comment)

    async def counted(since: str, **params: Any) -> list[tuple[str, int, int]]:
        rows = await api.call("GET", "/statistics/authors", expect=200, params={"since": since, **params})
        assert {row["user_id"] for row in rows} <= {user["id"] for user in (ada, bob, eve)}
        return [(row["email"].partition("@")[0], row["posts"], row["comments"]) for row in rows]

    assert await counted("2020-01-01T00:00:00Z") == [("bob", 2, 0), ("ada", 1, 0), ("eve", 0, 1)]
    assert await counted("2020-01-01T00:00:00Z", top=1) == [("bob", 2, 0)]
    # To the microsecond, whatever the server's time zone is.
    since = second_of_bob["created_at"]
    assert await counted(since) == [("ada", 1, 0), ("bob", 1, 0), ("eve", 0, 1)]
    assert await counted("2100-01-01T00:00:00+05:00", top=1) == [("ada", 0, 0)]

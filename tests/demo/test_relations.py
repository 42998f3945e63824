"""Roles and follows over HTTP: users related to roles and to each other, on every driver."""

from typing import Any
from uuid import uuid4


async def test_roles_are_granted_once_and_revoked_once(api: Any) -> None:
    user = await api.user()
    for name in ("writer", "admin"):
        await api.call("POST", "/roles", expect=201, body={"name": name})
    path = f"/users/{user['id']}/roles"
    for name in ("writer", "admin"):
        await api.call("PUT", f"{path}/{name}", expect=204)
    problem = await api.problem("PUT", f"{path}/admin", expect=409)
    assert problem["code"] == "unique-violation"
    assert [role["name"] for role in await api.call("GET", path, expect=200)] == ["admin", "writer"]
    await api.call("DELETE", f"{path}/admin", expect=204)
    await api.problem("DELETE", f"{path}/admin", expect=404)
    assert [role["name"] for role in await api.call("GET", path, expect=200)] == ["writer"]
    assert [role["name"] for role in await api.call("GET", "/roles", expect=200)] == ["admin", "writer"]


async def test_roles_and_users_must_exist(api: Any) -> None:
    user = await api.user()
    await api.call("POST", "/roles", expect=201, body={"name": "admin"})
    problem = await api.problem("POST", "/roles", expect=409, body={"name": "admin"})
    assert problem["fields"] == ["name"]
    await api.problem("PUT", f"/users/{user['id']}/roles/nobody", expect=404)
    await api.problem("PUT", f"/users/{uuid4()}/roles/admin", expect=404)
    await api.problem("DELETE", f"/users/{user['id']}/roles/nobody", expect=404)


async def test_follows_go_one_way(api: Any) -> None:
    ada, bob = await api.user(name="Ada"), await api.user(name="Bob")
    body = {"followed_id": bob["id"]}
    made = await api.call("POST", f"/users/{ada['id']}/following", expect=201, body=body)
    assert (made["follower_id"], made["followed_id"]) == (ada["id"], bob["id"])
    names = {}
    for user in (ada, bob):
        for what in ("following", "followers"):
            page = await api.call("GET", f"/users/{user['id']}/{what}", expect=200)
            assert page["total"] == len(page["items"])
            names[user["name"], what] = [item["name"] for item in page["items"]]
    assert names == {
        ("Ada", "following"): ["Bob"],
        ("Ada", "followers"): [],
        ("Bob", "following"): [],
        ("Bob", "followers"): ["Ada"],
    }
    assert (await api.problem("POST", f"/users/{ada['id']}/following", expect=409, body=body))["code"] == (
        "unique-violation"
    )
    await api.call("DELETE", f"/users/{ada['id']}/following/{bob['id']}", expect=204)
    await api.problem("DELETE", f"/users/{ada['id']}/following/{bob['id']}", expect=404)


async def test_nobody_follows_themselves_or_nobody(api: Any) -> None:
    ada = await api.user()
    path = f"/users/{ada['id']}/following"
    problem = await api.problem("POST", path, expect=422, body={"followed_id": ada["id"]})
    assert problem["code"] == "check-violation"
    problem = await api.problem("POST", path, expect=409, body={"followed_id": str(uuid4())})
    assert problem["code"] == "foreign-key-violation"
    await api.problem("POST", f"/users/{uuid4()}/following", expect=404, body={"followed_id": ada["id"]})
    assert (await api.call("GET", path, expect=200))["total"] == 0

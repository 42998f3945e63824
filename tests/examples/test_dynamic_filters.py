"""The client's conditions and the code's own, on every driver."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

import dynamic_filters
from crosslet import Database
from crosslet.web import install
from user_model import Post, User

Person = Callable[..., dict[str, Any]]


@pytest.fixture
async def client(db: Database, person: Person) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    install(app, db)
    app.include_router(dynamic_filters.router)
    async with db.write() as session:
        ada = User(**person("ada", settings={"theme": "dark"}))
        eve = User(**person("eve", settings={"theme": 7}), is_active=False)
        bob = User(**person("bobby", settings={"theme": "light"}), following=[ada, eve])
        session.add_all([ada, bob, eve])
        ada.posts = [Post(title="The Sea"), Post(title="100%")]
        bob.posts = [Post(title="the land")]
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=username", ["ada", "bobby", "eve"]),
        ("sort=-letters,username", ["bobby", "ada", "eve"]),
        ("posts.title__icontains=the&sort=username", ["ada", "bobby"]),
        ("posts.title__contains=%25", ["ada"]),
        ("theme=dark", ["ada"]),
        ("theme__in=light&theme__in=7", ["bobby"]),
        ("following.username=eve", ["bobby"]),
        ("q=sea", ["ada"]),
        ("is_active=false", ["eve"]),
        ('filter={"or":[{"username":"eve"},{"letters__gte":4}]}&sort=username', ["bobby", "eve"]),
    ],
)
async def test_what_a_client_finds(client: AsyncClient, query: str, names: list[str]) -> None:
    answer = await client.get(f"/users?{query}")
    assert [user["username"] for user in answer.json()] == names
    assert (await client.get(f"/users/count?{query}")).json() == len(names)


@pytest.mark.parametrize(
    "query", ["email__contains=a", "password_hash__starts_with=!", "is_admin=true", "sort=password_hash", "settings=1"]
)
async def test_what_a_client_may_not_ask(client: AsyncClient, query: str) -> None:
    assert (await client.get(f"/users?{query}")).status_code == 422


async def test_the_same_in_code(client: AsyncClient, db: Database) -> None:
    async with db.read() as session:
        params = dynamic_filters.UserParams.parse("username=ada")
        assert await dynamic_filters.titles(session, params) == ["100%", "The Sea"]
        assert [user.username for user in await dynamic_filters.saved(session, "theme=light")] == ["bobby"]
        found = await dynamic_filters.by_hand(session, active=True, text="THE")
        assert [user.username for user in found] == ["ada", "bobby"]
        assert await dynamic_filters.by_hand(session, text="_%") == []
        assert len(await dynamic_filters.by_hand(session)) == 3

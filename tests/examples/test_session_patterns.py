"""Each of the twelve ways to get a session, on every driver."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from anyio import to_thread
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

import session_patterns
from crosslet import Database, errors
from crosslet.web import install
from fix_databases import Target
from user_model import Base, Post, Role, User, UserIn

Person = Callable[..., dict[str, Any]]
EVE = {"email": "eve@example.com", "username": "eve"}


@contextlib.asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as http,
    ):
        yield http


@pytest.fixture
async def app(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db)
    return app


async def test_a_route_takes_a_parameter(app: FastAPI) -> None:
    session_patterns.add_routes(app)
    async with running(app) as http:
        made = await http.post("/users", json=EVE)
        assert made.status_code == 201
        assert (
            (await http.get(f"/users/{made.json()['id']}")).json()
            == made.json()
            == EVE
            | {
                "id": made.json()["id"],
                "settings": {},
            }
        )
        assert (await http.post("/users", json=EVE)).status_code == 409
        assert (await http.get(f"/users/{uuid4()}")).status_code == 404


async def test_a_block_commits_at_its_end_or_rolls_back(db: Database) -> None:
    role = await session_patterns.create_role(db, "admin")
    with pytest.raises(errors.UniqueViolation):
        await session_patterns.create_role(db, "admin")
    async with db.read() as session:
        assert [found.id for found in await session.all(Role)] == [role.id]


async def test_one_block_can_be_several_transactions(db: Database, person: Person) -> None:
    async with db.write() as session:
        session.add_all([User(**person(f"user{number}")) for number in range(7)])
    assert await session_patterns.deactivate_in_steps(db, 3) == 7
    assert await session_patterns.deactivate_in_steps(db, 3) == 0
    async with db.read() as session:
        assert not await session.exists(select(User).where(User.is_active))


async def test_a_savepoint_undoes_its_part_only(db: Database) -> None:
    assert await session_patterns.create_missing_roles(db, ["a", "b", "a", "c"]) == ["a", "b", "c"]
    assert await session_patterns.create_missing_roles(db, ["b", "d"]) == ["d"]
    async with db.read() as session:
        assert sorted(role.name for role in await session.all(Role)) == ["a", "b", "c", "d"]


async def test_a_repeated_unit_loses_no_update(db: Database, ada: User) -> None:
    visits = await asyncio.gather(*(session_patterns.add_visit(db, ada.id) for _ in range(20)))
    assert sorted(visits) == list(range(1, 21))
    async with db.read() as session:
        assert (await session.one(User, ada)).settings == {"visits": 20}


async def test_a_background_task_writes_after_the_response(app: FastAPI, db: Database, ada: User) -> None:
    session_patterns.add_background_route(app)
    async with running(app) as http:
        assert (await http.post(f"/users/{ada.id}/welcome")).status_code == 202
        assert (await http.post(f"/users/{uuid4()}/welcome")).status_code == 404
        async with db.read() as session:
            assert [post.author_id for post in await session.all(Post)] == [ada.id]


async def test_a_hook_runs_if_it_was_stored_and_not_otherwise(db: Database) -> None:
    outbox: list[str] = []
    await session_patterns.create_and_tell(db, UserIn(**EVE), outbox)
    with pytest.raises(errors.UniqueViolation):
        await session_patterns.create_and_tell(db, UserIn(**EVE), outbox)
    assert outbox == ["welcome, eve"]


async def test_two_databases_have_a_session_each(db: Database, ada: User, target: Target) -> None:
    async with Database(await target.make_url(), metadata=Base) as archive:
        await archive.create_all()
        async with running(session_patterns.make_app_with_archive(db, archive)) as http:
            assert (await http.get(f"/archive/{ada.id}")).status_code == 404
            assert (await http.post(f"/users/{ada.id}/archive")).status_code == 204
            assert (await http.get(f"/archive/{ada.id}")).json()["username"] == "ada"
            assert (await http.post(f"/users/{uuid4()}/archive")).status_code == 404


async def test_a_script_has_an_event_loop_of_its_own(db: Database, ada: User, target: Target, url: str) -> None:
    assert await to_thread.run_sync(session_patterns.count_users, url) == 1


async def test_reads_side_by_side_have_a_session_each(db: Database, ada: User) -> None:
    assert await session_patterns.overview(db) == {"users": 1, "roles": 0, "posts": 0}


async def test_a_stream_reads_in_short_units(app: FastAPI, db: Database, person: Person) -> None:
    session_patterns.add_stream(app)
    async with db.write() as session:
        session.add_all([User(**person(f"user{number:03}")) for number in range(250)])
    async with running(app) as http:
        answer = await http.get("/users.txt")
        assert answer.text.split() == [f"user{number:03}" for number in range(250)]


async def test_a_test_gets_a_database_of_its_own(url: str) -> None:
    fresh = session_patterns.with_a_fresh_database(url)
    db = await anext(fresh)
    await session_patterns.create_role(db, "admin")
    assert [item async for item in fresh] == []
    async with Database(url, metadata=Base) as again:
        await again.create_all()
        async with again.read() as session:
            assert await session.count(Role) == 0

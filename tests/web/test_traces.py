"""Traces of requests: whose statement it is, by route and number; budgets for routes."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import func, select, text

from crosslet import Database, errors
from crosslet.facts import trace
from crosslet.testing import RouteBudgets, assert_statements
from crosslet.web import Reader, TracedRequest, Writer, install, trace_requests
from sample import Sample, User
from web.client import client_of


class UserRow(BaseModel):
    email: str


async def before(session: Reader) -> None:
    await session.execute(text("SELECT 1"))


def app_of(db: Database) -> FastAPI:
    """Make an application with routes of its own, included ones and mounted ones."""
    app, inner, router = FastAPI(), FastAPI(), APIRouter(prefix="/v1")
    install(app, db)

    @app.get("/users/{number}")
    async def one(number: int, session: Reader) -> list[UserRow]:
        return await session.all(UserRow, select(User).limit(number))

    @router.post("/users/{number}/many", dependencies=[Depends(before)])
    async def many(number: int, session: Writer) -> int:
        for _ in range(number):
            await session.count(User)
        return number

    @inner.get("/users")
    async def mounted(request: Request, session: Reader) -> int:
        return await session.count(User)

    app.include_router(router, prefix="/api")
    app.mount("/sub", inner)
    return app


@pytest.fixture
async def app(base: Database) -> FastAPI:
    return app_of(base)


async def test_each_statement_knows_its_route_and_request(app: FastAPI, base: Database) -> None:
    async with client_of(app) as client:
        with trace(base) as found:
            for path in ("/users/1", "/users/2", "/sub/users"):
                assert (await client.get(path)).status_code == 200
            assert (await client.post("/api/v1/users/2/many")).status_code == 200
        await client.get("/users/1")
    routes = [sent.route for sent in found.statements]
    assert routes == [
        *["GET /users/{number}"] * 2,
        "GET /sub/users",
        *["POST /api/v1/users/{number}/many"] * 3,
    ]
    requests = [sent.request for sent in found.statements]
    assert len(set(requests)) == 4
    assert len(set(requests[3:])) == 1


async def test_concurrent_requests_are_told_apart(app: FastAPI, base: Database) -> None:
    async with client_of(app) as client:

        async def ask(path: str, number: int) -> tuple[int, set[str | None]]:
            with trace(base) as found:
                await asyncio.gather(*(client.get(path) for _ in range(number)))
            return found.count, {sent.route for sent in found.statements}

        with trace(base, everywhere=True) as all_of_it:
            first, second = await asyncio.gather(ask("/users/1", 3), ask("/sub/users", 2))
    assert first == (3, {"GET /users/{number}"})
    assert second == (2, {"GET /sub/users"})
    assert len({sent.request for sent in all_of_it.statements}) == 5


def test_the_client_that_runs_the_application_in_a_thread(tmp_path: object) -> None:
    db = Database(f"sqlite:///{tmp_path}/thread.db", metadata=Sample)
    app = FastAPI()
    install(app, db, create_tables=True)

    @app.get("/count")
    async def count(session: Reader) -> int:
        return await session.count(User)

    with TestClient(app) as client, assert_statements(db, exactly=2):
        assert client.get("/count").json() == 0
        assert client.get("/count").json() == 0


async def test_what_a_middleware_sends_has_the_path_where_no_route_is_found(base: Database) -> None:
    app = FastAPI()

    @app.middleware("http")
    async def counting(request: Request, call_next: Callable[[Request], object]) -> object:
        async with base.read() as session:
            await session.execute(select(func.count()).select_from(User))
        return await call_next(request)  # type: ignore[misc]

    # Added later, so it is around.
    install(app, base)

    router = APIRouter()

    @router.get("/known/{number}")
    async def known(number: int) -> int:
        return number

    app.include_router(router, prefix="/api")

    async with client_of(app) as client:
        with trace(base) as found:
            await client.get("/api/known/7")
            await client.get("/nowhere/7")
    assert [sent.route for sent in found.statements] == ["GET /api/known/{number}", "GET /nowhere/7"]


@pytest.fixture
async def asked(app: FastAPI, base: Database) -> AsyncIterator[Callable[..., object]]:
    async with client_of(app) as client:

        async def ask(method: str, path: str) -> None:
            assert (await client.request(method, path)).status_code == 200

        yield ask


async def test_budgets_of_routes(asked: Callable[..., object], base: Database) -> None:
    with RouteBudgets(base, {"GET /users/{number}": 1, "POST /api/v1/users/{number}/many": 3}):
        await asked("GET", "/users/1")  # type: ignore[misc]
        await asked("GET", "/users/2")  # type: ignore[misc]
        await asked("POST", "/api/v1/users/2/many")  # type: ignore[misc]
    with pytest.raises(AssertionError) as failed, RouteBudgets(base, {"GET /users/{number}": 0}, default=3):
        await asked("GET", "/users/1")  # type: ignore[misc]
        await asked("GET", "/sub/users")  # type: ignore[misc]
        await asked("POST", "/api/v1/users/1/many")  # type: ignore[misc]
        await asked("POST", "/api/v1/users/6/many")  # type: ignore[misc]
    said = str(failed.value)
    assert "GET /users/{number}: 1 statement, at most 0 allowed" in said
    assert "POST /api/v1/users/{number}/many: 7 statements, at most 3 allowed" in said
    assert "/sub/users" not in said
    assert said.count("in app_of.many") == 7
    assert "This line sent the same statement 6 times in one POST /api/v1/users/{number}/many" in said
    assert said.endswith("[repeated_statement]")


async def test_each_request_is_told_when_it_has_ended(base: Database) -> None:
    app, told = app_of(base), list[TracedRequest]()
    trace_requests(app, base, told.append, detail="sites", header=True)
    async with client_of(app) as client:
        answers = [await client.get("/users/1"), await client.post("/api/v1/users/2/many"), await client.get("/none")]
        await asyncio.gather(client.get("/users/1"), client.get("/sub/users"))
    assert [one.headers["server-timing"].partition(";desc=")[2] for one in answers] == [
        '"1 statement"',
        '"3 statements"',
        '"0 statements"',
    ]
    assert [(one.route, one.status, one.trace.count) for one in told[:3]] == [
        ("GET /users/{number}", 200, 1),
        ("POST /api/v1/users/{number}/many", 200, 3),
        ("GET /none", 404, 0),
    ]
    assert {(one.route, one.trace.count) for one in told[3:]} == {("GET /users/{number}", 1), ("GET /sub/users", 1)}
    assert told[0].trace.statements[0].route == "GET /users/{number}"


async def test_a_function_that_fails_changes_no_answer(base: Database, caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: TracedRequest) -> None:
        raise ZeroDivisionError(request.route)

    app = app_of(base)
    trace_requests(app, base, fail)

    router = APIRouter()

    @router.get("/broken")
    async def broken(session: Reader) -> None:
        await session.count(User)
        raise RuntimeError("of the route")

    app.include_router(router, prefix="/api")

    async with client_of(app) as client:
        answer = await client.get("/users/1")
        assert (answer.status_code, "server-timing" in answer.headers) == (200, False)
        assert (await client.get("/api/broken")).status_code == 500
    assert [record.getMessage() for record in caplog.records if record.name == "crosslet.web"] == [
        "on_request of trace_requests() failed after GET /users/{number}",
        "on_request of trace_requests() failed after GET /api/broken",
    ]
    assert base.connections.observers.count == 0


def test_somebody_has_to_learn_of_it() -> None:
    with pytest.raises(errors.ConfigurationError, match="on_request"):
        trace_requests(FastAPI(), Database("sqlite://", metadata=Sample))

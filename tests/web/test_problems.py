"""Errors as answers: one status on every database, and never a word of SQL or a value."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, text

from crosslet import Database, errors
from crosslet.web import Reader, Writer, install, problem_responses
from sample import Post, Sample, User, UserIn, UserOut
from web.client import client_of

SECRET = "hunter2@example.com"


def make_app(base: Database) -> FastAPI:
    app = FastAPI()
    install(app, base)

    @app.post("/users", status_code=201, responses=problem_responses(409, 422))
    async def create(body: UserIn, session: Writer) -> UserOut:
        user = await session.create(User, body)
        return await session.one(UserOut, user)

    @app.get("/users/{email}", responses=problem_responses(404))
    async def get(email: str, session: Reader) -> UserOut:
        return await session.one(UserOut, select(User).where(User.email == email))

    @app.get("/plain/{email}")
    async def plain(email: str, session: Reader) -> UserOut:
        found = await session.execute(select(User).where(User.email == email))
        return UserOut.model_validate(found.scalar_one())

    @app.post("/posts")
    async def orphan(session: Writer) -> None:
        await session.create(Post, {"title": "x"}, author_id=uuid4())

    @app.delete("/users")
    async def remove(session: Writer) -> None:
        await session.execute(delete(User))

    @app.post("/negative")
    async def negative(session: Writer) -> None:
        await session.create(User, {"email": SECRET, "visits": -1})

    @app.post("/missing")
    async def missing(session: Writer) -> None:
        await session.execute(text("UPDATE users SET email = NULL"))

    add_failing_routes(app)
    return app


def add_failing_routes(app: FastAPI) -> None:
    @app.post("/broken")
    async def broken(session: Writer) -> None:
        await session.execute(text(f"SELECT * FROM no_such_table WHERE x = '{SECRET}'"))

    @app.post("/swallowed")
    async def swallowed(session: Writer) -> str:
        try:
            await session.execute(text("SELECT * FROM no_such_table"))
        except errors.DatabaseError:
            return "fine"
        return "unreachable"

    @app.post("/raise/{name}")
    async def fail(name: str, session: Writer) -> None:
        await session.create(User, {"email": "undone"})
        raise getattr(errors, name)


async def test_statuses(base: Database) -> None:
    async with client_of(make_app(base)) as client:
        assert (await client.post("/users", json={"email": SECRET})).status_code == 201
        duplicate = await client.post("/users", json={"email": SECRET})
        assert duplicate.status_code == 409
        assert duplicate.headers["content-type"] == "application/problem+json"
        assert duplicate.json()["code"] == "unique-violation"
        assert duplicate.json()["fields"] == ["email"]
        for path in ("/users/nobody", "/plain/nobody"):
            absent = await client.get(path)
            assert (absent.status_code, absent.json()["code"]) == (404, "not-found")
        long = await client.post("/users", json={"email": SECRET, "name": "x" * 21})
        assert long.status_code == 422
        assert long.json()["errors"][0]["loc"] == ["body", "name"]
        orphan = await client.post("/posts")
        assert (orphan.status_code, orphan.json()["code"]) == (409, "foreign-key-violation")
        negative = await client.post("/negative")
        assert (negative.status_code, negative.json()["code"]) == (422, "check-violation")
        missing = await client.post("/missing")
        assert (missing.status_code, missing.json()["code"], missing.json()["fields"]) == (
            422,
            "not-null-violation",
            ["email"],
        )
        broken = await client.post("/broken")
        swallowed = await client.post("/swallowed")
        assert (broken.status_code, swallowed.status_code) == (500, 500)
        for answer in (duplicate, absent, long, orphan, negative, missing, broken, swallowed):
            for secret in (SECRET, "INSERT", "SELECT", "users.", "constraint", "asyncpg", "sqlite", "mysql"):
                assert secret not in answer.text


@pytest.mark.parametrize(
    ("name", "status", "retry_after"),
    [
        ("SerializationFailure", 503, True),
        ("LockTimeout", 503, True),
        ("StatementTimeout", 503, True),
        ("TooManyConnections", 503, True),
        ("PoolTimeout", 503, True),
        ("CommitOutcomeUnknown", 503, False),
        ("DataRejected", 422, False),
        ("ExclusionViolation", 409, False),
    ],
)
async def test_failures_that_may_pass_say_when(name: str, status: int, retry_after: bool) -> None:
    base = Database("sqlite://", metadata=Sample)
    await base.create_all()
    async with client_of(make_app(base)) as client:
        answer = await client.post(f"/raise/{name}")
        assert (answer.status_code, "retry-after" in answer.headers) == (status, retry_after)
        assert (await client.get("/users/undone")).status_code == 404


async def test_openapi_describes_the_answers(base: Database) -> None:
    schema = make_app(base).openapi()
    content = schema["paths"]["/users"]["post"]["responses"]["409"]["content"]
    assert set(content) == {"application/problem+json"}

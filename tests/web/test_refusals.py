"""Requests that FastAPI refuses, and problems of the application's own: problem documents that repeat nothing."""

import json
import pickle
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel
from sqlalchemy import select

from crosslet import Database
from crosslet.web import ProblemError, Reader, Writer, install, problem_responses
from sample import User
from web.client import client_of

JSON = {"content-type": "application/json"}


class Item(BaseModel):
    number: int
    tags: list[int] = []


class InsufficientFunds(ProblemError):
    def __init__(self, missing: int) -> None:
        super().__init__(409, "insufficient-funds", f"{missing} more are needed.", headers={"Retry-After": "60"})
        self.missing = missing


def make_app(base: Database, app: FastAPI | None = None) -> FastAPI:
    app = app or FastAPI()
    install(app, base)

    @app.post("/items/{place}")
    async def put(place: int, body: Item) -> None:
        return None

    @app.get("/users")
    async def emails(session: Reader) -> list[str]:
        return list(await session.scalars(select(User.email)))

    @app.post("/poor")
    async def poor(session: Writer) -> None:
        await session.create(User, {"email": "undone"})
        raise InsufficientFunds(5)

    return app


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"number": "hunter2"}', "number"),
        (b'{"number": NaN}', "number"),
        (b'{"number": 1e999}', "number"),
        (b'{"number": "\\ud800"}', "number"),
        (b'{"number": 1, "tags": [1, "hunter2"]}', "tags.1"),
        (b"{", None),
    ],
)
async def test_an_invalid_body(base: Database, body: bytes, field: str | None) -> None:
    async with client_of(make_app(base)) as client:
        answer = await client.post("/items/1", content=body, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["title"]) == ("invalid-request", "Unprocessable Content")
    assert problem.get("fields") == ([field] if field else None)
    assert problem["errors"][0]["loc"][0] == "body"
    assert "hunter2" not in answer.text


async def test_an_invalid_path_and_more_complaints_than_anyone_reads(base: Database) -> None:
    async with client_of(make_app(base)) as client:
        answer = await client.post("/items/x", json={"number": 1})
        assert answer.json()["errors"][0]["loc"] == ["path", "place"]
        answer = await client.post("/items/1", json={"number": 1, "tags": ["x"] * 10_000})
        assert len(answer.json()["errors"]) == 100


async def test_the_usual_answer_fails_on_nan(base: Database) -> None:
    app = FastAPI()

    @app.post("/items")
    async def put(body: Item) -> None:
        return None

    async with client_of(app) as client:
        assert (await client.post("/items", content=b'{"number": NaN}', headers=JSON)).status_code == 500


async def test_the_application_s_own_handler_is_kept(base: Database) -> None:
    app = FastAPI()

    @app.exception_handler(RequestValidationError)
    async def own(request: Request, error: RequestValidationError) -> PlainTextResponse:
        return PlainTextResponse("mine", 400)

    async with client_of(make_app(base, app)) as client:
        assert (await client.post("/items/x", json={"number": 1})).status_code == 400
    assert "HTTPValidationError" in app.openapi()["components"]["schemas"]


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()


async def test_openapi_says_what_is_answered_and_leads_nowhere_wrong(base: Database) -> None:
    app = make_app(base)

    @app.get("/other", responses=problem_responses(404, 409))
    async def other() -> None:
        return None

    schema = app.openapi()
    refused = schema["paths"]["/items/{place}"]["post"]["responses"]["422"]
    assert set(refused["content"]) == {"application/problem+json"}
    assert references(schema) == {"#/components/schemas/Item"}
    assert set(schema["components"]["schemas"]) == {"Item"}
    async with client_of(app) as client:
        assert (await client.get("/openapi.json")).json() == json.loads(json.dumps(schema))


async def test_a_model_that_has_the_name_of_fastapi_s_stays_in_openapi(base: Database) -> None:
    class ValidationError(BaseModel):
        text: str

    app = make_app(base)

    @app.get("/complaint")
    async def complaint() -> ValidationError:
        return ValidationError(text="")

    assert {"Item", "ValidationError"} <= set(app.openapi()["components"]["schemas"])


async def test_a_problem_of_the_application_s_own_undoes_the_unit(base: Database) -> None:
    async with client_of(make_app(base)) as client:
        answer = await client.post("/poor")
        assert (answer.status_code, answer.headers["retry-after"]) == (409, "60")
        assert answer.json() == {
            "type": "urn:crosslet:insufficient-funds",
            "title": "Conflict",
            "status": 409,
            "code": "insufficient-funds",
            "detail": "5 more are needed.",
        }
        assert (await client.get("/users")).json() == []


def test_a_problem_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InsufficientFunds(5)))
    assert (str(error), error.code, error.status, error.missing) == ("5 more are needed.", "insufficient-funds", 409, 5)

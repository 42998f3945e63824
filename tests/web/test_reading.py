"""Shapes that a handler's source shows are checked at the start."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel
from sqlalchemy import bindparam, select, update

import sample
from crosslet import Database, New, with_deleted, without_filters
from crosslet.errors import ConfigurationError
from crosslet.web import JSONBytes, ListParams, Reader, Writer, install
from crosslet.web.reading import readings_of
from sample import Sample, User, UserOut
from web.client import client_of


class Wrong(BaseModel):
    e_mail: str


async def in_place(session: Reader) -> Any:
    return await session.one(UserOut, select(User).where(User.email == "x").order_by(User.id))


async def in_a_variable(session: Reader) -> Any:
    statement = select(sample.User).limit(3)
    return await session.json(list[sample.UserOut], statement)


async def by_key(session: Reader, key: UUID) -> Any:
    return await session.one(UserOut, User, key)


PAGE = select(User).order_by(User.id).limit(bindparam("size"))


async def kept(session: Reader) -> Any:
    await session.all(UserOut, PAGE)
    return await session.json(list[UserOut], PAGE.params(size=3))


class Params(ListParams, model=User, shape=UserOut):
    pass


async def filtered(session: Reader, params: Annotated[Params, Query()]) -> Any:
    statement = select(User)
    await session.all(UserOut, params.apply(statement))
    return await session.all(UserOut, params.apply(select(User).where(User.email == "x")).limit(3))


async def changing(session: Writer) -> Any:
    await session.one(UserOut, New(User, email="x"), commit=True)
    return await session.all(UserOut, update(User).where(User.email == "x").values(visits=1))


async def with_other_rows(session: Reader) -> Any:
    await session.all(UserOut, with_deleted(select(User).order_by(User.id)))
    return await session.all(UserOut, without_filters(PAGE, "tenant"))


async def not_seen(session: Reader, statement: Any) -> Any:
    await session.all(User, select(User))
    await session.all(UserOut, statement)
    await session.all(UserOut, select(User).with_only_columns(User.id, User.email).order_by(User.id))
    return await session.all(UserOut, select(User.id, User.email))


def test_what_is_seen() -> None:
    assert list(readings_of(in_place)) == [(UserOut, User)]
    assert list(readings_of(in_a_variable)) == [(UserOut, User)]
    assert list(readings_of(by_key)) == [(UserOut, User)]
    assert list(readings_of(kept)) == [(UserOut, User), (UserOut, User)]
    assert list(readings_of(filtered)) == [(UserOut, User), (UserOut, User)]
    assert list(readings_of(changing)) == [(UserOut, User), (UserOut, User)]
    assert list(readings_of(with_other_rows)) == [(UserOut, User), (UserOut, User)]
    assert list(readings_of(not_seen)) == []
    assert list(readings_of(len)) == []


async def test_a_shape_that_does_not_fit_ends_the_start(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/x.db", metadata=Sample)
    app = FastAPI()
    install(app, db)

    @app.get("/users/{key}")
    async def get(key: UUID, session: Reader) -> Wrong:
        return await session.one(Wrong, select(User).where(User.id == key))

    with pytest.raises(ConfigurationError, match=r"Route /users/\{key\}: Wrong.e_mail matches nothing of User"):
        async with app.router.lifespan_context(app):
            pass


async def test_finished_json_leaves_as_it_is_and_keeps_its_schema(base: Database) -> None:
    app = FastAPI()
    install(app, base)

    @app.post("/users", status_code=201)
    async def create(email: str, session: Writer) -> None:
        await session.create(User, email=email)

    @app.get("/users", response_model=list[UserOut])
    async def users(session: Reader) -> JSONBytes:
        return JSONBytes(await session.json(list[UserOut], select(User).order_by(User.email)))

    async with client_of(app) as client:
        for email in ("b@example.com", "a@example.com"):
            assert (await client.post("/users", params={"email": email})).status_code == 201
        answer = await client.get("/users")
        assert answer.headers["content-type"] == "application/json"
        assert [user["email"] for user in answer.json()] == ["a@example.com", "b@example.com"]
    content = app.openapi()["paths"]["/users"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["items"] == {"$ref": "#/components/schemas/UserOut"}

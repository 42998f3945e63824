"""Parameters of lists in routes: what is allowed, what is refused and how, and what stands beside them."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.security import APIKeyQuery
from pydantic import BaseModel, Field
from sqlalchemy import select

from crosslet import Database
from crosslet.web import ListParams, ParamLimits, Reader, describe_params, install
from sample import Post, User, UserOut
from web.client import client_of


class PostOut(BaseModel):
    title: str


class UserTree(UserOut):
    posts: list[PostOut]


class Users(ListParams, model=User, shape=UserTree):
    search = (User.email,)
    limits = ParamLimits(conditions=4, items=3, text=30, words=2, sorts=2, depth=2)


class Page(BaseModel):
    limit: int = Field(10, le=100)


async def tenant(key: Annotated[str | None, Query(alias="tenant")] = None) -> str | None:
    return key


async def found(session: Any, params: ListParams) -> list[str]:
    return sorted(user.email for user in await session.all(User, params.apply(select(User))))


def make_app(base: Database) -> FastAPI:
    app = FastAPI()
    install(app, base)
    inner = APIRouter(dependencies=[Depends(tenant)])

    @app.get("/alone")
    async def alone(params: Annotated[Users, Query()], session: Reader) -> list[str]:
        return await found(session, params)

    @app.get("/called")
    async def called(params: Annotated[Users, Depends()], session: Reader, debug: bool = False) -> list[str]:
        return await found(session, params)

    @app.get("/beside")
    async def beside(
        params: Annotated[Users, Query()],
        page: Annotated[Page, Query()],
        session: Reader,
        key: Annotated[str | None, Depends(APIKeyQuery(name="api_key", auto_error=False))],
        visits: int = 0,
    ) -> list[str]:
        return [f"{page.limit} {visits} {key}", *await found(session, params)]

    @inner.get("/included")
    async def included(params: Annotated[Users, Query()], session: Reader) -> list[str]:
        return await found(session, params)

    @app.get("/optional")
    async def optional(session: Reader, params: Annotated[Users | None, Query()] = None) -> list[str]:
        return await found(session, params or Users())

    app.include_router(inner, prefix="/v1")
    app.include_router(inner, prefix="/v2")
    return app


async def fill(base: Database) -> None:
    async with base.write() as session:
        for number, email in enumerate(("a@x.com", "b@x.com", "c@y.com")):
            user = await session.create(User, {"email": email}, visits=number)
            await session.create(Post, {"title": f"{email[0]} post"}, author_id=user.id)


@pytest.mark.parametrize(
    ("path", "query", "wanted"),
    [
        ("/alone", "email__ends_with=x.com&visits__gte=1", ["b@x.com"]),
        ("/called", "email__ends_with=x.com&visits__gte=1&debug=true", ["b@x.com"]),
        ("/alone", "visits__in=0&visits__in=2", ["a@x.com", "c@y.com"]),
        ("/alone", "visits__in=2", ["c@y.com"]),
        ("/alone", "visits__between=1&visits__between=2", ["b@x.com", "c@y.com"]),
        ("/alone", "q=POST", []),
        ("/alone", "q=X.com+B", ["b@x.com"]),
        ("/alone", "sort=-visits,email&sort=id", None),
        ("/alone", "posts.title__starts_with=c", ["c@y.com"]),
        ("/beside", "limit=3&visits=7&api_key=k", ["3 7 k", "a@x.com", "b@x.com", "c@y.com"]),
        # The route's own parameter has the name; the filter is there by its full one.
        ("/beside", "visits=7&visits__eq=1", ["10 7 None", "b@x.com"]),
        ("/optional", "visits=1", ["b@x.com"]),
        ("/optional", "visits=x", None),
        ("/optional", "", ["a@x.com", "b@x.com", "c@y.com"]),
        ("/v1/included", "tenant=1&visits=1", ["b@x.com"]),
        ("/v2/included", "tenant=1&visits__eq=1", ["b@x.com"]),
    ],
)
async def test_what_is_answered(base: Database, path: str, query: str, wanted: list[str] | None) -> None:
    async with client_of(make_app(base)) as client:
        await fill(base)
        answer = await client.get(f"{path}?{query}")
    if wanted is None:
        assert answer.status_code == 422
    else:
        assert answer.json() == wanted


REFUSED: list[tuple[str, list[str], str]] = [
    ("visits__gte=many", ["visits__gte"], "int_parsing"),
    ("visits__in=1&visits__in=x", ["visits__in", "1"], "int_parsing"),
    ("visits__gte=1&visits__gte=2", ["visits__gte"], "given_twice"),
    ("visits__gte=" + "9" * 25, ["visits__gte"], "out_of_range"),
    ("visits__between=1", ["visits__between"], "wrong_length"),
    ("visits__in=1&visits__in=1&visits__in=1&visits__in=1", ["visits__in"], "wrong_length"),
    ("visits__in=" + "&visits__in=".join(["1"] * 4_000), ["visits__in"], "wrong_length"),
    ("id=1", ["id"], "uuid_parsing"),
    ("email=%00", ["email"], "nul_character"),
    ("email=" + "x" * 31, ["email"], "string_too_long"),
    ("emial=x", ["emial"], "extra_forbidden"),
    # What exists and is not shown is refused like what does not exist.
    ("role=admin", ["role"], "extra_forbidden"),
    ("balance__gte=0", ["balance__gte"], "extra_forbidden"),
    ("posts.author_id=1", ["posts.author_id"], "extra_forbidden"),
    ("sort=role", ["sort", "0"], "extra_forbidden"),
    ("sort=visits,-nothing", ["sort", "1"], "extra_forbidden"),
    ("sort=posts.title", ["sort", "0"], "extra_forbidden"),
    ("sort=visits,-visits", ["sort"], "given_twice"),
    ("sort=visits,email,id", ["sort"], "too_many"),
    ("sort=" + "visits," * 5_000, ["sort"], "too_many"),
    ("sort=", ["sort", "0"], "extra_forbidden"),
    ("limit=3", ["limit"], "extra_forbidden"),
    ("name__is_null=true", ["name__is_null"], "extra_forbidden"),
    ("email__is_null=true", ["email__is_null"], "extra_forbidden"),
    ("q=one+two+three", ["q"], "too_long"),
    ("q=" + "x" * 31, ["q"], "too_long"),
    ("q=%00", ["q"], "nul_character"),
    ("q=a&q=b", ["q"], "given_twice"),
    ("filter=x", ["filter"], "json_invalid"),
    ("filter=[]", ["filter"], "dict_type"),
    ('filter={"email":"a","email":"b"}', ["filter"], "json_invalid"),
    ('filter={"visits":NaN}', ["filter"], "json_invalid"),
    ('filter={"or":{}}', ["filter", "or"], "list_type"),
    ('filter={"or":[]}', ["filter", "or"], "list_type"),
    ('filter={"or":[{"email":1}]}', ["filter", "or", "0", "email"], "string_type"),
    ('filter={"or":[{"role":"admin"}]}', ["filter", "or", "0", "role"], "extra_forbidden"),
    ('filter={"visits__in":1}', ["filter", "visits__in"], "list_type"),
    ('filter={"visits":null}', ["filter", "visits"], "null"),
    ('filter={"email":"\\ud800"}', ["filter", "email"], "not_unicode"),
    ('filter={"or":[{"or":[{"or":[{"email":"x"}]}]}]}', ["filter", "or", "0", "or", "0", "or"], "too_deep"),
    ("filter=" + "x" * 301, ["filter"], "string_too_long"),
    ("visits=1&visits__gte=1&visits__lte=1&email=x&email__ne=x", ["email__ne"], "too_many"),
]


@pytest.mark.parametrize("path", ["/alone", "/called", "/v1/included"])
@pytest.mark.parametrize(("query", "place", "code"), REFUSED, ids=[query[:40] for query, _, _ in REFUSED])
async def test_what_is_refused(path: str, query: str, place: list[str], code: str, tmp_path: Any) -> None:
    # Nothing reaches a database, so one of them is enough.
    async with client_of(make_app(Database(f"sqlite:///{tmp_path}/x.db"))) as client:
        answer = await client.get(f"{path}?{query}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["loc"], error["type"]) == (["query", *place], code)


async def test_all_mistakes_are_told_at_once_but_not_without_end(tmp_path: Any) -> None:
    class Mine(Users):
        page: int = 1

    app = FastAPI()

    @app.get("/users")
    async def users(params: Annotated[Mine, Query()]) -> int:
        return params.page

    async with client_of(app) as client:
        answer = await client.get("/users?page=x&emial=1&visits=x&sort=nothing")
        # FastAPI's own form, without install().
        errors = answer.json()["detail"]
        assert {tuple(error["loc"]) for error in errors} == {
            *(("query", "page"), ("query", "emial"), ("query", "visits"), ("query", "sort", 0)),
        }
        assert "Did you mean email?" in next(error["msg"] for error in errors if error["loc"][-1] == "emial")
        assert next(error["input"] for error in errors if error["loc"][-1] == "visits") == "x"
        many = await client.get("/users?" + urlencode({f"x{number}": "" for number in range(5_000)}))
        assert len(many.json()["detail"]) == 20
        assert (await client.get("/users?page=3&visits=1")).json() == 3


def test_a_request_s_errors_are_fastapi_s_where_the_class_is_called() -> None:
    from starlette.requests import Request

    def places(query: bytes) -> set[Any]:
        with pytest.raises(RequestValidationError) as caught:
            Users(request=Request({"type": "http", "query_string": query, "headers": []}))
        return {error["loc"] for error in caught.value.errors()}

    assert places(b"visits=x&%FF=1") == {("query", "visits"), ("query", "\ufffd")}
    # More than a server would let through.
    assert places(b"visits__in=1&" * 50_000) == {("query", "visits__in")}
    assert places(b"visits__in=x&" * 50_000) == {("query", "visits__in")}


def parameters(schema: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in schema["paths"][path]["get"]["parameters"]}


async def test_openapi_has_every_parameter_with_its_type(base: Database) -> None:
    app = make_app(base)
    schema = app.openapi()
    for path in ("/alone", "/called", "/optional", "/v1/included", "/v2/included"):
        shown = parameters(schema, path)
        assert set(shown) - {"debug", "tenant"} == {
            *(choice.term.name if choice.operator.name == "eq" else name
              for name, choice in Users.allowed().choices.items()),
            *("sort", "q", "filter"),
        }  # fmt: skip
        assert all(one["in"] == "query" and one["required"] is False for one in shown.values())
    shown = parameters(schema, "/beside")
    assert shown["visits"]["schema"]["default"] == 0
    assert shown["visits__eq"]["schema"] == {"type": "integer"}
    shown = parameters(schema, "/alone")
    assert shown["visits__in"]["schema"] == {
        "type": "array",
        "items": {"type": "integer"},
        "minItems": 1,
        "maxItems": 3,
    }
    assert shown["id"]["schema"]["format"] == "uuid"
    assert shown["email__contains"]["schema"] == {"type": "string", "maxLength": 30}
    assert shown["sort"]["schema"]["items"]["enum"][:4] == ["id", "-id", "email", "-email"]
    assert (shown["sort"]["style"], shown["sort"]["explode"]) == ("form", False)
    reference = shown["filter"]["content"]["application/json"]["schema"]["$ref"]
    group = schema["components"]["schemas"][reference.rpartition("/")[2]]
    assert group["properties"]["visits__gte"]["type"] == "integer"
    assert group["properties"]["or"]["items"] == {"$ref": reference}
    # Asked for again, it is the same; and it can be sent.
    assert json.dumps(app.openapi()) == json.dumps(schema)
    async with client_of(app) as client:
        assert (await client.get("/openapi.json")).status_code == 200


async def test_a_mounted_application(base: Database) -> None:
    app, mounted = FastAPI(), FastAPI()
    install(app, base)
    describe_params(mounted)

    @mounted.get("/users")
    async def users(params: Annotated[Users, Query()], session: Reader, page: int = 1) -> list[str]:
        return await found(session, params)

    app.mount("/inner", mounted)
    async with client_of(app) as client:
        assert (await client.get("/inner/users?page=2&visits=1")).json() == []
        assert (await client.get("/inner/users?pages=2")).status_code == 422
    assert {"page", "visits__gte", "sort"} <= set(parameters(mounted.openapi(), "/users"))


async def test_two_lists_on_one_route_read_their_own(base: Database) -> None:
    class PostLine(BaseModel):
        title: str

    class Posts(ListParams, model=Post, shape=PostLine):
        pass

    app = FastAPI()
    install(app, base)

    @app.get("/both")
    async def both(users: Annotated[Users, Query()], posts: Annotated[Posts, Query()]) -> list[int]:
        return [len(one._asked.group.members) for one in (users, posts)]

    async with client_of(app) as client:
        assert (await client.get("/both?visits=1&title=x&title__ne=y")).json() == [1, 2]
        assert (await client.get("/both?tilte=1")).status_code == 422

"""Pages in routes: parameters with limits, OpenAPI, and a 4xx for every cursor and number that is no good."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, ClassVar

import pytest
from fastapi import FastAPI, Query
from httpx2 import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field
from sqlalchemy import insert, select

from crosslet import CursorPage, Database, Keyset, Offset, Page, errors
from crosslet.web import Reader, install
from fix_databases import Target
from sample import Post, Sample, User, UserOut
from web.client import client_of

SECRET = "no secret of anybody"


class Few(Offset):
    max_depth: ClassVar[int] = 10

    limit: int = Field(default=3, ge=1, le=5)


def make_app(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db, create_tables=True)

    @app.get("/numbered")
    async def numbered(page: Annotated[Offset, Query()], session: Reader, name: str | None = None) -> Page[UserOut]:
        return await session.page(UserOut, select(User).order_by(User.email), page, total="exact")

    @app.get("/few")
    async def few(page: Annotated[Few, Query()], session: Reader) -> Page[UserOut]:
        return await session.page(UserOut, select(User).order_by(User.email), page)

    @app.get("/users")
    async def users(page: Annotated[Keyset, Query()], session: Reader) -> CursorPage[UserOut]:
        return await session.page(UserOut, select(User).order_by(User.email.desc()), page)

    @app.get("/objects", response_model=CursorPage[UserOut])
    async def objects(page: Annotated[Keyset, Query()], session: Reader) -> Any:
        return await session.page(User, select(User).order_by(User.email.desc()), page)

    @app.get("/named")
    async def named(page: Annotated[Keyset, Query()], session: Reader, name: str) -> CursorPage[UserOut]:
        return await session.page(UserOut, select(User).where(User.name == name).order_by(User.email.desc()), page)

    return app


@pytest.fixture
async def client(target: Target) -> AsyncIterator[AsyncClient]:
    db = Database(target.take_url(), metadata=Sample, secret=SECRET)
    async with client_of(make_app(db)) as client:
        async with db.write() as session:
            await session.execute(insert(User), [{"email": f"{n}@x", "name": "ab"[n % 2]} for n in range(7)])
        yield client


async def test_by_number(client: AsyncClient) -> None:
    first = (await client.get("/numbered?limit=3&name=x")).json()
    assert [one["email"] for one in first.pop("items")] == ["0@x", "1@x", "2@x"]
    assert first == {"page": 1, "limit": 3, "has_more": True, "total": 7, "total_is": "exact"}
    past = (await client.get("/numbered?page=9")).json()
    assert past == {"items": [], "page": 9, "limit": 50, "has_more": False, "total": 7, "total_is": "exact"}


@pytest.mark.parametrize("path", ["/users", "/objects"])
async def test_by_cursor(client: AsyncClient, path: str) -> None:
    seen, cursor = [], None
    while True:
        answer = await client.get(path, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [one["email"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"{n}@x" for n in range(6, -1, -1)]
    back = (await client.get(path, params={"limit": 3, "cursor": page["previous"]})).json()
    assert [one["email"] for one in back["items"]] == ["3@x", "2@x", "1@x"]


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=1001", "limit=1000000000", "limit=x", "limit=1e3", "limit="),
        *("page=0", "page=-1", "page=1000000000", f"page={10**400}", "page=102&limit=1000", "page=x", "page="),
    ],
)
async def test_a_number_that_is_no_good_is_a_422(client: AsyncClient, query: str) -> None:
    answer = await client.get(f"/numbered?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    if "page" not in query:
        assert (await client.get(f"/users?{query}")).status_code == 422


async def test_a_route_has_limits_of_its_own(client: AsyncClient) -> None:
    assert (await client.get("/few")).json()["limit"] == 3
    assert (await client.get("/few?limit=5&page=3")).status_code == 200
    assert (await client.get("/few?limit=6")).status_code == 422
    assert (await client.get("/few?limit=5&page=4")).status_code == 422


async def test_a_cursor_that_is_no_good_is_a_400(client: AsyncClient) -> None:
    mine = (await client.get("/users?limit=2")).json()["next"]
    for cursor in ("", "x", "null", "AAAA", mine[:-1], mine + "A", mine.swapcase(), "é", "\x00", "a" * 4000):
        answer = await client.get("/users", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor"), cursor
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await client.get("/users", params={"cursor": "a" * 5000})).status_code == 422


async def test_a_cursor_of_another_list_is_a_400(client: AsyncClient) -> None:
    mine = (await client.get("/users?limit=2")).json()["next"]
    answer = await client.get("/named", params={"name": "a", "cursor": mine})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    # Another value in the same place is the same list, further on.
    named = (await client.get("/named?limit=2&name=a")).json()["next"]
    assert (await client.get("/named", params={"name": "b", "cursor": named})).status_code == 200


async def test_a_cursor_of_another_secret_is_a_400(client: AsyncClient, target: Target) -> None:
    other = Database(target.take_url(), metadata=Sample, secret="another secret, as long")
    async with client_of(make_app(other)) as stranger:
        async with other.write() as session:
            await session.execute(insert(User), [{"email": f"{n}@x"} for n in range(7)])
        forged = (await stranger.get("/users?limit=2")).json()["next"]
    assert (await client.get("/users", params={"cursor": forged})).status_code == 400


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(cursor=st.text(max_size=60), limit=st.text(max_size=12) | st.integers().map(str))
async def test_no_parameter_is_a_server_error(client: AsyncClient, cursor: str, limit: str) -> None:
    for path, name, value in (("/users", "cursor", cursor), ("/users", "limit", limit), ("/numbered", "page", limit)):
        sent = {name: value.encode("utf-8", "replace").decode()}
        assert (await client.get(path, params=sent)).status_code in {200, 400, 422}


async def test_openapi_describes_pages(client: AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    parameters = {one["name"]: one["schema"] for one in schema["paths"]["/users"]["get"]["parameters"]}
    assert set(parameters) == {"limit", "cursor"}
    assert (parameters["limit"]["maximum"], parameters["limit"]["default"]) == (1000, 50)
    answer = schema["paths"]["/users"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    page = schema["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
    assert page["properties"]["items"]["items"]["$ref"].endswith("/UserOut")
    assert set(page["properties"]) == {"items", "next", "previous", "total", "total_is"}


async def test_a_page_of_a_misfit_is_found_at_the_start(target: Target) -> None:
    app = FastAPI()
    install(app, Database(target.take_url(), metadata=Sample))

    @app.get("/posts")
    async def posts(page: Annotated[Keyset, Query()], session: Reader) -> CursorPage[UserOut]:
        return await session.page(UserOut, select(Post), page)

    with pytest.raises(errors.ConfigurationError, match="UserOut"):
        async with client_of(app):
            pass

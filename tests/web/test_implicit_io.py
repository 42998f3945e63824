"""An unmodified endpoint whose response goes three levels deep: three statements, and never a wrong body.

Its authors, books and reviews are plain SQLAlchemy; no loader option is written anywhere.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pytest
import uvloop
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from starlette.middleware.base import BaseHTTPMiddleware

from crosslet import Database, errors
from crosslet.web import ImplicitIORoute, Reader, Writer, explicit_io, install
from loading.library import Author, Count, filled
from web.client import client_of


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ReviewOut(Out):
    id: int
    text: str


class BookOut(Out):
    id: int
    reviews: list[ReviewOut]


class AuthorOut(Out):
    id: int
    name: str
    books: list[BookOut]


def expected(number: int) -> dict[str, Any]:
    """Return the answer for an author: books from the last on, two reviews each."""
    books = [3 * number, 3 * number - 1, 3 * number - 2]
    return {
        "id": number,
        "name": f"author {number}",
        "books": [
            {"id": book, "reviews": [{"id": one, "text": f"review {one}"} for one in (2 * book - 1, 2 * book)]}
            for book in books
        ],
    }


async def list_authors(session: Reader) -> Any:
    return await session.all(Author, select(Author).order_by(Author.id))


async def get_author(number: int, session: Reader) -> Any:
    return await session.one(Author, select(Author).where(Author.id == number))


def app_of(db: Database, **options: Any) -> FastAPI:
    app = FastAPI()
    install(app, db, **options)
    app.add_api_route("/authors", list_authors, response_model=list[AuthorOut])
    app.add_api_route("/authors/{number}", get_author, response_model=AuthorOut)
    return app


@pytest.fixture
async def library(url: str) -> AsyncIterator[tuple[Database, Count]]:
    async for given in filled(url):
        yield given


Given = tuple[Database, Count]


def sorted_reviews(body: Any) -> Any:
    for book in body["books"]:
        book["reviews"].sort(key=lambda review: review["id"])
    return body


async def test_three_statements(library: Given) -> None:
    db, count = library
    async with client_of(app_of(db, implicit_io=True)) as client:
        count.clear()
        answer = await client.get("/authors")
        assert answer.status_code == 200
        assert [sorted_reviews(one) for one in answer.json()] == [expected(number) for number in range(1, 21)]
    assert count() == 3


async def test_without_it_the_answer_is_an_error(library: Given) -> None:
    db, count = library
    async with client_of(app_of(db)) as client:
        count.clear()
        assert (await client.get("/authors")).status_code == 500
    assert count() == 1


async def test_the_error_comes_once_with_route_model_and_field(library: Given) -> None:
    """Pydantic alone repeats it for each of the twenty authors."""
    db, _ = library
    async with client_of(app_of(db), raises=True) as client:
        with pytest.raises(errors.NotLoaded) as caught:
            await client.get("/authors")
    text = str(caught.value)
    assert text.count("was not loaded") == 1
    assert "read by: GET /authors, as list[AuthorOut], field 0.books" in text
    assert "Author.books 20 times" in text
    assert ".options(selectinload(Author.books))" in text
    assert f"{Path(__file__).name}:" in text


async def test_behind_a_middleware_that_starts_a_task(library: Given) -> None:
    db, count = library

    async def passing(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    app = FastAPI()
    app.add_middleware(BaseHTTPMiddleware, dispatch=passing)
    install(app, db, implicit_io=True)
    app.add_middleware(BaseHTTPMiddleware, dispatch=passing)
    app.add_api_route("/authors", list_authors, response_model=list[AuthorOut])
    async with client_of(app) as client:
        count.clear()
        assert len((await client.get("/authors")).json()) == 20
    assert count() == 3


async def test_on_one_router_and_off_on_one_route(library: Given) -> None:
    db, _ = library
    router = APIRouter(route_class=ImplicitIORoute)
    router.add_api_route("/implicit", list_authors, response_model=list[AuthorOut])
    app = app_of(db)
    app.include_router(router)
    async with client_of(app) as client:
        assert (await client.get("/implicit")).status_code == 200
        assert (await client.get("/authors")).status_code == 500

    app = app_of(db, implicit_io=True)
    closed = [Depends(explicit_io)]
    app.add_api_route("/explicit", list_authors, response_model=list[AuthorOut], dependencies=closed)
    async with client_of(app) as client:
        assert (await client.get("/explicit")).status_code == 500
        assert (await client.get("/authors")).status_code == 200


async def test_dependencies_writers_and_retries(library: Given) -> None:
    db, count = library
    app = FastAPI()
    install(app, db, implicit_io=True, retry=True)

    async def first(session: Writer) -> Author:
        author = await session.one(Author, select(Author).where(Author.id == 1))
        assert len(author.books) == 3
        return author

    @app.post("/authors/rename", response_model=AuthorOut)
    async def rename(author: Annotated[Author, Depends(first)], tasks: BackgroundTasks) -> Any:
        author.name = f"author of {author.books[0].title}"
        tasks.add_task(asyncio.sleep, 0)
        return author

    async with client_of(app) as client:
        count.clear()
        answer = await client.post("/authors/rename")
        assert answer.json()["name"] == "author of book 3"
        assert len(answer.json()["books"][0]["reviews"]) == 2
    async with db.read() as session:
        assert (await session.one(Author, select(Author).where(Author.id == 1))).name == "author of book 3"


async def test_a_streamed_body_may_be_written_by_another_task(library: Given) -> None:
    """Starlette writes it so for some servers: there the error says what to do, and `portal` or awaiting does it."""
    db, _ = library
    app = app_of(db, implicit_io=True)
    seen: list[str] = []

    @app.get("/names")
    async def names() -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            async with db.read() as session:
                authors = await session.all(Author, select(Author).order_by(Author.id))
                try:
                    len(authors[0].books)
                except errors.NotLoaded as error:
                    seen.append(str(error))
                for author in authors:
                    yield f"{author.name} {len(await author.awaitable_attrs.books)}\n"

        return StreamingResponse(lines())

    async with client_of(app) as client:
        lines = (await client.get("/names")).text.splitlines()
    assert lines == [f"author {number} 3" for number in range(1, 21)]
    assert all("awaitable_attrs.books" in text for text in seen)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_thousand_requests_forty_at_once(url: str, run: Callable[..., Any], pytestconfig: pytest.Config) -> None:
    """A fifth of them, unless `--full` asks for all."""
    count = 1000 if pytestconfig.getoption("--full") else 200

    async def ask(client: httpx2.AsyncClient, numbers: asyncio.Queue[int]) -> int:
        right = 0
        while not numbers.empty():
            number = numbers.get_nowait() % 20 + 1
            answer = await client.get(f"/authors/{number}")
            right += answer.status_code == 200 and sorted_reviews(answer.json()) == expected(number)
        return right

    async def all_of_them() -> int:
        async for db, _ in filled(url):
            numbers: asyncio.Queue[int] = asyncio.Queue()
            for number in range(count):
                numbers.put_nowait(number)
            async with client_of(app_of(db, implicit_io=True)) as client:
                return sum(await asyncio.gather(*(ask(client, numbers) for _ in range(40))))
        return 0

    assert run(all_of_them()) == count

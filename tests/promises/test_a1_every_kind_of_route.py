"""A1: on every kind of route another client sees the row before the first byte of the answer leaves."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response, WebSocket
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from fastapi.sse import EventSourceResponse
from pydantic import BaseModel, ConfigDict

from crosslet import Database, Session, errors
from crosslet.web import OpenWriter, Reader, RetryRoute, Writer, install
from promises.databases import ask_server, checked_out, database, names_in
from promises.serving import ask
from promises.tables import Item


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str


async def add(session: Session) -> Item:
    item = Item(name="acknowledged")
    session.add(item)
    await session.flush()
    return item


async def added(session: Writer) -> Item:
    return await add(session)


async def numbers() -> AsyncIterator[bytes]:
    yield b"1"
    yield b"2"


router = APIRouter()
retrying = APIRouter(route_class=RetryRoute, prefix="/retry")


@router.post("/model", response_model=ItemOut)
@retrying.post("/model", response_model=ItemOut)
async def model(session: Writer) -> Item:
    return await add(session)


@router.post("/dict", status_code=201)
async def plain_dict(session: Writer) -> dict[str, str]:
    return {"name": (await add(session)).name}


@router.post("/response")
@retrying.post("/response")
async def response(session: Writer) -> Response:
    return PlainTextResponse((await add(session)).name)


@router.post("/redirect")
async def redirect(session: Writer) -> Response:
    return RedirectResponse(f"/items/{(await add(session)).id}", status_code=303)


@router.post("/nothing", status_code=204)
@retrying.post("/nothing", status_code=204)
async def nothing(session: Writer) -> None:
    await add(session)


@router.post("/stream")
@retrying.post("/stream")
async def stream(session: Writer) -> Response:
    await add(session)
    return StreamingResponse(numbers(), media_type="text/plain")


@router.post("/sub")
async def sub_dependency(item: Annotated[Item, Depends(added)]) -> ItemOut:
    return ItemOut.model_validate(item)


@router.post("/twice")
async def two_ways_to_one_session(item: Annotated[Item, Depends(added)], session: Writer) -> int:
    return await session.count(Item)


@router.post("/both")
async def reader_and_writer(reader: Reader, session: Writer) -> int:
    await add(session)
    return await reader.count(Item)


@router.post("/status")
async def a_status_of_ones_own(session: Writer, response: Response) -> str:
    response.status_code = 418
    return (await add(session)).name


@router.post("/early")
async def commit_by_hand(session: Writer) -> str:
    item = await add(session)
    await session.commit()
    return item.name


@router.post("/jsonl-dependency")
async def yields(item: Annotated[Item, Depends(added)]) -> AsyncIterable[int]:
    yield 1
    yield 2


@router.post("/sse-dependency", response_class=EventSourceResponse)
async def events(item: Annotated[Item, Depends(added)]) -> AsyncIterable[int]:
    yield 1
    yield 2


PATHS = [
    *("/model", "/dict", "/response", "/redirect", "/nothing", "/stream", "/sub", "/twice", "/both", "/status"),
    *("/early", "/jsonl-dependency", "/sse-dependency"),
    *("/retry/model", "/retry/response", "/retry/nothing", "/retry/stream"),
    *("/v1/model", "/v1/response", "/mounted/model", "/mounted/stream"),
]


@asynccontextmanager
async def running(
    url: str, add_routes: Callable[[FastAPI], None] | None = None
) -> AsyncIterator[tuple[FastAPI, Database]]:
    """Run an application with these routes at the top, behind a prefix and in a mounted application."""
    async with database(url) as db:
        app, mounted = FastAPI(), FastAPI()
        install(app, db)
        app.include_router(router)
        app.include_router(retrying)
        app.include_router(router, prefix="/v1")
        mounted.include_router(router)
        app.mount("/mounted", mounted)
        if add_routes is not None:
            add_routes(app)
        async with app.router.lifespan_context(app):
            yield app, db


async def test_the_row_is_there_before_the_first_byte(url: str) -> None:
    async with running(url) as (app, db):

        async def look() -> tuple[list[str], int]:
            return await names_in(url), await checked_out(db)

        for path in PATHS:
            answer = await ask(app, "POST", path, look=look)
            assert answer.raised is None, path
            assert answer.status in {200, 201, 204, 303, 418}, path
            # The row is there, and no connection waits for a slow client.
            assert answer.at_start == (["acknowledged"], 0), path
            assert await names_in(url) == ["acknowledged"], path
            await ask_server(url, "DELETE FROM item")


# --- what must not be stored -----------------------------------------------------------------------

failing = APIRouter()
failing_again = APIRouter(route_class=RetryRoute, prefix="/retry")


@failing.post("/http")
@failing_again.post("/http")
async def http_exception(session: Writer) -> None:
    await add(session)
    raise HTTPException(400, "no")


@failing.post("/crash")
@failing_again.post("/crash")
async def crash(session: Writer) -> None:
    await add(session)
    raise KeyError("no")


@failing.post("/model", response_model=ItemOut)
@failing_again.post("/model", response_model=ItemOut)
async def a_response_that_cannot_be_built(session: Writer) -> Any:
    await add(session)
    return {"id": "not a number"}


@failing.post("/poison")
async def swallowed(session: Writer) -> dict[str, str]:
    await add(session)
    with suppress(errors.UniqueViolation):
        await add(session)
    return {"name": "acknowledged"}


@failing.post("/sub")
async def refused_after_a_sub_dependency(item: Annotated[Item, Depends(added)]) -> None:
    raise HTTPException(409, item.name)


@failing.post("/dependency")
async def refused_by_a_later_dependency(
    session: Writer, item: Annotated[Item, Depends(added)], never: Annotated[None, Depends(lambda: 1 / 0)]
) -> None:
    raise AssertionError("a dependency has failed")


@failing.post("/early-stream")
async def a_stream_that_uses_its_session(session: Writer) -> AsyncIterable[int]:
    await add(session)
    yield 1


@failing.post("/early-sse", response_class=EventSourceResponse)
async def events_that_use_their_session(session: Writer) -> AsyncIterable[int]:
    await add(session)
    yield 1


async def request_scoped(session: Annotated[Session, Depends(OpenWriter())]) -> Session:
    return session


def add_failing(app: FastAPI) -> None:
    app.include_router(failing, prefix="/failing")
    app.include_router(failing_again, prefix="/failing")


REFUSED = {
    "http": 400,
    "crash": 500,
    "model": 500,
    "poison": 500,
    "sub": 409,
    "dependency": 500,
    "retry/http": 400,
    "retry/crash": 500,
    "retry/model": 500,
}


async def test_what_is_raised_rolls_back(url: str) -> None:
    async with running(url, add_failing) as (app, db):
        for path, status in REFUSED.items():
            answer = await ask(app, "POST", f"/failing/{path}", look=lambda: names_in(url))
            assert (answer.status, answer.at_start) == (status, []), path
            assert await names_in(url) == [], path
            assert await checked_out(db) == 0, path


@pytest.mark.parametrize("path", ["early-stream", "early-sse"])
async def test_a_generator_route_cannot_use_its_session(url: str, path: str) -> None:
    """Its body runs after the commit: it says so at once, and the client does not get a whole answer."""
    async with running(url, add_failing) as (app, db):
        answer = await ask(app, "POST", f"/failing/{path}")
        assert isinstance(_leaf(answer.raised), errors.SessionClosed | errors.WrongTask)
        assert answer.body.strip() == b""
        assert await names_in(url) == []
        assert await checked_out(db) == 0


def _leaf(error: BaseException | None) -> BaseException | None:
    while isinstance(error, BaseExceptionGroup):
        [error] = error.exceptions
    return error


async def test_a_writer_of_request_scope_commits_as_early(url: str) -> None:
    async with database(url) as db:
        app, mounted = FastAPI(), FastAPI()
        install(app, db)
        app.mount("/mounted", mounted)
        for number, (one, dependency) in enumerate(((app, OpenWriter()), (mounted, request_scoped))):

            @one.post("/late")
            async def late_route(session: Annotated[Session, Depends(dependency)], name: str) -> str:
                session.add(Item(name=name))
                await session.flush()
                if name == "refused":
                    raise LookupError
                return name

            path = ("", "/mounted")[number]
            async with app.router.lifespan_context(app):
                stored = await ask(app, "POST", f"{path}/late?name=stored{number}", look=lambda: names_in(url))
                refused = await ask(app, "POST", f"{path}/late?name=refused")
            assert (stored.status, refused.status) == (200, 500)
            assert f"stored{number}" in stored.at_start
        assert await names_in(url) == ["stored0", "stored1"]
        assert await checked_out(db) == 0


async def test_a_websocket_commits_what_it_wrote(url: str) -> None:
    def add_route(app: FastAPI) -> None:
        @app.websocket("/socket")
        async def socket(websocket: WebSocket, session: Writer) -> None:
            await websocket.accept()
            while (await websocket.receive_json())["go on"]:
                session.add(Item(name="acknowledged"))
                await session.commit()
                await websocket.send_json(await names_in(url))
            session.add(Item(name="refused"))
            await session.flush()
            raise KeyError("the end")

    async with running(url, add_route) as (app, db):
        sent = await converse(app, [{"go on": True}, {"go on": False}])
        assert sent == [["acknowledged"]]
        assert await names_in(url) == ["acknowledged"]
        assert await checked_out(db) == 0


async def converse(app: FastAPI, messages: list[Any]) -> list[Any]:
    """Play the client of a websocket; return what the application sent."""
    sent: list[Any] = []
    incoming = [{"type": "websocket.connect"}]
    incoming += [{"type": "websocket.receive", "text": json.dumps(message)} for message in messages]

    async def receive() -> Any:
        return incoming.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            sent.append(json.loads(message["text"]))

    scope = {"type": "websocket", "path": "/socket", "raw_path": b"/socket", "root_path": "", "query_string": b""}
    with pytest.raises(KeyError):
        await app({**scope, "headers": [], "subprotocols": [], "state": {}, "scheme": "ws"}, receive, send)
    return sent

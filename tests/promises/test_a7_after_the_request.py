"""A7: a request's session is of no use after the request; streams and background work have their own."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database, errors
from crosslet.web import Data, Reader, Writer, install
from promises.databases import ask_server, checked_out, database, names_in, usual
from promises.serving import Answer, ask
from promises.tables import Item
from promises.usual import Usual
from promises.waiting import until


async def add(session: AsyncSession, name: str) -> None:
    session.add(Item(name=name))
    await session.flush()


# What a route has put aside.
kept: list[Any] = []


# --- the usual dependency --------------------------------------------------------------------------


def usual_app(data: Usual, scope: Any) -> FastAPI:
    app = FastAPI()
    session_dependency = Annotated[AsyncSession, Depends(data.get_session, scope=scope)]

    @app.post("/background")
    async def background(session: session_dependency, tasks: BackgroundTasks, fails: bool = False) -> str:  # type: ignore[valid-type]
        await add(session, "main")
        kept[:] = [session]

        async def later() -> None:
            await add(session, "later")
            if fails:
                raise KeyError("a mail server")

        tasks.add_task(later)
        return "acknowledged"

    return app


async def test_a_failing_task_rolls_the_usual_acknowledged_write_back(url: str) -> None:
    async with usual(url) as data:
        answer = await ask(usual_app(data, "request"), "POST", "/background?fails=true")
        assert (answer.status, answer.json()) == (200, "acknowledged")
        assert await names_in(url) == []


async def test_the_usual_session_of_function_scope_loses_the_tasks_write(url: str) -> None:
    async with usual(url) as data:
        answer = await ask(usual_app(data, "function"), "POST", "/background")
        assert (answer.status, answer.raised) == (200, None)
        # The closed session has opened a connection again, which nobody will give back.
        assert data.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        assert await seen_by_another_connection(data) == ["main"]
        await kept.pop().close()


async def seen_by_another_connection(data: Usual) -> list[str]:
    async with data.session() as session:
        return list(await session.scalars(select(Item.name)))


# --- crosslet --------------------------------------------------------------------------------------


def add_streams(app: FastAPI) -> None:
    @app.post("/stream-of-writer")
    async def stream_of_writer(session: Writer) -> Response:
        await add(session, "main")

        async def rows() -> AsyncIterator[str]:
            for name in await session.scalars(select(Item.name)):
                yield name

        return StreamingResponse(rows())

    @app.get("/stream-of-reader")
    async def stream_of_reader(session: Reader) -> Response:
        await session.execute(select(1))

        async def rows() -> AsyncIterator[str]:
            for name in await session.scalars(select(Item.name)):
                yield name

        return StreamingResponse(rows())

    @app.get("/stream-of-its-own")
    async def own_stream(data: Data) -> Response:
        async def rows() -> AsyncIterator[str]:
            async with data.read() as session:
                async for name in await session.stream_scalars(select(Item.name).order_by(Item.name)):
                    yield name

        return StreamingResponse(rows())


def crosslet_app(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db)

    @app.post("/background")
    async def background(session: Writer, tasks: BackgroundTasks) -> str:
        await add(session, "main")
        tasks.add_task(add, session, "later")
        return "acknowledged"

    @app.post("/background-of-its-own")
    async def own_background(session: Writer, data: Data, tasks: BackgroundTasks) -> str:
        await add(session, "main")

        async def later() -> None:
            async with data.write() as own:
                await add(own, "later")

        tasks.add_task(later)
        return "acknowledged"

    add_streams(app)

    @app.post("/keep")
    async def keep(session: Writer, reader: Reader) -> str:
        await add(session, "main")
        result = await session.execute(select(Item))
        kept[:] = [session, reader, session.sync_session, await session.connection(), result]
        return "acknowledged"

    return app


@asynccontextmanager
async def running(url: str) -> AsyncIterator[tuple[FastAPI, Database]]:
    async with database(url) as db:
        app = crosslet_app(db)
        async with app.router.lifespan_context(app):
            yield app, db


def closed(answer: Answer) -> bool:
    error = answer.raised
    while isinstance(error, BaseExceptionGroup):
        [error] = error.exceptions
    return isinstance(error, errors.SessionClosed)


async def test_a_background_task_cannot_use_the_requests_session(url: str) -> None:
    async with running(url) as (app, db):
        answer = await ask(app, "POST", "/background")
        assert (answer.status, answer.json()) == (200, "acknowledged")
        assert closed(answer)
        assert await names_in(url) == ["main"]
        assert await checked_out(db) == 0


async def test_a_background_task_with_its_own_session(url: str) -> None:
    async with running(url) as (app, db):
        answer = await ask(app, "POST", "/background-of-its-own")
        assert (answer.status, answer.raised) == (200, None)
        assert await names_in(url) == ["later", "main"]
        assert await checked_out(db) == 0


@pytest.mark.parametrize("path", ["POST /stream-of-writer", "GET /stream-of-reader"])
async def test_a_stream_cannot_use_the_requests_session(url: str, path: str) -> None:
    async with running(url) as (app, db):
        answer = await ask(app, *path.split())
        assert closed(answer)
        assert answer.body == b""
        assert await checked_out(db) == 0


async def test_a_stream_with_its_own_session(url: str) -> None:
    async with running(url) as (app, db):
        for name in ("a", "b", "c"):
            await ask_server(url, "INSERT INTO item (name) VALUES (:name)", name=name)
        answer = await ask(app, "GET", "/stream-of-its-own")
        assert (answer.raised, answer.body) == (None, b"abc")
        assert await checked_out(db) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_stream_of_a_client_that_leaves_gives_its_connection_back(url: str) -> None:
    async with running(url) as (_, db):
        for name in ("a", "b", "c"):
            await ask_server(url, "INSERT INTO item (name) VALUES (:name)", name=name)
        async with db.read() as session:
            async for _ in await session.stream_scalars(select(Item.name)):
                break
        task = asyncio.create_task(_read_and_wait(db))
        await until(lambda: _is_reading(db))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await checked_out(db) == 0
        # psycopg warns of a cursor on the server that nobody closed; the end of the transaction has.
        gc.collect()


async def _is_reading(db: Database) -> bool:
    return await checked_out(db) > 0


async def _read_and_wait(db: Database) -> None:
    async with db.read() as session:
        async for _ in await session.stream_scalars(select(Item.name)):
            await asyncio.Event().wait()


LATE = {
    "execute": lambda session: session.execute(text("SELECT 1")),
    "get": lambda session: session.get(Item, 1),
    "add": lambda session: _as_coroutine(session.add, Item(name="late")),
    "flush": lambda session: session.flush(),
    "commit": lambda session: session.commit(),
    "rollback": lambda session: session.rollback(),
    "create": lambda session: session.create(Item, {"name": "late"}),
    "one": lambda session: session.one(Item),
    "hook": lambda session: _as_coroutine(session.after_commit, list),
    "begin": lambda session: session.run_sync(lambda inner: inner.begin()),
    "connection": lambda session: session.connection(),
    "run_sync": lambda session: session.run_sync(lambda inner: inner.execute(text("SELECT 1"))),
}


async def _as_coroutine(call: Any, *arguments: Any) -> Any:
    return call(*arguments)


async def outcome(verb: Any, session: Any) -> Any:
    try:
        return await verb(session)
    except errors.CrossletError as error:
        return error


async def test_what_was_kept_is_of_no_use(url: str) -> None:
    async with running(url) as (app, db):
        answer = await ask(app, "POST", "/keep")
        assert answer.raised is None
        writer, reader, inner, connection, _ = kept
        for session in (writer, reader):
            for name, verb in LATE.items():
                # The name of the verb, should one get through.
                assert (name, type(await outcome(verb, session))) == (name, errors.SessionClosed)
        for late in (
            lambda: connection.execute(text("SELECT 1")),
            lambda: _as_coroutine(inner.execute, text("SELECT 1")),
        ):
            with pytest.raises(Exception, match="closed"):
                await late()
        await writer.close()
        await reader.close()
        assert await checked_out(db) == 0
        assert await names_in(url) == ["main"]
        kept.clear()


async def test_hooks_run_after_the_response_and_only_after_a_commit(url: str) -> None:
    ran: list[str] = []

    def add_routes(app: FastAPI) -> None:
        @app.post("/hook")
        async def hook(session: Writer, fails: bool = False) -> str:
            await add(session, "main")

            async def asynchronous() -> None:
                ran.append(f"async {await names_in(url)}")

            session.after_commit(lambda: ran.append("sync"))
            session.after_commit(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
            session.after_commit(asynchronous)
            if fails:
                raise KeyError("no")
            return "acknowledged"

    async with running(url) as (app, _):
        add_routes(app)
        answer = await ask(app, "POST", "/hook?fails=true")
        assert (answer.status, ran) == (500, [])
        answer = await ask(app, "POST", "/hook", look=_copy(ran))
        assert (answer.status, answer.at_start) == (200, [])
        assert ran == ["sync", "async ['main']"]


def _copy(ran: list[str]) -> Any:
    async def look() -> list[str]:
        return list(ran)

    return look

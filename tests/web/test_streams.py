"""Streamed answers over real sockets: whole or visibly broken, and no client keeps a connection of the pool."""

import asyncio
import csv
import io
import json
import socket
import time
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import httpx2 as httpx
import pytest
from anyio import to_thread
from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel
from sqlalchemy import insert, select, text

from crosslet import Database, Deadlines, PoolSettings
from crosslet.errors import ConfigurationError
from crosslet.web import CSV, NDJSON, Data, JSONArray, JSONLines, Reader, Writer, install
from promises.serving import served
from sample import Sample, User, UserOut
from web.client import client_of

BY_MAIL = select(User).order_by(User.email)
ONE = PoolSettings(readers=1, writers=1, wait=0.5)
ROWS = 300
# 300 of them are more than the buffers of two sockets take.
LONG = "x" * 30_000
# Far above what anything here takes.
HANG = 30.0


class Long(BaseModel):
    email: str
    settings: dict[str, Any] | None


def refuse_250(value: int) -> int:
    if value == 250:
        raise ValueError("too many")
    return value


class Few(BaseModel):
    visits: Annotated[int, AfterValidator(refuse_250)]


def app_of(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db)

    @app.get("/users.ndjson", response_class=NDJSON, responses=NDJSON.of(UserOut))
    async def ndjson(data: Data) -> NDJSON:
        return NDJSON(data.stream(UserOut, BY_MAIL))

    @app.get("/users.jsonl", response_class=JSONLines, responses=JSONLines.of(UserOut))
    async def jsonl(session: Reader) -> JSONLines:
        await session.count(User)
        return JSONLines(session.stream(UserOut, BY_MAIL))

    @app.get("/users", response_class=JSONArray, responses=JSONArray.of(UserOut))
    async def array(data: Data) -> JSONArray:
        return JSONArray(data.stream(UserOut, BY_MAIL))

    @app.get("/users.csv", response_class=CSV)
    async def table(data: Data) -> CSV:
        return CSV(data.stream(UserOut, BY_MAIL), filename="Übersicht 1.csv")

    @app.get("/yielded")
    async def yielded(data: Data) -> AsyncIterable[UserOut]:
        async for user in data.stream(UserOut, BY_MAIL):
            yield user

    @app.get("/yielded-by-reader")
    async def yielded_by_reader(session: Reader) -> AsyncIterable[UserOut]:
        async for user in session.stream(UserOut, BY_MAIL):
            yield user

    @app.get("/yielded-long")
    async def yielded_long(data: Data) -> AsyncIterable[Long]:
        async for user in data.stream(Long, BY_MAIL, hold=0.1):
            yield user

    add_trouble(app)
    return app


def add_trouble(app: FastAPI) -> None:
    @app.get("/long")
    async def long(data: Data) -> NDJSON:
        return NDJSON(data.stream(Long, BY_MAIL))

    @app.get("/wrong")
    async def wrong(data: Data) -> NDJSON:
        return NDJSON(data.stream(UserOut, select(User).where(text("no_such_column = 1"))))

    @app.get("/broken")
    async def broken(data: Data) -> NDJSON:
        return NDJSON(data.stream(Few, BY_MAIL, partition=50))

    @app.post("/written")
    async def written(session: Writer) -> NDJSON:
        await session.create(User, email="new")
        return NDJSON(session.stream(UserOut, BY_MAIL))

    @app.get("/free")
    async def free(session: Reader) -> int:
        return await session.count(User)


async def fill(db: Database) -> None:
    await db.create_all()
    async with db.write() as session:
        for start in range(0, ROWS, 100):
            numbers = range(start, start + 100)
            rows = [{"email": f"{number:04}", "visits": number, "settings": {"long": LONG}} for number in numbers]
            await session.execute(insert(User), rows)


@pytest.fixture
async def filled(url: str) -> str:
    async with Database(url, metadata=Sample) as db:
        await fill(db)
    return url


@contextmanager
def running(url: str, **options: Any) -> Iterator[httpx.Client]:
    """Serve the application with one connection for reading; give a client of it."""
    db = Database(url, metadata=Sample, pool=ONE, **options)
    with served(app_of(db)) as address, client_at(address) as client:
        yield client


def client_at(address: str) -> httpx.Client:
    """Make a client that sends each request over a connection of its own: uvicorn ends one after an error."""
    return httpx.Client(base_url=address, timeout=HANG, limits=httpx.Limits(max_keepalive_connections=0))


async def in_thread(work: Callable[[], Any]) -> Any:
    """Run a test of sockets that wait beside this loop."""
    return await to_thread.run_sync(work)


async def test_whole_answers(filled: str) -> None:
    def work() -> None:
        with running(filled) as client:
            wanted = client.get("/users").json()
            assert len(wanted) == ROWS
            for path, kind in (
                ("/users.ndjson", "application/x-ndjson"),
                ("/users.jsonl", "application/jsonl"),
                ("/yielded", "application/jsonl"),
                ("/yielded-by-reader", "application/jsonl"),
            ):
                answer = client.get(path)
                assert answer.headers["content-type"] == kind
                assert [json.loads(line) for line in answer.content.splitlines()] == wanted
                assert client.get("/free").json() == ROWS
            table = client.get("/users.csv")
            assert table.headers["content-type"] == "text/csv; charset=utf-8"
            assert table.headers["content-disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht%201.csv"
            rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
            assert rows == [{name: str(value) for name, value in row.items()} for row in wanted]

    await in_thread(work)


async def test_an_error_before_the_first_row_is_an_answer(filled: str) -> None:
    def work() -> None:
        with running(filled) as client:
            assert client.get("/wrong").status_code == 500
            assert client.get("/free").json() == ROWS

    await in_thread(work)


async def test_an_unreachable_database_is_a_problem(base: Database) -> None:
    """503 with a code, as of any other read: nothing had begun."""
    app = app_of(base)
    async with client_of(app) as client:
        pair = await base.connections.pair()
        pool: Any = pair.reader.pool
        held = [await pair.direct.take() for _ in range(pool.size())]  # type: ignore[union-attr]
        pool._timeout = 0.1
        answer = await client.get("/users.ndjson")
        for one in held:
            pool.give_back(one)
        assert (answer.status_code, answer.json()["code"]) == (503, "pool-timeout")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_error_in_the_middle_breaks_the_answer(filled: str) -> None:
    def work() -> None:
        with running(filled) as client:
            seen = b""
            with pytest.raises(httpx.RemoteProtocolError), client.stream("GET", "/broken") as answer:
                assert answer.status_code == 200
                for part in answer.iter_raw():
                    seen += part
            assert 0 < seen.count(b"\n") <= 250
            assert client.get("/free").json() == ROWS

    await in_thread(work)


@pytest.mark.parametrize("path", ["/long", "/yielded-long"])
async def test_a_client_that_goes_away_frees_the_connection(filled: str, path: str) -> None:
    """Within a second, also where it has not read what was sent."""

    def work() -> None:
        # Nothing else could free it: the hold is longer than the test.
        with running(filled, deadlines=Deadlines(hold=HANG)) as client:
            with asking(client, path) as leaving:
                assert b"200 OK" in leaving.recv(100)
            left = time.monotonic()
            while client.get("/free").status_code != 200:
                pass
            # The wait for a connection is half a second, so one refusal at most.
            assert time.monotonic() - left < 1.5

    await in_thread(work)


@contextmanager
def asking(client: httpx.Client, path: str) -> Iterator[socket.socket]:
    """Send a request over a socket that takes little at a time."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.settimeout(HANG)
        connection.connect((client.base_url.host, client.base_url.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        yield connection


@pytest.mark.parametrize("path", ["/long", "/yielded-long"])
async def test_a_slow_client_frees_the_connection_and_gets_all(filled: str, path: str) -> None:
    def work() -> None:
        with running(filled, deadlines=Deadlines(hold=0.1)) as client, asking(client, path) as slow:
            content = slow.recv(100)
            while client.get("/free").status_code != 200:
                pass
            while part := slow.recv(1 << 20):
                content += part
        lines = [line for line in content.partition(b"\r\n\r\n")[2].split(b"\n") if b'"email"' in line]
        assert len(lines) == ROWS
        assert content.endswith(b"0\r\n\r\n")

    await in_thread(work)


async def test_a_client_that_is_too_slow_gets_a_broken_answer(filled: str) -> None:
    def work() -> None:
        db = Database(
            filled,
            metadata=Sample,
            pool=PoolSettings(readers=1, writers=1, wait=0.5, spool_bytes=100_000),
            deadlines=Deadlines(hold=0.1),
        )
        with (
            served(app_of(db)) as address,
            client_at(address) as client,
            asking(client, "/long") as slow,
        ):
            content = slow.recv(100)
            while client.get("/free").status_code != 200:
                pass
            while part := slow.recv(1 << 20):
                content += part
        assert not content.endswith(b"0\r\n\r\n")

    await in_thread(work)


async def test_a_unit_of_work_cannot_be_streamed(base: Database) -> None:
    async with client_of(app_of(base)) as client:
        assert (await client.post("/written")).status_code == 500
        assert (await client.get("/free")).json() == 0
    async with base.write() as session:
        with pytest.raises(ConfigurationError, match="unit of work"):
            NDJSON(session.stream(UserOut, BY_MAIL))
    with pytest.raises(ConfigurationError, match="takes a stream"):
        NDJSON([1])  # type: ignore[arg-type]


def test_openapi_says_what_a_line_is() -> None:
    app = app_of(Database("sqlite://", metadata=Sample))
    schema = app.openapi()
    item = {"$ref": "#/components/schemas/UserOut"}

    def content(path: str) -> Any:
        return schema["paths"][path]["get"]["responses"]["200"]["content"]

    assert content("/users.ndjson") == {"application/x-ndjson": {"itemSchema": item}}
    assert content("/users.jsonl") == {"application/jsonl": {"itemSchema": item}}
    assert content("/yielded") == {"application/jsonl": {"itemSchema": item}}
    assert content("/users")["application/json"]["schema"]["items"] == item
    assert content("/users")["application/json"]["schema"]["type"] == "array"
    assert content("/users.csv") == {"text/csv": {"schema": {"type": "string"}}}
    assert app.openapi() == schema


async def test_a_background_task_runs_after_the_answer(base: Database) -> None:
    from starlette.background import BackgroundTask

    app, ran = app_of(base), asyncio.Event()

    @app.get("/and-then")
    async def and_then(data: Data) -> NDJSON:
        return NDJSON(data.stream(UserOut, BY_MAIL), headers={"X-A": "b"}, background=BackgroundTask(ran.set))

    async with client_of(app) as client:
        answer = await client.get("/and-then")
        assert (answer.content, answer.headers["x-a"], answer.headers["x-accel-buffering"]) == (b"", "b", "no")
        await ran.wait()

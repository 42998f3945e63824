"""install(): start, stop, health, and the refusal of what would commit too late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

from crosslet import Database, Session, errors
from crosslet.web import Data, OpenWriter, Reader, Writer, install, reader_of
from crosslet.web.units import units_of
from sample import Sample, User
from web.client import client_of


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/small.db", metadata=Sample)
    await database.create_all()
    yield database
    await database.close()


async def test_the_application_s_own_lifespan_runs_inside(small: Database) -> None:
    log: list[str] = []

    @asynccontextmanager
    async def own(app: FastAPI) -> AsyncIterator[dict[str, int]]:
        log.append(f"start {await _count(small)}")
        yield {"answer": 42}
        log.append(f"stop {await _count(small)}")

    app = FastAPI(lifespan=own)
    install(app, small)
    async with app.router.lifespan_context(app) as state:
        assert state == {"answer": 42}
    assert log == ["start 0", "stop 0"]


async def _count(database: Database) -> int:
    async with database.read() as session:
        return await session.count(User)


async def test_an_unreachable_database_ends_the_start(unused_port: int) -> None:
    app = FastAPI()
    install(app, Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/none"))
    with pytest.raises(errors.CannotConnect, match="nothing listens"):
        async with app.router.lifespan_context(app):
            pass


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def test_health(small: Database, unused_port: int) -> None:
    app = FastAPI()
    install(app, small)
    async with client_of(app) as client:
        assert (await client.get("/health/live")).json()["status"] == "ok"
        assert (await client.get("/health/ready")).json()["status"] == "ok"
    dead = FastAPI()
    install(dead, Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/none"), check=False)
    async with client_of(dead) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["reason"]) == (503, "cannot-connect")
        assert str(unused_port) not in ready.text


async def test_a_unit_that_is_open_at_the_first_byte_stores_and_sends_nothing(small: Database) -> None:
    app = FastAPI()
    install(app, small)

    @app.post("/late")
    async def late(request: Request) -> str:
        session = await units_of(request).open_writer(small)
        await session.create(User, {"email": "late"})
        return "stored"

    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/late")
    assert answer.status_code == 500
    assert "stored" not in answer.text
    assert await _count(small) == 0


async def test_a_fastapi_without_its_function_scope_is_refused(small: Database) -> None:
    """Contract with a private name of FastAPI's: where it is gone nothing is written, and the error says why."""
    app = FastAPI()
    install(app, small)

    async def lose(request: Request) -> None:
        del request.scope["fastapi_function_astack"]

    @app.post("/", dependencies=[Depends(lose)])
    async def write(request: Request) -> None:
        async for _ in request.stream():
            pass
        await OpenWriter()(request)

    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        with pytest.raises(errors.ConfigurationError, match="function scope"):
            await client.post("/")


async def test_a_route_without_install_says_what_is_missing() -> None:
    app = FastAPI()

    @app.get("/")
    async def root(session: Reader) -> None: ...

    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        with pytest.raises(errors.ConfigurationError, match="install"):
            await client.get("/")


async def test_what_is_returned_is_stored_whatever_its_status(small: Database) -> None:
    app = FastAPI()
    install(app, small)

    @app.post("/refuse")
    async def refuse(session: Writer) -> JSONResponse:
        await session.create(User, {"email": "attempt"})
        return JSONResponse({"detail": "no"}, 403)

    async with client_of(app) as client:
        assert (await client.post("/refuse")).status_code == 403
        assert await _count(small) == 1


async def test_a_stream_reads_through_a_session_of_its_own(small: Database) -> None:
    app = FastAPI()
    install(app, small)
    async with small.write() as session:
        await session.create(User, {"email": "ada"})

    @app.get("/stream")
    async def stream(db: Data) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            async with db.read() as session:
                for user in await session.all(User):
                    yield user.email

        return StreamingResponse(lines())

    async with client_of(app) as client:
        assert (await client.get("/stream")).text == "ada"


async def test_a_second_database(small: Database, tmp_path: Path) -> None:
    archive = Database(f"sqlite:///{tmp_path}/archive.db", metadata=Sample)
    await archive.create_all()
    async with archive.write() as session:
        await session.create(User, {"email": "old"})
    app = FastAPI()
    install(app, small)

    @app.get("/both")
    async def both(session: Reader, old: Annotated[Session, reader_of(archive)]) -> list[int]:
        return [await session.count(User), len(await old.all(User, select(User)))]

    async with client_of(app) as client:
        assert (await client.get("/both")).json() == [0, 1]
    await archive.close()


async def test_tables_can_be_made_at_the_start(tmp_path: Path) -> None:
    app, database = FastAPI(), Database(f"sqlite:///{tmp_path}/new.db", metadata=Sample)
    install(app, database, create_tables=True)
    async with client_of(app):
        assert await _count(database) == 0


async def test_a_plain_def_that_takes_a_session_ends_the_start(small: Database) -> None:
    app = FastAPI()
    install(app, small)

    @app.get("/plain")
    def plain(session: Reader) -> str:
        return "never"

    with pytest.raises(errors.ConfigurationError, match=r"Route /plain: .*async def plain"):
        async with app.router.lifespan_context(app):
            pass


def test_something_else_than_a_database_is_refused() -> None:
    with pytest.raises(errors.ConfigurationError, match="from_env"):
        install(FastAPI(), "sqlite://")  # type: ignore[arg-type]


async def test_a_reader_with_changed_objects_is_a_500_and_not_a_200(small: Database) -> None:
    app = FastAPI()
    install(app, small)

    @app.post("/lost")
    async def lost(session: Reader) -> int:
        session.add(User(email="lost@example.com"))
        return 1

    async with client_of(app) as client:
        assert (await client.post("/lost")).status_code == 500

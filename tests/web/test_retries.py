"""A handler run again: whole, with what it needs, and only where that is safe."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Form, Request, UploadFile

from crosslet import Database, Retry, errors
from crosslet.web import Reader, RetryRoute, Writer, install
from sample import Sample, User
from web.client import client_of


@pytest.fixture
async def patient(url: str) -> Any:
    database = Database(url, metadata=Sample, retry=Retry(attempts=4, budget=5.0, first=0.001, ceiling=0.002))
    await database.create_all()
    yield database
    await database.close()


async def test_a_handler_is_run_again_with_fresh_dependencies(patient: Database) -> None:
    log: list[str] = []
    app, router = FastAPI(), APIRouter(prefix="/again", route_class=RetryRoute)
    install(app, patient)

    async def counted() -> Any:
        log.append("enter")
        yield len(log)
        log.append("exit")

    @router.post("/{email}")
    async def create(
        email: str,
        session: Writer,
        reader: Reader,
        tasks: BackgroundTasks,
        number: Annotated[int, Depends(counted)],
    ) -> int:
        await session.create(User, {"email": email})
        await reader.count(User)
        session.after_commit(lambda: log.append("hook"))
        tasks.add_task(log.append, "task")
        if log.count("enter") < 3:
            raise errors.SerializationFailure
        return await session.count(User)

    app.include_router(router)
    async with client_of(app) as client:
        answer = await client.post("/again/ada")
    assert (answer.status_code, answer.json()) == (200, 1)
    # A dependency that was left by an exception does not reach its last line; the hook follows the last byte.
    assert log == ["enter", "enter", "enter", "hook", "task", "exit"]


async def test_it_gives_up_with_503(patient: Database) -> None:
    attempts: list[int] = []
    app = FastAPI()
    install(app, patient, retry=True)

    @app.post("/never")
    async def never(session: Writer) -> None:
        attempts.append(await session.count(User))
        raise errors.DeadlockDetected

    async with client_of(app) as client:
        answer = await client.post("/never")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert len(attempts) == 4


async def test_uploads_and_forms_are_equal_in_each_attempt(patient: Database) -> None:
    seen: list[tuple[bytes, str]] = []
    app = FastAPI()
    install(app, patient, retry=True)

    @app.post("/upload")
    async def upload(file: UploadFile, note: Annotated[str, Form()], session: Writer) -> int:
        seen.append((await file.read(), note))
        await session.count(User)
        if len(seen) < 3:
            raise errors.DeadlockDetected
        return len(seen)

    async with client_of(app) as client:
        answer = await client.post("/upload", files={"file": b"x" * 2_000_000}, data={"note": "same"})
    assert answer.json() == 3
    assert seen == [(b"x" * 2_000_000, "same")] * 3


async def test_a_streamed_body_is_not_repeated(patient: Database) -> None:
    attempts: list[int] = []
    app = FastAPI()
    install(app, patient, retry=True)

    @app.post("/stream")
    async def stream(request: Request, session: Writer) -> None:
        attempts.append(len([chunk async for chunk in request.stream()]))
        raise errors.DeadlockDetected

    async with client_of(app) as client:
        answer = await client.post("/stream", content=b"once")
    assert answer.status_code == 503
    assert len(attempts) == 1


async def test_an_unknown_outcome_is_not_repeated(patient: Database) -> None:
    attempts: list[int] = []
    app = FastAPI()
    install(app, patient, retry=True)

    @app.post("/unknown")
    async def unknown(session: Writer) -> None:
        attempts.append(1)
        raise errors.CommitOutcomeUnknown

    async with client_of(app) as client:
        answer = await client.post("/unknown")
    assert (answer.status_code, len(attempts)) == (503, 1)
    assert answer.json()["code"] == "commit-outcome-unknown"


async def test_nothing_is_repeated_once_a_unit_is_committed(patient: Database, tmp_path: Any) -> None:
    from crosslet.web import Reader, writer_of

    second = Database(f"sqlite:///{tmp_path}/second.db", metadata=Sample)
    await second.create_all()
    attempts: list[int] = []
    app = FastAPI()
    install(app, patient, retry=True)

    async def late_failure(session: Writer) -> Any:
        yield session
        raise errors.DeadlockDetected

    @app.post("/two")
    async def two(
        first: Annotated[Any, Depends(late_failure, scope="function")],
        other: Annotated[Any, writer_of(second)],
        reader: Reader,
    ) -> None:
        attempts.append(1)
        await other.create(User, {"email": "stored"})

    async with client_of(app) as client:
        answer = await client.post("/two")
    assert (answer.status_code, len(attempts)) == (503, 1)
    await second.close()

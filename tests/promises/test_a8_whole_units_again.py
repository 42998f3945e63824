"""A8, A9, A14: what is run again is the whole unit; its hooks run once; what it stored it stored once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, BackgroundTasks, FastAPI, Request, UploadFile
from fastapi.params import File
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database, Deadlines, Retry, Session, errors
from crosslet.web import RetryRoute, Writer, install
from fix_databases import Target
from promises.commits import spoil_commit
from promises.databases import ask_server, checked_out, database, names_in, usual
from promises.serving import ask
from promises.tables import Account, Item

PATIENCE = 60.0
# MariaDB rounds it up to a second.
DEADLINES = Deadlines(lock=0.1)


async def balances(url: str) -> list[int]:
    return [balance for (balance,) in await ask_server(url, "SELECT balance FROM account ORDER BY id")]


async def fill(url: str) -> None:
    await ask_server(url, "INSERT INTO account (id, balance) VALUES (1, 0), (2, 0)")


async def add_one(session: AsyncSession, account: int) -> None:
    await session.execute(update(Account).where(Account.id == account).values(balance=Account.balance + 1))


# --- the usual retry -------------------------------------------------------------------------------


async def test_the_usual_retry_of_a_commit_stores_nothing(target: Target, url: str) -> None:
    async with usual(url) as data:
        async with data.session() as session:
            session.add(Item(name="acknowledged"))
            await session.flush()
            await spoil_commit(session, target, url)
            for _ in range(3):
                try:
                    await session.commit()
                    break
                except DBAPIError:
                    await session.rollback()
            else:
                raise AssertionError("no commit succeeded")
        assert await names_in(url) == []


# --- what makes a unit fail for once ---------------------------------------------------------------


@asynccontextmanager
async def conflict(target: Target, db: Database) -> AsyncIterator[Callable[[AsyncSession, int], Awaitable[None]]]:
    """Give a step that, in a unit's first attempt, meets a lock which is gone by the second."""
    release = _locked_file(target) if target.dialect.has_single_writer else await _locked_row(db)

    async def step(session: AsyncSession, attempt: int) -> None:
        if attempt == 2:
            await release()
        await add_one(session, 1)

    try:
        yield step
    finally:
        await release()


def _locked_file(target: Target) -> Callable[[], Awaitable[None]]:
    other = sqlite3.connect(target.folder / target.taken[0], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def release() -> None:
        other.close()

    return release


async def _locked_row(db: Database) -> Callable[[], Awaitable[None]]:
    holder = await db.open(read_only=False)
    await add_one(holder, 1)
    return holder.close


CODES = {"postgresql": errors.LockTimeout, "mariadb": errors.LockTimeout, "sqlite": errors.DatabaseBusy}


async def test_run_repeats_after_a_lock_timeout(target: Target, url: str) -> None:
    seen: list[BaseException] = []
    hooks: list[int] = []
    sessions: list[Session] = []

    async with database(url, deadlines=DEADLINES) as db, asyncio.timeout(PATIENCE):
        await fill(url)

        async def unit(session: Session, name: str) -> str:
            sessions.append(session)
            number = len(sessions)
            session.after_commit(lambda: hooks.append(number))
            try:
                await step(session, number)
            except errors.DatabaseError as error:
                seen.append(error)
                raise
            session.add(Item(name=name))
            return f"attempt {number}"

        async with conflict(target, db) as step:
            assert await db.run(unit, "stored") == "attempt 2"
        assert [type(error) for error in seen] == [CODES[target.dialect_name]]
        assert (hooks, len({id(session) for session in sessions})) == ([2], 2)
        assert await names_in(url) == ["stored"]
        assert await balances(url) == [1, 0]
        assert await checked_out(db) == 0


@pytest.mark.needs("has_row_locks")
@pytest.mark.parametrize("nested", [False, True], ids=["plain", "savepoint"])
async def test_run_repeats_after_a_deadlock(url: str, nested: bool) -> None:
    """Two units take two rows in opposite order; in their first attempts each waits until the other has its first."""
    async with database(url) as db, asyncio.timeout(PATIENCE):
        await fill(url)
        both = asyncio.Barrier(2)
        hooks: list[int] = []
        attempts = {1: 0, 2: 0}

        async def unit(session: Session, first: int) -> None:
            attempts[first] += 1
            session.after_commit(lambda: hooks.append(first))
            await add_one(session, first)
            if attempts[first] == 1:
                await both.wait()
            if nested:
                async with session.begin_nested():
                    await add_one(session, 3 - first)
            else:
                await add_one(session, 3 - first)

        await asyncio.gather(db.run(unit, 1), db.run(unit, 2))
        assert sorted(attempts.values()) == [1, 2]
        assert sorted(hooks) == [1, 2]
        assert await balances(url) == [2, 2]


@pytest.mark.needs("has_row_locks")
async def test_run_repeats_after_a_serialization_failure(target: Target, url: str) -> None:
    """PostgreSQL says 40001, MariaDB 1020 where it is told to look; without it both units would be acknowledged."""
    async with database(url) as db, asyncio.timeout(PATIENCE):
        await fill(url)
        attempts = 0
        seen: list[str | None] = []

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            if target.dialect_name == "mariadb":
                await session.execute(text("SET SESSION innodb_snapshot_isolation = 1"))
            balance = (await session.scalars(select(Account.balance).where(Account.id == 1))).one()
            if attempts == 1:
                async with db.write() as other:
                    await add_one(other, 1)
            try:
                await session.execute(update(Account).where(Account.id == 1).values(balance=balance + 1))
            except errors.SerializationFailure as error:
                seen.append(error.sqlstate)
                raise

        await db.run(unit)
        assert seen == [{"postgresql": "40001", "mariadb": "1020"}[target.dialect_name]]
        assert await balances(url) == [2, 0]


async def test_a_failure_of_commit_itself_is_repeated_only_if_it_may_pass(target: Target, url: str) -> None:
    async with database(url) as db, asyncio.timeout(PATIENCE):
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            session.add(Item(name="refused"))
            await session.flush()
            await spoil_commit(session, target, url)

        with pytest.raises((errors.ForeignKeyViolation, errors.CommitOutcomeUnknown)):
            await db.run(unit)
        assert attempts == 1
        assert await names_in(url) == []


async def test_a_swallowed_retryable_error_repeats_the_unit(target: Target, url: str) -> None:
    async with database(url, deadlines=DEADLINES) as db, asyncio.timeout(PATIENCE):
        await fill(url)
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            if target.dialect.has_row_locks:
                session.add(Item(name=f"attempt {attempts}"))
                await session.flush()
            try:
                await step(session, attempts)
            except errors.RetryableError:
                if not target.dialect.has_row_locks:
                    raise
            if not target.dialect.has_row_locks:
                session.add(Item(name=f"attempt {attempts}"))

        async with conflict(target, db) as step:
            await db.run(unit)
        assert await names_in(url) == ["attempt 2"]
        assert await balances(url) == [1, 0]


@pytest.mark.parametrize("how", ["commit", "begin", "run_sync"])
async def test_a_unit_that_has_committed_a_part_is_never_run_again(url: str, how: str) -> None:
    async with database(url) as db:
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            if how == "begin":
                async with session.begin():
                    session.add(Item(name=f"part {attempts}"))
            else:
                session.add(Item(name=f"part {attempts}"))
                await (session.commit() if how == "commit" else session.run_sync(lambda inner: inner.commit()))
            raise errors.DeadlockDetected

        with pytest.raises(errors.DeadlockDetected):
            await db.run(unit)
        assert await names_in(url) == ["part 1"]


async def test_retry_stops(url: str) -> None:
    async with database(url, retry=Retry(attempts=3, first=0.001)) as db:
        attempts = 0

        async def unit(session: Session) -> None:
            nonlocal attempts
            attempts += 1
            session.add(Item(name=f"attempt {attempts}"))
            await session.flush()
            raise errors.SerializationFailure

        with pytest.raises(errors.SerializationFailure):
            await db.run(unit)
        assert attempts == 3
        assert await names_in(url) == []


async def test_no_update_is_lost_under_contention(target: Target, url: str) -> None:
    """Read, add one, write: as naive as it gets. Every acknowledged unit is in the sum."""
    async with database(url, retry=Retry(attempts=200, budget=PATIENCE)) as db, asyncio.timeout(PATIENCE):
        await fill(url)

        async def unit(session: Session) -> None:
            if target.dialect.has_row_locks:
                await session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
            balance = (await session.scalars(select(Account.balance).where(Account.id == 1))).one()
            await asyncio.sleep(0)
            await session.execute(update(Account).where(Account.id == 1).values(balance=balance + 1))

        outcomes = await asyncio.gather(*(db.run(unit) for _ in range(24)), return_exceptions=True)
        acknowledged = sum(outcome is None for outcome in outcomes)
        # A pool that is full for too long may refuse some; none may be lost.
        assert all(outcome is None or isinstance(outcome, errors.PoolTimeout) for outcome in outcomes)
        assert await balances(url) == [acknowledged, 0]
        assert acknowledged > 0


# --- RetryRoute ------------------------------------------------------------------------------------


class Attempts:
    """An application whose routes fail in their first attempt as a real conflict makes them."""

    def __init__(self, db: Database, step: Callable[[AsyncSession, int], Awaitable[None]]) -> None:
        self.count = 0
        self.bodies: list[bytes] = []
        self.ran: list[str] = []
        self.app = FastAPI()
        self.step = step
        install(self.app, db)
        router = APIRouter(route_class=RetryRoute)
        router.add_api_route("/json", self.json, methods=["POST"])
        router.add_api_route("/upload", self.upload, methods=["POST"])
        router.add_api_route("/stream", self.stream, methods=["POST"])
        router.add_api_route("/committed", self.committed, methods=["POST"])
        self.app.include_router(router)

    async def _try(self, session: AsyncSession) -> str:
        self.count += 1
        await self.step(session, self.count)
        session.add(Item(name="stored"))
        return f"attempt {self.count}"

    async def json(self, session: Writer, body: dict[str, int], tasks: BackgroundTasks) -> str:
        self.bodies.append(str(body).encode())
        number = self.count + 1
        session.after_commit(lambda: self.ran.append(f"hook {number}"))
        tasks.add_task(self.ran.append, f"task {number}")
        return await self._try(session)

    async def upload(self, session: Writer, file: Annotated[UploadFile, File()]) -> str:
        self.bodies.append(await file.read())
        return await self._try(session)

    async def stream(self, session: Writer, request: Request) -> str:
        self.bodies.append(b"".join([part async for part in request.stream()]))
        return await self._try(session)

    async def committed(self, session: Writer) -> str:
        session.add(Item(name=f"part {self.count}"))
        await session.commit()
        return await self._try(session)


@asynccontextmanager
async def retrying(target: Target, url: str) -> AsyncIterator[Attempts]:
    async with database(url, deadlines=DEADLINES) as db, asyncio.timeout(PATIENCE):
        await fill(url)
        async with conflict(target, db) as step:
            yield Attempts(db, step)
        assert await checked_out(db) == 0


async def test_a_route_runs_again_whole(target: Target, url: str) -> None:
    async with retrying(target, url) as routes:
        answer = await ask(routes.app, "POST", "/json", body=b'{"a": 1}', look=_copy(routes.ran))
        assert (answer.status, answer.json(), answer.at_start) == (200, "attempt 2", [])
        assert sorted(routes.ran) == ["hook 2", "task 2"]
        assert routes.bodies == [b"{'a': 1}"] * 2
    assert await names_in(url) == ["stored"]


async def test_an_upload_is_equal_in_each_attempt(target: Target, url: str) -> None:
    content = bytes(range(256)) * 8192  # beyond what is kept in memory
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + content + b"\r\n--x--\r\n"
    async with retrying(target, url) as routes:
        answer = await ask(routes.app, "POST", "/upload", body=body, content_type="multipart/form-data; boundary=x")
        assert (answer.status, answer.json()) == (200, "attempt 2")
        assert [len(part) for part in routes.bodies] == [len(content)] * 2
        assert routes.bodies == [content] * 2
    assert await names_in(url) == ["stored"]


async def test_a_consumed_stream_is_not_run_again(target: Target, url: str) -> None:
    async with retrying(target, url) as routes:
        answer = await ask(routes.app, "POST", "/stream", body=b"once")
        assert (answer.status, routes.bodies) == (503, [b"once"])
        assert "retry-after" in answer.headers
    assert await names_in(url) == []


@pytest.mark.needs("has_row_locks")
async def test_a_route_that_has_committed_a_part_is_not_run_again(target: Target, url: str) -> None:
    async with retrying(target, url) as routes:
        answer = await ask(routes.app, "POST", "/committed")
        assert answer.status == 503
    assert await names_in(url) == ["part 0"]


def _copy(ran: list[str]) -> Any:
    async def look() -> list[str]:
        return list(ran)

    return look

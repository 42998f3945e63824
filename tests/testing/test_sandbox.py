"""A sandbox keeps what a Database promises: units commit, roll back and fail as ever, and nothing of it stays."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import ForeignKey, delete, func, insert, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from connections.relay import relay
from crosslet import Database, Deadlines, Model, Retry, cached
from crosslet.errors import (
    ForeignKeyViolation,
    LockTimeout,
    ReadOnlySession,
    SandboxLost,
    SandboxRefused,
    StatementRejected,
    UniqueViolation,
    UnitPoisoned,
)
from crosslet.testing import sandbox
from fix_databases import Target
from sample import Sample, User, UserOut


@pytest.fixture
async def home(url: str) -> str:
    """Give the URL of a database with tables."""
    async with Database(url, metadata=Sample) as database:
        await database.create_all()
    return url


@pytest.fixture
async def db(home: str) -> AsyncIterator[Database]:
    """Give a Database in a sandbox; its own URL leads nowhere."""
    database = Database("sqlite:////nowhere/at/all.db", metadata=Sample)
    async with sandbox(database, home):
        yield database


async def add(db: Database, *emails: str) -> None:
    async with db.write() as session:
        for email in emails:
            await session.create(User, email=email)


async def emails(db: Database) -> list[str]:
    async with db.read() as session:
        return list(await session.scalars(select(User.email).order_by(User.email)))


async def test_what_was_committed_is_gone_afterwards(home: str) -> None:
    db = Database(home, metadata=Sample)
    await add(db, "stays@x")
    async with sandbox(db, home):
        await add(db, "a@x", "b@x")
        async with db.write() as session:
            await session.execute(delete(User).where(User.email == "stays@x"))
        assert await emails(db) == ["a@x", "b@x"]
        await db.close()
        assert await emails(db) == ["a@x", "b@x"]
    assert await emails(db) == ["stays@x"]
    async with sandbox(db, home):
        assert await emails(db) == ["stays@x"]
    await db.close()


async def test_a_unit_rolls_back_alone(db: Database) -> None:
    await add(db, "first@x")
    with pytest.raises(ZeroDivisionError):
        async with db.write() as session:
            await session.create(User, email="second@x")
            _ = 1 // 0
    assert await emails(db) == ["first@x"]
    async with db.write() as session:
        await session.create(User, email="third@x")
        await session.commit()
        await session.create(User, email="fourth@x")
        await session.rollback()
        await session.create(User, email="fifth@x")
    assert await emails(db) == ["fifth@x", "first@x", "third@x"]


async def test_errors_leave_it_usable(db: Database) -> None:
    await add(db, "a@x")
    with pytest.raises(UniqueViolation):
        await add(db, "b@x", "a@x")
    assert await emails(db) == ["a@x"]
    with pytest.raises(UnitPoisoned):
        async with db.write() as session:
            with pytest.raises(UniqueViolation):
                await session.create(User, email="a@x")
    async with db.write() as session:
        with pytest.raises(UniqueViolation):
            async with session.begin_nested():
                await session.create(User, email="a@x")
        async with session.begin_nested():
            await session.create(User, email="c@x")
    async with db.read() as session:
        with pytest.raises(StatementRejected):
            await session.execute(text("SELECT nonsense FROM nowhere"))
    assert await emails(db) == ["a@x", "c@x"]


async def test_hooks_retries_and_locks(db: Database) -> None:
    ran: list[str] = []
    attempts = 0

    async def unit(session: Any) -> str:
        nonlocal attempts
        attempts += 1
        await session.lock("invoices")
        await session.create(User, email=f"{attempts}@x")
        session.after_commit(lambda: ran.append("hook"))
        if attempts == 1:
            raise LockTimeout
        assert ran == []
        return "done"

    assert await db.run(unit) == "done"
    assert (attempts, ran) == (2, ["hook"])
    assert await emails(db) == ["2@x"]
    async with db.write() as session:
        assert await session.try_lock("invoices")


async def test_many_rows_streams_shapes_and_kept_results(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(User, [{"email": f"{number:04}@x"} for number in range(1500)])
        found = [user async for user in session.stream(UserOut, select(User))]
        assert len(found) == 1500
    reading = cached(select(User).order_by(User.email).limit(3), ttl=60)
    async with db.read() as session:
        assert await session.count(User) == 1500
        assert [user.email for user in await session.all(UserOut, reading)] == ["0000@x", "0001@x", "0002@x"]
    async for user in db.stream(UserOut, select(User).order_by(User.email).limit(3)):
        # A reader's stream was read whole, so it is in nobody's way.
        async with db.write() as session:
            await session.execute(delete(User).where(User.id == user.id))
    async with db.read() as session:
        assert [user.email for user in await session.all(UserOut, reading)] == ["0003@x", "0004@x", "0005@x"]


async def test_a_reader_sees_what_was_committed_only_and_changes_nothing(db: Database) -> None:
    written, seen = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with db.write() as session:
            await session.create(User, email="a@x")
            written.set()
            await asyncio.sleep(0)
            assert not seen.is_set()

    async def read() -> list[str]:
        await written.wait()
        found = await emails(db)
        seen.set()
        return found

    _, found = await asyncio.gather(write(), read())
    assert found == ["a@x"]
    async with db.read() as session:
        with pytest.raises(ReadOnlySession):
            await session.execute(insert(User).values(email="b@x"))
        for statement in ("DELETE FROM users", "CREATE TABLE sneaked (id INTEGER)"):
            with pytest.raises(ReadOnlySession):
                await session.execute(text(statement))
        assert await session.scalar(select(func.count()).select_from(User)) == 1
        # A reader's session holds nothing between its statements.
        await add(db, "c@x")
        assert await session.count(User) == 2


async def test_units_of_many_tasks_take_turns(db: Database) -> None:
    async def unit(number: int) -> None:
        async with db.write() as session:
            before = await session.count(User)
            await session.create(User, email=f"{number}@x")
            await asyncio.sleep(0)
            assert await session.count(User) == before + 1

    await asyncio.gather(*(unit(number) for number in range(12)))
    assert len(await emails(db)) == 12


async def test_a_unit_inside_a_unit_is_refused_at_once(db: Database) -> None:
    async with db.write() as session:
        await session.create(User, email="a@x")
        with pytest.raises(SandboxRefused, match="database_copy"):
            await emails(db)
        with pytest.raises(SandboxRefused):
            await add(db, "b@x")
        await session.create(User, email="c@x")
    assert await emails(db) == ["a@x", "c@x"]


async def test_statements_that_would_end_it_are_refused(db: Database) -> None:
    async with db.write() as session:
        await session.create(User, email="a@x")
        for statement in ("COMMIT", "rollback", "BEGIN", " /* x */ START TRANSACTION"):
            with pytest.raises(SandboxRefused):
                await session.execute(text(statement))
    assert await emails(db) == ["a@x"]


async def test_tables_are_made_inside_it_or_that_is_refused(db: Database, target: Target) -> None:
    making = "CREATE TABLE more (id INTEGER PRIMARY KEY)"
    await db.create_all()
    if target.dialect.has_transactional_ddl:
        async with db.write() as session:
            await session.execute(text(making))
        async with db.read() as session:
            assert (await session.execute(text("SELECT * FROM more"))).all() == []
        return
    async with db.write() as session:
        await session.create(User, email="a@x")
        with pytest.raises(SandboxRefused, match="DDL"):
            await session.execute(text(making))
        await session.execute(text(making.replace("TABLE", "TEMPORARY TABLE")))
    assert await emails(db) == ["a@x"]


async def test_isolation_levels_are_taken(db: Database) -> None:
    for isolation in ("READ COMMITTED", "SERIALIZABLE"):
        async with db.write(isolation=isolation) as session:
            await session.create(User, email=f"{isolation}@x")
    assert await emails(db) == ["READ COMMITTED@x", "SERIALIZABLE@x"]


async def test_plain_sessions_of_sqlalchemy_take_part(db: Database) -> None:
    async with AsyncSession(await db.engine()) as session, session.begin():
        session.add(User(email="a@x"))
    async with AsyncSession(await db.engine(), expire_on_commit=False) as session:
        session.add(User(email="b@x"))
        await session.flush()
        await session.rollback()
    assert await emails(db) == ["a@x"]


async def test_a_cancelled_unit_is_undone(db: Database, target: Target) -> None:
    sent = asyncio.Event()

    async def unit() -> None:
        async with db.write() as session:
            await session.create(User, email="a@x")
            sent.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(unit())
    await sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await emails(db) == []
    await add(db, "b@x")
    assert await emails(db) == ["b@x"]


SLOW = {
    "postgresql": "SELECT pg_sleep(20)",
    "mariadb": "SELECT SLEEP(20)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
}


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_cancelled_statement(home: str, target: Target, kind: str) -> None:
    db = Database(home, metadata=Sample)
    async with sandbox(db, home) as box:
        await add(db, "a@x")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), getattr(db, kind)() as session:
                await session.execute(text(SLOW[target.dialect_name]))
        if db.connections.driver.survives_cancel:
            await add(db, "b@x")
            assert await emails(db) == ["a@x", "b@x"]
        else:
            with pytest.raises(SandboxLost, match="cancelled"):
                await emails(db)
            assert box.turns.lost is not None


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_cancelled_wherever_it_is(home: str, kind: str) -> None:
    """At each step on the way, among them the sandbox's own statements, which go to their end."""
    db = Database(home, metadata=Sample)

    async def unit() -> None:
        async with getattr(db, kind)() as session:
            await session.execute(select(User))

    for steps in range(1, 40):
        async with sandbox(db, home) as box:
            task = asyncio.create_task(unit())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                if box.turns.lost is not None:
                    with pytest.raises(SandboxLost, match="cancelled"):
                        await emails(db)
                    continue
            await add(db, "a@x")
            assert await emails(db) == ["a@x"]


async def test_another_loop_is_refused(db: Database) -> None:
    with pytest.raises(SandboxRefused, match="event loop"):
        await asyncio.to_thread(lambda: asyncio.run(emails(db)))


async def test_a_lost_transaction_fails_the_test(home: str) -> None:
    db = Database(home, metadata=Sample)
    with pytest.raises(SandboxLost):
        async with sandbox(db, home) as box:
            with pytest.raises((SandboxLost, UnitPoisoned)):
                async with db.write() as session:
                    await session.create(User, email="a@x")
                    # As a deadlock on MySQL and MariaDB does.
                    await box.turns.say(["ROLLBACK"])
            box.turns.is_told = False
    assert box.is_lost
    async with sandbox(db, home):
        assert await emails(db) == []


class Deferred(Model):
    __abstract__ = True
    metadata = type(Model.metadata)()


class Room(Deferred):
    __tablename__ = "rooms"
    name: Mapped[str]


class Bed(Deferred):
    __tablename__ = "beds"
    room_id: Mapped[Any] = mapped_column(
        ForeignKey("rooms.id", deferrable=True, initially="DEFERRED"), type_=Room.__table__.c.id.type
    )


@pytest.mark.needs("has_transactional_ddl")
async def test_deferred_constraints_speak_at_the_commit(url: str) -> None:
    db = Database(url, metadata=Deferred, retry=Retry(attempts=1))
    await db.create_all()
    await db.close()
    async with sandbox(db, url):
        room = Room(id=uuid4(), name="blue")
        with pytest.raises(ForeignKeyViolation):
            async with db.write() as session:
                session.add(Bed(room_id=room.id))
                await session.flush()
        for _ in range(2):
            async with db.write() as session:
                room = Room(id=uuid4(), name="blue")
                bed = Bed(room_id=room.id)
                session.add(bed)
                await session.flush()
                session.add(room)
        async with db.read() as session:
            assert (await session.count(Bed), await session.count(Room)) == (2, 2)


@pytest.mark.needs("has_server")
async def test_a_connection_that_answers_no_more_ends_the_test_and_does_not_hang_it(home: str, target: Target) -> None:
    assert target.server is not None
    answers = [True]
    with relay(target.server.port, edit=lambda piece: piece if answers[0] else b"") as port:
        db = Database("sqlite:////nowhere/at/all.db", metadata=Sample, deadlines=Deadlines(commit=0.3))
        async with sandbox(db, make_url(home).set(host="127.0.0.1", port=port)):
            await add(db, "a@x")
            answers[0] = False
            with pytest.raises(SandboxLost, match="lost connection"):
                await add(db, "b@x")

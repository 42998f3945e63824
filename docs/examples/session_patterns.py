"""Twelve ways to get a session, one for each place that needs one. A session is one unit of work, in one task."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import select, update

from crosslet import Database, Session
from crosslet.errors import UniqueViolation
from crosslet.web import Data, Reader, Writer, install, reader_of, writer_of
from user_model import Base, Post, Role, User, UserIn, UserOut


# 1. In a route: a parameter.
def add_routes(app: FastAPI) -> None:
    """Take a session from the request; nothing to open, commit or close."""

    @app.get("/users/{user_id}")
    async def get_user(user_id: UUID, session: Reader) -> UserOut:
        return await session.one(UserOut, select(User).where(User.id == user_id))

    @app.post("/users", status_code=201)
    async def create_user(body: UserIn, session: Writer) -> UserOut:
        user = await session.create(User, body, password_hash="!")  # noqa: S106  # No password hashes to this.
        # The commit comes after this answer is built and before its first byte leaves.
        return await session.one(UserOut, user)


# 2. Anywhere else: a block.
async def create_role(db: Database, name: str) -> Role:
    """Open a unit of work; its end commits, an exception rolls back."""
    async with db.write() as session:
        # Leaving the block commits, and a return leaves it. The object stays readable afterwards.
        return await session.create(Role, name=name)


# 3. By hand, where one block is several transactions.
async def deactivate_in_steps(db: Database, size: int) -> int:
    """Commit after every step, so that no lock is held for long and an interruption loses one step only."""
    total = 0
    async with db.write() as session:
        while True:
            some = select(User.id).where(User.is_active).order_by(User.id).limit(size)
            ids = list(await session.scalars(some))
            if not ids:
                return total
            await session.execute(update(User).where(User.id.in_(ids)).values(is_active=False))
            await session.commit()
            total += len(ids)


# 4. A part that may fail: a savepoint.
async def create_missing_roles(db: Database, names: list[str]) -> list[str]:
    """Go on after an error. Without the savepoint the whole unit would be lost, and on every database alike."""
    created = []
    async with db.write() as session:
        for name in names:
            try:
                async with session.begin_nested():
                    await session.create(Role, name=name)
                created.append(name)
            except UniqueViolation:
                continue
    return created


# 5. Against others who write the same rows: a unit that may be run again.
async def add_visit(db: Database, user_id: UUID) -> int:
    """Run a whole unit, again from its start when a deadlock or a lock timeout undid it."""

    async def unit(session: Session) -> int:
        # Load inside the unit: what an earlier attempt had loaded is out of date.
        user = await session.one(User, select(User).where(User.id == user_id).with_for_update())
        visits = int(user.settings.get("visits", 0)) + 1
        user.settings = user.settings | {"visits": visits}
        return visits

    return await db.run(unit)


# 6. After the response: a background task with a session of its own.
def add_background_route(app: FastAPI) -> None:
    """Hand a task the Database, never the request's session: that one ends with the response."""

    async def write_welcome(db: Database, user_id: UUID) -> None:
        async with db.write() as session:
            await session.create(Post, title="Welcome!", author_id=user_id)

    @app.post("/users/{user_id}/welcome", status_code=202)
    async def welcome(user_id: UUID, session: Reader, db: Data, tasks: BackgroundTasks) -> None:
        await session.one(UserOut, select(User).where(User.id == user_id))
        tasks.add_task(write_welcome, db, user_id)


# 7. Only if it was stored: a hook.
async def create_and_tell(db: Database, body: UserIn, outbox: list[str]) -> None:
    """Send mail, publish, invalidate: after the confirmed commit, and not at all if there is none."""
    async with db.write() as session:
        user = await session.create(User, body, password_hash="!")  # noqa: S106  # No password hashes to this.
        session.after_commit(lambda: outbox.append(f"welcome, {user.username}"))


# 8. Two databases: a dependency for each.
def make_app_with_archive(db: Database, archive: Database) -> FastAPI:
    """Read from one and write to another. They commit one after the other: order them by what may be missing."""
    app = FastAPI()
    install(app, db)
    ArchiveWriter = Annotated[Session, writer_of(archive)]  # noqa: N806  # A type, as Writer is.
    ArchiveReader = Annotated[Session, reader_of(archive)]  # noqa: N806

    @app.post("/users/{user_id}/archive", status_code=204)
    async def copy_to_archive(user_id: UUID, session: Reader, archived: ArchiveWriter) -> None:
        user = await session.one(User, select(User).where(User.id == user_id))
        await archived.merge(user)

    @app.get("/archive/{user_id}")
    async def get_archived(user_id: UUID, archived: ArchiveReader) -> UserOut:
        return await archived.one(UserOut, select(User).where(User.id == user_id))

    return app


# 9. A script: one asyncio.run around everything.
def count_users(url: str) -> int:
    """Open, use and close within one event loop. Inside a running loop, call `counted` instead."""

    async def counted() -> int:
        async with Database(url, metadata=Base) as db, db.read() as session:
            return await session.count(User)

    return asyncio.run(counted())


# 10. Several reads at once: a session each.
async def overview(db: Database) -> dict[str, int]:
    """Read side by side. One session in two tasks would be refused: a transaction cannot be shared."""

    async def count(model: type[Base]) -> int:
        async with db.read() as session:
            return await session.count(model)

    async with asyncio.TaskGroup() as group:
        counts = {model.__tablename__: group.create_task(count(model)) for model in (User, Role, Post)}
    return {name: task.result() for name, task in counts.items()}


# 11. A response that is still being written: a stream with a session of its own.
def add_stream(app: FastAPI) -> None:
    """Open the session inside the generator: the request's ends when the response begins."""

    async def lines(db: Database) -> AsyncIterator[str]:
        last: UUID | None = None
        while True:
            users = select(User).order_by(User.id).limit(100)
            # A short unit for each part holds no connection while a slow client reads.
            async with db.read() as session:
                part = await session.all(UserOut, users if last is None else users.where(User.id > last))
            if not part:
                return
            last = part[-1].id
            yield "".join(f"{user.username}\n" for user in part)

    @app.get("/users.txt")
    async def list_names(db: Data) -> StreamingResponse:
        return StreamingResponse(lines(db), media_type="text/plain")


# 12. A test: a database of its own, made and thrown away.
async def with_a_fresh_database(url: str) -> AsyncIterator[Database]:
    """Make this a fixture (`@pytest.fixture`): real tables, real commits, nothing shared with the next test."""
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        yield db
        await db.drop_all()

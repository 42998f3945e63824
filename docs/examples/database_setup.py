"""A Database from one URL: drivers, pools, deadlines, TLS, and its life from start to stop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from crosslet import Database, Deadlines, PoolSettings, Retry, errors
from crosslet.web import install
from user_model import Base


def from_the_environment() -> Database:
    """Read DATABASE_URL (else the file ./crosslet.db) and the CROSSLET_* variables: the usual way in production."""
    return Database.from_env(metadata=Base)


def from_a_url(url: str) -> Database:
    """Name the database; `postgresql://`, `mysql://`, `mariadb://` and `sqlite://` find the installed async driver."""
    return Database(url, metadata=Base)


def for_a_worker(url: str) -> Database:
    """Take a preset for the kind of process: `web`, `worker`, `serverless`, or `pgbouncer` behind a pooler."""
    return Database(url, metadata=Base, pool="worker")


def with_everything_chosen(url: str) -> Database:
    """Choose all of it. A process holds at most writers + readers connections; times are seconds."""
    return Database(
        url,
        metadata=Base,
        pool=PoolSettings(writers=4, readers=8, wait=2.0),
        deadlines=Deadlines(statement=5.0, lock=2.0),
        retry=Retry(attempts=5, budget=3.0),
    )


def make_app(database: Database) -> FastAPI:
    """Give an application its database. It keeps its own lifespan, which runs while the database is open."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with database.read() as session:
            app.state.is_new = not await session.exists(Base.metadata.tables["users"].select())
        yield

    app = FastAPI(lifespan=lifespan)
    # Connects once at the start, so that a wrong URL ends it there and not at the first request.
    install(app, database, create_tables=True)
    return app


async def is_reachable(database: Database) -> bool:
    """Ask for a sign of life, within the connect and ping deadlines; `/health/ready` does the same."""
    try:
        await database.ping()
    except errors.Unavailable:
        return False
    return True


async def start_afresh(database: Database) -> None:
    """Drop and create all tables: for tests and demonstrations. What has data is for migrations to change."""
    await database.drop_all()
    await database.create_all()

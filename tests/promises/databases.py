"""Databases under test, their pools, and a look at what is stored that goes past everything under test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crosslet import Database
from fix_databases import Target
from promises.proxy import Proxy, proxy_to
from promises.tables import Base
from promises.usual import Usual


@asynccontextmanager
async def database(url: str, **options: Any) -> AsyncIterator[Database]:
    """Give a Database with the tables of these tests."""
    async with Database(url, metadata=Base, **options) as db:
        await db.create_all()
        yield db


@asynccontextmanager
async def usual(url: str, **options: Any) -> AsyncIterator[Usual]:
    """Give the usual engine with the tables of these tests."""
    made = Usual(url, **options)
    try:
        async with made.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield made
    finally:
        await made.close()


async def ask_server(url: str, sql: str, **values: Any) -> Sequence[Any]:
    """Run one statement over a connection of its own and commit it; return the rows."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        result = await connection.execute(text(sql), values)
        return result.all() if result.returns_rows else []


async def names_in(url: str) -> list[str]:
    """Return the names of all items, as another client sees them."""
    return [name for (name,) in await ask_server(url, "SELECT name FROM item ORDER BY name")]


async def checked_out(db: Database) -> int:
    """Count the connections that the pools of this loop have given out."""
    engines = [await db.engine(), await db.engine(read_only=True)]
    return sum(engine.pool.checkedout() for engine in engines)  # type: ignore[attr-defined]


@asynccontextmanager
async def through_proxy(target: Target, url: str, *, listen: str = "127.0.0.1") -> AsyncIterator[tuple[Proxy, str]]:
    """Put a proxy before the target's server; give it, and the URL that goes through it."""
    assert target.server is not None
    async with proxy_to(target.server.host, target.server.port, listen=listen) as proxy:
        moved = make_url(url).set(host=listen, port=proxy.port)
        yield proxy, moved.render_as_string(hide_password=False)

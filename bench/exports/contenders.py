"""The ways to export the table: crosslet, the guides' pattern, and what PostgreSQL's COPY gives at best.

Each opens its connection with `open`, so that what it takes once is not counted as growth, and yields bytes.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.exports.models import EVERYTHING, ItemOut

_PIECE = 1000


async def ours(url: str) -> AsyncIterator[bytes]:
    """Export with `Database.stream(...).lines()`."""
    from crosslet import Database

    async with Database(url, tls="off" if "sqlite" not in url else None) as db:
        async for part in db.stream(ItemOut, EVERYTHING.limit(10)).lines():
            assert part
        yield b""
        async for part in db.stream(ItemOut, EVERYTHING).lines():
            yield part


async def usual(url: str) -> AsyncIterator[bytes]:
    """Export ORM entities, a partition at a time, through Pydantic."""
    async with _session(url) as session:
        yield b""
        items = await session.stream_scalars(EVERYTHING.execution_options(yield_per=_PIECE))
        async for part in items.partitions(_PIECE):
            yield b"".join([ItemOut.model_validate(item).model_dump_json().encode() + b"\n" for item in part])


async def usual_rows(url: str) -> AsyncIterator[bytes]:
    """Export the same, a row at a time, as the guides write it."""
    async with _session(url) as session:
        yield b""
        async for item in await session.stream_scalars(EVERYTHING.execution_options(yield_per=_PIECE)):
            yield ItemOut.model_validate(item).model_dump_json().encode() + b"\n"


@asynccontextmanager
async def _session(url: str) -> AsyncIterator[Any]:
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

    engine = create_async_engine(url)
    try:
        async with async_sessionmaker(engine)() as session:
            items = (await session.scalars(EVERYTHING.limit(10))).all()
            assert [ItemOut.model_validate(item).model_dump_json() for item in items]
        async with async_sessionmaker(engine)() as session:
            yield session
    finally:
        await engine.dispose()


_COPY = """
    SELECT row_to_json(q) FROM (
        SELECT number, code, name, weight, is_sold, to_char(made_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS made_at, details,
            body
        FROM items ORDER BY number
    ) AS q
"""


async def copy(url: str) -> AsyncIterator[bytes]:
    """Export with asyncpg's COPY of rows that the server has made JSON of, and nothing else: the floor."""
    import asyncio

    import asyncpg

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("SET TIME ZONE 'UTC'")
    parts: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)

    async def send() -> None:
        # A quote and a delimiter that JSON cannot hold: every row leaves as it is.
        form = {"format": "csv", "quote": "\x01", "delimiter": "\x02"}
        await connection.copy_from_query(_COPY, output=parts.put, **form)
        await parts.put(None)

    yield b""
    sending = asyncio.create_task(send())
    while (part := await parts.get()) is not None:
        yield part
    await sending
    await connection.close()


CONTENDERS = {"ours": ours, "usual": usual, "usual_rows": usual_rows, "copy": copy}

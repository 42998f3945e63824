"""One flat row as JSON by each driver alone, on a connection that is held: what a read by key is measured against."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import URL, make_url

_COLUMNS = ("id", "image", "title", "year", "description")
_POSTGRESQL = f"SELECT row_to_json(x)::text FROM (SELECT {', '.join(_COLUMNS)} FROM movies WHERE id = %s) x"
_OBJECT = ", ".join(f"'{name}', {name}" for name in _COLUMNS)
_MARIADB = f"SELECT JSON_OBJECT({_OBJECT}) FROM movies WHERE id = %s"
_SQLITE = f"SELECT json_object({_OBJECT}) FROM movies WHERE id = ?"

Read = Callable[[int], Awaitable[bytes]]


class Bare:
    """Read a row by its key through a driver and nothing else."""

    def __init__(self, read: Read, close: Callable[[], Awaitable[Any]]) -> None:
        self.get_row = read
        self.close = close

    @classmethod
    async def connect(cls, url: str) -> "Bare":
        """Open a connection of the URL's driver."""
        given = make_url(url)
        return await _CONNECT[given.get_driver_name()](given)


async def _asyncpg(url: URL) -> Bare:
    import asyncpg

    connection = await asyncpg.connect(host=url.host, port=url.port, user=url.username, database=url.database)
    statement = _POSTGRESQL.replace("%s", "$1")

    async def read(key: int) -> bytes:
        text: str = await connection.fetchval(statement, key)
        return text.encode()

    return Bare(read, connection.close)


async def _psycopg(url: URL) -> Bare:
    import psycopg

    connection = await psycopg.AsyncConnection.connect(
        host=url.host or "", port=url.port or 0, user=url.username or "", dbname=url.database or "", autocommit=True
    )
    # As soon as it may: the others prepare at once.
    connection.prepare_threshold = 0

    async def read(key: int) -> bytes:
        cursor = await connection.execute(_POSTGRESQL, (key,))
        (text,) = await cursor.fetchone() or ("",)
        return str(text).encode()

    return Bare(read, connection.close)


async def _asyncmy(url: URL) -> Bare:
    import asyncmy

    connection = await asyncmy.connect(
        host=url.host, port=url.port, user=url.username, db=url.database, autocommit=True, charset="utf8mb4"
    )
    return Bare(_by_cursor(connection), connection.ensure_closed)


async def _aiomysql(url: URL) -> Bare:
    import aiomysql

    connection = await aiomysql.connect(
        host=url.host, port=url.port, user=url.username, db=url.database, autocommit=True, charset="utf8mb4"
    )
    return Bare(_by_cursor(connection), connection.ensure_closed)


def _by_cursor(connection: Any) -> Read:
    async def read(key: int) -> bytes:
        async with connection.cursor() as cursor:
            await cursor.execute(_MARIADB, (key,))
            (text,) = await cursor.fetchone()
        return str(text).encode()

    return read


async def _aiosqlite(url: URL) -> Bare:
    import aiosqlite

    connection = await aiosqlite.connect(url.database or "", isolation_level=None)

    async def read(key: int) -> bytes:
        ((text,),) = await connection.execute_fetchall(_SQLITE, (key,))
        return str(text).encode()

    return Bare(read, connection.close)


_CONNECT = {
    "asyncpg": _asyncpg,
    "psycopg": _psycopg,
    "asyncmy": _asyncmy,
    "aiomysql": _aiomysql,
    "aiosqlite": _aiosqlite,
}

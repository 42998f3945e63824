"""crosslet's own statements on the driver alone, with nothing around them: the least that its reads could cost.

Where there is no JSON written by hand to compare with (MariaDB, SQLite), this tells database and driver from crosslet.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Engine, event, make_url

from bench.movies.ours import OursJSON
from crosslet.errors import NotFound

# No row has it, and no other parameter is it: it marks the place of the key.
_NO_KEY = 987_654_321
_READS = ("get_movie", "get_person", "get_user", "list_movies")

Fetch = Callable[[str, Sequence[Any]], Awaitable[Sequence[Any]]]
Written = dict[str, tuple[str, list[Any]]]


class SameStatement:
    """Send what crosslet would send, and join the texts of the rows."""

    def __init__(self, written: Written, fetch: Fetch, close: Callable[[], Awaitable[Any]]) -> None:
        self._written = written
        self._fetch = fetch
        self.close = close

    @classmethod
    async def connect(cls, url: str) -> "SameStatement":
        """Ask crosslet for its statements and open a connection of the URL's driver."""
        written = await _statements(url)
        fetch, close = await (_aiosqlite(url) if url.startswith("sqlite") else _asyncmy(url))
        return cls(written, fetch, close)

    async def _rows(self, read: str, key: int) -> list[str]:
        statement, parameters = self._written[read]
        given = [key if value == _NO_KEY else value for value in parameters]
        return [row[-1] for row in await self._fetch(statement, given)]

    async def get_movie(self, key: int) -> bytes:
        return "".join(await self._rows("get_movie", key)).encode()

    async def get_person(self, key: int) -> bytes:
        return "".join(await self._rows("get_person", key)).encode()

    async def get_user(self, key: int) -> bytes:
        return "".join(await self._rows("get_user", key)).encode()

    async def list_movies(self, key: int) -> bytes:
        return f"[{','.join(await self._rows('list_movies', key))}]".encode()


async def _statements(url: str) -> Written:
    """Listen to the engine while crosslet reads each tree once."""
    written: Written = {}
    ours = OursJSON(url)

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *others: Any) -> None:
        if _NO_KEY in parameters:
            written[read] = (statement, list(parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for read in _READS:
            try:
                await getattr(ours, read)(_NO_KEY)
            except NotFound:
                continue
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        await ours.close()
    assert set(written) == set(_READS), f"heard {sorted(written)} only"
    return written


async def _asyncmy(url: str) -> tuple[Fetch, Callable[[], Awaitable[Any]]]:
    import asyncmy

    given = make_url(url)
    connection = await asyncmy.connect(
        host=given.host, port=given.port, user=given.username, db=given.database, autocommit=True, charset="utf8mb4"
    )

    async def fetch(statement: str, parameters: Sequence[Any]) -> Sequence[Any]:
        async with connection.cursor() as cursor:
            await cursor.execute(statement, tuple(parameters))
            rows: Sequence[Any] = await cursor.fetchall()
        return rows

    return fetch, connection.ensure_closed


async def _aiosqlite(url: str) -> tuple[Fetch, Callable[[], Awaitable[Any]]]:
    import aiosqlite

    connection = await aiosqlite.connect(make_url(url).database or "", isolation_level=None)
    # What crosslet's connections bring: the text of a float.
    await connection.create_function("crosslet_float", 1, repr, deterministic=True)

    async def fetch(statement: str, parameters: Sequence[Any]) -> Sequence[Any]:
        return list(await connection.execute_fetchall(statement, tuple(parameters)))

    return fetch, connection.close

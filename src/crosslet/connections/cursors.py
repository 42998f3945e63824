"""Cursors of the five drivers: rows of one statement that are fetched as they are read, flat in memory.

On PostgreSQL the server keeps the rows, in a transaction that the cursor begins and ends; a COPY of the same text is
5 % faster (measured), but takes no parameters and can only be cancelled. On MySQL and MariaDB the rows wait in the
socket, so the connection can do nothing else meanwhile; SQLite makes them in its connection's thread.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from typing import Any, ClassVar

from crosslet.connections.driver import Driver

Rows = Sequence[Sequence[Any]]


class Cursor(ABC):
    """Rows of one reading statement on a driver's connection, which is in no transaction before and after.

    Attributes:
        must_be_read: Closing it would read what is left, to the last row: who does not want that drops the connection.
    """

    must_be_read: ClassVar[bool] = False

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @abstractmethod
    async def open(self, statement: str, parameters: Any) -> None:
        """Send the statement.

        Args:
            statement: In the driver's parameter style.
            parameters: As for `Driver.fetch`.
        """

    @abstractmethod
    async def fetch(self, count: int) -> Rows:
        """Fetch at most so many rows; none means that all were read."""

    @abstractmethod
    async def close(self) -> None:
        """End it, and leave the connection ready for the next statement."""


class AsyncpgCursor(Cursor):
    """A portal: each fetch is a message of its own, and so is its deadline on the server."""

    async def open(self, statement: str, parameters: Any) -> None:
        self._transaction = self._connection.transaction()
        await self._transaction.start()
        self._cursor = await self._connection.cursor(statement, *parameters)

    async def fetch(self, count: int) -> Rows:
        return await self._cursor.fetch(count)  # type: ignore[no-any-return]

    async def close(self) -> None:
        if self._connection.is_in_transaction():
            await self._transaction.rollback()


class PsycopgCursor(Cursor):
    """DECLARE, FETCH, and so a deadline of the server's for each fetch; `cursor.stream()` would have one for all."""

    _cursor: Any = None

    async def open(self, statement: str, parameters: Any) -> None:
        # The connection is in autocommit, where the driver begins no transaction by itself.
        await self._connection.execute("BEGIN")
        self._cursor = self._connection.cursor("crosslet_stream")
        await self._cursor.execute(statement, parameters)

    async def fetch(self, count: int) -> Rows:
        return await self._cursor.fetchmany(count)  # type: ignore[no-any-return]

    async def close(self) -> None:
        try:
            if self._connection.info.transaction_status.name != "IDLE":
                # It takes the cursor along.
                await self._connection.execute("ROLLBACK")
        finally:
            if self._cursor is not None:
                await self._cursor.close()


class UnbufferedCursor(Cursor):
    """asyncmy's and aiomysql's: the server sends all rows, and waits where nobody reads them."""

    must_be_read = True
    module: ClassVar[str] = "asyncmy.cursors"

    async def open(self, statement: str, parameters: Any) -> None:
        self._cursor = self._connection.cursor(import_module(self.module).SSCursor)
        if not hasattr(self._cursor, "execute"):
            self._cursor = await self._cursor
        await self._cursor.execute(statement, parameters)

    async def fetch(self, count: int) -> Rows:
        return await self._cursor.fetchmany(count)  # type: ignore[no-any-return]

    async def close(self) -> None:
        await self._cursor.close()


class AiomysqlCursor(UnbufferedCursor):
    """The same of aiomysql."""

    module = "aiomysql"


class SQLiteCursor(Cursor):
    """A hop to the connection's thread for each fetch."""

    async def open(self, statement: str, parameters: Any) -> None:
        self._cursor = await self._connection.execute(statement, parameters)

    async def fetch(self, count: int) -> Rows:
        return await self._cursor.fetchmany(count)  # type: ignore[no-any-return]

    async def close(self) -> None:
        await self._cursor.close()


_CURSORS: dict[str, type[Cursor]] = {
    "asyncpg": AsyncpgCursor,
    "psycopg": PsycopgCursor,
    "asyncmy": UnbufferedCursor,
    "aiomysql": AiomysqlCursor,
    "aiosqlite": SQLiteCursor,
}


def cursor_on(driver: Driver, connection: Any) -> Cursor:
    """Make a cursor on a driver's own connection; nothing is sent yet."""
    return _CURSORS[driver.name](connection)

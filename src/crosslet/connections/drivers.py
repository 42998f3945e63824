"""The five drivers as crosslet needs them: connect, send one statement, fetch its rows, ping, cut, tell the state.

Everything here works on the driver's own connection object; SQLAlchemy wraps it afterwards. The few
private attributes of drivers that are read stand in this file and in `mended`, and tests/connections proves each.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import cache
from importlib import import_module
from struct import error as StructError  # noqa: N812 - a class
from typing import Any

from crosslet.connections.bulk_rows import bulk_forms, grouped
from crosslet.connections.deadlines import cut_socket
from crosslet.connections.driver import CopyIn, Driver, Fetched
from crosslet.connections.mended import detached_aiosqlite, quiet, strict_aiomysql
from crosslet.connections.tls import context_of, libpq_arguments
from crosslet.dialects import SQLITE_FUNCTIONS
from crosslet.settings import PoolSettings, Tls

# Seconds without a message after which a listening connection is tested, and that the test may take.
_QUIET = 5.0


# What a driver raises while it turns a value into bytes, beside errors of its own.
_UNENCODABLE = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, StructError)


async def _only(data: bytes) -> AsyncGenerator[bytes, None]:
    yield data


class Asyncpg(Driver):
    """asyncpg for PostgreSQL."""

    name = "asyncpg"

    def arguments(self, tls: Tls, pool: PoolSettings) -> dict[str, Any]:
        caches = {"statement_cache_size": 0, "prepared_statement_cache_size": 0} if pool.transaction_pooler else {}
        return {"ssl": context_of(tls) or "disable", **caches}

    async def connect(self, *args: Any, **options: Any) -> Any:
        return await import_module("asyncpg").connect(*args, **options)

    async def run(self, connection: Any, statement: str) -> Any:
        return await connection.fetchrow(statement)

    async def fetch(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        # asyncpg keeps prepared statements by their text, and prepares one again that a migration made stale.
        return Fetched(await connection.fetch(statement, *parameters))

    async def send(self, connection: Any, statement: str) -> None:
        await connection.execute(statement)

    async def messages(self, connection: Any, channel: str) -> AsyncGenerator[str, None]:
        arrived: asyncio.Queue[str | None] = asyncio.Queue()
        connection.add_termination_listener(lambda connection: arrived.put_nowait(None))
        await connection.add_listener(channel, lambda connection, pid, channel, text: arrived.put_nowait(text))
        yield ""
        while True:
            try:
                text = await asyncio.wait_for(arrived.get(), _QUIET)
            except TimeoutError:
                # It would not be told that the other end is gone.
                await connection.execute("SELECT 1", timeout=_QUIET)
                continue
            if text is None:
                raise ConnectionResetError
            yield text

    async def copy(self, connection: Any, what: CopyIn) -> None:
        place: dict[str, Any] = {"schema_name": what.schema, "columns": what.columns}
        data = what.encoded()
        if data is not None:
            await connection.copy_to_table(what.table, source=_only(data), format="binary", **place)
            return
        try:
            await connection.copy_records_to_table(what.table, records=what.rows, **place)
        except _UNENCODABLE as error:
            raise import_module("asyncpg").DataError("a value does not fit its column") from error

    def cut(self, connection: Any) -> None:
        # terminate() drops what is queued and fails what waits, at once.
        connection.terminate()

    def is_encrypted(self, connection: Any) -> bool:
        return connection._transport.get_extra_info("ssl_object") is not None

    def backend_id(self, connection: Any) -> int | None:
        return int(connection.get_server_pid())

    def commit_obstacle(self, connection: Any) -> str | None:
        if connection.is_closed():
            return "the connection is closed"
        return None if connection.is_in_transaction() else "the server has no transaction open any more"


class Psycopg(Driver):
    """psycopg 3 for PostgreSQL."""

    name = "psycopg"

    def arguments(self, tls: Tls, pool: PoolSettings) -> dict[str, Any]:
        return {**libpq_arguments(tls), **({"prepare_threshold": None} if pool.transaction_pooler else {})}

    async def connect(self, *args: Any, **options: Any) -> Any:
        return await import_module("psycopg").AsyncConnection.connect(*args, **options)

    async def run(self, connection: Any, statement: str) -> Any:
        before = connection.autocommit
        await connection.set_autocommit(True)
        try:
            cursor = await connection.execute(statement)
            return await cursor.fetchone() if cursor.description else None
        finally:
            # A reader's connection is in autocommit for good. One that was cancelled is closed; its error counts.
            if not connection.closed:
                await connection.set_autocommit(before)

    async def fetch(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        cursor = await connection.execute(statement, parameters)
        return Fetched(await cursor.fetchall())

    async def send(self, connection: Any, statement: str) -> None:
        # Several at once cannot be prepared.
        await connection.execute(statement, prepare=False)

    async def change(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        # Outside of a transaction this only sets a flag of the client's.
        await connection.set_autocommit(True)
        try:
            return await self.fetch(connection, statement, parameters)
        finally:
            if not connection.closed:
                await connection.set_autocommit(False)

    async def messages(self, connection: Any, channel: str) -> AsyncGenerator[str, None]:
        await connection.set_autocommit(True)
        await connection.execute(f'LISTEN "{channel}"')
        yield ""
        while True:
            async with aclosing(connection.notifies(timeout=_QUIET)) as notices:
                async for notice in notices:
                    yield notice.payload
            # It would not be told that the other end is gone.
            async with asyncio.timeout(_QUIET):
                await connection.execute("SELECT 1")

    async def copy(self, connection: Any, what: CopyIn) -> None:
        statement = f"{what.statement} (FORMAT binary)" if what.oids else what.statement
        data = what.encoded() if connection.info.encoding == "utf-8" else None
        try:
            async with connection.cursor() as cursor, cursor.copy(statement) as copy:
                if data is not None:
                    await copy.write(data)
                    return
                if what.oids:
                    copy.set_types(what.oids)
                for row in what.rows:
                    await copy.write_row(row)
        except _UNENCODABLE as error:
            raise import_module("psycopg").DataError("a value does not fit its column") from error

    def backend_id(self, connection: Any) -> int | None:
        return int(connection.info.backend_pid)

    def cut(self, connection: Any) -> None:
        if not connection.closed:
            cut_socket(connection)

    def is_encrypted(self, connection: Any) -> bool:
        return bool(connection.pgconn.ssl_in_use)

    def commit_obstacle(self, connection: Any) -> str | None:
        if connection.closed:
            return "the connection is closed"
        status = connection.info.transaction_status.name
        return {"INERROR": "an error has aborted the transaction", "IDLE": "the server has no transaction open"}.get(
            status
        )


class Asyncmy(Driver):
    """asyncmy for MySQL and MariaDB."""

    name = "asyncmy"
    survives_cancel = False

    def arguments(self, tls: Tls, pool: PoolSettings) -> dict[str, Any]:
        context = context_of(tls)
        return {"charset": "utf8mb4", **({"ssl": context} if context else {})}

    async def connect(self, *args: Any, **options: Any) -> Any:
        return quiet(await import_module("asyncmy").connect(*args, **options))

    async def run(self, connection: Any, statement: str) -> Any:
        async with connection.cursor() as cursor:
            await cursor.execute(statement)
            return await cursor.fetchone() if cursor.description else None

    async def fetch(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        async with connection.cursor() as cursor:
            await cursor.execute(statement, parameters)
            return Fetched(await cursor.fetchall(), self.warning_count(connection))

    async def execute_many(self, connection: Any, statement: str, records: Sequence[Sequence[Any]]) -> bool:
        forms = bulk_forms(statement, records) if getattr(connection, "_bulk_supported", False) else None
        if forms is None:
            return False
        for text, rows in forms:
            async with await connection.prepare(text) as prepared:
                await prepared.execute_bulk(rows)
        return True

    async def change(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        try:
            fetched = await self.fetch(connection, statement, parameters)
        except Exception:
            # What the statement has locked stays locked until the transaction ends.
            await connection.rollback()
            raise
        await (connection.rollback() if fetched.warnings else connection.commit())
        return fetched

    def warning_count(self, connection: Any) -> int:
        return int(getattr(connection._result, "warning_count", 0) or 0)

    def has_unread_rows(self, connection: Any) -> bool:
        return bool(getattr(connection._result, "unbuffered_active", False))

    def cut(self, connection: Any) -> None:
        if connection._transport is not None:
            cut_socket(connection._transport.get_extra_info("socket"))

    def is_encrypted(self, connection: Any) -> bool:
        return connection._transport.get_extra_info("ssl_object") is not None

    def version_text(self, connection: Any) -> str:
        return str(connection.get_server_info())

    def backend_id(self, connection: Any) -> int | None:
        return int(connection.thread_id())


class Aiomysql(Asyncmy):
    """aiomysql for MySQL and MariaDB, made to refuse a server that drops TLS."""

    name = "aiomysql"

    async def connect(self, *args: Any, **options: Any) -> Any:
        return quiet(await strict_aiomysql()(*args, **options)._connect_or_close())

    def cut(self, connection: Any) -> None:
        if connection._writer is not None:
            cut_socket(connection._writer.transport.get_extra_info("socket"))

    def is_encrypted(self, connection: Any) -> bool:
        return connection._writer.transport.get_extra_info("ssl_object") is not None


class Aiosqlite(Driver):
    """aiosqlite, a thread a connection."""

    name = "aiosqlite"

    async def connect(self, *args: Any, **options: Any) -> Any:
        return await detached_aiosqlite(*args, factory=_extended_sqlite(), **options)

    async def run(self, connection: Any, statement: str) -> Any:
        async with connection.execute(statement) as cursor:
            return await cursor.fetchone()

    async def fetch(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        # One hop to the connection's thread; execute and fetchall apart would be two.
        return Fetched(await connection.execute_fetchall(statement, parameters))

    async def execute_many(self, connection: Any, statement: str, records: Sequence[Sequence[Any]]) -> bool:
        found = grouped(statement, records)
        if found is None:
            return False
        text, groups, rest = found
        for one, parameters in ((text, groups), (statement, rest)):
            if parameters:
                await (await connection.executemany(one, parameters)).close()
        return True

    def cut(self, connection: Any) -> None:
        # SQLite ends the running statement; the file needs no transport to be cut.
        if connection._connection is not None:
            connection._connection.interrupt()

    def is_encrypted(self, connection: Any) -> bool:
        return False

    def commit_obstacle(self, connection: Any) -> str | None:
        if connection._connection is None:
            return "the connection is closed"
        return None if connection.in_transaction else "SQLite has rolled the transaction back"


@cache
def _extended_sqlite() -> type[Any]:
    """Return the sqlite3 module's connection class with our functions: made where it opens, with no hop more."""

    class ExtendedConnection(import_module("sqlite3").Connection):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            for name, (function, count) in SQLITE_FUNCTIONS.items():
                self.create_function(name, count, function, deterministic=True)

    return ExtendedConnection


_DRIVERS: dict[str, Driver] = {
    driver.name: driver for driver in (Asyncpg(), Psycopg(), Asyncmy(), Aiomysql(), Aiosqlite())
}


def driver_named(name: str) -> Driver:
    """Return the driver of that name; `parse_url` has refused all others."""
    return _DRIVERS[name]

"""What three drivers get wrong, put right on their own connection objects."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from queue import SimpleQueue
from threading import Thread
from typing import Any


def quiet(connection: Any) -> Any:
    """Keep the server's warnings out of logs and Python's warnings (asyncmy, aiomysql).

    Both drivers ask for them after a statement that had any, a round trip more, and hand their text on,
    values included. In strict mode, which every session of crosslet's has, what matters is an error.
    """

    async def show_warnings() -> None:
        return None

    connection.show_warnings = show_warnings
    return connection


def strict_aiomysql() -> type[Any]:
    """Return aiomysql's connection class with four defects mended (seen in 0.3.2).

    With an SSL context and a server that offers no TLS it goes on in plain text, password included; a
    cancelled connect leaves its socket open; PyMySQL 1.2 took away the function by which it wrote bytes;
    and over TLS it takes a connection for closed before its socket is.
    """
    aiomysql = import_module("aiomysql.connection")
    client_ssl = import_module("pymysql.constants.CLIENT").SSL
    operational_error = import_module("pymysql.err").OperationalError

    class StrictConnection(aiomysql.Connection):  # type: ignore[misc, name-defined]
        # Its __del__ asks for it, also where __init__ has refused an argument.
        _writer: Any = None

        async def _request_authentication(self) -> None:
            # 2026 is the client library's number for a TLS failure.
            if self._ssl_context and not self.server_capabilities & client_ssl:
                raise operational_error(2026, "the server does not offer TLS")
            await super()._request_authentication()

        def escape(self, obj: Any) -> Any:
            if isinstance(obj, bytes | bytearray | memoryview):
                return f"_binary X'{bytes(obj).hex()}'"
            return super().escape(obj)

        async def ensure_closed(self) -> None:
            writer = self._writer
            await super().ensure_closed()
            if writer is not None:
                # The peer may be gone already; what counts is that the socket is closed.
                with suppress(OSError):
                    await writer.wait_closed()

        async def _connect_or_close(self) -> Any:
            try:
                await self._connect()
            except BaseException:
                self.close()
                raise
            return self

    return StrictConnection


def detached_aiosqlite(*args: Any, **options: Any) -> Any:
    """Return an aiosqlite connection, to be awaited, whose thread outlives the loops it answers (seen in 0.22.1).

    aiosqlite's own thread dies, with a traceback on stderr, when the loop that asked has ended meanwhile: after
    a cancelled statement, a failed open, a connection dropped in a program's last moment. And it keeps the
    process from ending while a connection is open.
    """
    aiosqlite = import_module("aiosqlite.core")
    connection = aiosqlite.connect(*args, **options)
    # The thread gets the queue, not the connection: one that is forgotten must be collected, and end it.
    connection._thread = Thread(target=_work, args=(connection._tx, aiosqlite), daemon=True)
    return connection


def _work(asked: SimpleQueue[Any], aiosqlite: Any) -> None:
    while _answer(asked.get(), aiosqlite) is not aiosqlite._STOP_RUNNING_SENTINEL:
        pass


def _answer(order: tuple[Any, Callable[[], Any]], aiosqlite: Any) -> Any:
    future, function = order
    settle = aiosqlite.set_result
    try:
        answer = function()
    except BaseException as error:
        settle, answer = aiosqlite.set_exception, error
    # RuntimeError: the loop that asked has ended, and nobody waits for the answer.
    with suppress(RuntimeError):
        if future:
            future.get_loop().call_soon_threadsafe(settle, future, answer)
    return answer

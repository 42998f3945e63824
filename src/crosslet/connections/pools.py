"""The pool behind an engine: tests rested connections, says which step failed, closes within a deadline."""

from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import event, exc
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool, Pool, PoolProxiedConnection

from crosslet.connections.deadlines import Watch, within
from crosslet.connections.drivers import Driver
from crosslet.errors import PoolTimeout
from crosslet.settings import Settings

_RESTED_SINCE = "crosslet.rested_since"


class WaitingPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's asyncio pool, whose wait ends in a PoolTimeout."""

    def connect(self) -> PoolProxiedConnection:
        """Take a connection.

        Raises:
            PoolTimeout: None was free within the pool's wait.
        """
        try:
            return super().connect()
        except exc.TimeoutError:
            raise PoolTimeout from None


def pool_arguments(settings: Settings, size: int) -> dict[str, Any]:
    """Return what create_async_engine is told about its pool.

    No overflow: connections beyond the size would be opened and closed for each burst, which costs
    milliseconds just when there are none to spare.
    """
    if not settings.pool.keep:
        return {"poolclass": NullPool}
    return {
        "poolclass": WaitingPool,
        "pool_size": size,
        "max_overflow": 0,
        "pool_timeout": settings.pool.wait,
        "pool_recycle": settings.pool.lifetime,
        # Last in, first out: what a burst opened can rest, and be replaced.
        "pool_use_lifo": True,
    }


class OpenConnections:
    """The connections of one pool that are open now, so that closing the pool can be bounded in time."""

    def __init__(self, driver: Driver, seconds: float) -> None:
        self._driver = driver
        self._seconds = seconds
        self._open: dict[int, Any] = {}

    def listen(self, pool: Pool) -> None:
        """Follow a pool."""
        event.listen(pool, "connect", self._opened)
        event.listen(pool, "close", self._closed)
        event.listen(pool, "close_detached", lambda connection: self._closed(connection, None))

    def _opened(self, connection: Any, record: Any) -> None:
        self._open[id(connection)] = connection

    def _closed(self, connection: Any, record: Any) -> None:
        self._open.pop(id(connection), None)
        # The driver's close comes next, and some wait for the server's answer. Cutting a closed one does nothing.
        with suppress(RuntimeError):  # No loop runs any more: nothing can wait either.
            Watch(partial(self._driver.cut, connection.driver_connection), self._seconds)

    def cut(self) -> None:
        """Break every open connection without waiting."""
        for connection in list(self._open.values()):
            self._driver.cut(connection.driver_connection)
        self._open.clear()

    def __len__(self) -> int:
        return len(self._open)


def test_rested(pool: Pool, driver: Driver, settings: Settings) -> None:
    """Ping a connection on checkout if it rested for longer than `ping_after`, within the ping deadline.

    A connection that was used a moment ago is not tested: the test costs a round trip, and a unit that
    meets a dead connection can be run again.
    """

    def rest(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_RESTED_SINCE] = monotonic()

    def check(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
        since = record.info.get(_RESTED_SINCE)
        if since is None or monotonic() - since < settings.pool.ping_after:
            return
        try:
            connection.run_async(lambda raw: ping(driver, raw, settings.deadlines.ping))
        except Exception as error:
            # The pool drops the connection and takes another, three times before it gives up.
            raise exc.DisconnectionError(f"a rested connection did not answer: {type(error).__name__}") from None

    event.listen(pool, "checkin", rest)
    event.listen(pool, "checkout", check)


async def ping(driver: Driver, connection: Any, seconds: float) -> None:
    """Ask the server for an answer on a driver's connection.

    Raises:
        TimeoutError: No answer in time; the connection is cut.
    """
    await within(seconds, lambda: driver.cut(connection), driver.run(connection, "SELECT 1"))


def end_left_open(pool: Pool) -> None:
    """Roll back what a refused COMMIT has left open when its connection comes back.

    SQLite keeps the transaction when a deferred foreign key refuses it; SQLAlchemy takes it for ended and
    resets nothing, and the next unit would meet it.
    """

    def end(connection: Any, record: Any, state: Any) -> None:
        if not state.terminate_only and connection.driver_connection.in_transaction:
            connection.rollback()

    event.listen(pool, "reset", end)

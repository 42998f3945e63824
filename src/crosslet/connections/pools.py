"""The pool behind an engine: tests rested connections, says which step failed, closes within a deadline."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from time import monotonic, time
from typing import Any

from sqlalchemy import event, exc
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool, Pool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from crosslet.connections.deadlines import Watch, within
from crosslet.connections.driver import Driver
from crosslet.connections.waiting import FairQueue
from crosslet.errors import PoolTimeout
from crosslet.settings import Settings

_RESTED_SINCE = "crosslet.rested_since"
# A connection taken for one read: as the pool keeps it, or as SQLAlchemy hands it out where it was opened just now.
Held = ConnectionPoolEntry | PoolProxiedConnection


class WaitingPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's asyncio pool, whose wait ends in a PoolTimeout; who has waited longest is next.

    A connection that is open can also be taken for one read without a greenlet and without the pool's events.
    """

    _queue_class = FairQueue

    def connect(self) -> PoolProxiedConnection:
        """Take a connection.

        Raises:
            PoolTimeout: None was free within the pool's wait.
        """
        try:
            return super().connect()
        except exc.TimeoutError:
            raise PoolTimeout from None

    def take_open(self) -> ConnectionPoolEntry | None:
        """Take a connection that is open and free now; None where there is none. It is not tested."""
        free = self._pool._queue  # type: ignore[attr-defined]
        return None if free.empty() else self._if_usable(free.get_nowait())

    async def wait_open(self) -> ConnectionPoolEntry | None:
        """Take the next connection that comes back; None where one is to be opened instead.

        Raises:
            PoolTimeout: All are in use, and none came back within the pool's wait.
        """
        if self.overflow() < 0:
            return None
        try:
            async with asyncio.timeout(self.timeout()):
                entry = await self._pool._queue.get()  # type: ignore[attr-defined]
        except TimeoutError:
            raise PoolTimeout from None
        return self._if_usable(entry)

    def _if_usable(self, entry: Any) -> ConnectionPoolEntry | None:
        """Return an entry whose connection is not to be replaced first; put any other back."""
        if entry._is_hard_or_soft_invalidated() or time() - entry.last_connect_time > self._recycle:
            self._do_return_conn(entry)
            return None
        return entry  # type: ignore[no-any-return]

    def give_back(self, held: Held, *, is_used: bool = True) -> None:
        """Take a connection back that is ready for the next statement: nothing is sent."""
        if isinstance(held, ConnectionPoolEntry):
            if is_used:
                held.info[_RESTED_SINCE] = monotonic()
            self._do_return_conn(held)
        else:
            held.close()

    def drop(self, held: Held, error: BaseException) -> None:
        """Take a connection back that is of no use any more: close it without a word to the server."""
        try:
            if self._dialect.has_terminate:
                held.invalidate(error)
            else:
                _without_waiting(greenlet_spawn(held.invalidate, error))
        finally:
            if isinstance(held, ConnectionPoolEntry):
                self._do_return_conn(held)

    def distrust(self, held: Held) -> None:
        """Have every connection replaced that is as old as one that was found dead, as SQLAlchemy does."""
        entry: Any = held if isinstance(held, ConnectionPoolEntry) else held._connection_record
        if self._invalidate_time < entry.last_connect_time:
            self._invalidate_time = time()


def _without_waiting(step: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine that awaits, but nothing that would have to be waited for: psycopg's close() is one."""
    try:
        step.send(None)
    except StopIteration:
        return
    step.close()


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
        if seconds_of_rest(record) < settings.pool.ping_after:
            return
        try:
            connection.run_async(lambda raw: ping(driver, raw, settings.deadlines.ping))
        except Exception as error:
            # The pool drops the connection and takes another, three times before it gives up.
            raise exc.DisconnectionError(f"a rested connection did not answer: {type(error).__name__}") from None

    event.listen(pool, "checkin", rest)
    event.listen(pool, "checkout", check)


def seconds_of_rest(held: Held) -> float:
    """Return for how long a connection was not used; 0 for a new one."""
    since = held.info.get(_RESTED_SINCE)
    return 0.0 if since is None else monotonic() - since


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

"""One statement on the driver's own connection, taken from SQLAlchemy's pool: no greenlet, one round trip.

What SQLAlchemy's way has beside is given back here: deadlines, cancellation, a retry on a fresh connection, and
the ordinary way for everything as soon as somebody listens. Turning a failure into an error is the caller's part.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple, cast

from sqlalchemy import Dialect as SQLAlchemyDialect
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from crosslet.connections.deadlines import GRACE, SharedWatch, Turn
from crosslet.connections.driver import Driver, Fetched
from crosslet.connections.observers import Observers
from crosslet.connections.pools import Held, WaitingPool, ping, seconds_of_rest
from crosslet.dialects import Dialect, Failure
from crosslet.errors import ReadOnlyNode
from crosslet.settings import Deadlines


class DirectFailure(NamedTuple):
    """Why a statement failed, before it is an error of crosslet's.

    Attributes:
        error: The driver's, in the class that SQLAlchemy gives it.
        is_driver_error: False for what the driver let through: OSError, a mistake of its own.
        late: The deadline had passed.
        lost: The connection is of no use any more.
    """

    error: Exception
    statement: str
    is_driver_error: bool
    late: bool
    lost: bool


Explain = Callable[[DirectFailure], Exception | None]


class Direct:
    """Statements that go past SQLAlchemy's engine, on the connections of its pool.

    Args:
        engine: Whose pool it is.
        driver: Its driver.
        dialect: Says which errors mean that the connection is lost.
        deadlines: Bounds the end of a cancelled statement.
        own_listeners: How many of the engine's listeners (`count_listeners`) are crosslet's.
        observers: Who is told of the statements.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        driver: Driver,
        dialect: Dialect,
        deadlines: Deadlines,
        own_listeners: int,
        observers: Observers,
    ) -> None:
        self.observers = observers
        self._engine = engine.sync_engine
        self._driver = driver
        self._send = driver.fetch
        self._dialect = dialect
        self._deadlines = deadlines
        self._own_listeners = own_listeners
        self._grace = GRACE if dialect.has_server else 0.0
        self._watch = SharedWatch()
        self._settling: set[asyncio.Task[None]] = set()

    @property
    def dialect(self) -> SQLAlchemyDialect:
        """Show the engine's dialect."""
        return self._engine.dialect

    def is_unobserved(self) -> bool:
        """Tell whether nobody would miss an event or a log line if a read went past the engine."""
        engine = self._engine
        return count_listeners(engine) == self._own_listeners and not engine._should_log_info()

    async def _once(self, statement: str, parameters: Any, seconds: float) -> Fetched | DirectFailure:
        pool = self.pool
        held = await self.take()
        connection = held.driver_connection
        observers = self.observers
        marks = observers.began(statement, parameters, held) if observers.count else None
        turn = self.watch(held, seconds)
        try:
            fetched = await self._send(connection, statement, parameters)
        except Exception as error:
            self._watch.stop(turn)
            if marks is not None:
                observers.ended(marks, None, error)
            return self.end_failed(held, error, statement, late=turn.fired)
        except BaseException as error:
            self._watch.stop(turn)
            if marks is not None:
                observers.ended(marks, None, error)
            self._end_cancelled(pool, held, error)
            raise
        self._watch.stop(turn)
        if marks is not None:
            observers.ended(marks, len(fetched.rows))
        pool.give_back(held)
        return fetched

    @property
    def driver(self) -> Driver:
        """Show the driver."""
        return self._driver

    @property
    def has_server(self) -> bool:
        """Tell whether a statement goes on elsewhere when nobody waits for it here."""
        return self._dialect.has_server

    @property
    def pool(self) -> WaitingPool:
        """Show the pool."""
        return cast("WaitingPool", self._engine.pool)

    async def take(self) -> Held:
        """Take a connection, which `pool.give_back` or `pool.drop` has to get.

        Raises:
            Unavailable: None could be had.
        """
        held: Held | None = self.pool.take_open()
        return await self._take(self.pool, held) if held is None or self._is_in_doubt(held) else held

    def watch(self, held: Held, seconds: float) -> Turn:
        """Begin a step on a connection, which is cut when it takes longer; `stop` ends it."""
        return self._watch.start(partial(self._driver.cut, held.driver_connection), seconds + self._grace)

    def stop(self, turn: Turn) -> None:
        """End a step that is watched."""
        self._watch.stop(turn)

    def _is_in_doubt(self, held: Held) -> bool:
        """Tell whether a connection has to be tested before it is used: a read is sent again, and needs none."""
        return False

    async def _take(self, pool: WaitingPool, held: Held | None) -> Held:
        """Take a connection where none is free that can be used as it is."""
        entry = await pool.wait_open()
        return entry if entry is not None else await greenlet_spawn(self._open)

    def _open(self) -> PoolProxiedConnection:
        # Through the engine, so that an error of connecting is translated and heard as ever.
        return self._engine.connect().connection

    def end_failed(
        self, held: Held, error: Exception, statement: str, *, late: bool, is_broken: bool = False
    ) -> DirectFailure:
        """Give the connection of a failed statement back, or drop it where it is of no use any more.

        Args:
            held: The connection.
            error: Of the driver.
            statement: What failed.
            late: The deadline had passed.
            is_broken: It is of no use, whatever the error means.
        """
        pool = self.pool
        error = _as_sqlalchemy_has_it(held.dbapi_connection, error)
        dialect = self._engine.dialect
        is_driver_error = isinstance(error, dialect.loaded_dbapi.Error)
        is_refused = isinstance(error, OverflowError | UnicodeEncodeError)
        lost = (
            self._is_lost(self._dialect.classify(error))
            or isinstance(error, OSError)
            or (is_driver_error and dialect.is_disconnect(cast("Any", error), cast("Any", held.dbapi_connection), None))
        )
        if lost and not late:
            pool.distrust(held)
        # After a mistake of the driver's own nobody knows where in the server's answer it stands.
        if lost or is_broken or not (is_driver_error or is_refused):
            pool.drop(held, error)
        else:
            pool.give_back(held)
        return DirectFailure(error, statement, is_driver_error or isinstance(error, OSError), late, lost)

    def _is_lost(self, failure: Failure) -> bool:
        return failure.lost

    def _end_cancelled(self, pool: WaitingPool, held: Held, error: BaseException) -> None:
        """Keep the connection of a cancelled statement, once the server has ended it, where the driver allows it.

        Dropping each would leave nothing but connecting under many short budgets.
        """
        if not isinstance(error, asyncio.CancelledError) or not self._driver.survives_cancel:
            pool.drop(held, error)
            return
        connection = held.driver_connection
        if not self._dialect.has_server:
            # Its thread would run the statement to its end.
            self._driver.cut(connection)

        # Its answer comes after the end of what was cancelled; a late cancel request meets it and not the next read.
        self.end_after(held, ping(self._driver, connection, self._deadlines.close))

    def end_after(self, held: Held, step: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Give a connection back once a last step on it is done; drop it where that fails. No cancellation reaches it.

        Args:
            held: The connection.
            step: Bounded in time.
        """

        def end(task: "asyncio.Task[Any]") -> None:
            self._settling.discard(task)
            failed = asyncio.CancelledError() if task.cancelled() else task.exception()
            if failed is None:
                self.pool.give_back(held)
            else:
                self.pool.drop(held, failed)

        task = asyncio.get_running_loop().create_task(step, name="crosslet: end of a cancelled read")
        self._settling.add(task)
        task.add_done_callback(end)
        return task

    async def settle(self) -> None:
        """Wait until the connections of cancelled reads are back in the pool, at most the close deadline."""
        if self._settling:
            await asyncio.wait(self._settling)


class DirectReads(Direct):
    """Reads on a reader's connections, which are in autocommit and read-only."""

    async def fetch(self, statement: str, parameters: Any, *, seconds: float, explain: Explain) -> Fetched:
        """Run one reading statement and fetch all its rows.

        A connection that turns out to be dead is replaced, and the statement sent once more.

        Args:
            statement: In the driver's parameter style.
            parameters: A sequence or a mapping, whichever that style asks for; empty, not None, where there are none.
            seconds: Deadline of the statement.
            explain: Makes an error of a failure; None lets the driver's own go.

        Raises:
            Unavailable: No connection could be had.
            Exception: What `explain` makes of the driver's error.
        """
        answer = await self._once(statement, parameters, seconds)
        if isinstance(answer, DirectFailure) and answer.lost and answer.is_driver_error and not answer.late:
            answer = await self._once(statement, parameters, seconds)
        if isinstance(answer, DirectFailure):
            raise explain(answer) or answer.error from answer.error
        return answer


class DirectWrites(Direct):
    """Single statements that change rows and are committed with their end, on a writer's connections.

    Args:
        ping_after: Seconds of rest after which a connection is tested first: such a statement is never sent twice.
    """

    def __init__(self, *args: Any, ping_after: float) -> None:
        super().__init__(*args)
        self._send = self._driver.change
        self._ping_after = ping_after
        self._own_ends = _count_ends(self._engine)
        self._is_watched = any(not _is_own(listener) for listener in _ends(self._engine))

    def _is_in_doubt(self, held: Held) -> bool:
        return seconds_of_rest(held) >= self._ping_after

    async def _take(self, pool: WaitingPool, held: Held | None) -> Held:
        while held is None or self._is_in_doubt(held):
            if held is None:
                held = await pool.wait_open()
            if held is None or self._is_in_doubt(held):
                if held is not None:
                    pool.give_back(held, is_used=False)
                # SQLAlchemy's own way to a connection opens, tests and replaces it; then it can be taken as it is.
                await greenlet_spawn(self._visit)
                held = pool.take_open()
        return held

    def _is_lost(self, failure: Failure) -> bool:
        # A server that only reads by now would refuse the next change, too, and no ping would tell.
        return failure.lost or (issubclass(failure.kind, ReadOnlyNode) and self._dialect.has_server)

    def _visit(self) -> None:
        self._engine.connect().close()

    def is_unobserved(self) -> bool:
        """Tell the same, of the beginnings and ends of transactions, too."""
        return not self._is_watched and _count_ends(self._engine) == self._own_ends and super().is_unobserved()

    async def change(self, statement: str, parameters: Any, *, seconds: float, explain: Explain) -> Fetched:
        """Run one statement, commit it and fetch the rows that it returns; never cancel it, and never send it again.

        Args:
            statement: In the driver's parameter style.
            parameters: As for a read.
            seconds: Deadline of the statement.
            explain: Makes an error of a failure.

        Raises:
            Unavailable: No connection could be had; nothing was sent.
            Exception: What `explain` makes of the driver's error.
        """
        answer = await self._once(statement, parameters, seconds)
        if isinstance(answer, DirectFailure):
            raise explain(answer) or answer.error from answer.error
        return answer


def count_listeners(engine: Engine) -> int:
    """Count who listens to what a read makes an engine, its pool and its dialect do; those on the classes, too."""
    ours, pool, dialect = engine.dispatch, engine.pool.dispatch, engine.dialect.dispatch
    return (
        len(ours.before_execute)
        + len(ours.after_execute)
        + len(ours.before_cursor_execute)
        + len(ours.after_cursor_execute)
        + len(ours.engine_connect)
        + len(dialect.handle_error)
        + len(dialect.do_execute)
        + len(pool.checkout)
        + len(pool.checkin)
    )


def _ends(engine: Engine) -> list[Any]:
    ours = engine.dispatch
    return [*ours.begin, *ours.commit, *ours.rollback]


def _count_ends(engine: Engine) -> int:
    """Count who listens to where transactions begin and end, which a single statement does not say."""
    ours = engine.dispatch
    return len(ours.begin) + len(ours.commit) + len(ours.rollback)


def _is_own(listener: Any) -> bool:
    return str(getattr(listener, "__module__", "")).startswith("crosslet.")


def _as_sqlalchemy_has_it(connection: Any, error: Exception) -> Exception:
    """Return the error that SQLAlchemy's adapter would raise for a driver's."""
    try:
        connection._handle_exception(error)
    except Exception as adapted:
        return adapted
    return error

"""Rows of one statement, fetched as they are read on a reader's connection out of SQLAlchemy's pool.

The same road as a direct read: no greenlet, deadlines (of each fetch), a retry on a fresh connection while nothing was
fetched. The connection goes back with the last row; what ends earlier leaves it as it should be, or drops it.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from crosslet.connections.cursors import Cursor, Rows, cursor_on
from crosslet.connections.deadlines import within
from crosslet.connections.direct import Direct, DirectFailure, Explain
from crosslet.connections.pools import Held
from crosslet.settings import Deadlines

T = TypeVar("T")


class DirectRows:
    """The rows of one statement. Whoever opened it has to call `close`; fetches do not overlap.

    Args:
        direct: Whose connections are used.
        deadlines: Bound opening and each fetch (`statement`), and the end (`close`).
        explain: Makes an error of a failure.

    Attributes:
        warnings: What the server warned of, once all rows were read: level, code and text each. MariaDB and MySQL only.
    """

    def __init__(self, direct: Direct, deadlines: Deadlines, explain: Explain) -> None:
        self.warnings: Sequence[Sequence[Any]] = ()
        self._direct = direct
        self._driver = direct.driver
        self._deadlines = deadlines
        self._explain = explain
        self._statement = ""
        self._opened: tuple[Held, Cursor] | None = None
        # What observers are told: their marks, the rows so far, and for how long the database was waited for.
        self._marks: Sequence[Any] | None = None
        self._count = 0
        self._waited = 0.0

    async def open(self, statement: str, parameters: Any) -> None:
        """Send the statement; once more on another connection where one turns out to be dead.

        Args:
            statement: In the driver's parameter style.
            parameters: As for a direct read.

        Raises:
            Unavailable: No connection could be had.
            Exception: What `explain` makes of the driver's error.
        """
        self._statement = statement
        answer = await self._open_once(statement, parameters)
        if answer is not None and answer.lost and answer.is_driver_error and not answer.late:
            answer = await self._open_once(statement, parameters)
        self._raise(answer)

    async def _open_once(self, statement: str, parameters: Any) -> DirectFailure | None:
        held = await self._direct.take()
        cursor = cursor_on(self._driver, held.driver_connection)
        self._opened = held, cursor
        observers = self._direct.observers
        self._marks = observers.began(statement, parameters, held) if observers.count else None
        answer = await self._step(held, cursor, cursor.open(statement, parameters))
        return answer if isinstance(answer, DirectFailure) else None

    async def fetch(self, count: int) -> Rows:
        """Fetch at most so many rows; fewer are the last, and none that there are no more.

        Raises:
            StatementTimeout: The fetch took longer than a statement may.
            Exception: What `explain` makes of the driver's error.
        """
        if self._opened is None:
            return ()
        held, cursor = self._opened
        rows = await self._step(held, cursor, cursor.fetch(count))
        if isinstance(rows, DirectFailure):
            self._raise(rows)
            return ()
        self._count += len(rows)
        if len(rows) < count:
            await self._end_read(held, cursor)
        return rows

    async def _step(self, held: Held, cursor: Cursor, step: Awaitable[T]) -> "T | DirectFailure":
        turn = self._direct.watch(held, self._deadlines.statement)
        since = perf_counter()
        try:
            answer = await step
        except Exception as error:
            self._direct.stop(turn)
            self._tell_end(error, since)
            return await self._end_failed(held, cursor, error, late=turn.fired)
        except BaseException as error:
            self._direct.stop(turn)
            self._tell_end(error, since)
            self._end_cancelled(held, cursor, error)
            raise
        self._direct.stop(turn)
        self._waited += perf_counter() - since
        return answer

    def _tell_end(self, error: BaseException | None = None, since: float | None = None) -> None:
        marks, self._marks = self._marks, None
        if marks is not None:
            waited = self._waited + (0.0 if since is None else perf_counter() - since)
            self._direct.observers.ended(marks, self._count, error, waited)

    async def _end_read(self, held: Held, cursor: Cursor) -> None:
        """Give the connection back with the last row; ask first what the server had to say."""
        if self._driver.warning_count(held.driver_connection):
            asking = self._driver.fetch(held.driver_connection, "SHOW WARNINGS", ())
            told = await self._step(held, cursor, asking)
            if isinstance(told, DirectFailure):
                self._raise(told)
                return
            self.warnings = told.rows
        await self.close(all_read=True)

    async def _end_failed(self, held: Held, cursor: Cursor, error: Exception, *, late: bool) -> DirectFailure:
        self._opened = None
        is_broken = False
        try:
            # A transaction that an error has ended is still open.
            await self._bounded(held, cursor)
        except Exception:
            # What broke it is the error to report.
            is_broken = True
        except BaseException as cancelled:
            self._direct.pool.drop(held, cancelled)
            raise
        return self._direct.end_failed(held, error, self._statement, late=late, is_broken=is_broken)

    def _end_cancelled(self, held: Held, cursor: Cursor, error: BaseException) -> None:
        self._opened = None
        if cursor.must_be_read or not self._driver.survives_cancel:
            self._direct.pool.drop(held, error)
            return
        if not self._direct.has_server:
            # Its thread would run the statement to its end.
            self._driver.cut(held.driver_connection)
        self._direct.end_after(held, self._bounded(held, cursor))

    async def close(self, *, all_read: bool = False) -> None:
        """End it: the connection goes back to its pool, or is dropped where it would first have to read the rest.

        Being cancelled does not interrupt it.
        """
        self._tell_end()
        if self._opened is None:
            return
        (held, cursor), self._opened = self._opened, None
        if cursor.must_be_read and not all_read:
            self._direct.pool.drop(held, asyncio.CancelledError())
            return
        task = self._direct.end_after(held, self._bounded(held, cursor))
        # It says by itself what becomes of the connection; its error is of no interest to who has read all rows.
        await asyncio.wait({task})

    async def _bounded(self, held: Held, cursor: Cursor) -> None:
        await within(self._deadlines.close, partial(self._driver.cut, held.driver_connection), cursor.close())

    def _raise(self, answer: DirectFailure | None) -> None:
        if answer is not None:
            raise self._explain(answer) or answer.error from answer.error

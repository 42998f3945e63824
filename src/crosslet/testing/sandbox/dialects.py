"""SQLAlchemy's dialects inside a sandbox: BEGIN, COMMIT and ROLLBACK become savepoints, and no connection is closed.

What SQLAlchemy calls for a transaction, for a statement and for a connection's end is all there is to change.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import await_only

from crosslet.connections import Driver
from crosslet.dialects import Dialect
from crosslet.testing.sandbox.turns import Turns
from crosslet.testing.sandbox.words import is_about_the_last, is_left_out, refuse


def put_into_sandbox(engine: Engine, turns: Turns, driver: Driver, database: Dialect, *, read_only: bool) -> None:
    """Make an engine's transactions savepoints of the sandbox; of one that reads, each statement."""
    kind = Reading if read_only else Writing
    stand_in = kind(engine.dialect, turns, driver, database)
    for name in stand_in.replaces:
        setattr(engine.dialect, name, getattr(stand_in, name))


class StandIn:
    """Methods in place of those of an engine's dialect, which has a class of its driver's: for both engines.

    Args:
        dialect: SQLAlchemy's.
        turns: Of the connection that all share.
        driver: Its driver.
        database: What the database can do.
    """

    replaces: tuple[str, ...] = (
        *("connect", "get_driver_connection", "do_close", "do_terminate", "set_isolation_level"),
        *("do_execute", "do_executemany", "do_execute_no_params", "do_begin", "do_commit", "do_rollback"),
    )
    read_only = False

    def __init__(self, dialect: Any, turns: Turns, driver: Driver, database: Dialect) -> None:
        self._connect, self._get_driver_connection = dialect.connect, dialect.get_driver_connection
        self._one, self._many, self._bare = dialect.do_execute, dialect.do_executemany, dialect.do_execute_no_params
        self._errors = dialect.loaded_dbapi
        self._turns = turns
        self._words = turns.words
        self._driver = driver
        self._database = database

    # --- connections -------------------------------------------------------------------------------

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Make SQLAlchemy's connection around the driver's."""
        adapter = self._connect(*arguments, **options)
        if hasattr(adapter, "_start_transaction"):
            # asyncpg's adapter would begin a transaction of its own, which fails inside one that it did not begin.
            adapter.autocommit = True
        return adapter

    def get_driver_connection(self, connection: Any) -> Any:
        """Hand out the turn, so that what is done to the connection later can be told from what is done now."""
        return self._turns.turn if self._turns.is_of(connection) else self._get_driver_connection(connection)

    def do_close(self, connection: Any) -> None:
        """Leave the driver's connection open."""
        if self._turns.is_of(_adapter(connection)):
            self._turns.abandon(self._words.undo_unit)

    do_terminate = do_close

    def set_isolation_level(self, connection: Any, level: str) -> None:
        """Do nothing: units run one after another, which no level is stricter than."""

    # --- statements --------------------------------------------------------------------------------

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement."""
        self._guarded(self._one, cursor, statement, parameters, context)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement for each set of parameters."""
        self._guarded(self._many, cursor, statement, parameters, context)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        """Run a statement without parameters."""
        self._guarded(self._bare, cursor, statement, context)

    def _guarded(self, execute: Callable[..., None], cursor: Any, statement: str, *rest: Any) -> None:
        refuse(statement, self._database, read_only=self.read_only)
        if not is_left_out(statement):
            self._execute(execute, cursor, statement, *rest)

    def _execute(self, execute: Callable[..., None], cursor: Any, statement: str, *rest: Any) -> None:
        execute(cursor, statement, *rest)

    def _say_and_leave(self, saying: Sequence[str]) -> None:
        try:
            await_only(self._turns.say(saying))
        finally:
            self._turns.leave()


class Writing(StandIn):
    """Transactions are savepoints, one at a time."""

    def do_begin(self, connection: Any) -> None:
        """Wait for the connection, and set a savepoint."""
        await_only(self._turns.take(_adapter(connection), self._words.open_unit, self._words.undo_unit))

    def do_commit(self, connection: Any) -> None:
        """Keep what was done since, unless a constraint that waits for COMMIT is broken."""
        adapter = _adapter(connection)
        if not self._turns.is_of(adapter):
            return
        try:
            self._check()
            await_only(self._turns.check_constraints())
        except Exception as error:
            # SQLAlchemy takes a transaction whose COMMIT was refused for ended.
            self.do_rollback(connection)
            if isinstance(error, self._errors.Error):
                raise
            adapter._handle_exception(error)
        self._say_and_leave(self._words.keep_unit[-1:])

    def _check(self) -> None:
        query = self._words.check
        if query is not None and await_only(self._turns.finds(query)):
            error = self._errors.IntegrityError("FOREIGN KEY constraint failed")
            error.sqlite_errorname = "SQLITE_CONSTRAINT_FOREIGNKEY"
            raise error

    def do_rollback(self, connection: Any) -> None:
        """Undo what was done since."""
        if not self._turns.is_of(_adapter(connection)):
            return
        try:
            if self._turns.lost is None:
                await_only(self._turns.say(self._words.undo_unit))
        except Exception:
            # What has broken it is the error to report; the next one to come is told.
            self._turns.is_told = False
        finally:
            self._turns.leave()


class Reading(StandIn):
    """There are no transactions: each statement has a turn of its own, in which the server refuses changes."""

    read_only = True
    # A cursor on the server would keep the connection from everybody else: a stream is read whole.
    supports_server_side_cursors = False
    replaces = (*StandIn.replaces, "supports_server_side_cursors")

    def do_begin(self, connection: Any) -> None:
        """Send nothing, as in autocommit. A dead connection would not even give a cursor."""
        self._turns.check()

    def do_commit(self, connection: Any) -> None:
        """Do nothing."""

    do_rollback = do_commit

    def _execute(self, execute: Callable[..., None], cursor: Any, statement: str, *rest: Any) -> None:
        turns = self._turns
        if turns.is_of(asyncio.current_task()):
            # SQLAlchemy's own question on a connection that is being made.
            execute(cursor, statement, *rest)
            return
        opening = () if is_about_the_last(statement) else self._words.open_read
        await_only(turns.take(cursor._adapt_connection, opening, self._words.undo_read))
        try:
            execute(cursor, statement, *rest)
        except Exception:
            self._say_and_leave(self._words.undo_read)
            raise
        except BaseException:
            if not self._database.has_server:
                # Its thread would run the statement to its end.
                self._driver.cut(turns.turn)
            turns.abandon(self._words.undo_read)
            raise
        self._say_and_leave(self._words.keep_read)


def _adapter(connection: Any) -> Any:
    """Return SQLAlchemy's connection under what its pool hands out."""
    return getattr(connection, "dbapi_connection", connection)

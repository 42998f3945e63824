"""SQLAlchemy's events, wired to units: which statement may be sent, what an error means, what a rollback undoes.

Guards stand in session events, never in the engine's `commit` event: raising there would give the
connection back to the pool with its transaction still open.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, ExceptionContext, event, exc
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.util.concurrency import await_only, in_greenlet

from crosslet import errors
from crosslet.connections import Observers, Watch
from crosslet.dialects import Dialect
from crosslet.loading import COLUMNS, FetchMode, advice_for, execute_from_origin, install_loaders
from crosslet.reads import Filters, refuse_cached, unfiltered
from crosslet.transactions.copying import listen_for_copies, listen_for_many
from crosslet.transactions.filtering import filtered, is_instance
from crosslet.transactions.ledger import about_to_commit, has_committed, has_ended
from crosslet.transactions.observing import OWN, tell_began, tell_ended, tell_failed
from crosslet.transactions.translate import ConstraintNames, hide_text, translated
from crosslet.transactions.unit import Unit, driver_connection, savepoint_of
from crosslet.transactions.written import adjusts, written_in

install_loaders()
_UNITS: WeakKeyDictionary[Connection, tuple[Unit, SyncSession]] = WeakKeyDictionary()
_UNDOING = "ROLLBACK TO"
_MOST_FLUSHES = 100


class UnitSession(SyncSession):
    """SQLAlchemy's session, tied to one unit of work. It loads, flushes and commits as ever.

    Attributes:
        filters: What its statements are filtered by.
        marking: Runs a DELETE on a class with soft delete, as what it is there; given by the room that changes rows.
        marking_one: The same for one object.
    """

    unit: Unit
    filters: Filters
    marking: Callable[[ORMExecuteState, Any], Any]
    marking_one: Callable[[SyncSession, Any], bool]

    @property
    def fetch_mode(self) -> FetchMode | None:
        """Say how attributes load that no statement has loaded; None: as their class says."""
        return self.unit.fetch_mode

    def delete(self, instance: object) -> None:
        """Mark an object as deleted: its row goes with the next flush, or is marked where the class has SoftDelete."""
        if not self.marking_one(self, instance):
            super().delete(instance)

    def _execute_internal(self, statement: Any, *args: Any, **options: Any) -> Any:
        # Every statement of the session comes by here, those that load for objects of others included.
        return execute_from_origin(super()._execute_internal, statement, *args, **options)

    @contextmanager
    def lend(self, task: "asyncio.Task[Any] | None") -> Iterator[None]:
        """Let another task than the unit's load what it touches; the unit's own sends nothing meanwhile.

        Raises:
            WrongTask: The unit's own is waiting for a statement.
        """
        with self.unit.lent(task):
            yield

    def hides(self, state: Any) -> bool:
        """Tell whether a statement with the options of an object's own would pass over its row."""
        return bool(self.filters.known) and self.filters.hides(state.obj(), state.load_options)

    def _identity_lookup(self, mapper: Any, primary_key_identity: Any, *args: Any, **options: Any) -> Any:
        # `get` and many-to-one relationships look here before they ask the database.
        found = super()._identity_lookup(mapper, primary_key_identity, *args, **options)
        if self.filters.known and is_instance(found) and self.filters.hides(found):
            return None
        return found


def guard_engine(
    engine: AsyncEngine, dialect: Dialect, names: ConstraintNames, *, show_values: bool, observers: Observers
) -> None:
    """Attach to a new engine what watches its statements and translates its errors."""

    def before(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> tuple[str, Any]:
        statement, parameters = _before_statement(connection, statement, parameters, rest[0])
        if observers.count:
            tell_began(observers, connection, statement, parameters, rest[0])
        return statement, parameters

    def after(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if observers.count:
            tell_ended(observers, cursor, rest[0])
        _after_statement(connection)

    def explain(context: ExceptionContext) -> Any:
        if observers.count:
            tell_failed(observers, context)
        unit, session = _UNITS.get(context.connection, (None, None)) if context.connection else (None, None)
        error = translated(context, unit, dialect, names)
        if unit is not None and context.connection and not isinstance(context.original_exception, Exception):
            _stop_cancelled(unit, context.connection)
        if isinstance(context.original_exception, Exception) and error is not None and not show_values:
            hide_text(context.original_exception)
        if unit is not None and unit.committing:
            unit.refused = error is not None and not isinstance(error, errors.CommitOutcomeUnknown)
        if unit is not None and session is not None:
            _spoil(unit, session, context, error, dialect)
        return error

    sync_engine = engine.sync_engine
    event.listen(sync_engine, "before_cursor_execute", before, retval=True)
    event.listen(sync_engine, "after_cursor_execute", after)
    event.listen(sync_engine, "commit", _committing)
    event.listen(sync_engine, "handle_error", explain)
    if dialect.can_copy:
        listen_for_copies(sync_engine)
    if dialect.has_faster_many:
        listen_for_many(sync_engine)


def _before_statement(connection: Connection, statement: str, parameters: Any, context: Any) -> tuple[str, Any]:
    found = _UNITS.get(connection)
    if found is None:
        return statement, parameters
    unit = found[0]
    unit.check()
    if unit.poison is not None:
        if not statement.startswith(_UNDOING):
            unit.check_poison()
        if unit.poison.savepoint is None:
            # The savepoint went with the transaction; failing here would hide the error that ended it.
            statement = unit.dialect.idle_statement or statement
    raw = driver_connection(connection)
    if raw is not None and unit.driver.has_unread_rows(raw):
        raise errors.StreamOpen
    if unit.ledger is not None:
        unit.written |= written_in(context, statement)
    elif adjusts(statement):
        unit.adjusted = True
    unit.begin_statement(connection)
    if context is not None and context.execution_options.get("stream_results"):
        statement = unit.dialect.streamed(statement)
    return statement, parameters


def _after_statement(connection: Connection) -> None:
    found = _UNITS.get(connection)
    if found is not None:
        found[0].end_statement()


def _stop_cancelled(unit: Unit, connection: Connection) -> None:
    """See to it that a cancelled statement ends: SQLite would run it to its end, a server may not answer."""
    if unit.dialect.has_server:
        raw, cut = driver_connection(connection), unit.driver.cut
        if raw is not None:
            Watch(lambda: cut(raw), unit.deadlines.close)
    else:
        unit.cut(connection)


def _committing(connection: Connection) -> None:
    """Note that COMMIT is sent now, whoever asked for it: `session.begin()` and `run_sync` do so by themselves."""
    found = _UNITS.get(connection)
    if found is not None:
        found[0].committing = True


def _spoil(unit: Unit, session: SyncSession, context: ExceptionContext, error: Any, dialect: Dialect) -> None:
    """Poison the unit, unless it only reads (each statement stands alone) or the error never reached the server."""
    if unit.read_only or (error is None and not context.is_disconnect) or isinstance(error, errors.InvalidValue):
        return
    failed = isinstance(context.original_exception, Exception)
    ends = context.is_disconnect or (failed and dialect.classify(context.original_exception).ends_transaction)
    unit.spoil(
        getattr(error, "code", None) or type(context.original_exception).__name__,
        retryable=isinstance(error, errors.RetryableError),
        savepoint=None if ends else savepoint_of(session),
    )


@event.listens_for(UnitSession, "after_begin")
def _begun(session: UnitSession, transaction: SessionTransaction, connection: Connection) -> None:
    unit = session.unit
    known = _UNITS.get(connection)
    if known is not None and known[0] is unit:
        return  # A savepoint on a connection that the unit has already.
    _UNITS[connection] = (unit, session)
    unit.connection = connection
    for statement in unit.opening:
        connection.exec_driver_sql(statement, execution_options=OWN)


@event.listens_for(UnitSession, "before_commit")
def _may_commit(session: UnitSession) -> None:
    """Refuse COMMIT, and RELEASE SAVEPOINT, where something inside has failed."""
    unit = session.unit
    unit.check_poison()
    if unit.read_only or session.in_nested_transaction():
        return
    if unit.ledger is not None:
        _flush_all(session)
    if not unit.sent:
        return
    raw = driver_connection(unit.connection)
    obstacle = "the connection is gone" if raw is None else unit.driver.commit_obstacle(raw)
    if obstacle is not None:
        unit.spoil(obstacle, retryable=False, savepoint=None)
        unit.check_poison()
    if unit.written:
        _tell_of_commit(unit)


def _flush_all(session: UnitSession) -> None:
    """Flush what hooks of flushes add as well: the ledger is told of all that will be stored.

    SQLAlchemy does so after this, as often at the most, and says what is wrong where it never ends.
    """
    for _ in range(_MOST_FLUSHES):
        if not (session.new or session.dirty or session.deleted):
            break
        session.flush()


def _tell_of_commit(unit: Unit) -> None:
    if unit.ledger.must_ride and unit.connection is not None:
        unit.connection.execute(unit.ledger.rider(frozenset(unit.written)), execution_options=OWN)
    await_only(about_to_commit(unit))


@event.listens_for(UnitSession, "after_commit")
def _committed(session: UnitSession) -> None:
    if not session.in_nested_transaction() and not session.unit.read_only:
        session.unit.commits += 1
        if session.unit.written:
            _tell_committed(session.unit)


def _tell_committed(unit: Unit) -> None:
    """Tell the ledger of a confirmed commit; a cancellation meanwhile is not the commit's and comes after it."""
    try:
        await_only(has_committed(unit))
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
            task.cancel()


@event.listens_for(UnitSession, "after_soft_rollback")
def _rolled_back(session: UnitSession, previous: SessionTransaction) -> None:
    session.unit.rolled_back(previous)


@event.listens_for(UnitSession, "before_flush")
def _may_flush(session: UnitSession, context: Any, instances: Any) -> None:
    if session.unit.read_only:
        refuse_changes(session)


def refuse_changes(session: SyncSession) -> None:
    """Refuse objects that were added, changed or deleted in a session that only reads.

    Raises:
        ReadOnlySession: There are some; at the end of the unit they would be lost without a word.
    """
    if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
        raise errors.ReadOnlySession


@event.listens_for(UnitSession, "do_orm_execute")
def _may_load(state: ORMExecuteState) -> Any:
    """Refuse a lazy load outside of an await: it would fail in the driver, and leave a coroutine behind."""
    if (state.is_relationship_load or state.is_column_load) and not in_greenlet():
        raise _not_loaded(state)
    if state.user_defined_options:
        refuse_cached(state.statement)
    observers = state.session.unit.observers  # type: ignore[attr-defined]
    if observers.heeding:
        observers.loading(state)
    filters = state.session.filters  # type: ignore[attr-defined]
    if state.execution_options.get(COLUMNS) and filters.known:
        state.statement = unfiltered(state.statement)
        return None
    return filtered(state, filters) if filters.known else None


_OWN_ORM_LISTENERS = 1


def hears_statements(session: Any) -> bool:
    """Tell whether somebody else's `do_orm_execute` listener wants to see, or to change, a session's statements."""
    made = session._made
    heard = _listeners_of_all() if made is None else list(made.dispatch.do_orm_execute)
    return len(heard) != _OWN_ORM_LISTENERS


@cache
def _listeners_of_all() -> Any:
    dispatch: Any = UnitSession.dispatch
    return _of_class(dispatch.do_orm_execute)


_OF_CHANGES = (
    "do_orm_execute",
    "after_begin",
    "before_flush",
    "after_flush",
    "before_commit",
    "after_commit",
    "after_transaction_create",
    "after_transaction_end",
)


# How many listeners all sessions had when only crosslet's own were among them.
_own_of_changes = -1


def hears_changes(session: Any) -> bool:
    """Tell whether somebody else listens to what a session does around a change: flushes, transactions, commits."""
    global _own_of_changes  # noqa: PLW0603 - counting is ten times quicker than looking at each
    made = session._made
    heard = _of_changes() if made is None else [list(getattr(made.dispatch, name)) for name in _OF_CHANGES]
    count = sum(map(len, heard))
    if count == _own_of_changes:
        return False
    if not all(str(getattr(one, "__module__", "")).startswith("crosslet.") for some in heard for one in some):
        return True
    _own_of_changes = count
    return False


@cache
def _of_changes() -> list[Any]:
    dispatch: Any = UnitSession.dispatch
    return [_of_class(getattr(dispatch, name)) for name in _OF_CHANGES]


def _of_class(listeners: Any) -> Any:
    """Return what holds the listeners of every session: SQLAlchemy adds to it in place."""
    if UnitSession not in listeners._clslevel:
        listeners.update_subclass(UnitSession)  # as the first session would
    return listeners._clslevel[UnitSession]


def _not_loaded(state: ORMExecuteState) -> Exception:
    """Make the error of a load that did not come from a touched attribute, such as that of a cascade."""
    touched = state.lazy_loaded_from or state.load_options._refresh_state
    path = state.loader_strategy_path
    if touched is None:
        return exc.MissingGreenlet("Related rows cannot be loaded here: nothing can be awaited.")
    if state.is_relationship_load and path:
        name = str(getattr(path[-1], "key", path[-1]))
    else:
        options = getattr(state.statement, "_compile_options", None)
        name = min(getattr(options, "_only_load_props", None) or touched.unloaded)
    return errors.NotLoaded(touched.mapper.class_.__name__, name, advice_for(touched, name, "blocked"))


@event.listens_for(UnitSession, "after_transaction_end")
def _ended(session: UnitSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        unit = session.unit
        if unit.connection is not None:
            _UNITS.pop(unit.connection, None)
        unit.connection = None
        has_ended(unit, unknown=unit.committing and not unit.refused)
        unit.committing = unit.sent = unit.refused = False

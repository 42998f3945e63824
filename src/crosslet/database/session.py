"""Session: an AsyncSession that belongs to one unit of work, with the verbs of every day.

A shell: the checks stand in `transactions`, what is sent and read in `shapes`, changes in `writes`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import Delete, Insert, Select, Table, Update, event, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncResult, AsyncScalarResult, AsyncSession, AsyncSessionTransaction
from sqlalchemy.orm import Session as SyncSession

from crosslet import transactions, writes
from crosslet.database.streams import watch_fetches, watched
from crosslet.errors import InvalidValue, MultipleRowsFound, NotFound, ReadOnlySession
from crosslet.models import check_values
from crosslet.shapes import Changing, mapper_of, reading_of
from crosslet.transactions import Hook, Unit, UnitSession

T = TypeVar("T")


class Session(AsyncSession):
    """One unit of work. Everything an AsyncSession can do, it can do.

    Take it from `db.read()`, `db.write()`, or in a route from `Reader` and `Writer`. It belongs to the
    task that opened it and ends with its unit: used later, or by another task, it raises at once.

    Objects stay readable after a commit (`expire_on_commit` is off) and after the unit.
    """

    sync_session_class = UnitSession

    def __init__(self, engine: AsyncEngine, unit: Unit) -> None:
        self._unit = unit
        super().__init__(engine, expire_on_commit=False, close_resets_only=False)
        self._inner.unit = unit

    # AsyncSession reaches its session through these two names for everything it does: the one place
    # where a foreign task and a session past its end can be refused before anything happens.

    @property
    def sync_session(self) -> SyncSession:
        """Return the session underneath.

        Raises:
            SessionClosed: The unit has ended.
            WrongTask: Another task owns the unit.
            UnitPoisoned: A flush failed before and its error was swallowed.
        """
        self._unit.check()
        if self._unit.poison is not None and not self._inner.is_active:
            # SQLAlchemy would say PendingRollbackError, and nothing of what to do.
            self._unit.check_poison()
        return self._inner

    @sync_session.setter
    def sync_session(self, session: SyncSession) -> None:
        self._inner = cast("UnitSession", session)

    @property
    def _proxied(self) -> SyncSession:
        self._unit.check()
        return self._inner

    @_proxied.setter
    def _proxied(self, session: SyncSession) -> None:
        self._inner = cast("UnitSession", session)

    # --- reading ---------------------------------------------------------------------------------

    async def all(self, shape: type[T], statement: Any = None) -> list[T]:
        """Return every row as a shape.

        Args:
            shape: An ORM class, a Pydantic model, dataclass or TypedDict (only its columns are fetched), or `dict`.
            statement: `select(User)…` or `text(…)`; `insert`, `update`, `delete` of a mapped class return the rows
                they changed, on every database. None reads all rows of an ORM class.

        Raises:
            ConfigurationError: Shape and statement do not fit.
            ReadOnlySession: The statement changes rows and the session only reads.
        """
        if isinstance(statement, Insert | Update | Delete):
            return await self._change(shape, statement)
        await self._flush_held(statement)
        reading = reading_of(shape, statement)
        rows = reading.decode(await self.execute(reading.statement))
        await self._release()
        return rows

    async def first(self, shape: type[T], statement: Any = None) -> T | None:
        """Return the first row as a shape, or None. Order the statement, or which one comes first is chance."""
        if isinstance(statement, Select):
            statement = statement.limit(1)
        rows: list[T] = await self.all(shape, statement)
        return rows[0] if rows else None

    async def one(self, shape: type[T], statement: Any = None) -> T:
        """Return the only row as a shape.

        Args:
            shape: As for `all`.
            statement: As for `all`, or a mapped object: its row is read by its key, in the same transaction.

        Raises:
            NotFound: There is none; in a route, a 404.
            MultipleRowsFound: There are several. If the statement changed them, the unit can only roll back.
        """
        rows: list[T] = await self.all(shape, statement)
        if not rows:
            raise NotFound(_subject(shape, statement))
        if len(rows) > 1:
            if isinstance(statement, Insert | Update | Delete):
                self._unit.spoil("multiple-rows-found", retryable=False, savepoint=self._savepoint())
            raise MultipleRowsFound(_subject(shape, statement))
        return rows[0]

    async def count(self, statement: Any) -> int:
        """Count the rows of a model or a `select()`; its order is left out, its limit is kept."""
        if mapper_of(statement) is not None:
            counting: Any = select(func.count()).select_from(statement)
        elif isinstance(statement, Table):
            counting = select(func.count()).select_from(statement)
        else:
            counting = select(func.count()).select_from(statement.order_by(None).subquery())
        return int(await self._ask(counting) or 0)

    async def exists(self, statement: Any) -> bool:
        """Tell whether a model or a `select()` has any row; the database stops at the first."""
        is_source = mapper_of(statement) is not None or isinstance(statement, Table)
        selecting: Any = select(statement) if is_source else statement
        asking: Any = select(selecting.order_by(None).exists())
        return bool(await self._ask(asking))

    async def _ask(self, statement: Any) -> Any:
        answer: Any = await self.scalar(statement)
        await self._release()
        return answer

    async def _release(self) -> None:
        """Give a reader's connection back between its statements: it may be in a request that waits for another."""
        unit = self._unit
        if unit.read_only and not unit.opening and not unit.streaming:
            await AsyncSession.commit(self)

    async def stream(self, statement: Any, params: Any = None, **options: Any) -> AsyncResult[Any]:
        """Run a statement and fetch its rows as they are read, over a server-side cursor.

        On PostgreSQL a reader opens a read-only transaction for it, which lasts until the session ends: it
        holds a connection and a snapshot as long.
        """
        await self._begin_stream()
        # SQLAlchemy fetches the first rows at once, after the statement's own deadline was stopped.
        with watched(self._unit):
            rows: AsyncResult[Any] = await super().stream(statement, params, **options)
        watch_fetches(rows, self._unit)
        return rows

    async def stream_scalars(self, statement: Any, params: Any = None, **options: Any) -> AsyncScalarResult[Any]:
        """Run a statement and fetch the first column of its rows as they are read; see `stream`."""
        return (await self.stream(statement, params, **options)).scalars()

    async def _begin_stream(self) -> None:
        unit = self._unit
        if not unit.read_only or unit.opening or unit.streaming or unit.dialect.can_stream_in_autocommit:
            return
        # Give the autocommit connection back first: the level of one in use cannot be changed.
        await super().commit()
        await self.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        unit.streaming = True

    # --- writing ---------------------------------------------------------------------------------

    async def create(self, model: type[T], body: BaseModel | Mapping[str, Any] | None = None, **extra: Any) -> T:
        """Insert one row and return its object, every column readable.

        Args:
            model: A mapped class.
            body: What the client sent. It may not name key, timestamps or version.
            extra: What the code decides, by attribute name; nothing is refused here.

        Raises:
            ProtectedField: The body names a column that a client may not set, or none at all.
            InvalidValue: A value cannot be stored; nothing was sent.
            IntegrityViolation: A constraint was broken.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.create(self, model, body, **extra)

    async def patch(self, row: T, body: BaseModel | Mapping[str, Any], **extra: Any) -> T:
        """Change the fields of a row that were sent, and no others; return the same object.

        Raises:
            ProtectedField: The body names a column that a client may not set, or none at all.
            InvalidValue: A value cannot be stored; nothing was sent and the object is as before.
            IntegrityViolation: A constraint was broken.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.patch(self, row, body, **extra)

    async def delete(self, instance: object) -> None:
        """Delete a row now; children follow as the relationship's cascade says.

        Raises:
            ForeignKeyViolation: The row is still referenced.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        await writes.delete(self, instance)

    def _refuse_reader(self) -> None:
        self._unit.check()
        if self._unit.read_only:
            raise ReadOnlySession

    async def _change(self, shape: type[T], statement: Changing) -> list[T]:
        self._refuse_reader()
        return await writes.changed_rows(self, self._unit.dialect, shape, statement)

    async def _flush_held(self, statement: Any) -> None:
        # An object created a moment ago has no key to be read by before it is flushed.
        state = inspect(statement, raiseerr=False) if statement is not None else None
        if state is not None and getattr(state, "pending", False):
            await self.flush()

    # --- the end of the unit ---------------------------------------------------------------------

    @property
    def unit(self) -> Unit:
        """Show the state of the unit of work."""
        return self._unit

    @property
    def commits(self) -> int:
        """Count the transactions that this session has committed."""
        return self._unit.commits

    def begin(self) -> AsyncSessionTransaction:
        """Begin the transaction: `async with session.begin()`. Its end commits as `commit` does."""
        return UnitTransaction(self)

    def after_commit(self, hook: Hook) -> None:
        """Run something after the unit's commit is confirmed, and only then.

        Hooks run in the order of registration; in a route, after the response was sent. One registered inside
        a savepoint that is rolled back is dropped. An error in a hook is logged: the commit stands.

        Args:
            hook: Called without arguments; may be async. The session is closed by then.

        Raises:
            ReadOnlySession: The session only reads, so there is no commit to wait for.
        """
        self._refuse_reader()
        self._unit.hooks.append((self._savepoint(), hook))

    def _savepoint(self) -> Any:
        return transactions.savepoint_of(self._inner)

    async def commit(self) -> None:
        """Commit now and return once the database has confirmed it; then run the hooks.

        A unit opened by `db.write()` or a `Writer` commits by itself at its end. Being cancelled does not
        interrupt a commit: it is awaited, then the cancellation goes on.

        Raises:
            UnitPoisoned: A database error inside the unit was swallowed; nothing is stored.
            CommitOutcomeUnknown: The connection or the deadline was lost on the way.
        """
        await transactions.run_hooks(await self.confirm())

    async def confirm(self) -> list[Hook]:
        """Commit as `commit` does, and hand over the hooks instead of running them."""
        self._unit.check()
        if self._unit.read_only:
            await transactions.roll_back(self._inner)
            return []
        try:
            await transactions.commit(self._inner)
        except BaseException:
            if self._inner.in_transaction() or self._unit.poison is not None:
                raise
            # Cancelled, yet committed: the hooks are owed.
            transactions.run_hooks_later(self._unit.take_hooks())
            raise
        return self._unit.take_hooks()

    async def rollback(self) -> None:
        """Undo the transaction; the session can be used for another."""
        self._unit.check()
        await transactions.roll_back(self._inner)

    def refuse_changes(self) -> None:
        """Refuse to end a reader that holds changed objects.

        Raises:
            ReadOnlySession: Objects were added, changed or deleted; they would be lost without a word.
        """
        if self._unit.read_only and not self._unit.closed:
            transactions.refuse_changes(self._inner)

    async def close(self) -> None:
        """End the unit: roll back what was not committed and give the connection back."""
        await transactions.close(self._inner)


class UnitTransaction(AsyncSessionTransaction):
    """SQLAlchemy's `session.begin()` block, whose COMMIT is awaited like any other of a Session."""

    async def commit(self) -> None:
        """Commit the session's unit."""
        await cast("Session", self.session).commit()

    async def rollback(self) -> None:
        """Undo the session's unit."""
        await cast("Session", self.session).rollback()

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> None:
        await (self.commit() if error is None else self.rollback())


@event.listens_for(UnitSession, "before_flush")
def _check_values(session: UnitSession, context: Any, instances: Any) -> None:
    """Refuse values that one database or another would cut, round, reject or store as something else."""
    problems = [problem for row in (*session.new, *session.dirty) for problem in check_values(row)]
    if problems:
        raise InvalidValue(problems)


def _subject(shape: Any, statement: Any) -> str:
    if isinstance(statement, Select):
        entity = statement.column_descriptions[0].get("entity")
        if entity is not None:
            return str(inspect(entity).mapper.class_.__name__)
    return str(getattr(shape, "__name__", shape))

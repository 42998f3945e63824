"""How a session reads: shapes, counts, streams. What changes rows and ends the unit is in session.py.

A shell: the checks stand in `transactions`, what is sent and read in `shapes`.
"""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar, cast, overload

from sqlalchemy import Delete, Executable, Insert, Select, Table, Update, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncResult, AsyncScalarResult, AsyncSession
from sqlalchemy.orm import Session as SyncSession

from crosslet import transactions, writes
from crosslet.connections import DirectReads, Explain
from crosslet.database import trees
from crosslet.database.streams import watch_fetches, watched
from crosslet.errors import ConfigurationError, MultipleRowsFound, NotFound, ReadOnlySession
from crosslet.shapes import Changing, has_related, is_shape, keyed, mapper_of, reading_of
from crosslet.transactions import Unit, UnitSession

T = TypeVar("T")


class ReadingSession(AsyncSession):
    """The reading half of a Session, and SQLAlchemy's part of it, made when it is first needed."""

    sync_session_class = UnitSession

    def __init__(
        self, engine: AsyncEngine, unit: Unit, direct: DirectReads | None = None, explain: Explain | None = None
    ) -> None:
        # SQLAlchemy's part is made when something first needs it: a read that goes past it never does.
        self._unit = unit
        self._engine = engine
        self._direct = direct
        self._explain = explain
        self._made: UnitSession | None = None

    @property
    def _inner(self) -> UnitSession:
        made = self._made
        if made is None:
            super().__init__(self._engine, expire_on_commit=False, close_resets_only=False)
            made = cast("UnitSession", self._made)
            made.unit = self._unit
        return made

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
        self._made = cast("UnitSession", session)

    @property
    def _proxied(self) -> SyncSession:
        self._unit.check()
        return self._inner

    @_proxied.setter
    def _proxied(self, session: SyncSession) -> None:
        self._made = cast("UnitSession", session)

    @property
    def unit(self) -> Unit:
        """Show the state of the unit of work."""
        return self._unit

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
        rows = await trees.read(self._reader(), shape, statement) if is_shape(shape) else None
        if rows is None:
            reading = reading_of(shape, statement)
            rows = reading.decode(await self.execute(reading.statement))
        await self._release()
        return rows

    async def json(self, shape: Any, statement: Any, key: Any = None) -> bytes:
        """Return rows as the JSON of an answer, made by the database where that gives what FastAPI would send.

        A route that declares its `response_model` returns it as `crosslet.web.JSONBytes`.

        Args:
            shape: A Pydantic model (one row, as `one`), or `list[...]` of one (every row, as `all`).
            statement: `select(User)…`, or a mapped object; a mapped class with `key`.
            key: The primary key of the row, a tuple where that has several columns.

        Raises:
            NotFound: One row was asked for and there is none.
            MultipleRowsFound: One row was asked for and there are several.
            ConfigurationError: Shape and statement do not fit.
        """
        if key is not None:
            statement = keyed(statement, key)
        await self._flush_held(statement)
        content = await trees.read_json(self._reader(), shape, statement)
        await self._release()
        return content

    async def first(self, shape: type[T], statement: Any = None) -> T | None:
        """Return the first row as a shape, or None. Order the statement, or which one comes first is chance."""
        if isinstance(statement, Select):
            statement = statement.limit(1)
        rows: list[T] = await self.all(shape, statement)
        return rows[0] if rows else None

    async def one(self, shape: type[T], statement: Any = None, key: Any = None) -> T:
        """Return the only row as a shape.

        `session.one(UserOut, User, id)` reads a row by its key, and is the fastest way to one.

        Args:
            shape: As for `all`.
            statement: As for `all`, or a mapped object: its row is read by its key, in the same transaction; a mapped
                class with `key`.
            key: The primary key of the row, a tuple where that has several columns.

        Raises:
            NotFound: There is none; in a route, a 404.
            MultipleRowsFound: There are several. If the statement changed them, the unit can only roll back.
        """
        if key is not None:
            row = keyed(statement, key)
            statement = row if is_shape(shape) and mapper_of(shape) is None else row.statement()
        rows: list[T] = await self.all(shape, statement)
        if not rows:
            raise NotFound(_subject(shape, statement))
        if len(rows) > 1:
            if isinstance(statement, Insert | Update | Delete):
                self._unit.spoil("multiple-rows-found", retryable=False, savepoint=self._savepoint())
            raise MultipleRowsFound(_subject(shape, statement))
        return rows[0]

    def _reader(self) -> trees.TreeReader:
        self._unit.check()
        return trees.TreeReader(self, self._unit, self._engine.dialect, self._direct, self._explain)

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
        if self._made is not None and unit.read_only and not unit.opening and not unit.streaming:
            await AsyncSession.commit(self)

    @overload  # type: ignore[override]
    def stream(self, statement: type[T], params: Any, /) -> AsyncIterator[T]: ...

    @overload
    def stream(self, statement: Executable, params: Any = None, **options: Any) -> Awaitable[AsyncResult[Any]]: ...

    def stream(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Fetch rows as they are read, over a server-side cursor.

        `async for user in session.stream(UserOut, select(User))` gives shapes, a hundred rows at a time;
        `await session.stream(select(User))` is SQLAlchemy's own and gives its result.

        On PostgreSQL a reader opens a read-only transaction for it, which lasts until the session ends: it
        holds a connection and a snapshot as long.

        Args:
            statement: A shape, with the statement behind it; or the statement.
            params: The statement for a shape; else the statement's parameters.
            **options: SQLAlchemy's own.
        """
        if isinstance(statement, type):
            return self._shapes(statement, params)
        return self._rows(statement, params, **options)

    async def _shapes(self, shape: type[T], statement: Any) -> AsyncIterator[T]:
        if mapper_of(shape) is None:
            async for found in trees.stream(self._reader(), shape, statement):
                yield found
            return
        async for row in (await self._rows(reading_of(shape, statement).statement)).scalars():
            yield row

    async def _rows(self, statement: Any, params: Any = None, **options: Any) -> AsyncResult[Any]:
        await self._begin_stream()
        # SQLAlchemy fetches the first rows at once, after the statement's own deadline was stopped.
        with watched(self._unit):
            rows: AsyncResult[Any] = await super().stream(statement, params, **options)
        watch_fetches(rows, self._unit)
        return rows

    async def stream_scalars(self, statement: Any, params: Any = None, **options: Any) -> AsyncScalarResult[Any]:
        """Run a statement and fetch the first column of its rows as they are read; see `stream`."""
        return (await self._rows(statement, params, **options)).scalars()

    async def _begin_stream(self) -> None:
        unit = self._unit
        if not unit.read_only or unit.opening or unit.streaming or unit.dialect.can_stream_in_autocommit:
            return
        # Give the autocommit connection back first: the level of one in use cannot be changed.
        await super().commit()
        await self.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        unit.streaming = True

    def _refuse_reader(self) -> None:
        self._unit.check()
        if self._unit.read_only:
            raise ReadOnlySession

    async def _change(self, shape: type[T], statement: Changing) -> list[T]:
        self._refuse_reader()
        if has_related(shape, statement):
            return await self._change_trees(shape, statement)
        return await writes.changed_rows(self, self._unit.dialect, shape, statement)

    async def _change_trees(self, shape: type[T], statement: Changing) -> list[T]:
        """Return trees of changed rows: their own columns come back with the change, related rows are read after it."""
        if isinstance(statement, Delete):
            raise ConfigurationError(
                "A deleted row has no related rows any more: read the shape first, then delete, or return its columns."
            )
        entity: Any = statement.entity_description["entity"]
        rows = await writes.changed_rows(self, self._unit.dialect, entity, statement)
        return [await self.one(shape, row) for row in rows]

    async def _flush_held(self, statement: Any) -> None:
        # An object created a moment ago has no key to be read by before it is flushed.
        state = inspect(statement, raiseerr=False) if statement is not None else None
        if state is not None and getattr(state, "pending", False):
            await self.flush()

    def _savepoint(self) -> Any:
        return None if self._made is None else transactions.savepoint_of(self._made)


def _subject(shape: Any, statement: Any) -> str:
    if isinstance(statement, Select):
        entity = statement.column_descriptions[0].get("entity")
        if entity is not None:
            return str(inspect(entity).mapper.class_.__name__)
    return str(getattr(shape, "__name__", shape))

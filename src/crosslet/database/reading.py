"""How a session reads: shapes, counts. Streams are in streaming.py; what changes rows and ends the unit in session.py.

A shell: the checks stand in `transactions`, what is sent and read in `shapes`.
"""

from typing import Any, TypeVar, cast

from sqlalchemy import Delete, Insert, Select, Table, Update, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session as SyncSession

from crosslet import transactions
from crosslet.cache import Results
from crosslet.connections import DirectReads, DirectWrites, Explain
from crosslet.database import changes, trees
from crosslet.database.streaming import StreamingSession
from crosslet.errors import MultipleRowsFound, NotFound, ReadOnlySession
from crosslet.loading import FetchMode, checked_mode
from crosslet.reads import Filters, refuse_cached, switches_of
from crosslet.shapes import (
    Change,
    Mode,
    New,
    is_one_at_most,
    is_shape,
    keyed,
    mapper_of,
    objects_of,
    reading_of,
    written,
)
from crosslet.transactions import Unit, UnitSession
from crosslet.writes import mark_one, mark_rows

T = TypeVar("T")
_CHANGES = (Insert, Update, Delete, New)


class ReadingSession(StreamingSession):
    """The reading half of a Session, and SQLAlchemy's part of it, made when it is first needed."""

    sync_session_class = UnitSession

    def __init__(
        self,
        engine: AsyncEngine,
        unit: Unit,
        filters: Filters,
        direct: DirectReads | None = None,
        explain: Explain | None = None,
        direct_writes: DirectWrites | None = None,
        *,
        results: Results,
    ) -> None:
        # SQLAlchemy's part is made when something first needs it: a read that goes past it never does.
        self._unit = unit
        self._filters = filters
        self._engine = engine
        self._results = results
        self._direct = direct
        self._direct_writes = direct_writes
        self._explain = explain
        self._made: UnitSession | None = None

    @property
    def _inner(self) -> UnitSession:
        made = self._made
        if made is None:
            super().__init__(self._engine, expire_on_commit=False, close_resets_only=False)
            made = cast("UnitSession", self._made)
            made.unit = self._unit
            made.filters = self._filters
            made.marking, made.marking_one = mark_rows, mark_one
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

    @property
    def fetch_mode(self) -> FetchMode | None:
        """Say how attributes of objects load that no statement has loaded: as for `fetch`; None: as their class says.

        It can be set, and counts from then on.
        """
        return self._unit.fetch_mode

    @fetch_mode.setter
    def fetch_mode(self, mode: FetchMode | None) -> None:
        self._unit.fetch_mode = None if mode is None else checked_mode(mode)

    # --- reading ---------------------------------------------------------------------------------

    async def all(self, shape: type[T], statement: Any = None, *, commit: bool = False) -> list[T]:
        """Return every row as a shape.

        Args:
            shape: An ORM class, a Pydantic model, dataclass or TypedDict (only its columns are fetched), or `dict`.
            statement: `select(User)…` or `text(…)`; `insert`, `update`, `delete` of a mapped class, and `New(User,
                body)`, return the rows they changed, on every database. None reads all rows of an ORM class.
            commit: Commit the unit with it, as `commit()` does. As the unit's only statement it needs no BEGIN and no
                COMMIT: one round trip on PostgreSQL and SQLite, two on MySQL and MariaDB.

        Raises:
            ConfigurationError: Shape and statement do not fit.
            ReadOnlySession: The statement changes rows, or is to be committed, and the session only reads.
            CommitOutcomeUnknown: Connection or deadline were lost while it was committed.
        """
        if isinstance(statement, _CHANGES):
            return await self._change(shape, statement, commit=commit)
        if commit:
            found = await self.all(shape, statement)
            await self._commit()
            return found
        await self._flush_held(statement)
        rows = await trees.read(self.tree_reader(), shape, statement) if is_shape(shape) else None
        if rows is None:
            reading = reading_of(shape, statement)
            rows = reading.decode(await self.execute(reading.statement))
        await self.release()
        return rows

    async def json(self, shape: Any, statement: Any, key: Any = None, *, commit: bool = False) -> bytes:
        """Return rows as the JSON of an answer, made by the database where that gives what FastAPI would send.

        A route that declares its `response_model` returns it as `crosslet.web.JSONBytes`.

        Args:
            shape: A Pydantic model (one row, as `one`), or `list[...]` of one (every row, as `all`).
            statement: `select(User)…`, or a mapped object; a mapped class with `key`; what changes rows, as for `all`.
            key: The primary key of the row, a tuple where that has several columns.
            commit: As for `all`.

        Raises:
            NotFound: One row was asked for and there is none.
            MultipleRowsFound: One row was asked for and there are several. If the statement changed them, the unit
                can only roll back.
            ConfigurationError: Shape and statement do not fit.
            ReadOnlySession: As for `all`.
            CommitOutcomeUnknown: As for `all`.
        """
        if isinstance(statement, _CHANGES):
            return await self._changed_json(shape, statement, commit=commit)
        if commit:
            content = await self.json(shape, statement, key)
            await self._commit()
            return content
        if key is not None:
            statement = keyed(statement, key)
        await self._flush_held(statement)
        content = await trees.read_json(self.tree_reader(), shape, statement)
        await self.release()
        return content

    async def first(self, shape: type[T], statement: Any = None) -> T | None:
        """Return the first row as a shape, or None. Order the statement, or which one comes first is chance."""
        if isinstance(statement, Select):
            statement = statement.limit(1)
        rows: list[T] = await self.all(shape, statement)
        return rows[0] if rows else None

    async def one(self, shape: type[T], statement: Any = None, key: Any = None, *, commit: bool = False) -> T:
        """Return the only row as a shape.

        `session.one(UserOut, User, id)` reads a row by its key, and is the fastest way to one.

        Args:
            shape: As for `all`.
            statement: As for `all`, or a mapped object: its row is read by its key, in the same transaction; a mapped
                class with `key`.
            key: The primary key of the row, a tuple where that has several columns.
            commit: As for `all`.

        Raises:
            NotFound: There is none; in a route, a 404. Nothing is committed.
            MultipleRowsFound: There are several. If the statement changed them, the unit can only roll back.
        """
        if key is not None:
            row = keyed(statement, key)
            statement = row if is_shape(shape) and mapper_of(shape) is None else row.statement()
        if commit and isinstance(statement, _CHANGES) and is_one_at_most(statement):
            done = await self._committed(shape, statement, Mode.READ, is_one=True)
            if done is not None:
                return trees.only(objects_of(shape, done[1]), done[0].mapper)  # type: ignore[no-any-return]
        found = self._only(await self.all(shape, statement), shape, statement)
        if commit:
            await self._commit()
        return found

    def _only(self, rows: list[T], shape: Any, statement: Any) -> T:
        if not rows:
            raise NotFound(_subject(shape, statement))
        if len(rows) > 1:
            if isinstance(statement, _CHANGES):
                self._unit.spoil("multiple-rows-found", retryable=False, savepoint=self._savepoint())
            raise MultipleRowsFound(_subject(shape, statement))
        return rows[0]

    def tree_reader(self) -> trees.TreeReader:
        """Return what trees are read through."""
        dialect, direct = self._engine.dialect, self._direct
        return trees.TreeReader(self, self._unit, dialect, self._filters, direct, self._explain, self._results)

    async def count(self, statement: Any) -> int:
        """Count the rows of a model or a `select()`; its order is left out, its limit is kept."""
        refuse_cached(statement)
        if mapper_of(statement) is not None:
            counting: Any = select(func.count()).select_from(statement)
        elif isinstance(statement, Table):
            counting = select(func.count()).select_from(statement)
        else:
            counting = select(func.count()).select_from(statement.order_by(None).subquery())
            counting = counting.options(*switches_of(statement))
        return int(await self._ask(counting) or 0)

    async def exists(self, statement: Any) -> bool:
        """Tell whether a model or a `select()` has any row; the database stops at the first."""
        refuse_cached(statement)
        is_source = mapper_of(statement) is not None or isinstance(statement, Table)
        selecting: Any = select(statement) if is_source else statement
        asking: Any = select(selecting.order_by(None).exists()).options(*switches_of(selecting))
        return bool(await self._ask(asking))

    async def _ask(self, statement: Any) -> Any:
        answer: Any = await self.scalar(statement)
        await self.release()
        return answer

    async def release(self) -> None:
        """Give a reader's connection back between its statements: it may be in a request that waits for another."""
        unit = self._unit
        if self._made is not None and unit.read_only and not unit.opening and not unit.streaming:
            await AsyncSession.commit(self)

    def _refuse_reader(self) -> None:
        self._unit.check()
        if self._unit.read_only:
            raise ReadOnlySession

    async def _commit(self) -> None:
        self._refuse_reader()
        await self.commit()

    async def _change(self, shape: type[T], statement: Any, *, commit: bool) -> list[T]:
        self._refuse_reader()
        done = await self._committed(shape, statement, Mode.READ) if commit else None
        if done is not None:
            return objects_of(shape, done[1])
        rows = await changes.changed(self, shape, statement)
        if commit:
            await self.commit()
        return list(rows)

    async def _changed_json(self, shape: Any, statement: Any, *, commit: bool) -> bytes:
        self._refuse_reader()
        inner = trees.item_of(shape)
        if commit and (inner is not shape or is_one_at_most(statement)):
            done = await self._committed(inner, statement, Mode.SENT, is_one=inner is shape)
            if done is not None:
                return trees.json_of(shape, done[0].mode, done[1], done[0].mapper)
        rows = list(await changes.changed(self, inner, statement))
        content = written(shape, rows if inner is not shape else self._only(rows, inner, statement))
        if commit:
            await self.commit()
        return content

    async def _committed(
        self, shape: Any, statement: Any, wanted: Mode, *, is_one: bool = False
    ) -> tuple[Change, list[str]] | None:
        before = self._unit.commits
        try:
            done = await changes.committed(self, self._direct_writes, self._explain, shape, statement, wanted)
        except BaseException:
            if self._unit.commits > before:
                # Cancelled, yet committed: the hooks are owed.
                transactions.run_hooks_later(self._unit.take_hooks())
            raise
        # Where one row was meant and there is none, the caller raises NotFound, and nothing was done.
        if done is not None and self._unit.hooks and (done[1] or not is_one):
            await transactions.run_hooks(self._unit.take_hooks())
        return done

    async def _flush_held(self, statement: Any) -> None:
        if self._made is None:
            return
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

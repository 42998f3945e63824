"""How a session and a Database open streams: which connection each has, and SQLAlchemy's own results beside them."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar, overload

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncResult, AsyncScalarResult, AsyncSession

from crosslet.database.fetches import watch_fetches, watched
from crosslet.database.spool import SpoolRoom
from crosslet.database.streams import MOST_ROWS, Source, Stream
from crosslet.reads import Filters
from crosslet.settings import Settings
from crosslet.transactions import Unit

T = TypeVar("T")


class Home(Protocol):
    """What opens further readers: the Database.

    Attributes:
        room: For what waits for slow readers.
    """

    room: SpoolRoom

    async def open(self, *, read_only: bool) -> Any:
        """Open a session."""


class StreamingSession(AsyncSession):
    """The streams of a Session.

    Attributes:
        home: The Database that opened it.
    """

    home: Home
    _unit: Unit
    _filters: Filters

    @overload  # type: ignore[override]
    def stream(
        self, statement: type[T], params: Any = None, /, *, partition: int = MOST_ROWS, hold: float | None = None
    ) -> Stream[T]: ...

    @overload
    def stream(self, statement: Executable, params: Any = None, **options: Any) -> Awaitable[AsyncResult[Any]]: ...

    def stream(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Fetch rows as they are read, over a server-side cursor.

        `async for user in session.stream(UserOut, select(User))` gives shapes; `await session.stream(select(User))` is
        SQLAlchemy's own and gives its result.

        A stream of shapes from a session that only reads has a short session of its own, as its statements stand alone
        anyway: it may outlive the request. Inside a unit of work it reads in the unit's transaction and ends with it;
        on MySQL and MariaDB the unit can send nothing else until the last row was read.

        Args:
            statement: A shape, with the statement behind it; or the statement.
            params: The statement for a shape; else the statement's parameters.
            **options: `partition` and `hold`, as for `Database.stream`; for SQLAlchemy's own, its own.
        """
        if isinstance(statement, type):
            return Stream(self._source(), statement, params, **options)
        return self._streamed(statement, params, **options)

    def _source(self) -> Source:
        hold, room = self._unit.deadlines.hold, self.home.room
        if not self._unit.read_only:
            return Source(self._open_here, None, hold, room)
        # What is on now is on in the stream, whenever it begins.
        filters = self._filters.copy()

        async def open_other() -> Any:
            session = await self.home.open(read_only=True)
            session._filters = filters
            return session

        async def open_beside() -> Any:
            if not self._unit.closed:
                # Its connection may be the only one there is.
                await self.release()
            return await open_other()

        return Source(open_beside, open_other, hold, room)

    async def _open_here(self) -> Any:
        self._unit.check()
        return self

    async def release(self) -> None:
        """Give a reader's connection back; see ReadingSession."""

    async def _streamed(self, statement: Any, params: Any = None, **options: Any) -> AsyncResult[Any]:
        await self._begin_stream()
        # SQLAlchemy fetches the first rows at once, after the statement's own deadline was stopped.
        with watched(self._unit):
            rows: AsyncResult[Any] = await super().stream(statement, params, **options)
        watch_fetches(rows, self._unit)
        return rows

    async def stream_scalars(self, statement: Any, params: Any = None, **options: Any) -> AsyncScalarResult[Any]:
        """Run a statement and fetch the first column of its rows as they are read; see `stream`."""
        return (await self._streamed(statement, params, **options)).scalars()

    async def _begin_stream(self) -> None:
        unit = self._unit
        if not unit.read_only or unit.opening or unit.streaming or unit.dialect.can_stream_in_autocommit:
            return
        # Give the autocommit connection back first: the level of one in use cannot be changed.
        await super().commit()
        await self.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        unit.streaming = True


class StreamingDatabase:
    """The streams of a Database.

    Attributes:
        room: For what waits for slow readers of all of them.
    """

    room: SpoolRoom
    settings: Settings
    open: Callable[..., Awaitable[Any]]

    def stream(
        self, shape: type[T], statement: Any = None, *, partition: int = MOST_ROWS, hold: float | None = None
    ) -> Stream[T]:
        """Fetch rows as they are read, with flat memory, over a short session of the stream's own.

        `async for user in db.stream(UserOut, select(User))`; `.partitions(n)`, `.lines()`, `.array()`, `.csv()`.
        All rows are those of one moment. Each fetch has the deadline of a statement, the whole has none; MySQL and
        MariaDB end it after an hour.

        Args:
            shape: A Pydantic model, dataclass or TypedDict; `dict`; or a mapped class, whose objects are detached.
            statement: As for `Session.all`.
            partition: Rows that are fetched at once, at the most: fewer where they are long.
            hold: Seconds that the reader may keep the connection waiting, in all, before the rest is moved to a
                temporary file and the connection is free. None: without end for objects, `Deadlines.hold` for bytes.
                Rows that are not read as JSON (`dict`, mapped classes, `explain_shape`: "rows") stay where they are.

        Raises:
            ConfigurationError: Shape and statement do not fit; when the first row is asked for.
        """
        return Stream(
            Source(self._open_reader, self._open_reader, self.settings.deadlines.hold, self.room),
            shape,
            statement,
            partition=partition,
            hold=hold,
        )

    async def _open_reader(self) -> Any:
        return await self.open(read_only=True)

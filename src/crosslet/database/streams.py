"""Stream: rows that are fetched as they are read, with flat memory, as objects or as the bytes of an export.

The connection is its own and short-lived, so a stream may outlive the request that asked for it. Where its rows come
from is in feeds.py, how they are pulled in pulls.py, how bytes are written in formats.py.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from crosslet.database.feeds import Feed, Feeding
from crosslet.database.formats import Array, Lines, Table
from crosslet.database.pulls import Pull
from crosslet.database.spool import SpoolRoom
from crosslet.errors import ConfigurationError
from crosslet.shapes import Mode, mapper_of, objects_of, refuse_strangers, written

T = TypeVar("T")
# Rows of a piece, where nobody says how many.
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """What a stream reads with.

    Attributes:
        open: Gives the session.
        beside: Opens a further reader; None where the session is not the stream's own.
        hold: Seconds that the reader of bytes may keep the connection waiting, in all.
        room: Where the rest goes then.
    """

    open: Callable[[], Awaitable[Any]]
    beside: Callable[[], Awaitable[Any]] | None
    hold: float
    room: SpoolRoom


class Stream(Generic[T]):
    """Rows of a statement, fetched as they are read. It is made by `db.stream` and `session.stream`, and read once.

    `async for user in stream`, `async for users in stream.partitions(500)`, or bytes: `lines()`, `array()`, `csv()`.
    Nothing is sent before the first of them is asked for. `async with` ends it wherever the block is left; without that
    it ends with the loop's last row, or when Python forgets the loop.
    """

    def __init__(
        self, source: Source, shape: Any, statement: Any, *, partition: int = MOST_ROWS, hold: float | None = None
    ) -> None:
        _refuse_none(partition)
        self._source = source
        self._shape = shape
        self._statement = statement
        self._most = partition
        self._hold = hold
        self._pull: Pull | None = None
        self._is_begun = False

    @property
    def is_own(self) -> bool:
        """Tell whether it has a connection of its own; else it ends with the unit that it reads in."""
        return self._source.beside is not None

    # --- objects ------------------------------------------------------------------------------------

    def __aiter__(self) -> AsyncIterator[T]:
        return self._rows()

    async def _rows(self) -> AsyncIterator[T]:
        async with self._pulled(Mode.READ, self._hold) as (feed, pull):
            while some := await pull.next():
                for found in self._objects(feed, some):
                    yield found

    async def partitions(self, size: int | None = None) -> AsyncIterator[list[T]]:
        """Yield lists of rows.

        Args:
            size: Rows of a list; the last may have fewer. None for lists of whatever size is quickest, up to the
                stream's `partition`.
        """
        if size is not None:
            _refuse_none(size)
            self._most = size
        async with self._pulled(Mode.READ, self._hold, is_exact=size is not None) as (feed, pull):
            kept: list[T] = []
            while some := await pull.next():
                kept += self._objects(feed, some)
                while kept and (size is None or len(kept) >= size):
                    yield kept[:size]
                    kept = kept[size:] if size is not None else []
            if kept:
                yield kept

    def _objects(self, feed: Feed, some: list[Any]) -> list[Any]:
        return objects_of(self._shape, some) if feed.gives_texts else some

    # --- bytes --------------------------------------------------------------------------------------

    def lines(self) -> AsyncIterator[bytes]:
        """Yield JSON Lines (NDJSON), some whole lines at a time; made by the database where `json()` would be."""
        return self._written(Lines())

    def array(self) -> AsyncIterator[bytes]:
        """Yield one array of JSON, in pieces."""
        return self._written(Array())

    def csv(self, *, for_spreadsheets: bool = False) -> AsyncIterator[bytes]:
        """Yield CSV with a header, some whole lines at a time: values as in JSON, None as nothing.

        Args:
            for_spreadsheets: Begin with a byte order mark, and put an apostrophe before texts that Excel and others
                would run as formulas. Programs that read the file get the apostrophe, too.
        """
        return self._written(Table(self._shape, for_spreadsheets=for_spreadsheets))

    async def _written(self, form: Lines) -> AsyncIterator[bytes]:
        if mapper_of(self._shape) is not None:
            raise ConfigurationError(
                f"Bytes are made of a shape, and {self._shape.__name__} is a mapped class: give stream() a Pydantic "
                "model, a dataclass or a TypedDict."
            )
        hold = self._source.hold if self._hold is None else self._hold
        async with self._pulled(Mode.SENT, hold) as (feed, pull):
            # Whatever is wrong with the statement shows before the first byte.
            some = self._texts(feed, await pull.next())
            first = form.first(some)
            if first:
                yield first
            while some := self._texts(feed, await pull.next()):
                yield form.more(some)
            if last := form.last():
                yield last

    def _texts(self, feed: Feed, some: list[Any]) -> list[str]:
        plan = feed.plan
        if plan is not None and plan.kept.mode is Mode.SENT:
            if plan.kept.may_hold_strangers:
                refuse_strangers(self._shape, some)
            return some
        return [written(self._shape, found).decode() for found in self._objects(feed, some)]

    # --- beginning and end --------------------------------------------------------------------------

    @asynccontextmanager
    async def _pulled(
        self, mode: Mode, hold: float | None, *, is_exact: bool = False
    ) -> AsyncIterator[tuple[Feed, Pull]]:
        if self._is_begun:
            raise ConfigurationError("A stream is read once: call stream() again.")
        self._is_begun = True
        session = await self._source.open()
        try:
            feed = await self._feeding(session).open(self._shape, self._statement, mode)
        except BaseException:
            if self.is_own:
                await session.close()
            raise
        held = hold if self.is_own else None
        self._pull = Pull(feed, most=self._most, hold=held, room=self._source.room, is_exact=is_exact)
        try:
            yield feed, self._pull
        finally:
            await self._pull.close()

    def _feeding(self, session: Any) -> Feeding:
        return Feeding(session, self._source.beside, most=self._most)

    async def aclose(self) -> None:
        """End it: the cursor is closed and the connection free."""
        self._is_begun = True
        if self._pull is not None:
            await self._pull.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


def _refuse_none(rows: int) -> None:
    if rows < 1:
        raise ConfigurationError("A stream's partition is a number of rows, 1 at least.")

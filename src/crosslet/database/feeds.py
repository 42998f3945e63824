"""Where a stream's rows come from: the driver's own cursor, or SQLAlchemy's result; as JSON texts, or as objects.

A feed gives some rows at a time and lets go of its connection with the last. What is done with them is in streams.py.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncResult

from crosslet.connections import DirectRows
from crosslet.database import trees
from crosslet.errors import ConfigurationError
from crosslet.reads import refuse_cached
from crosslet.shapes import Mode, Plan, entity_of, is_shape, level_of, mapper_of, objects_from_rows, reading_of


class Feed(ABC):
    """Rows, some at a time.

    Attributes:
        gives_texts: They are JSON as the database made it; else they are objects.
        reads_ahead: The next rows may be fetched while the last ones are handled: nobody else uses the connection.
        plan: How the JSON was made; None for objects.
    """

    gives_texts: bool = False
    reads_ahead: bool = False

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan

    @abstractmethod
    async def fetch(self, count: int) -> list[Any]:
        """Fetch at most so many; none means that there are no more, and that the connection is free."""

    @abstractmethod
    async def close(self) -> None:
        """End it early, and let go of the connection."""


class DirectFeed(Feed):
    """JSON over the driver's own cursor."""

    gives_texts = True
    reads_ahead = True

    def __init__(self, rows: DirectRows, plan: Plan) -> None:
        super().__init__(plan)
        self._rows = rows

    async def fetch(self, count: int) -> list[str]:
        """Fetch some texts.

        Raises:
            ResultCut: The server could not send one, or warned with the last that one was cut.
        """
        texts = trees.last(await self._rows.fetch(count))
        trees.refuse_cut(self._rows.warnings)
        return texts

    async def close(self) -> None:
        """Let go of the connection."""
        await self._rows.close()


class SessionFeed(Feed):
    """Rows over SQLAlchemy's result: inside a unit, where somebody listens, and what is not read as JSON.

    Args:
        session: Whose statement it is.
        result: Of the statement, streamed.
        make: Makes what is wanted of some rows.
        plan: As for a feed.
        is_own: The session is the stream's: it ends with it.
    """

    def __init__(
        self,
        session: Any,
        result: AsyncResult[Any],
        make: Callable[[Sequence[Any]], Awaitable[list[Any]]],
        *,
        plan: Plan | None,
        is_own: bool,
    ) -> None:
        super().__init__(plan)
        self._session = session
        self._result = result
        self._make = make
        self._is_own = is_own
        self.gives_texts = plan is not None
        self.reads_ahead = is_own

    async def fetch(self, count: int) -> list[Any]:
        """Fetch some rows and make what is wanted of them."""
        self._adopt()
        rows = await self._result.fetchmany(count)
        if rows:
            return await self._make(rows)
        if self.plan is not None:
            await self._session.tree_reader().refuse_cut()
        await self.close()
        return []

    async def close(self) -> None:
        """Close the cursor, and the session where it is the stream's own."""
        self._adopt()
        if not self._session.unit.closed:
            await self._result.close()
        if self._is_own:
            await self._session.close()

    def _adopt(self) -> None:
        """Let the task that reads have the stream's own session: nobody else can use it."""
        if self._is_own:
            self._session.unit.owner = asyncio.current_task()


async def texts_of(rows: Sequence[Any]) -> list[Any]:
    """Return the JSON of rows."""
    return trees.last(rows)


class Feeding:
    """Opens the feed of a shape over a statement.

    Args:
        session: The one that it runs in.
        other: Opens a reader beside it, where the session is the stream's own; None inside a unit.
        most: Rows that may be fetched at once.
    """

    def __init__(self, session: Any, other: Callable[[], Awaitable[Any]] | None, *, most: int) -> None:
        self._session = session
        self._most = most
        self._other = other

    async def open(self, shape: Any, statement: Any, mode: Mode) -> Feed:
        """Send the statement.

        Raises:
            ConfigurationError: Shape and statement do not fit.
        """
        refuse_cached(statement)
        reader = self._session.tree_reader()
        plan = await trees.plan_of(reader, shape, statement, mode) if is_shape(shape) else None
        if plan is None:
            return await self._of_reading(shape, statement)
        if plan.kept.statement is None:
            return await self._of_rows(shape, plan)
        if self._other is not None:
            # To learn the server's version it may have connected.
            await self._session.release()
            direct = await reader.open(plan)
            if direct is not None:
                await self._session.close()
                return DirectFeed(direct, plan)
        selecting = reader.sent(plan).execution_options(**plan.asked.get_execution_options())
        return await self._streamed(selecting, texts_of, plan=plan, values=plan.values)

    async def _streamed(
        self, statement: Any, make: Any, *, plan: Plan | None = None, values: dict[str, Any] | None = None
    ) -> Feed:
        sending = statement.execution_options(yield_per=self._most)
        result = await self._session.stream(sending, values)
        return SessionFeed(self._session, result, make, plan=plan, is_own=self._other is not None)

    async def _of_reading(self, shape: Any, statement: Any) -> Feed:
        """Read entities, dictionaries, and shapes of the columns of rows."""
        reading = reading_of(shape, statement)
        is_entity = mapper_of(shape) is not None
        if not is_entity and not hasattr(reading.statement, "execution_options"):
            raise ConfigurationError("stream() takes a shape or a mapped class, and a statement.")

        async def make(rows: Sequence[Any]) -> list[Any]:
            return reading.decode(IteratorResult(SimpleResultMetaData(rows[0]._fields), iter(map(tuple, rows))))

        async def entities(rows: Sequence[Any]) -> list[Any]:
            return [row[0] for row in rows]

        return await self._streamed(reading.statement, entities if is_entity else make)

    async def _of_rows(self, shape: Any, plan: Plan) -> Feed:
        """Read columns, and a statement for each list below some rows."""
        level = level_of(plan.kept.outline, entity_of(plan.asked))
        beside = level.lists and not self._session.unit.dialect.can_interleave
        if beside and self._other is None:
            return WholeFeed(await trees.read(self._session.tree_reader(), shape, plan.asked) or [])

        async def make(rows: Sequence[Any]) -> list[Any]:
            session = await self._other() if beside and self._other is not None else self._session
            try:
                return objects_from_rows(shape, await trees.dictionaries_of(session.tree_reader(), plan, level, rows))
            finally:
                if session is not self._session:
                    await session.close()

        return await self._streamed(level.selecting(plan.asked), make)


class WholeFeed(Feed):
    """Objects that were read whole: a unit on MySQL and MariaDB cannot ask for their lists beside a cursor."""

    def __init__(self, found: list[Any]) -> None:
        super().__init__()
        self._found = found

    async def fetch(self, count: int) -> list[Any]:
        """Hand over some."""
        some, self._found = self._found[:count], self._found[count:]
        return some

    async def close(self) -> None:
        """Forget the rest."""
        self._found = []

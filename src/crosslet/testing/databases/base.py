"""What the databases of a test run have in common, whatever a copy is made of."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL

from crosslet.connections import Connections
from crosslet.database import Database
from crosslet.testing.sandbox import SandboxConnections, for_tests, sandbox

T = TypeVar("T")
# Makes the tables of an empty database, and the rows that every test finds there.
Schema = Callable[[Database], Awaitable[None]]


class Databases(ABC):
    """A template, made once, and a copy of it for whoever asks.

    Args:
        prefix: What the names of all of them begin with; nobody else's may.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._made = 0
        self._sandboxes: dict[Database, tuple[URL, SandboxConnections]] = {}

    @asynccontextmanager
    async def sandbox(self, db: Database) -> AsyncIterator[Database]:
        """Point a Database at a sandbox on a copy; see `crosslet.testing.sandbox`."""
        url, kept = self._sandboxes.pop(db, None) or (await self.take(), None)
        connections = kept
        try:
            async with sandbox(db, kept or url) as connections:
                yield db
        finally:
            if connections is None or connections.is_lost or db in self._sandboxes:
                # What a lost one has left behind is not for the next test; and one is enough.
                await self.give_back(url)
            else:
                self._sandboxes[db] = url, connections

    @asynccontextmanager
    async def copy(self, db: Database) -> AsyncIterator[Database]:
        """Point a Database at a copy of its own, in which units commit for good; it is gone afterwards."""
        url = await self.take()
        try:
            async with elsewhere(db, url):
                yield db
        finally:
            await self.give_back(url)

    @contextmanager
    def sync_copy(self, db: Database) -> Iterator[Database]:
        """Do as `copy` does for a test that is no coroutine, whose client has an event loop in a thread."""
        url = apart(self.take)
        try:
            with db.through(lambda prepare: Connections(url, for_tests(db.settings), prepare)):
                yield db
        finally:
            apart(lambda: self.give_back(url))

    async def prepare(self, db: Database, schema: Schema) -> None:
        """Make the template."""
        async with elsewhere(db, await self._create()):
            await schema(db)

    def _next_name(self) -> str:
        self._made += 1
        return f"{self._prefix}_{self._made}"

    @abstractmethod
    async def _create(self) -> URL:
        """Make an empty database, the template."""

    @abstractmethod
    async def take(self) -> URL:
        """Make a copy."""

    @abstractmethod
    async def give_back(self, url: URL) -> None:
        """Remove a copy, or make it what it was."""

    async def end(self) -> None:
        """Remove all of them."""
        for url, _ in self._sandboxes.values():
            await self.give_back(url)
        self._sandboxes.clear()


@asynccontextmanager
async def elsewhere(db: Database, url: URL) -> AsyncIterator[Database]:
    """Point a Database at another database, with connections of its own there."""
    with db.through(lambda prepare: Connections(url, for_tests(db.settings), prepare)):
        try:
            yield db
        finally:
            await db.close()


def apart(step: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Await something in an event loop of its own, also where one runs already: in a thread."""
    with ThreadPoolExecutor(1, thread_name_prefix="crosslet-testing") as thread:
        return thread.submit(lambda: asyncio.run(step())).result()

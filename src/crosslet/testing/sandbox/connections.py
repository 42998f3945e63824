"""Connections whose two engines share one connection of the driver's, inside a transaction that is never committed."""

import asyncio
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only

from crosslet.connections import Connections, Driver, EnginePair, OpenConnections, Prepare, dump_json
from crosslet.errors import SandboxRefused
from crosslet.settings import Settings
from crosslet.testing.sandbox.dialects import put_into_sandbox
from crosslet.testing.sandbox.turns import Turn, Turns
from crosslet.testing.sandbox.words import words_for


class SandboxConnections(Connections):
    """Where a sandbox's data is, for one test after another: what was compiled for one is there for the next.

    From `begin` to `end` it belongs to the event loop that `begin` was called in.

    Args:
        url: A database that is there for tests.
        settings: Those of the Database.
        prepare: As for Connections.

    Attributes:
        turns: Of the one connection; there from the first `begin` on.
        is_lost: After the end: the transaction was gone before, and may have left something behind.
    """

    turns: Turns

    def __init__(self, url: str | URL, settings: Settings, prepare: Prepare) -> None:
        super().__init__(url, for_tests(settings), prepare)
        self._real = self.driver
        self.driver = cast("Driver", SharedDriver(self._real))
        self.is_lost = False
        self._engines: EnginePair | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._raw: Any = None

    async def begin(self) -> None:
        """Open the connection and begin the transaction.

        Raises:
            Unavailable: There is no connection to be had.
        """
        await self._recognise_mariadb()
        words = words_for(self.dialect)
        if self._engines is None:
            limits = self.settings
            self.turns = Turns(self._real, words, wait=limits.pool.wait, seconds=limits.deadlines.commit)
            self._engines = self._make_pair()
        self._raw = raw = await self.open_alone()
        self._loop = asyncio.get_running_loop()
        self.turns.begin(raw)
        statements = self.dialect.session_statements(self.settings.deadlines, read_only=False)
        for statement in (*statements, *words.prepare):
            await self._real.run(raw, statement)
        await self.turns.say(words.begin)
        for engine in (self._engines.reader, self._engines.writer):
            # Now, and not while a unit is on its way.
            async with engine.connect():
                pass

    async def end(self) -> None:
        """Undo everything and close the connection.

        Raises:
            SandboxLost: The transaction was gone before, and nobody was told.
        """
        raw, self._raw, self._loop = self._raw, None, None
        if raw is None:
            return
        try:
            # A unit that is still open loses its connection with what it did.
            if self.turns.turn is None and self.turns.lost is None:
                await self.turns.say((*self.turns.words.still_there, "ROLLBACK"))
        finally:
            self.is_lost = self.turns.lost is not None
            if not self.is_lost:
                self.turns.lose("the test has ended")
            for engine in (self._engines.reader, self._engines.writer) if self._engines else ():
                engine.sync_engine.dispose(close=False)
            await self.close_alone(raw)
        if self.is_lost and not self.turns.is_told:
            self.turns.check()

    def known_pair(self) -> EnginePair | None:
        """Return the engines; None in another event loop than the test's."""
        return self._engines if asyncio.get_running_loop() is self._loop else None

    async def pair(self) -> EnginePair:
        """Return the engines.

        Raises:
            SandboxRefused: This is another event loop than the test's.
        """
        pair = self.known_pair()
        if pair is None:
            raise SandboxRefused(
                "A sandbox belongs to the event loop of its test, and this is another one (that of a thread, or of "
                "FastAPI's TestClient: `crosslet.testing.client_of(app)` stays in the test's)."
            )
        return pair

    async def close(self) -> None:
        """Leave everything open: an application that stops inside a test does not end the test."""

    def _make_pair(self) -> EnginePair:
        nothing_open = OpenConnections(self._real, 0.0)
        reader, writer = self._engine(read_only=True), self._engine(read_only=False)
        return EnginePair(reader, writer, (nothing_open, nothing_open))

    def _engine(self, *, read_only: bool) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            connect_args={"async_creator_fn": self._lend},
            hide_parameters=not self.settings.show_values,
            echo=self.settings.echo,
            json_serializer=dump_json,
            poolclass=type("OwnPool", (SandboxPool,), {"turns": self.turns}),
            # Without a limit: what there is one of, the turns are for.
            pool_size=0,
        )
        put_into_sandbox(engine.sync_engine, self.turns, self._real, self.dialect, read_only=read_only)
        self._prepare(engine, read_only)
        return engine

    async def _lend(self, *arguments: Any, **options: Any) -> Any:
        """Stand in for the driver's connect."""
        return self._raw


class SandboxPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's connections around the driver's one. A new one sends statements, for which it needs a turn."""

    turns: Turns

    def _create_connection(self) -> ConnectionPoolEntry:
        words = self.turns.words
        await_only(self.turns.take(asyncio.current_task(), words.open_unit, words.undo_unit))
        try:
            entry = super()._create_connection()
        except BaseException:
            self.turns.abandon(words.undo_unit)
            raise
        try:
            await_only(self.turns.say(words.keep_unit[-1:]))
        finally:
            self.turns.leave()
        return entry

    def _do_get(self) -> ConnectionPoolEntry:
        while (entry := super()._do_get()).dbapi_connection is None:
            # It would be opened again elsewhere.
            self._dec_overflow()
        return entry


class SharedDriver:
    """The driver, where many connections of SQLAlchemy's are one of the driver's: cutting one must not end them all.

    Args:
        driver: The real one; all else is its.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def cut(self, connection: Any) -> None:
        """Cut the connection if whoever asks for it still has the turn that it was given with."""
        if isinstance(connection, Turn) and connection.is_on:
            self._driver.cut(connection)


def for_tests(settings: Settings) -> Settings:
    """Return an application's settings for a server of the tests: its own TLS and pooler are not there."""
    return replace(settings, tls=None, pool=replace(settings.pool, transaction_pooler=False, keep=True))

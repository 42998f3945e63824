"""Engines: a pair (readers, writers) for each event loop and process, made when first used.

A connection belongs to the loop that opened it and must not cross a fork, so neither may an engine.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, finalize

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import Pool

from crosslet import errors
from crosslet.connections.deadlines import Watch, within
from crosslet.connections.direct import DirectReads, DirectWrites, count_listeners
from crosslet.connections.driver import Driver
from crosslet.connections.drivers import driver_named
from crosslet.connections.json_text import dump_json
from crosslet.connections.observers import Observers
from crosslet.connections.pools import OpenConnections, end_left_open, pool_arguments, test_rested
from crosslet.connections.reasons import is_unknown_option, reason_of
from crosslet.connections.tls import take_tls
from crosslet.dialects import Dialect, MariaDB, dialect_of, parse_url
from crosslet.settings import Settings

# Called with each new engine and whether it is the reader.
Prepare = Callable[[AsyncEngine, bool], None]

_left_behind: list[Any] = []


# Seconds between two tries of opening a SQLite file that another opens, too.
_BUSY_PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class EnginePair:
    """The two engines of one event loop, and what they hold open.

    Attributes:
        direct: Reads past the reader's engine; None where each needs a transaction or a connection of its own.
        direct_writes: The same for single statements that change rows, past the writer's.
    """

    reader: AsyncEngine
    writer: AsyncEngine
    open_connections: tuple[OpenConnections, OpenConnections]
    direct: DirectReads | None = None
    direct_writes: DirectWrites | None = None


class Connections:
    """Where the data is: the URL, made safe, and the engines of each event loop.

    Args:
        url: Any URL that `parse_url` takes. An in-memory SQLite database becomes a private temporary file,
            removed with this object: connections that share memory would share their transactions, too
            (measured: rows of rolled-back units were stored).
        settings: Pool, deadlines, TLS.
        prepare: Called with each new engine and whether it is the reader, to attach what watches it.

    Raises:
        ConfigurationError: The URL or its TLS options cannot work.
    """

    def __init__(self, url: str | URL, settings: Settings, prepare: Prepare) -> None:
        parsed = parse_url(url)
        self.dialect: Dialect = dialect_of(parsed)
        self.url, self.tls = take_tls(parsed, settings.tls, self.dialect)
        self.settings = settings
        self.observers = Observers()
        if settings.pool.transaction_pooler and not self.dialect.can_share_sessions:
            raise errors.ConfigurationError(f"A transaction pooler (pool='pgbouncer') speaks no {self.dialect.name}.")
        self.driver: Driver = driver_named(self.url.get_driver_name())
        self._prepare = prepare
        self._folder: _PrivateFolder | None = None
        if not self.dialect.has_server and self.url.database in {None, "", ":memory:"}:
            self._folder = _PrivateFolder()
            self.url = self.url.set(database=os.path.join(self._folder.path, "memory.db"), query={})
        self._arriving: dict[int, Watch] = {}
        self._pairs: WeakKeyDictionary[asyncio.AbstractEventLoop, EnginePair] = WeakKeyDictionary()
        self._pid = os.getpid()

    async def pair(self) -> EnginePair:
        """Return the engines of the running loop, making them on first use.

        For a `mysql://` URL the first use asks the server whether it is MariaDB, over a connection of its own.

        Raises:
            Unavailable: That question got no answer.
        """
        self._leave_other_process()
        loop = asyncio.get_running_loop()
        pair = self._pairs.get(loop)
        if pair is None:
            if self._folder is not None:
                self._folder.make()
            await self._recognise_mariadb()
            pair = self._pairs.setdefault(loop, self._make_pair())
        return pair

    def known_pair(self) -> EnginePair | None:
        """Return the engines of the running loop if they were made already."""
        self._leave_other_process()
        return self._pairs.get(asyncio.get_running_loop())

    def _leave_other_process(self) -> None:
        if self._pid == os.getpid():
            return
        # After a fork the sockets are the parent's, and so is the list of sockets that its event loop watches.
        # Dropping them here would close a transport and take its socket off the parent's list: keep them for good.
        _left_behind.extend(self._pairs.items())
        self._pairs = WeakKeyDictionary()
        self._pid = os.getpid()

    async def _recognise_mariadb(self) -> None:
        if self.dialect.name != "mysql" or self.dialect.version:
            return
        text = await self._server_version()
        version = tuple(int(part) for part in text.split("-")[0].split(".") if part.isdigit())
        if "MariaDB" in text:
            self.dialect = MariaDB()
            self.url = self.url.set(drivername=f"mariadb+{self.url.get_driver_name()}")
        else:
            self.dialect = self.dialect.with_version(version)

    async def open_alone(self) -> Any:
        """Open a connection of the driver's own that belongs to no pool; the caller ends it.

        Raises:
            Unavailable: There was no answer.
        """
        positional, options = _dialect_arguments(self.url)
        options.update(_driver_options(self.driver.arguments(self.tls, self.settings.pool)))
        return await self._connect(*positional, statements=(), **options)

    async def close_alone(self, connection: Any) -> None:
        """End such a connection at once: a goodbye could hang."""
        self.driver.cut(connection)
        await _drop(connection)

    async def _server_version(self) -> str:
        connection = await self.open_alone()
        try:
            return self.driver.version_text(connection)
        finally:
            connection.close()

    def _make_pair(self) -> EnginePair:
        reader, reading, own_listeners = self._make_engine(read_only=True)
        writer, writing, own_of_writer = self._make_engine(read_only=False)
        pool, deadlines = self.settings.pool, self.settings.deadlines
        if not pool.keep or pool.transaction_pooler:
            return EnginePair(reader, writer, (reading, writing))
        seen = self.observers
        direct = DirectReads(reader, self.driver, self.dialect, deadlines, own_listeners, seen)
        writes = DirectWrites(
            writer, self.driver, self.dialect, deadlines, own_of_writer, seen, ping_after=pool.ping_after
        )
        return EnginePair(reader, writer, (reading, writing), direct, writes)

    def _make_engine(self, *, read_only: bool) -> tuple[AsyncEngine, OpenConnections, int]:
        pool = self.settings.pool
        size = pool.readers if read_only else 1 if self.dialect.has_single_writer else pool.writers
        engine = create_async_engine(
            self.url,
            connect_args=self._connect_arguments(read_only=read_only),
            hide_parameters=not self.settings.show_values,
            echo=self.settings.echo,
            json_serializer=dump_json,
            **pool_arguments(self.settings, size),
            **self._mode(read_only=read_only),
        )
        # What listens already listens to every engine: it is somebody else's.
        foreign = count_listeners(engine.sync_engine)
        open_connections = OpenConnections(self.driver, self.settings.deadlines.close)
        open_connections.listen(engine.sync_engine.pool)
        self._watch_arrivals(engine.sync_engine.pool)
        test_rested(engine.sync_engine.pool, self.driver, self.settings)
        if not self.dialect.has_server:
            end_left_open(engine.sync_engine.pool)
        if not read_only and (begin := self.dialect.begin_statement()):
            event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        self._prepare(engine, read_only)
        return engine, open_connections, count_listeners(engine.sync_engine) - foreign

    def _mode(self, *, read_only: bool) -> dict[str, Any]:
        # Behind a pooler a reader needs a transaction: its settings live no longer than that.
        if not read_only or self.settings.pool.transaction_pooler:
            return {}
        return {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}

    def _connect_arguments(self, *, read_only: bool) -> dict[str, Any]:
        shared = self.settings.pool.transaction_pooler
        statements = () if shared else self.dialect.session_statements(self.settings.deadlines, read_only=read_only)
        arguments = self.driver.arguments(self.tls, self.settings.pool)
        if self.dialect.begin_statement():
            # The driver must not begin transactions of its own; see "begin" above.
            arguments["isolation_level"] = None
        return {**arguments, "async_creator_fn": partial(self._connect_watched, statements=statements)}

    async def _connect_watched(self, *args: Any, statements: tuple[str, ...], **options: Any) -> Any:
        """Connect, and watch on: SQLAlchemy sends statements of its own before the pool hands the connection out."""
        end = asyncio.get_running_loop().time() + self.settings.deadlines.connect
        connection = await self._connect(*args, statements=statements, **options)
        left = max(0.0, end - asyncio.get_running_loop().time())
        self._arriving[id(connection)] = Watch(partial(self.driver.cut, connection), left)
        return connection

    def _watch_arrivals(self, pool: Pool) -> None:
        def arrived(connection: Any, *rest: Any) -> None:
            watch = self._arriving.pop(id(connection.driver_connection), None)
            if watch is not None:
                watch.stop()

        event.listen(pool, "checkout", arrived)
        event.listen(pool, "close", arrived)

    async def _connect(self, *args: Any, statements: tuple[str, ...], **options: Any) -> Any:
        """Connect, check TLS, set the session up: all within the connect deadline."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.settings.deadlines.connect
        try:
            async with asyncio.timeout_at(end):
                connection = await self.driver.connect(*args, **options)
        except Exception as error:
            raise self._cannot_connect(error) from None
        try:
            await within(
                max(0.0, end - loop.time()),
                partial(self.driver.cut, connection),
                self._set_up(connection, statements),
            )
        except BaseException as error:
            self.driver.cut(connection)
            await _drop(connection)
            if isinstance(error, Exception):
                raise self._cannot_connect(error) from None
            raise
        return connection

    async def _set_up(self, connection: Any, statements: tuple[str, ...]) -> None:
        if self.tls.mode != "off" and self.dialect.has_server and not self.driver.is_encrypted(connection):
            raise errors.CannotConnect("the server speaks plain text and tls asks for encryption")
        end = asyncio.get_running_loop().time() + self.settings.deadlines.connect
        for statement in statements:
            # Another process may hold the file: there is no event to wait for.
            while not await self._is_set(connection, statement, end):  # noqa: ASYNC110
                await asyncio.sleep(_BUSY_PAUSE)

    async def _is_set(self, connection: Any, statement: str, end: float) -> bool:
        """Run a statement of the set-up; tell whether it is done, or another opens the same SQLite file just now.

        Switching a file to WAL needs it alone, and SQLite's own waiting does not cover that.
        """
        try:
            await self.driver.run(connection, statement)
        except Exception as error:
            busy = not self.dialect.has_server and issubclass(self.dialect.classify(error).kind, errors.DatabaseBusy)
            if not busy or asyncio.get_running_loop().time() > end:
                raise
            return False
        return True

    def _cannot_connect(self, error: Exception) -> errors.DatabaseError:
        if isinstance(error, errors.DatabaseError):
            return error
        if is_unknown_option(error):
            raise errors.ConfigurationError(
                f"{self.driver.name} does not know an option of the URL's query string, or its value: "
                f"{', '.join(sorted(self.url.query))}. See the driver's manual for the options of its connect()."
            )
        failure = self.dialect.classify(error, connecting=True)
        if not issubclass(failure.kind, errors.CannotConnect):
            return failure.kind(sqlstate=failure.sqlstate)
        reason = reason_of(error, failure.sqlstate)
        return errors.CannotConnect(f"{reason} at {self._place()}", sqlstate=failure.sqlstate, orig=error)

    def _place(self) -> str:
        if not self.dialect.has_server:
            return str(self.url.database)
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.host or 'the local socket'}{port}"

    async def close(self) -> None:
        """Close the running loop's connections within the close deadline, and forget all other loops'."""
        pair = self.known_pair()
        for other in self._pairs.values():
            if other is not pair:
                _forget(other)
        self._pairs = WeakKeyDictionary()
        if pair is not None:
            await _bounded(self.settings.deadlines.close, pair)
        if self._folder is not None:
            self._folder.remove()


class _PrivateFolder:
    """A temporary folder that is removed with its owner, without a warning when nobody closed it."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="crosslet-")
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def make(self) -> None:
        """Make the folder where it was removed: the database is used again, from nothing."""
        os.makedirs(self.path, mode=0o700, exist_ok=True)

    def remove(self) -> None:
        """Remove the folder and the files in it."""
        shutil.rmtree(self.path, ignore_errors=True)


async def _bounded(seconds: float, pair: EnginePair) -> None:
    def cut() -> None:
        for connections in pair.open_connections:
            connections.cut()

    async def dispose() -> None:
        if pair.direct is not None:
            await pair.direct.settle()
        await pair.reader.dispose()
        await pair.writer.dispose()

    try:
        await within(seconds, cut, dispose())
    except TimeoutError:
        _forget(pair)


def _forget(pair: EnginePair) -> None:
    pair.reader.sync_engine.dispose(close=False)
    pair.writer.sync_engine.dispose(close=False)


async def _drop(connection: Any) -> None:
    """Close a driver's connection that was cut; whatever it says about that is of no interest."""
    try:
        closing = connection.close()
        if isinstance(closing, Awaitable):
            await closing
    except Exception:  # noqa: S110  # The first error is the one to report.
        pass


def _dialect_arguments(url: URL) -> tuple[list[Any], dict[str, Any]]:
    positional, options = url.get_dialect()().create_connect_args(url)
    return list(positional), dict(options)


def _driver_options(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "prepared_statement_cache_size"}

"""Database: the object that an application holds. A shell over connections and transactions."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL, literal, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crosslet.cache import Store
from crosslet.connections import Connections, EnginePair, Explain
from crosslet.database.arguments import mapped, metadata_of
from crosslet.database.caching import CacheVerbs, results_of
from crosslet.database.contexts import UnitContext
from crosslet.database.elsewhere import Elsewhere
from crosslet.database.session import Session
from crosslet.database.signing import Signing
from crosslet.database.spool import SpoolRoom
from crosslet.database.streaming import StreamingDatabase
from crosslet.dialects import Dialect
from crosslet.errors import CannotConnect, ConfigurationError, ConnectionLost, StatementTimeout
from crosslet.facts import Detail, Trace, trace
from crosslet.loading import FetchMode, checked_mode
from crosslet.models import Model
from crosslet.reads import Filters, RowFilter, checked_filters
from crosslet.settings import Deadlines, PoolPreset, PoolSettings, Retry, Settings, Tls, TlsMode, settings_from
from crosslet.shapes import Explanation, explain, source_of, verify
from crosslet.transactions import (
    ConstraintNames,
    Hook,
    Unit,
    explain_changes,
    explain_reads,
    guard_engine,
)

T = TypeVar("T")
P = ParamSpec("P")
_LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")


class Database(CacheVerbs, Elsewhere, StreamingDatabase):
    """A database, and the units of work on it.

    Nothing is opened before it is needed; engines are made for each event loop and process that uses it.

    Args:
        url: `postgresql://`, `mysql://`, `mariadb://` or `sqlite://`; the installed async driver is found. A
            `mysql://` server that turns out to be MariaDB is treated as one. In-memory SQLite becomes a private
            temporary file.
        pool: A preset (`web`, `worker`, `serverless`, `pgbouncer`) or PoolSettings.
        tls: `off`, `require`, `verify` or Tls(); without it a host beyond the loopback is verified.
        deadlines: How long each step may take.
        retry: How `run` repeats a unit.
        metadata: The tables, for `create_all`, `drop_all` and for naming the fields of a broken constraint. A
            declarative base will do; several can be given in a list. Default: that of `Model`.
        echo: Log statements through SQLAlchemy's logger.
        show_values: Leave values in logs and driver texts, for development.
        row_filters: Criteria for every statement of the ORM, by name; soft delete is there without being named.
        secret: Signs cursors; in a list, the first signs and the others are taken as well, so that it can be changed.
            Without one the URL's password does, else chance: then cursors are good in this process only.
        cache: Where results that `cached` allows to be kept are: a MemoryCache of its own without it, or a RedisCache.
        cache_scope: Called at each read that may be kept. Results are shared only where it returns the same text: the
            tenant, say, where the server's row-level security goes by a variable that a hook of the pool sets.
        fetch_mode: How attributes of ORM objects load that no statement has loaded, where neither the statement
            (`fetch`) nor the class (`__fetch_mode__`) says so: `peers`, `one`, `raise` or `raise_n_plus_one`.

    Raises:
        ConfigurationError: URL or settings cannot work; nothing was opened.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        pool: PoolPreset | PoolSettings = "web",
        tls: TlsMode | Tls | None = None,
        deadlines: Deadlines | None = None,
        retry: Retry | None = None,
        metadata: Any = Model,
        echo: bool = False,
        show_values: bool = False,
        row_filters: Sequence[RowFilter] = (),
        secret: str | Sequence[str] | None = None,
        cache: Store | None = None,
        cache_scope: Callable[[], str] | None = None,
        fetch_mode: FetchMode | None = None,
    ) -> None:
        self._fetch_mode = None if fetch_mode is None else checked_mode(fetch_mode)
        self.settings = Settings(
            pool=PoolSettings.preset(pool) if isinstance(pool, str) else pool,
            tls=Tls(mode=tls) if isinstance(tls, str) else tls,
            deadlines=deadlines or Deadlines(),
            retry=retry or Retry(),
            echo=echo,
            show_values=show_values,
            secrets=(secret,) if isinstance(secret, str) else tuple(secret or ()),
        )
        self.room = SpoolRoom(self.settings.pool.spool_bytes)
        # No variable named it: worth a word at an application's start.
        self.is_fallback = False
        self._metadata = [metadata_of(item) for item in (metadata if isinstance(metadata, list) else [metadata])]
        self._row_filters = checked_filters(row_filters)
        self._names = ConstraintNames(lambda: self._metadata)
        self._explain: Explain | None = None
        self._explain_changes: Explain | None = None
        self._connections = Connections(url, self.settings, self._guard)
        self._signing = Signing(self.settings.secrets, self._connections.url)
        self._results = results_of(cache, cache_scope, self._connections)

    @classmethod
    def from_env(
        cls,
        *,
        metadata: Any = Model,
        retry: Retry | None = None,
        row_filters: Sequence[RowFilter] = (),
        cache: Store | None = None,
        cache_scope: Callable[[], str] | None = None,
        fetch_mode: FetchMode | None = None,
    ) -> Self:
        """Make a Database from `DATABASE_URL` (else the SQLite file `crosslet.db`) and the `CROSSLET_*` variables.

        Args:
            metadata: As for Database.
            retry: As for Database; there are no variables for it.
            row_filters: As for Database.
            cache: As for Database; there are no variables for it.
            cache_scope: As for Database.
            fetch_mode: As for Database.

        Raises:
            ConfigurationError: A variable is unknown or does not fit.
        """
        url, settings = settings_from(os.environ)
        database = cls(
            url,
            pool=settings.pool,
            tls=settings.tls,
            deadlines=settings.deadlines,
            retry=retry,
            metadata=metadata,
            echo=settings.echo,
            show_values=settings.show_values,
            row_filters=row_filters,
            secret=settings.secrets,
            cache=cache,
            cache_scope=cache_scope,
            fetch_mode=fetch_mode,
        )
        database.is_fallback = not os.environ.get("DATABASE_URL")
        return database

    @property
    def dialect(self) -> Dialect:
        """Say what the database can do. For `mysql://` it is known after the first use."""
        return self._connections.dialect

    @property
    def connections(self) -> Connections:
        """Show what lies underneath, for tools: driver, settled TLS, engines."""
        return self._connections

    @property
    def url(self) -> str:
        """Show the URL with its driver, the password masked."""
        return self._connections.url.render_as_string(hide_password=True)

    def __repr__(self) -> str:
        return f"Database({self.url!r})"

    # --- units of work ---------------------------------------------------------------------------

    def read(self) -> UnitContext:
        """Open a unit that only reads: `async with db.read() as session`.

        Every statement stands alone, with no BEGIN around it; the server itself refuses changes.
        """
        return UnitContext(self.open, self.finish, self.settings.retry, read_only=True)

    def write(self, *, isolation: str | None = None) -> UnitContext:
        """Open a unit of work: `async with db.write() as session`.

        The end of the block commits and returns when the database has confirmed it; an exception rolls back.
        BEGIN is sent with the first statement.

        Args:
            isolation: `READ COMMITTED`, `REPEATABLE READ` or `SERIALIZABLE`; the server's default without it. On
                SQLite each of them is SERIALIZABLE, the only level it has.

        Raises:
            ConfigurationError: There is no such level.
        """
        return UnitContext(self.open, self.finish, self.settings.retry, read_only=False, isolation=isolation)

    async def run(self, unit: Callable[Concatenate[Session, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a whole unit of work, again from its start when a failure may pass.

        Each attempt gets a fresh session; load and change everything through it. What the unit does beside the
        database may happen more than once: leave that to `session.after_commit`.

        Args:
            unit: Called as `unit(session, *args, **kwargs)`; its result is returned after the commit.
            *args: Handed to the unit.
            **kwargs: Handed to the unit.

        Raises:
            Exception: What the last attempt raised. Never repeated: a CommitOutcomeUnknown, and a unit that
                called `session.commit()` before it failed.
        """
        return await self.write().run(unit, *args, **kwargs)

    async def open(self, *, read_only: bool, isolation: str | None = None) -> Session:
        """Open a session whose unit the caller ends: with `finish`, or `Session.close`.

        `read`, `write` and the dependencies of crosslet.web do both; use them.
        """
        session = self._open(self._connections.known_pair() or await self._connections.pair(), read_only=read_only)
        if isolation is not None:
            await self._isolate(session, isolation)
        return session

    def open_reader(self) -> Session | None:
        """Open a session that only reads, at once; None where engines must be made first: then `open` does it."""
        pair = self._connections.known_pair()
        return None if pair is None else self._open(pair, read_only=True)

    def _open(self, pair: EnginePair, *, read_only: bool) -> Session:
        dialect, pooled = self.dialect, self.settings.pool.transaction_pooler
        unit = Unit(
            dialect=dialect,
            driver=self._connections.driver,
            deadlines=self.settings.deadlines,
            read_only=read_only,
            opening=dialect.unit_statements(self.settings.deadlines, read_only=read_only) if pooled else (),
            owner=asyncio.current_task(),
            ledger=None if read_only else self._results,
            fetch_mode=self._fetch_mode,
            observers=self._connections.observers,
        )
        if self._explain is None:
            shown = self.settings.show_values
            self._explain = explain_reads(dialect, self._names, show_values=shown)
            self._explain_changes = explain_changes(dialect, self._names, show_values=shown)
        filters = Filters(self._row_filters, self._metadata)
        if read_only:
            session = Session(pair.reader, unit, filters, pair.direct, self._explain, results=self._results)
        else:
            explain_, direct = self._explain_changes, pair.direct_writes
            session = Session(pair.writer, unit, filters, None, explain_, direct, results=self._results)
        session.home = self
        session.signer = self._signing.signer
        return session

    async def _isolate(self, session: Session, isolation: str) -> None:
        if isolation not in _LEVELS:
            raise ConfigurationError(f"isolation={isolation!r} is not a level: choose {', '.join(_LEVELS)}.")
        if isolation not in self.dialect.isolation_levels:
            return
        try:
            async with asyncio.timeout(self.settings.deadlines.connect + self.settings.pool.wait):
                if self.dialect.name in {"mysql", "mariadb"}:
                    await session.execute(text(f"SET TRANSACTION ISOLATION LEVEL {isolation}"))
                    return
                await session.connection(execution_options={"isolation_level": isolation})
        except TimeoutError:
            await session.close()
            raise CannotConnect("no answer in time") from None
        except BaseException:
            await session.close()
            raise

    async def finish(self, session: Session) -> list[Hook]:
        """Commit a session's unit, close it, and hand over its after-commit hooks.

        Raises:
            DatabaseError: The commit failed, or its outcome is unknown; the session is closed all the same.
        """
        try:
            return await session.confirm()
        finally:
            await session.close()

    def trace(
        self, *, detail: Detail = "sites", newest: int = 1000, values: bool = False, everywhere: bool = False
    ) -> Trace:
        """Gather what a block sends: `with db.trace() as found`, then `found.statements`; see `crosslet.facts.trace`.

        Args:
            detail: `sites` tells the line behind each statement; `production` costs less.
            newest: How many statements are kept.
            values: Keep their values as a text, masked unless `show_values`.
            everywhere: What all tasks send, not only the block and what it starts.
        """
        return trace(self, detail=detail, newest=newest, values=values, everywhere=everywhere)

    def verify(self, shape: Any, model: Any) -> None:
        """Check that a shape can be read from a mapped class, before anything is read.

        Args:
            shape: A Pydantic model, dataclass or TypedDict, with all that is nested in it.
            model: The mapped class.

        Raises:
            ConfigurationError: A field matches nothing, or cannot hold what it matches: the text names the field, what
                there is, and the nearest name.
        """
        verify(shape, mapped(model))

    async def explain_shape(self, shape: Any, statement: Any) -> Explanation:
        """Say how a shape is read from a statement, and what keeps it from a faster way. Only connects; reads nothing.

        Args:
            shape: A Pydantic model, dataclass or TypedDict.
            statement: `select(User)...`.

        Raises:
            ConfigurationError: Shape and statement do not fit.
        """
        source = source_of(shape, statement)
        if source is None:
            raise ConfigurationError("explain_shape() takes a shape, and a select() of one mapped class.")
        async with self.read() as session:
            await session.connection()
        pair = await self._connections.pair()
        return explain(shape, source, pair.reader.dialect)

    # --- the whole database ----------------------------------------------------------------------

    async def ping(self) -> None:
        """Ask the server for an answer, within the connect and ping deadlines.

        Raises:
            Unavailable: None came.
        """
        session = await self.open(read_only=True)
        unit = session.unit
        unit.deadlines = replace(unit.deadlines, statement=unit.deadlines.ping)
        try:
            await session.scalar(select(literal(1)))
        except (StatementTimeout, ConnectionLost):
            raise CannotConnect("no answer in time") from None
        finally:
            await session.close()

    async def create_all(self) -> None:
        """Create the tables that are missing. Existing ones are not changed: that is what migrations do.

        Raises:
            ConfigurationError: No table is declared, so nothing could be created.
        """
        if not any(metadata.tables for metadata in self._metadata):
            raise ConfigurationError(
                "No tables are declared: import the modules with your models first, and give Database(metadata=...) "
                "their base where it is not crosslet's Model."
            )
        for metadata in self._metadata:
            await self._with_schema(metadata.create_all)

    async def drop_all(self) -> None:
        """Drop the tables, and all their rows."""
        for metadata in reversed(self._metadata):
            await self._with_schema(metadata.drop_all)

    async def _with_schema(self, change: Callable[..., None]) -> None:
        pair = await self._connections.pair()
        async with pair.writer.begin() as connection:
            await connection.run_sync(change)
        await self.invalidate()

    async def close(self) -> None:
        """Close every connection within the close deadline. The Database can be used again; it reopens them."""
        await self._results.close()
        await self._connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def engine(self, *, read_only: bool = False) -> AsyncEngine:
        """Return SQLAlchemy's engine of the running loop, for what needs one. Its units are not watched."""
        pair = await self._connections.pair()
        return pair.reader if read_only else pair.writer

    def _guard(self, engine: AsyncEngine, read_only: bool) -> None:
        guard_engine(
            engine,
            self.dialect,
            self._names,
            show_values=self.settings.show_values,
            observers=self._connections.observers,
        )

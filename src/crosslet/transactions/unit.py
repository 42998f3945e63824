"""One unit of work: whose it is, whether it may still store anything, what runs after its commit.

Data and decisions only; `guards` feeds it from SQLAlchemy's events, `commit` ends it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, TableClause
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm import SessionTransaction

from crosslet import errors
from crosslet.connections import GRACE, Driver, Observers, Watch
from crosslet.dialects import Dialect
from crosslet.loading import FetchMode
from crosslet.reads import tag_of
from crosslet.settings import Deadlines

Hook = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Poison:
    """Why a unit may not commit, and the savepoint inside which it happened (None: none helps)."""

    cause: str
    retryable: bool
    savepoint: SessionTransaction | None


@dataclass(slots=True, eq=False, weakref_slot=True)
class Unit:
    """The state of one unit of work. It belongs to the task that opened it, as long as that task lives."""

    dialect: Dialect
    driver: Driver
    deadlines: Deadlines
    read_only: bool = False
    # Set inside each transaction where the session is shared through a pooler.
    opening: tuple[str, ...] = ()
    owner: "asyncio.Task[Any] | None" = None
    committer: "asyncio.Task[Any] | None" = None
    # Loads what it has touched of the unit's objects, while the owner waits for it.
    guest: "asyncio.Task[Any] | None" = None
    connection: Connection | None = None
    poison: Poison | None = None
    sent: bool = False
    # COMMIT is under way: an error may mean that it happened.
    committing: bool = False
    # COMMIT was answered with an error: nothing is stored.
    refused: bool = False
    # Transactions that were committed; a unit with one is never run again.
    commits: int = 0
    closed: bool = False
    # A reader in a transaction after all, for a server-side cursor.
    streaming: bool = False
    # A reader that has changed what the server knows of it: what it reads now may be for it alone.
    adjusted: bool = False
    watch: Watch | None = None
    hooks: list[tuple[SessionTransaction | None, Hook]] = field(default_factory=list)
    # Who is told of commits that change rows (a Ledger); None where nobody is.
    ledger: Any = None
    # Who is told of its statements.
    observers: Observers = field(default_factory=Observers)
    # Tags of what was changed and not committed yet, and what the ledger gave while its COMMIT is under way.
    written: set[str] = field(default_factory=set)
    doubt: Any = None
    # How attributes of its objects load that no statement has loaded; None: as their class says.
    fetch_mode: FetchMode | None = None

    def check(self) -> None:
        """Refuse use after the end and use by a second task.

        Raises:
            SessionClosed: The unit has ended.
            WrongTask: Another task owns it, and that task still runs.
        """
        if self.closed:
            raise errors.SessionClosed
        task = asyncio.current_task()
        if self.guest is not None:
            if task is not self.guest:
                raise errors.WrongTask(self.guest.get_name(), task.get_name() if task else "none")
            return
        if task is self.owner or task is self.committer:
            return
        if self.owner is None or self.owner.done():
            self.owner = task
            return
        raise errors.WrongTask(self.owner.get_name(), task.get_name() if task else "none")

    @contextmanager
    def lent(self, task: "asyncio.Task[Any] | None") -> Iterator[None]:
        """Let another task use the unit for a moment, and nobody else.

        Raises:
            WrongTask: The owner is waiting for a statement of its own.
        """
        if task is self.owner or self.guest is not None or self.owner is None or self.owner.done():
            yield
            return
        if self.watch is not None:
            raise errors.WrongTask(self.owner.get_name(), task.get_name() if task else "none")
        self.guest = task
        try:
            yield
        finally:
            self.guest = None

    def check_poison(self) -> None:
        """Refuse to go on after a database error that no savepoint has undone.

        Raises:
            UnitPoisoned: There was one.
        """
        if self.poison is not None:
            raise errors.UnitPoisoned(self.poison.cause, retryable=self.poison.retryable)

    def spoil(self, cause: str, *, retryable: bool, savepoint: SessionTransaction | None) -> None:
        """Note an error. The first one counts; one that no savepoint can undo replaces one that can."""
        if self.poison is None or savepoint is None:
            self.poison = Poison(cause, retryable, savepoint)

    def rolled_back(self, ended: SessionTransaction) -> None:
        """Note that a transaction or savepoint was rolled back: what happened inside it is undone.

        A failed flush reports the transaction of the flush itself; it took the savepoint around it along.
        Around it may be no savepoint: then the unit is over, and only the caller's own rollback clears that.
        """
        everything = ended.parent is None
        while not ended.nested and ended.parent is not None:
            ended = ended.parent
        if ended.parent is None and not everything:
            return
        poison = self.poison
        if poison is not None and (everything or _is_within(poison.savepoint, ended)):
            self.poison = None
        self.hooks = [] if everything else [item for item in self.hooks if not _is_within(item[0], ended)]
        if everything:
            self.sent = False

    def undone(self) -> None:
        """Note that nothing of the unit is left to be undone, also where no transaction was open."""
        self.poison, self.hooks, self.sent = None, [], False

    def take_hooks(self) -> list[Hook]:
        """Hand over what is to run after the commit, once."""
        hooks, self.hooks = [hook for _, hook in self.hooks], []
        return hooks

    def wrote(self, *tables: TableClause) -> None:
        """Note tables whose rows were changed past the session's statements, such as by COPY: what was read is old."""
        if self.ledger is not None:
            self.written.update(map(tag_of, tables))

    def begin_statement(self, connection: Connection) -> None:
        """Start the deadline of a statement that is about to be sent."""
        self.sent = True
        grace = GRACE if self.dialect.has_server else 0.0
        self.watch = Watch(lambda: self.cut(connection), self.deadlines.statement + grace)

    def end_statement(self) -> bool:
        """Stop the statement's deadline; tell whether it had passed."""
        watch, self.watch = self.watch, None
        if watch is None:
            return False
        watch.stop()
        return watch.fired

    def cut(self, connection: Connection | None = None) -> None:
        """Break the unit's connection now; whatever waits on it fails."""
        raw = driver_connection(connection or self.connection)
        if raw is not None:
            self.driver.cut(raw)


def driver_connection(connection: Connection | None) -> Any:
    """Return the driver's own connection under SQLAlchemy's; None where there is none any more."""
    if connection is None or connection.closed or connection.invalidated:
        return None
    return connection.connection.driver_connection


def savepoint_of(session: SyncSession) -> SessionTransaction | None:
    """Return the innermost savepoint that a session is in."""
    return session.get_nested_transaction() if session.in_nested_transaction() else None


def _is_within(place: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while place is not None:
        if place is ended:
            return True
        place = place.parent
    return False

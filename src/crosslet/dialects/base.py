"""What crosslet asks of a database: its abilities, its session settings, the meaning of its errors.

The one contract that each database's file fulfils; no I/O happens here.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from crosslet import errors
from crosslet.settings import Deadlines


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error of the driver means, free of the values that its text may carry.

    Attributes:
        lost: The connection is of no use any more.
        ends_transaction: The server has rolled the whole transaction back; no savepoint survives.
    """

    kind: type[errors.DatabaseError]
    sqlstate: str | None = None
    constraint: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()
    lost: bool = False
    ends_transaction: bool = False


@dataclass(frozen=True, slots=True)
class Dialect(ABC):
    """One database as crosslet sees it. Ask it what it can do, never what it is called.

    Args:
        version: The server's version; empty until a connection was made.
    """

    version: tuple[int, ...] = field(default=())

    name: ClassVar[str]
    # Async drivers by preference: what a bare URL gets is the first that is installed.
    drivers: ClassVar[tuple[str, ...]]
    # The extra that installs the preferred driver.
    extra: ClassVar[str]
    can_return_inserted: ClassVar[bool] = True
    can_return_updated: ClassVar[bool] = True
    can_return_deleted: ClassVar[bool] = True
    has_transactional_ddl: ClassVar[bool] = True
    has_native_uuid: ClassVar[bool] = False
    has_server: ClassVar[bool] = True
    # Writers exclude each other for the whole file: one connection for writing is all that helps.
    has_single_writer: ClassVar[bool] = False
    # A lock wait that runs out ends the statement only, and the transaction goes on.
    has_row_locks: ClassVar[bool] = True
    # Locks that a program takes by name end with the transaction; else with the connection.
    ends_named_locks_with_transaction: ClassVar[bool] = True
    names_constraint_in_errors: ClassVar[bool] = True
    # Sent instead of ROLLBACK TO SAVEPOINT once the server has ended the transaction, savepoints and all; None
    # where savepoints outlive every error.
    idle_statement: ClassVar[str | None] = None
    # PgBouncer and its like, which hand one session to many clients, exist for it.
    can_share_sessions: ClassVar[bool] = False
    # Sends messages to other connections, with the commit of a transaction.
    can_notify: ClassVar[bool] = False
    # A server-side cursor lives in a transaction only.
    can_stream_in_autocommit: ClassVar[bool] = True
    # Rows can be sent as a stream of binary values, past the parser: PostgreSQL's COPY.
    can_copy: ClassVar[bool] = False
    # A database can be made as a copy of another: CREATE DATABASE ... TEMPLATE.
    can_copy_databases: ClassVar[bool] = False
    # A driver may know a faster way for many rows than its `executemany`.
    has_faster_many: ClassVar[bool] = False
    # An upsert names the unique key that it is about; where it cannot, any other key takes part unasked.
    can_name_conflict: ClassVar[bool] = True
    # Another statement can be run on the connection while a cursor on it has rows left.
    can_interleave: ClassVar[bool] = True
    # NULL is the smallest value where an ORDER BY says nothing, else the largest.
    nulls_are_smallest: ClassVar[bool] = True
    # ORDER BY knows NULLS FIRST and NULLS LAST.
    can_place_nulls: ClassVar[bool] = True
    # `(a, b) > (x, y)` is answered from an index on (a, b).
    compares_rows_by_index: ClassVar[bool] = True
    # Both sides of a comparison need a type; elsewhere a value is compared as the driver handed it out.
    compares_typed: ClassVar[bool] = False
    reads_floats_exactly: ClassVar[bool] = True
    # An ENUM is compared in the order that it is sorted in.
    compares_enums_in_order: ClassVar[bool] = True
    # Its planner says how many rows it expects.
    estimates_rows: ClassVar[bool] = True
    # Environment variables by which its drivers find a host that the URL does not name.
    host_variables: ClassVar[tuple[str, ...]] = ()
    isolation_levels: ClassVar[tuple[str, ...]] = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")

    def with_version(self, version: Sequence[int]) -> Self:
        """Return this dialect for a server of the given version."""
        return replace(self, version=tuple(version))

    @abstractmethod
    def session_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """List the statements that prepare a fresh connection: time zone, limits, read-only or not."""

    def unit_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """List what replaces `session_statements` where a session is shared: settings of one transaction."""
        return ()

    def begin_statement(self) -> str | None:
        """Return the statement that begins a writing transaction, where the driver's own will not do."""
        return None

    def named_lock(self, name: str) -> tuple[str, Any] | None:
        """Return a query that takes a lock by its name without waiting, and the value of its parameter `key`.

        None where a unit that writes excludes all others anyway.
        """
        return None

    def streamed(self, statement: str) -> str:
        """Return a reading statement whose rows are fetched as they are read: the server's limit is not on all of it.

        Where the server counts each fetch by itself there is nothing to be done.
        """
        return statement

    @abstractmethod
    def classify(self, error: BaseException, *, connecting: bool = False) -> Failure:
        """Say what a driver's error means.

        Args:
            error: The driver's own exception, or SQLAlchemy's emulation of one.
            connecting: It was raised while a connection was being made.
        """


def chain_of(error: BaseException) -> list[BaseException]:
    """List an error and the driver errors it wraps, outermost first.

    SQLAlchemy wraps asyncpg's errors in an emulated class and keeps the driver's own in `orig`.
    """
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        inner = getattr(current, "orig", None)
        current = inner if isinstance(inner, BaseException) else None
    return chain


def first_of(chain: Sequence[BaseException], *names: str) -> str | None:
    """Return the first non-empty text attribute of these names along a chain of errors."""
    for error in chain:
        for name in names:
            value = getattr(error, name, None)
            if isinstance(value, str) and value:
                return value
    return None


def is_unencodable(chain: Sequence[BaseException]) -> bool:
    """Tell whether the driver could not turn a value into bytes: out of range, or no valid text."""
    return any(isinstance(error, UnicodeEncodeError | OverflowError) for error in chain)

"""The database's failures, the same class on every driver."""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import exc

from crosslet.errors.base import CrossletError

# The states of an unknown table or column.
_MISSING = frozenset({"42P01", "42703", "1146", "1054", "SQLITE_ERROR"})


class DatabaseError(CrossletError, exc.DBAPIError):
    """A failure reported by the database or its driver, the same class on every driver.

    Attributes:
        sqlstate: Five characters; on MySQL/MariaDB the error number, on SQLite the error's name.
        constraint: Name of the broken constraint; None where the database does not tell (SQLite, mostly).
        table: Table of the constraint, where known.
        columns: Columns of the constraint, where known.
    """

    code = "database-error"
    summary: ClassVar[str] = "The database refused the statement"
    advice: ClassVar[str] = ""

    def __init__(
        self,
        *,
        statement: str | None = None,
        orig: BaseException | None = None,
        sqlstate: str | None = None,
        constraint: str | None = None,
        table: str | None = None,
        columns: Sequence[str] = (),
        invalidated: bool = False,
    ) -> None:
        # DBAPIError's own constructor puts the driver's text, and so its values, into the message.
        exc.StatementError.__init__(self, self.summary, statement, None, orig, hide_parameters=True)
        self.connection_invalidated = invalidated
        self.sqlstate = sqlstate
        self.constraint = constraint
        self.table = table
        self.columns = tuple(columns)

    def __str__(self) -> str:
        about = [self.summary]
        if self.columns:
            about.append(f"column {', '.join(self.columns)}")
        if self.table:
            about.append(f"table {self.table}")
        if self.constraint:
            about.append(f"constraint {self.constraint}")
        if self.sqlstate:
            about.append(f"state {self.sqlstate}")
        return f"{'; '.join(about)}. {self.advice}".rstrip()

    def __reduce__(self) -> tuple[Any, ...]:
        facts = {name: getattr(self, name) for name in ("statement", "sqlstate", "constraint", "table", "columns")}
        return (_restore, (type(self), facts))


def _restore(kind: type[DatabaseError], facts: dict[str, Any]) -> DatabaseError:
    return kind(**facts)


class IntegrityViolation(DatabaseError, exc.IntegrityError):
    """A constraint was broken."""

    code = "integrity-violation"
    summary = "A constraint was broken"


class UniqueViolation(IntegrityViolation):
    """A row with the same unique value exists already."""

    code = "unique-violation"
    summary = "A row with the same value exists already"


class ForeignKeyViolation(IntegrityViolation):
    """A referenced row does not exist, or a row to be deleted is still referenced."""

    code = "foreign-key-violation"
    summary = "A referenced row is missing, or this row is still referenced"


class DeletedReference(ForeignKeyViolation):
    """The row that a foreign key refers to is marked as deleted, and the key takes living ones only."""

    code = "deleted-reference"
    summary = "The row that this refers to is deleted"
    advice = "Restore it first, or refer to another."


class CheckViolation(IntegrityViolation):
    """A CHECK constraint was broken."""

    code = "check-violation"
    summary = "A check constraint was broken"


class NotNullViolation(IntegrityViolation):
    """A required column got no value."""

    code = "not-null-violation"
    summary = "A required column got no value"


class ExclusionViolation(IntegrityViolation):
    """An EXCLUDE constraint was broken (PostgreSQL only)."""

    code = "exclusion-violation"
    summary = "The row conflicts with an existing one"


class DataRejected(DatabaseError, exc.DataError):
    """The server refused a value: too long, out of range, or not of the column's type."""

    code = "data-rejected"
    summary = "The database refused a value"
    advice = "In a route, give the parameter the column's Python type: `id: UUID`, not `id: str`, for a UUID key."


class StatementRejected(DatabaseError, exc.ProgrammingError):
    """The statement is wrong (unknown table, syntax), not permitted, or not supported."""

    code = "statement-rejected"
    summary = "The statement is wrong or not permitted"
    advice = (
        "Do models and database agree (create_all, migrations), and may the role do this? Database(show_values=True) "
        "shows the driver's text."
    )

    def __str__(self) -> str:
        if self.sqlstate not in _MISSING or not (self.table or self.columns):
            return super().__str__()
        what = f"column {', '.join(self.columns)}" if self.columns else f"table {self.table}"
        return (
            f"The database has no {what} (state {self.sqlstate}). Run the migrations; `create_all` and "
            "`install(..., create_tables=True)` make tables that are missing, never columns of a table that exists."
        )


class ResultCut(DatabaseError, exc.DataError):
    """The server cut a result that is larger than it may send (MariaDB and MySQL: `max_allowed_packet`)."""

    code = "result-cut"
    summary = "The database cut a tree that is larger than it may send"
    advice = "Limit the lists in the shape, or raise max_allowed_packet on the server; nothing was returned."


class StatementTimeout(DatabaseError, exc.OperationalError):
    """A statement ran longer than its deadline and was stopped."""

    code = "statement-timeout"
    summary = "A statement ran longer than its deadline and was stopped"
    advice = "Make it faster, or raise Deadlines(statement=...) for the Database that runs it."


class RetryableError(DatabaseError, exc.OperationalError):
    """The unit did not happen, and the same unit may succeed if it is run again from its start."""

    code = "retryable-error"
    advice = "Run the whole unit again with a fresh session: `await db.run(unit)`, or a RetryRoute."


class SerializationFailure(RetryableError):
    """Another transaction changed what this one had read."""

    code = "serialization-failure"
    summary = "Another transaction changed what this one had read"


class DeadlockDetected(RetryableError):
    """Two transactions waited for each other and the server ended this one."""

    code = "deadlock-detected"
    summary = "Two transactions waited for each other and the server ended this one"


class LockTimeout(RetryableError):
    """A row or table stayed locked for longer than the lock timeout."""

    code = "lock-timeout"
    summary = "A row or table stayed locked for too long"


class DatabaseBusy(RetryableError):
    """SQLite's write lock was not free within the busy timeout."""

    code = "database-busy"
    summary = "The database file is locked by another writer"


class ReadOnlyNode(RetryableError):
    """The server takes no writes: a replica, or a demoted primary behind a moved address."""

    code = "read-only-node"
    summary = "The server is read-only at the moment"


class ConnectionLost(RetryableError):
    """The connection broke before COMMIT was sent: nothing of the unit is stored."""

    code = "connection-lost"
    summary = "The connection to the database was lost before the commit; nothing is stored"


class Unavailable(DatabaseError, exc.OperationalError):
    """No connection could be had; nothing was sent."""

    code = "unavailable"
    summary = "The database cannot be reached"


class CannotConnect(Unavailable):
    """The server did not answer, refused the connection, or its TLS is not what was asked for."""

    code = "cannot-connect"
    advice = "`crosslet check` tries the same connection and says which step fails."

    def __init__(self, reason: str = "", **facts: Any) -> None:
        super().__init__(**facts)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.summary}: {self.reason or 'no answer'}. {self.advice}"

    def __reduce__(self) -> tuple[Any, ...]:
        restore, (kind, facts) = super().__reduce__()
        return (restore, (kind, {**facts, "reason": self.reason}))


class TooManyConnections(Unavailable):
    """The server has no connection slot left."""

    code = "too-many-connections"
    summary = "The server has no connection slot left"
    advice = "Processes x pool size must stay below the server's limit: `crosslet check` does the sum."


class ServerStarting(Unavailable):
    """The server is starting up or shutting down."""

    code = "server-starting"
    summary = "The server is starting up or shutting down"


class PoolTimeout(Unavailable, exc.TimeoutError):
    """Every connection of the pool was in use for longer than the pool's timeout."""

    code = "pool-timeout"
    summary = "Every connection of the pool is in use"
    advice = "Hold sessions for less time, or raise the pool's size; never hold two sessions in one request."


class CommitOutcomeUnknown(DatabaseError, exc.OperationalError):
    """The connection was lost, or the deadline passed, while COMMIT was under way.

    The unit is either stored whole or not at all; nobody can tell which from here. Look for the
    unit's own key before doing it again; crosslet never repeats such a unit by itself.
    """

    code = "commit-outcome-unknown"
    summary = "The connection was lost during COMMIT: the unit is stored whole or not at all, unknown which"
    advice = "Look for the unit's own key before repeating it."

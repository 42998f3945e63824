"""PostgreSQL: settings of its sessions, meaning of its SQLSTATEs."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from crosslet import errors
from crosslet.dialects.base import Dialect, Failure, chain_of, first_of, is_unencodable
from crosslet.settings import Deadlines

_KINDS: dict[str, type[errors.DatabaseError]] = {
    "40001": errors.SerializationFailure,
    "40P01": errors.DeadlockDetected,
    "55P03": errors.LockTimeout,
    "57014": errors.StatementTimeout,
    "25006": errors.ReadOnlyNode,
    "23505": errors.UniqueViolation,
    "23503": errors.ForeignKeyViolation,
    "23001": errors.ForeignKeyViolation,
    "23514": errors.CheckViolation,
    "23502": errors.NotNullViolation,
    "23P01": errors.ExclusionViolation,
    "53300": errors.TooManyConnections,
    "57P03": errors.ServerStarting,
    "25P03": errors.ConnectionLost,
    "25P04": errors.ConnectionLost,
    "57P01": errors.ConnectionLost,
    "57P02": errors.ConnectionLost,
    "57P05": errors.ConnectionLost,
    "28P01": errors.CannotConnect,
    "28000": errors.CannotConnect,
    "3D000": errors.CannotConnect,
}
_CLASSES: dict[str, type[errors.DatabaseError]] = {
    "08": errors.ConnectionLost,
    "22": errors.DataRejected,
    "23": errors.IntegrityViolation,
    "40": errors.RetryableError,
    "0A": errors.StatementRejected,
    "26": errors.StatementRejected,
    "42": errors.StatementRejected,
}
# libpq gives no SQLSTATE for an error before login is complete, only the server's text.
_CONNECT_TEXTS: tuple[tuple[str, type[errors.DatabaseError]], ...] = (
    ("remaining connection slots", errors.TooManyConnections),
    ("too many c", errors.TooManyConnections),
    ("starting up", errors.ServerStarting),
    ("shutting down", errors.ServerStarting),
    ("not yet accepting connections", errors.ServerStarting),
)
# What drivers refuse before sending, by the name of their exception.
_CLIENT_KINDS: dict[str, type[errors.DatabaseError]] = {
    "DataError": errors.DataRejected,
    "InvalidCachedStatementError": errors.RetryableError,
    "ProgrammingError": errors.StatementRejected,
    "NotSupportedError": errors.StatementRejected,
}
# Anchored, and read for these states only: the detail of others repeats the row, whose values a client chose.
_KEY_COLUMNS = re.compile(r"^Key \(([\w\", ]+)\)=\(")
_NO_TABLE = re.compile(r'^relation "([^"]+)" does not exist')
_NO_COLUMN = re.compile(r'^column "?([\w.]+)"? (?:of relation "[^"]+" )?does not exist')
_KEY_STATES = ("23505", "23503", "23P01")


@dataclass(frozen=True, slots=True)
class PostgreSQL(Dialect):
    """PostgreSQL 12 and newer."""

    name: ClassVar[str] = "postgresql"
    drivers: ClassVar[tuple[str, ...]] = ("asyncpg", "psycopg")
    extra: ClassVar[str] = "postgres"
    has_native_uuid: ClassVar[bool] = True
    can_share_sessions: ClassVar[bool] = True
    can_notify = True
    can_stream_in_autocommit: ClassVar[bool] = False
    can_copy: ClassVar[bool] = True
    can_copy_databases: ClassVar[bool] = True
    nulls_are_smallest: ClassVar[bool] = False
    compares_typed: ClassVar[bool] = True
    host_variables: ClassVar[tuple[str, ...]] = ("PGHOST", "PGHOSTADDR", "PGSERVICE")

    def session_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """Set time zone, limits and read-only mode in one round trip."""
        given = {"TimeZone": "UTC", **_limits(deadlines), "default_transaction_read_only": _on(read_only)}
        return (_set_config(given, local=False),)

    def unit_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """Set the same inside one transaction, for a session shared through a pooler."""
        given = {"TimeZone": "UTC", **_limits(deadlines), "transaction_read_only": _on(read_only)}
        return (_set_config(given, local=True),)

    def named_lock(self, name: str) -> tuple[str, int]:
        """Name an advisory lock by 64 bits of a digest: two names meet once in 10^19."""
        digest = hashlib.sha256(f"crosslet:{name}".encode()).digest()
        return "SELECT pg_try_advisory_xact_lock(:key)", int.from_bytes(digest[:8], signed=True)

    def classify(self, error: BaseException, *, connecting: bool = False) -> Failure:
        """Classify by SQLSTATE; where the driver gives none, by the phase and its class."""
        chain = chain_of(error)
        state = _sqlstate(chain)
        kind = _kind_of(state, chain, connecting=connecting)
        return Failure(
            kind=kind,
            sqlstate=state,
            constraint=_diagnostic(chain, "constraint_name"),
            table=_diagnostic(chain, "table_name") or _missing(_NO_TABLE, chain, state),
            columns=_columns(chain, state),
            lost=issubclass(kind, errors.ConnectionLost),
            ends_transaction=issubclass(kind, errors.SerializationFailure | errors.DeadlockDetected),
        )


def _kind_of(state: str | None, chain: Sequence[BaseException], *, connecting: bool) -> type[errors.DatabaseError]:
    if is_unencodable(chain):
        return errors.DataRejected
    if connecting and state not in _KINDS:
        text = " ".join(str(error) for error in chain)
        return next((kind for part, kind in _CONNECT_TEXTS if part in text), errors.CannotConnect)
    names = [type(error).__name__ for error in chain]
    if state is None or "InvalidCachedStatementError" in names:
        return _kind_named(names)
    return _KINDS.get(state) or _CLASSES.get(state[:2], errors.DatabaseError)


def _kind_named(names: Sequence[str]) -> type[errors.DatabaseError]:
    for name in names:
        if name in _CLIENT_KINDS:
            return _CLIENT_KINDS[name]
    # Both drivers report a broken socket without a state; nothing else that they raise so lacks one.
    broken = {"OperationalError", "InterfaceError"} & set(names)
    return errors.ConnectionLost if broken else errors.DatabaseError


def _sqlstate(chain: Sequence[BaseException]) -> str | None:
    return first_of(chain, "sqlstate", "pgcode")


def _diagnostic(chain: Sequence[BaseException], name: str) -> str | None:
    diagnostics = [getattr(error, "diag", None) for error in chain]
    return first_of(chain, name) or first_of([item for item in diagnostics if item is not None], name)


def _missing(pattern: re.Pattern[str], chain: Sequence[BaseException], state: str | None) -> str | None:
    """Name the table or column that a statement asks for and the database does not have."""
    found = pattern.match(str(chain[-1])) if state in {"42P01", "42703"} else None
    return found[1] if found else None


def _columns(chain: Sequence[BaseException], state: str | None) -> tuple[str, ...]:
    column = _diagnostic(chain, "column_name") or _missing(_NO_COLUMN, chain, state)
    if column:
        return (column,)
    detail = first_of(chain, "detail") or _diagnostic(chain, "message_detail") or ""
    # A parent that is still referenced: the key is the parent's, the constraint the child's.
    if state not in _KEY_STATES or "is still referenced from" in detail:
        return ()
    found = _KEY_COLUMNS.match(detail)
    return tuple(part.strip().strip('"') for part in found[1].split(",")) if found else ()


def _limits(deadlines: Deadlines) -> dict[str, str]:
    limits = {
        "statement_timeout": deadlines.statement,
        "lock_timeout": deadlines.lock,
        "idle_in_transaction_session_timeout": deadlines.idle,
    }
    return {name: str(max(1, round(seconds * 1000))) for name, seconds in limits.items()}


def _on(flag: bool) -> str:
    return "on" if flag else "off"


def _set_config(given: dict[str, str], *, local: bool) -> str:
    calls = ", ".join(f"set_config('{name}', '{value}', {str(local).lower()})" for name, value in given.items())
    return f"SELECT {calls}"

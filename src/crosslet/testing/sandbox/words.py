"""What a sandbox says to each database around the units in it, and what it does not pass on. Texts only, no I/O."""

import re
from dataclasses import dataclass
from typing import Final

from crosslet.dialects import Dialect
from crosslet.errors import ReadOnlySession, SandboxRefused

_UNIT: Final = "SAVEPOINT crosslet_unit"
_RELEASE: Final = f"RELEASE {_UNIT}"
_UNDO: Final = f"ROLLBACK TO {_UNIT}"
_READ: Final = "SAVEPOINT crosslet_read"


@dataclass(frozen=True, slots=True)
class Words:
    """Statements, in the order in which they are sent.

    Attributes:
        prepare: On the new connection.
        begin: The transaction that is undone at the end.
        still_there: Fails where that transaction is gone; sent at the end.
        open_unit: Where a unit of work would send BEGIN.
        keep_unit: Where it would send COMMIT: what may be refused, and last the end.
        undo_unit: Where it would send ROLLBACK.
        open_read: Before each statement of a session that only reads.
        keep_read: Behind it.
        undo_read: Behind one that has failed.
        check: A query that finds rows where COMMIT would be refused.
    """

    prepare: tuple[str, ...] = ()
    begin: tuple[str, ...] = ("BEGIN",)
    still_there: tuple[str, ...] = ()
    open_unit: tuple[str, ...] = (_UNIT,)
    keep_unit: tuple[str, ...] = (_RELEASE,)
    undo_unit: tuple[str, ...] = (_UNDO, _RELEASE)
    open_read: tuple[str, ...] = ()
    keep_read: tuple[str, ...] = ()
    undo_read: tuple[str, ...] = ()
    check: str | None = None


_POSTGRESQL: Final = Words(
    # A test waits at a breakpoint for as long as it likes.
    prepare=("SET idle_in_transaction_session_timeout = 0",),
    # A deferred constraint speaks at COMMIT. Undoing the check puts back which are deferred.
    keep_unit=(
        "SAVEPOINT crosslet_check; SET CONSTRAINTS ALL IMMEDIATE; "
        "ROLLBACK TO SAVEPOINT crosslet_check; RELEASE SAVEPOINT crosslet_check",
        _RELEASE,
    ),
    undo_unit=(f"{_UNDO}; {_RELEASE}",),
    # The access mode of a savepoint ends with it.
    open_read=(f"{_READ}; SET TRANSACTION READ ONLY",),
    keep_read=(f"RELEASE {_READ}",),
    undo_read=(f"ROLLBACK TO {_READ}; RELEASE {_READ}",),
)
_SQLITE: Final = Words(
    begin=("BEGIN IMMEDIATE",),
    open_read=("PRAGMA query_only = ON",),
    keep_read=("PRAGMA query_only = OFF",),
    undo_read=("PRAGMA query_only = OFF",),
    # Looking at every row is for schemas that have a constraint which waits for COMMIT.
    check=(
        "SELECT 1 FROM pragma_foreign_key_check WHERE EXISTS "
        "(SELECT 1 FROM sqlite_master WHERE sql LIKE '%INITIALLY DEFERRED%') LIMIT 1"
    ),
)
# A deadlock and a hidden commit end the transaction without an error that is heard of: the savepoint of the read before
# is missed then. Behind a read nothing may be sent, or what the server warned of is lost.
_MYSQL: Final = Words(
    begin=("BEGIN", _READ),
    still_there=(f"RELEASE {_READ}",),
    open_read=(f"RELEASE {_READ}", _READ),
)


def words_for(dialect: Dialect) -> Words:
    """Return the words for a database."""
    if not dialect.has_server:
        return _SQLITE
    return _POSTGRESQL if dialect.has_transactional_ddl else _MYSQL


_START: Final = r"\A(?:\s|\(|/\*.*?\*/|--[^\n]*\n|\#[^\n]*\n)*"
_ENDS: Final = re.compile(
    _START + r"(?:COMMIT|END|ABORT|BEGIN|START\s+TRANSACTION|PREPARE\s+TRANSACTION|XA|SET\s+AUTOCOMMIT"
    r"|ROLLBACK(?!\s+(?:WORK\s+|TRANSACTION\s+)?TO\b))\b",
    re.IGNORECASE | re.DOTALL,
)
# What MySQL and MariaDB commit before; a temporary table is none of it.
_COMMITS: Final = re.compile(
    _START + r"(?:(?:CREATE|DROP)(?!\s+(?:OR\s+REPLACE\s+)?TEMPORARY\b)|ALTER|TRUNCATE|RENAME|(?:UN)?LOCK\s+TABLES?"
    r"|GRANT|REVOKE|FLUSH|OPTIMIZE|REPAIR|ANALYZE\s+TABLE|CHECK\s+TABLE|SET\s+PASSWORD)\b",
    re.IGNORECASE | re.DOTALL,
)
_LEVEL: Final = re.compile(_START + r"SET\s+TRANSACTION\s+ISOLATION\s+LEVEL\b", re.IGNORECASE | re.DOTALL)
_DIAGNOSES: Final = re.compile(_START + r"SHOW\s+(?:WARNINGS|ERRORS)\b", re.IGNORECASE | re.DOTALL)
_CHANGES: Final = re.compile(_START + r"(?:INSERT|UPDATE|DELETE|REPLACE|LOAD)\b", re.IGNORECASE | re.DOTALL)


def is_left_out(statement: str) -> bool:
    """Tell whether a statement asks for an isolation level: units that run one after another have the strictest."""
    return _LEVEL.match(statement) is not None


def is_about_the_last(statement: str) -> bool:
    """Tell whether a statement asks about the one before, so that none may come between."""
    return _DIAGNOSES.match(statement) is not None


def refuse(statement: str, dialect: Dialect, *, read_only: bool) -> None:
    """Refuse what would end the transaction around the test.

    Raises:
        SandboxRefused: It would.
        ReadOnlySession: It changes rows, and the server, which refuses that to a reader's own connection, would not.
    """
    if _ENDS.match(statement):
        raise SandboxRefused("A statement that begins or ends a transaction by hand would end the sandbox's own.")
    if dialect.has_transactional_ddl:
        return
    is_ddl = _COMMITS.match(statement) is not None
    if read_only and (is_ddl or _CHANGES.match(statement)):
        raise ReadOnlySession
    if is_ddl:
        raise SandboxRefused(f"{dialect.name} would commit the sandbox with this statement: it is DDL, or alike.")

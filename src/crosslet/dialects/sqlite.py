"""SQLite: pragmas of its connections, meaning of its error names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from crosslet import errors
from crosslet.dialects.base import Dialect, Failure, chain_of, first_of, is_unencodable
from crosslet.settings import Deadlines

_KINDS: dict[str, type[errors.DatabaseError]] = {
    "SQLITE_CONSTRAINT_UNIQUE": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_PRIMARYKEY": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_ROWID": errors.UniqueViolation,
    "SQLITE_CONSTRAINT_FOREIGNKEY": errors.ForeignKeyViolation,
    "SQLITE_CONSTRAINT_CHECK": errors.CheckViolation,
    "SQLITE_CONSTRAINT_NOTNULL": errors.NotNullViolation,
    "SQLITE_CONSTRAINT_DATATYPE": errors.DataRejected,
}
_PREFIXES: tuple[tuple[str, type[errors.DatabaseError]], ...] = (
    ("SQLITE_BUSY", errors.DatabaseBusy),
    ("SQLITE_LOCKED", errors.DatabaseBusy),
    ("SQLITE_CONSTRAINT", errors.IntegrityViolation),
    ("SQLITE_READONLY", errors.ReadOnlyNode),
    ("SQLITE_CANTOPEN", errors.CannotConnect),
    ("SQLITE_NOTADB", errors.CannotConnect),
    ("SQLITE_INTERRUPT", errors.StatementTimeout),
    ("SQLITE_TOOBIG", errors.DataRejected),
    ("SQLITE_MISMATCH", errors.DataRejected),
    ("SQLITE_ERROR", errors.StatementRejected),
)
# These SQLite undoes by rolling the transaction back, unasked.
_ENDING = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_INTERRUPT")
_CLOSED = ("closed", "no active connection", "Connection closed")
_COLUMNS = re.compile(r"(?:UNIQUE|NOT NULL) constraint failed: ([^']+)$")
_INDEX = re.compile(r"UNIQUE constraint failed: index '([^']+)'$")
_NO_TABLE = re.compile(r"^no such table: (?:\w+\.)?(\w+)$")
_NO_COLUMN = re.compile(r"^(?:no such column: |table \w+ has no column named )([\w.]+)$")
_CHECK = re.compile(r"CHECK constraint failed: (\w+)$")


@dataclass(frozen=True, slots=True)
class SQLite(Dialect):
    """SQLite 3.35 and newer, one writer at a time for the whole file."""

    name: ClassVar[str] = "sqlite"
    has_faster_many: ClassVar[bool] = True
    drivers: ClassVar[tuple[str, ...]] = ("aiosqlite",)
    extra: ClassVar[str] = "sqlite"
    idle_statement: ClassVar[str | None] = "SELECT 1"
    has_server: ClassVar[bool] = False
    has_single_writer: ClassVar[bool] = True
    has_row_locks: ClassVar[bool] = False
    # UNIQUE and NOT NULL name columns, CHECK its constraint, FOREIGN KEY nothing at all.
    names_constraint_in_errors: ClassVar[bool] = False
    estimates_rows: ClassVar[bool] = False
    # The one level there is; readers see the snapshot of their first statement.
    isolation_levels: ClassVar[tuple[str, ...]] = ("SERIALIZABLE",)

    def session_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """Turn on what SQLite leaves off: foreign keys, WAL, waiting for the write lock.

        `synchronous=NORMAL` keeps an acknowledged commit through a crash of the process but may lose the
        last ones when the machine loses power, so writers use FULL.
        """
        pragmas = (
            f"PRAGMA busy_timeout = {max(1, round(deadlines.lock * 1000))}",
            "PRAGMA journal_mode = WAL",
            "PRAGMA foreign_keys = ON",
            "PRAGMA synchronous = FULL",
        )
        return (*pragmas, "PRAGMA query_only = ON") if read_only else pragmas

    def begin_statement(self) -> str | None:
        """Take the write lock at once: a transaction that begins by reading cannot always get it later."""
        return "BEGIN IMMEDIATE"

    def classify(self, error: BaseException, *, connecting: bool = False) -> Failure:
        """Classify by `sqlite_errorname` (Python 3.11 and newer), else by the driver's class."""
        chain = chain_of(error)
        name = first_of(chain, "sqlite_errorname")
        text = str(chain[-1])
        kind = _kind_of(name, text, chain, connecting=connecting)
        constraint, table, columns = _named_in(text)
        return Failure(
            kind=kind,
            sqlstate=name,
            constraint=constraint,
            table=table,
            columns=columns,
            lost=issubclass(kind, errors.ConnectionLost),
            ends_transaction=bool(name and name.startswith(_ENDING)),
        )


def _kind_of(
    name: str | None, text: str, chain: Sequence[BaseException], *, connecting: bool
) -> type[errors.DatabaseError]:
    if is_unencodable(chain):
        return errors.DataRejected
    if name == "SQLITE_CONSTRAINT_TRIGGER" and "FOREIGN KEY" in text:
        return errors.ForeignKeyViolation  # ON DELETE RESTRICT is kept by a trigger of SQLite's own
    if name is not None:
        kind = _KINDS.get(name) or next((kind for prefix, kind in _PREFIXES if name.startswith(prefix)), None)
        return kind or errors.DatabaseError
    if connecting:
        return errors.CannotConnect
    if any(part in text for part in _CLOSED):
        return errors.ConnectionLost
    # The sqlite3 module refuses a value of a type it does not know, or too few values, without a name.
    return errors.DataRejected if "binding" in text else errors.StatementRejected


def _named_in(text: str) -> tuple[str | None, str | None, tuple[str, ...]]:
    if found := _INDEX.search(text):
        return found[1], None, ()
    if found := _NO_TABLE.match(text):
        return None, found[1], ()
    if found := _NO_COLUMN.match(text):
        return None, None, (found[1],)
    if found := _CHECK.search(text):
        return found[1], None, ()
    if found := _COLUMNS.search(text):
        pairs = [part.strip().rpartition(".") for part in found[1].split(",")]
        return None, pairs[0][0] or None, tuple(column for _, _, column in pairs)
    return None, None, ()

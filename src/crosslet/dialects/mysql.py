"""MySQL 8, and what MariaDB shares with it: settings of sessions, meaning of error numbers.

Error numbers are from the servers' own lists (mysqld_error.h, MariaDB's errmsg-utf8.txt).
"""

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from crosslet import errors
from crosslet.dialects.base import Dialect, Failure, chain_of, is_unencodable
from crosslet.settings import Deadlines

_NUMBERS: dict[type[errors.DatabaseError], tuple[int, ...]] = {
    errors.DeadlockDetected: (1213,),
    errors.SerializationFailure: (1020,),
    errors.LockTimeout: (1205, 3572),
    errors.StatementTimeout: (1969, 3024, 1317),
    errors.UniqueViolation: (1062, 1586, 1022, 1169),
    errors.ForeignKeyViolation: (1216, 1217, 1451, 1452, 1761, 1762),
    errors.CheckViolation: (4025, 3819),
    errors.NotNullViolation: (1048, 1364, 1263),
    errors.IntegrityViolation: (1557,),
    errors.ReadOnlyNode: (1792, 1290, 1836, 1047),
    errors.TooManyConnections: (1040, 1203, 1226),
    errors.ServerStarting: (1053, 1077),
    errors.CannotConnect: (1044, 1045, 1049, 1130, 1698, 2002, 2003, 2005, 2026),
    errors.ConnectionLost: (2006, 2013, 2055, 1927, 1152, 1158, 1159, 1160, 1161, 1184, 4031, 5014),
    errors.DataRejected: (1264, 1265, 1292, 1366, 1367, 1406, 1411, 1416, 1426, 1690, 3140, 3141, 3156, 4038),
    errors.StatementRejected: (1051, 1054, 1064, 1142, 1143, 1146, 1227, 1235, 1305, 1370),
}
_KINDS = {number: kind for kind, numbers in _NUMBERS.items() for number in numbers}
# aiomysql and asyncmy refuse NaN with a text and no number, before anything is sent.
_REFUSED_BY_DRIVER = "can not be used with MySQL"

# Each pattern is tied to an end of the text: in between stand values, which may look like a name.
_UNIQUE_KEY = re.compile(r"for key '(?:[^'.]*\.)?([^']+)'$")
_FOREIGN_KEY = re.compile(r"\(`[^`]*`\.`([^`]+)`, CONSTRAINT `([^`]+)` FOREIGN KEY \(([^)]+)\)")
_CHECK = re.compile(r"(?:CONSTRAINT [`']|Check constraint ')(?:[^`'.]*\.)?([^`']+)[`'] (?:failed|is violated)")
_NO_TABLE = re.compile(r"^Table '(?:[^'.]*\.)?([^']+)' doesn't exist")
_NO_COLUMN = re.compile(r"^Unknown column '([^']+)' in")
_REQUIRED_COLUMN = re.compile(r"^(?:Column|Field) '([^']+)' ")
_REFUSED_COLUMN = re.compile(r"for column [`'](?:[^`']*[`']\.[`'])*([^`']+)[`'] at row \d+$")


@dataclass(frozen=True, slots=True)
class MySQL(Dialect):
    """MySQL 8.0 and newer. RETURNING is emulated: rows are locked and read in the same transaction."""

    name: ClassVar[str] = "mysql"
    drivers: ClassVar[tuple[str, ...]] = ("asyncmy", "aiomysql")
    extra: ClassVar[str] = "mysql"
    idle_statement: ClassVar[str | None] = "DO 0"
    # Only MariaDB has; a MySQL server may turn out to be one.
    has_faster_many: ClassVar[bool] = True
    can_return_inserted: ClassVar[bool] = False
    can_return_updated: ClassVar[bool] = False
    can_return_deleted: ClassVar[bool] = False
    has_transactional_ddl: ClassVar[bool] = False
    ends_named_locks_with_transaction: ClassVar[bool] = False
    can_name_conflict: ClassVar[bool] = False
    can_interleave: ClassVar[bool] = False
    can_place_nulls: ClassVar[bool] = False
    compares_rows_by_index: ClassVar[bool] = False
    reads_floats_exactly: ClassVar[bool] = False
    compares_enums_in_order: ClassVar[bool] = False

    def session_statements(self, deadlines: Deadlines, *, read_only: bool) -> tuple[str, ...]:
        """Set time zone, strict mode, limits and read-only mode: two round trips."""
        assignments = ", ".join((*_shared_settings(deadlines), *self._time_limits(deadlines)))
        return (f"SET {assignments}", f"SET SESSION TRANSACTION READ {'ONLY' if read_only else 'WRITE'}")

    def _time_limits(self, deadlines: Deadlines) -> tuple[str, ...]:
        return (f"SESSION max_execution_time = {max(1, round(deadlines.statement * 1000))}",)

    def named_lock(self, name: str) -> tuple[str, str]:
        """Name a user lock. Such names are the server's, so the database is part of them; they end at 64 characters."""
        digest = hashlib.sha256(name.encode()).hexdigest()[:24]
        return "SELECT GET_LOCK(CONCAT('crosslet:', LEFT(SHA2(DATABASE(), 256), 24), ':', :key), 0)", digest

    def streamed(self, statement: str) -> str:
        """Let it take an hour: the time that the reader takes counts, too. A CTE keeps the limit of a statement."""
        if not statement.startswith(_SELECT):
            return statement
        return f"{_SELECT}/*+ MAX_EXECUTION_TIME({LONGEST_STREAM * 1000}) */ {statement.removeprefix(_SELECT)}"

    def classify(self, error: BaseException, *, connecting: bool = False) -> Failure:
        """Classify by error number; where the driver gives none, by the phase and its class."""
        chain = chain_of(error)
        number, text = _number_and_text(chain)
        kind = _kind_of(number, text, chain, connecting=connecting)
        constraint, table, columns = _named_in(text, kind)
        return Failure(
            kind=kind,
            sqlstate=str(number) if number is not None else None,
            constraint=constraint,
            table=table,
            columns=columns,
            lost=issubclass(kind, errors.ConnectionLost) or number == _WSREP_NOT_READY,
            # 1205 undoes the statement only (innodb_rollback_on_timeout is off by default).
            ends_transaction=issubclass(kind, errors.DeadlockDetected | errors.SerializationFailure),
        )


_WSREP_NOT_READY = 1047
_SELECT = "SELECT "
# Seconds that a statement may take whose rows are read one after the other, with its reader's own time.
LONGEST_STREAM = 3600


def _shared_settings(deadlines: Deadlines) -> Iterator[str]:
    yield "SESSION time_zone = '+00:00'"
    # Without strict mode the server cuts and rounds values silently.
    yield "SESSION sql_mode = CONCAT_WS(',', NULLIF(@@SESSION.sql_mode, ''), 'STRICT_ALL_TABLES')"
    yield f"SESSION innodb_lock_wait_timeout = {max(1, math.ceil(deadlines.lock))}"
    yield f"SESSION lock_wait_timeout = {max(1, math.ceil(deadlines.lock))}"
    # A list made by the server is cut here, without an error; the default is 1 MiB, this is the most.
    yield "SESSION group_concat_max_len = 1073741824"


def _number_and_text(chain: Sequence[BaseException]) -> tuple[int | None, str]:
    for error in chain:
        if error.args and isinstance(error.args[0], int):
            return error.args[0], str(error.args[1]) if len(error.args) > 1 else ""
    return None, str(chain[-1])


def _kind_of(
    number: int | None, text: str, chain: Sequence[BaseException], *, connecting: bool
) -> type[errors.DatabaseError]:
    if is_unencodable(chain) or _REFUSED_BY_DRIVER in text:
        return errors.DataRejected
    kind = _KINDS.get(number) if number is not None else None
    if connecting:
        reachable = errors.TooManyConnections | errors.ServerStarting
        return kind if kind is not None and issubclass(kind, reachable) else errors.CannotConnect
    if kind is not None:
        return kind
    names = {type(error).__name__ for error in chain}
    if number is None and names & {"InterfaceError", "IncompleteReadError", "ConnectionResetError"}:
        return errors.ConnectionLost
    return errors.StatementRejected if "ProgrammingError" in names else errors.DatabaseError


def _named_in(text: str, kind: type[errors.DatabaseError]) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Read constraint, table and columns out of a message."""
    if issubclass(kind, errors.UniqueViolation | errors.CheckViolation):
        found = (_UNIQUE_KEY if issubclass(kind, errors.UniqueViolation) else _CHECK).search(text)
        return found[1] if found else None, None, ()
    if issubclass(kind, errors.ForeignKeyViolation) and (found := _FOREIGN_KEY.search(text)):
        return found[2], found[1], tuple(part.strip(" `") for part in found[3].split(","))
    if issubclass(kind, errors.StatementRejected) and (found := _NO_TABLE.match(text)):
        return None, found[1], ()
    for expected, pattern in _COLUMN_PATTERNS:
        if issubclass(kind, expected) and (found := pattern.search(text)):
            return None, None, (found[1],)
    return None, None, ()


_COLUMN_PATTERNS: tuple[tuple[type[errors.DatabaseError], re.Pattern[str]], ...] = (
    (errors.StatementRejected, _NO_COLUMN),
    (errors.NotNullViolation, _REQUIRED_COLUMN),
    (errors.DataRejected, _REFUSED_COLUMN),
)

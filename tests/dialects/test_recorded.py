"""Errors that no test here can provoke, as recorded texts: classified without a server.

MySQL 8's texts follow its own message file (messages_to_clients.txt); none of them was run against a MySQL server.
"""

from dataclasses import dataclass

import pytest

from crosslet import errors
from crosslet.dialects import Dialect, MariaDB, MySQL, PostgreSQL, SQLite, chain_of


class DriverError(Exception):
    """What asyncmy and aiomysql raise: number and text."""


class OperationalError(Exception):
    """What libpq's wrappers raise before login: a text, no state."""


class StateError(Exception):
    """What a PostgreSQL driver raises: a text and a state."""

    def __init__(self, sqlstate: str, text: str = "") -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


class InterfaceError(Exception):
    """What asyncpg raises for a connection that broke while it rested."""


@dataclass(frozen=True)
class Recorded:
    """A number and a text, and what they mean."""

    number: int
    text: str
    kind: type[errors.DatabaseError]
    constraint: str | None = None
    table: str | None = None
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}-{self.kind.__name__}"


MYSQL = (
    Recorded(1062, "Duplicate entry 'ann@x' for key 'users.uq_users_email'", errors.UniqueViolation, "uq_users_email"),
    Recorded(1062, "Duplicate entry '1' for key 'users.PRIMARY'", errors.UniqueViolation, "PRIMARY"),
    Recorded(
        1062,
        "Duplicate entry 'x' for key 'a.b' for key 'users.uq_users_email'",
        errors.UniqueViolation,
        "uq_users_email",
    ),
    Recorded(3819, "Check constraint 'ck_users_age' is violated.", errors.CheckViolation, "ck_users_age"),
    Recorded(
        1452,
        "Cannot add or update a child row: a foreign key constraint fails (`shop`.`books`, CONSTRAINT "
        "`fk_books_author` FOREIGN KEY (`author_id`) REFERENCES `authors` (`id`))",
        errors.ForeignKeyViolation,
        "fk_books_author",
        "books",
        ("author_id",),
    ),
    Recorded(
        1451,
        "Cannot delete or update a parent row: a foreign key constraint fails (`shop`.`parts`, CONSTRAINT "
        "`fk_parts` FOREIGN KEY (`maker`, `number`) REFERENCES `makers` (`maker`, `number`) ON DELETE RESTRICT)",
        errors.ForeignKeyViolation,
        "fk_parts",
        "parts",
        ("maker", "number"),
    ),
    Recorded(1216, "Cannot add or update a child row: a foreign key constraint fails", errors.ForeignKeyViolation),
    Recorded(1048, "Column 'name' cannot be null", errors.NotNullViolation, columns=("name",)),
    Recorded(1364, "Field 'name' doesn't have a default value", errors.NotNullViolation, columns=("name",)),
    Recorded(1406, "Data too long for column 'name' at row 1", errors.DataRejected, columns=("name",)),
    Recorded(
        3024,
        "Query execution was interrupted, maximum statement execution time exceeded",
        errors.StatementTimeout,
    ),
    Recorded(1213, "Deadlock found when trying to get lock; try restarting transaction", errors.DeadlockDetected),
    Recorded(1205, "Lock wait timeout exceeded; try restarting transaction", errors.LockTimeout),
    Recorded(
        3572,
        "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.",
        errors.LockTimeout,
    ),
    Recorded(1290, "The MySQL server is running with the --super-read-only option", errors.ReadOnlyNode),
    Recorded(1836, "Running in read-only mode", errors.ReadOnlyNode),
    Recorded(1053, "Server shutdown in progress", errors.ServerStarting),
    Recorded(4031, "The client was disconnected by the server because of inactivity.", errors.ConnectionLost),
    Recorded(2013, "Lost connection to MySQL server during query", errors.ConnectionLost),
    Recorded(1146, "Table 'shop.nope' doesn't exist", errors.StatementRejected, table="nope"),
    Recorded(9999, "Something that nobody has classified", errors.DatabaseError),
)


@pytest.mark.parametrize("case", MYSQL, ids=str)
def test_mysql_8(case: Recorded) -> None:
    failure = MySQL().classify(DriverError(case.number, case.text))
    assert (failure.kind, failure.constraint, failure.table, failure.columns, failure.sqlstate) == (
        case.kind,
        case.constraint,
        case.table,
        case.columns,
        str(case.number),
    )


@pytest.mark.parametrize(
    ("number", "lost", "ends"),
    [(1213, False, True), (1205, False, False), (1062, False, False), (2013, True, False), (1047, True, False)],
    ids=["deadlock", "lock timeout", "duplicate", "lost", "no quorum"],
)
def test_mysql_what_an_error_leaves_behind(number: int, lost: bool, ends: bool) -> None:
    failure = MariaDB().classify(DriverError(number, ""))
    assert (failure.lost, failure.ends_transaction) == (lost, ends)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (1045, errors.CannotConnect),
        (1049, errors.CannotConnect),
        (2003, errors.CannotConnect),
        (2013, errors.CannotConnect),
        (1040, errors.TooManyConnections),
        (1053, errors.ServerStarting),
    ],
)
def test_mysql_before_login(number: int, kind: type[errors.DatabaseError]) -> None:
    assert MySQL().classify(DriverError(number, "text"), connecting=True).kind is kind


POSTGRESQL = {
    "40001": errors.SerializationFailure,
    "40P01": errors.DeadlockDetected,
    "40002": errors.RetryableError,
    "55P03": errors.LockTimeout,
    "57014": errors.StatementTimeout,
    "25006": errors.ReadOnlyNode,
    "23505": errors.UniqueViolation,
    "23503": errors.ForeignKeyViolation,
    "23514": errors.CheckViolation,
    "23502": errors.NotNullViolation,
    "23P01": errors.ExclusionViolation,
    "23001": errors.ForeignKeyViolation,
    "53300": errors.TooManyConnections,
    "57P03": errors.ServerStarting,
    "57P01": errors.ConnectionLost,
    "25P03": errors.ConnectionLost,
    "08003": errors.ConnectionLost,
    "08006": errors.ConnectionLost,
    "22001": errors.DataRejected,
    "42P01": errors.StatementRejected,
    "0A000": errors.StatementRejected,
    "XX000": errors.DatabaseError,
    "P0001": errors.DatabaseError,
}


@pytest.mark.parametrize(("state", "kind"), POSTGRESQL.items())
def test_postgresql_by_state(state: str, kind: type[errors.DatabaseError]) -> None:
    failure = PostgreSQL().classify(StateError(state))
    assert (failure.kind, failure.sqlstate) == (kind, state)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("FATAL:  sorry, too many clients already", errors.TooManyConnections),
        ("FATAL:  remaining connection slots are reserved for roles with SUPERUSER", errors.TooManyConnections),
        ('FATAL:  too many connections for role "app"', errors.TooManyConnections),
        ("FATAL:  the database system is starting up", errors.ServerStarting),
        ("FATAL:  the database system is shutting down", errors.ServerStarting),
        ("FATAL:  the database system is not yet accepting connections", errors.ServerStarting),
        ('FATAL:  password authentication failed for user "app"', errors.CannotConnect),
        ("connection refused", errors.CannotConnect),
    ],
)
def test_postgresql_before_login_without_a_state(text: str, kind: type[errors.DatabaseError]) -> None:
    assert PostgreSQL().classify(OperationalError(text), connecting=True).kind is kind


@pytest.mark.parametrize("error", [OperationalError("server closed the connection"), InterfaceError("is closed")])
def test_postgresql_lost_without_a_state(error: Exception) -> None:
    failure = PostgreSQL().classify(error)
    assert (failure.kind, failure.lost) == (errors.ConnectionLost, True)


@pytest.mark.parametrize("dialect", [PostgreSQL(), MySQL(), MariaDB(), SQLite()], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    "error",
    [OverflowError("int too big"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")],
    ids=["overflow", "surrogate"],
)
def test_a_value_that_no_driver_can_send(dialect: Dialect, error: Exception) -> None:
    assert dialect.classify(error).kind is errors.DataRejected


@pytest.mark.parametrize("dialect", [PostgreSQL(), MySQL(), MariaDB(), SQLite()], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), TimeoutError(), OSError("no route")])
def test_a_failure_to_connect(dialect: Dialect, error: Exception) -> None:
    assert dialect.classify(error, connecting=True).kind is errors.CannotConnect


def test_a_chain_ends_where_it_bites_its_tail() -> None:
    outer, inner = StateError("23505"), StateError("23505")
    outer.orig, inner.orig = inner, outer  # type: ignore[attr-defined]
    assert chain_of(outer) == [outer, inner]

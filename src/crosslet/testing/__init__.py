"""For the user's tests: real servers that exist only while a test suite runs, and tests of what code sends."""

from crosslet.testing.servers import (
    MariaDBServer,
    PostgreSQLServer,
    ProgramMissing,
    RedisServer,
    Server,
    ServerNotStarted,
    start_embedded_postgresql,
    start_mariadb,
    start_postgresql,
    start_redis,
)
from crosslet.testing.statements import (
    RouteBudgets,
    assert_constant_statements,
    assert_no_n_plus_one,
    assert_statements,
)

__all__ = [
    "MariaDBServer",
    "PostgreSQLServer",
    "ProgramMissing",
    "RedisServer",
    "RouteBudgets",
    "Server",
    "ServerNotStarted",
    "assert_constant_statements",
    "assert_no_n_plus_one",
    "assert_statements",
    "start_embedded_postgresql",
    "start_mariadb",
    "start_postgresql",
    "start_redis",
]

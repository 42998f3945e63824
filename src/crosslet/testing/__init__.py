"""For the user's tests: servers that exist only while a suite runs, a sandbox for each test, and what code sends."""

from crosslet.testing.clients import client_of
from crosslet.testing.databases import Databases, Schema, server_for, start_databases
from crosslet.testing.sandbox import sandbox
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
    "Databases",
    "MariaDBServer",
    "PostgreSQLServer",
    "ProgramMissing",
    "RedisServer",
    "RouteBudgets",
    "Schema",
    "Server",
    "ServerNotStarted",
    "assert_constant_statements",
    "assert_no_n_plus_one",
    "assert_statements",
    "client_of",
    "sandbox",
    "server_for",
    "start_databases",
    "start_embedded_postgresql",
    "start_mariadb",
    "start_postgresql",
    "start_redis",
]

"""For the user's tests: real database servers that exist only while a test suite runs."""

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

__all__ = [
    "MariaDBServer",
    "PostgreSQLServer",
    "ProgramMissing",
    "RedisServer",
    "Server",
    "ServerNotStarted",
    "start_embedded_postgresql",
    "start_mariadb",
    "start_postgresql",
    "start_redis",
]

"""For the user's tests: real database servers that exist only while a test suite runs."""

from crosslet.testing.servers import (
    MariaDBServer,
    PostgreSQLServer,
    ProgramMissing,
    Server,
    ServerNotStarted,
    start_embedded_postgresql,
    start_mariadb,
    start_postgresql,
)

__all__ = [
    "MariaDBServer",
    "PostgreSQLServer",
    "ProgramMissing",
    "Server",
    "ServerNotStarted",
    "start_embedded_postgresql",
    "start_mariadb",
    "start_postgresql",
]

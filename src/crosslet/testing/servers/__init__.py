"""Throw-away PostgreSQL, MariaDB and Redis servers on a loopback port, in a temporary folder, gone at the end."""

from crosslet.testing.servers.base import Server
from crosslet.testing.servers.mariadb import MariaDBServer, mariadb_version, start_mariadb
from crosslet.testing.servers.postgresql import (
    PostgreSQLServer,
    embedded_postgresql_version,
    postgresql_version,
    start_embedded_postgresql,
    start_postgresql,
)
from crosslet.testing.servers.process import ServerNotStarted
from crosslet.testing.servers.programs import ProgramMissing
from crosslet.testing.servers.redis import RedisServer, redis_version, start_redis

__all__ = [
    "MariaDBServer",
    "PostgreSQLServer",
    "ProgramMissing",
    "RedisServer",
    "Server",
    "ServerNotStarted",
    "embedded_postgresql_version",
    "mariadb_version",
    "postgresql_version",
    "redis_version",
    "start_embedded_postgresql",
    "start_mariadb",
    "start_postgresql",
    "start_redis",
]

"""The suite's servers: which there are, started when the first test needs one, stopped at the end."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from crosslet.testing.servers import (
    ProgramMissing,
    RedisServer,
    Server,
    embedded_postgresql_version,
    mariadb_version,
    postgresql_version,
    start_embedded_postgresql,
    start_mariadb,
    start_postgresql,
    start_redis,
)


@dataclass(frozen=True)
class Source:
    """Where a kind of server comes from.

    Two of them keep a local time that is neither UTC nor a whole hour away from it: who forgets about time zones
    should learn of it here.
    """

    kind: str
    get_version: Callable[[], str]
    start: Callable[[], Server]

    def version(self) -> str | None:
        """Return the version that would start, None if there is none on this machine."""
        try:
            return self.get_version()
        except ProgramMissing:
            return None


SOURCES = {
    "postgresql": Source("postgresql", postgresql_version, start_postgresql),
    "postgresql-embedded": Source(
        "postgresql",
        embedded_postgresql_version,
        lambda: start_embedded_postgresql(settings={"timezone": "Asia/Kathmandu"}),
    ),
    "mariadb": Source("mariadb", mariadb_version, lambda: start_mariadb(settings={"default-time-zone": "+05:45"})),
    "postgresql-tls": Source("postgresql", postgresql_version, lambda: start_postgresql(tls=True)),
    "mariadb-tls": Source("mariadb", mariadb_version, lambda: start_mariadb(tls=True)),
}


@dataclass
class Databases:
    """The databases of one server: a test gets an empty one, and what it gives back is emptied for the next."""

    server: Server
    free: list[str] = field(default_factory=list)
    made: int = 0

    def take(self) -> str:
        """Return the name of an empty database."""
        if self.free:
            return self.free.pop()
        self.made += 1
        name = f"test{self.made}"
        self.server.create_database(name)
        return name

    def give_back(self, name: str) -> None:
        """Empty a database, ending the connections that still use it."""
        self.server.empty_database(name)
        self.free.append(name)


@dataclass
class Servers:
    """Every server of the session, by source.

    Attributes:
        asked: The kind of server that the run is about, or `all`.
        must_exist: A server that is not on this machine is a failure, not a skip.
    """

    asked: str
    must_exist: bool
    stack: ExitStack
    started: dict[str, Databases] = field(default_factory=dict)

    def get(self, source: str) -> Databases:
        """Return a server's databases, starting the server if it does not run yet."""
        if self.asked not in ("all", SOURCES[source].kind):
            pytest.skip(f"--db {self.asked}")
        if source not in self.started:
            try:
                server = self.stack.enter_context(SOURCES[source].start())
            except ProgramMissing as missing:
                if self.must_exist:
                    raise
                pytest.skip(str(missing))
            self.started[source] = Databases(server)
        return self.started[source]


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    """Give the session's servers; `target` and `url` are what most tests want."""
    asked = pytestconfig.getoption("--db")
    kind = (asked or "all").partition("-")[0].rstrip("0123456789")  # of a target such as postgresql15-asyncpg
    with ExitStack() as stack:
        yield Servers(kind, bool(os.environ.get("CI") or asked), stack)


@pytest.fixture(scope="session")
def redis_server(servers: Servers) -> RedisServer:
    """Give the session's Redis."""
    try:
        return servers.stack.enter_context(start_redis())
    except ProgramMissing as missing:
        if servers.must_exist:
            raise
        pytest.skip(str(missing))


def pytest_report_header(config: pytest.Config) -> str:
    """Say which databases the run is about."""
    found = {name: source.version() for name, source in SOURCES.items() if not name.endswith("-tls")}
    versions = [f"sqlite {sqlite3.sqlite_version}", *(f"{name} {version or '-'}" for name, version in found.items())]
    return f"databases: {', '.join(versions)}; --db {config.getoption('--db') or 'not given: what is here'}"

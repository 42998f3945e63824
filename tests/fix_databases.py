"""Targets, a driver on a server each, and the fixtures that give a test an empty database on one.

`target` (and `url`, `db`) runs a test once per driver: each driver and each server at least once, all pairs with
`--full`. `tls_target` does the same on servers that offer TLS.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anyio import to_thread

from crosslet.dialects import Dialect, dialect_of
from crosslet.testing.servers import Server
from fix_servers import SOURCES, Servers

if TYPE_CHECKING:
    from crosslet import Database

_ALL = ("all", "sqlite", "postgresql", "mariadb")


def _major(version: str | None) -> str:
    return (version or "").partition(".")[0]


@dataclass(frozen=True)
class Pair:
    """A driver and the source of its server, None for SQLite."""

    source: str | None
    driver: str
    only_in_full: bool = False

    @property
    def kind(self) -> str:
        """Return the database's name: what --db asks for."""
        return SOURCES[self.source].kind if self.source is not None else "sqlite"

    @property
    def version(self) -> str | None:
        """Return the version of the server, None if it is not on this machine."""
        return SOURCES[self.source].version() if self.source is not None else sqlite3.sqlite_version

    @property
    def name(self) -> str:
        """Return the pair's test id, such as `postgresql15-asyncpg`."""
        if self.kind != "postgresql":
            return f"{self.kind}-{self.driver}"
        same = self.source == "postgresql-embedded" and _major(SOURCES["postgresql"].version()) == _major(self.version)
        return f"postgresql{_major(self.version)}{'embedded' if same else ''}-{self.driver}"

    @property
    def dialect(self) -> Dialect:
        """Return what crosslet knows of the database, asked without a server."""
        scheme = f"{self.kind}+{self.driver}"
        numbers = [int(number) for number in (self.version or "").split(".") if number.isdecimal()]
        return dialect_of(f"{scheme}://{'localhost' if self.source else ''}/x").with_version(numbers)


PAIRS = (
    Pair(None, "aiosqlite"),
    Pair("postgresql", "asyncpg"),
    Pair("postgresql", "psycopg", only_in_full=True),
    Pair("postgresql-embedded", "asyncpg", only_in_full=True),
    Pair("postgresql-embedded", "psycopg"),
    Pair("mariadb", "asyncmy"),
    Pair("mariadb", "aiomysql"),
)
TLS_PAIRS = (
    Pair("postgresql-tls", "asyncpg"),
    Pair("postgresql-tls", "psycopg"),
    Pair("mariadb-tls", "asyncmy"),
    Pair("mariadb-tls", "aiomysql"),
)


@dataclass
class Target:
    """A driver on a running server. A test may ask for as many databases as it likes.

    Attributes:
        name: The test id, such as `postgresql15-asyncpg`.
        driver: Such as `asyncpg`.
        dialect: What crosslet knows of the database, version included.
        server: None for SQLite, whose databases are files in a folder.
    """

    name: str
    driver: str
    dialect: Dialect
    server: Server | None
    servers: Servers = field(repr=False)
    source: str | None
    folder: Path = field(repr=False)
    taken: list[str] = field(default_factory=list, repr=False)

    @property
    def dialect_name(self) -> str:
        """Return the database's name; ask `dialect` what it can do."""
        return self.dialect.name

    def take_url(self) -> str:
        """Return the URL of a new empty database."""
        if self.server is None or self.source is None:
            self.taken.append(f"test{len(self.taken) + 1}.db")
            return f"sqlite+aiosqlite:///{self.folder / self.taken[-1]}"
        self.taken.append(self.servers.get(self.source).take())
        return self.server.url(self.driver, self.taken[-1])

    async def make_url(self) -> str:
        """Return the URL of a new empty database, without holding up the event loop."""
        return await to_thread.run_sync(self.take_url)

    def give_back(self) -> None:
        """Empty all the databases of the test."""
        while self.taken and self.source is not None:
            self.servers.get(self.source).give_back(self.taken.pop())


@pytest.fixture
def target(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[Target]:
    """Give a driver on a server; the test runs once per driver."""
    yield from _prepare(request, servers, tmp_path)


@pytest.fixture
def tls_target(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[Target]:
    """Give a driver on a server that offers TLS (`tls_target.server.ca_file`); the test runs once per driver."""
    yield from _prepare(request, servers, tmp_path)


def _prepare(request: pytest.FixtureRequest, servers: Servers, folder: Path) -> Iterator[Target]:
    pair: Pair = request.param
    for marker in request.node.iter_markers("needs"):
        for ability in marker.args:
            if not getattr(pair.dialect, ability):
                pytest.skip(f"{pair.dialect.name}: not {ability}")
    server = servers.get(pair.source).server if pair.source is not None else None
    made = Target(pair.name, pair.driver, pair.dialect, server, servers, pair.source, folder)
    yield made
    made.give_back()


@pytest.fixture
def url(target: Target) -> str:
    """Give the URL of an empty database."""
    return target.take_url()


@pytest.fixture
async def db(url: str) -> "AsyncIterator[Database]":
    """Give a Database on an empty database, closed afterwards."""
    from crosslet import Database  # so that the tests of the lower floors run while an upper one is being built

    database = Database(url)
    yield database
    await database.close()


@cache
def chosen(pairs: tuple[Pair, ...], asked: str, full: bool) -> list[Pair]:
    """Return the pairs that `--db` and `--full` ask for."""
    everything = asked == "all"
    if asked in _ALL:
        return [pair for pair in pairs if (everything or pair.kind == asked) and (full or not pair.only_in_full)]
    if asked not in {pair.name for pair in PAIRS}:
        raise pytest.UsageError(f"--db {asked}: choose from {', '.join((*_ALL, *(pair.name for pair in PAIRS)))}")
    return [pair for pair in pairs if pair.name == asked]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `target` or `tls_target` once per driver."""
    for name, pairs in (("target", PAIRS), ("tls_target", TLS_PAIRS)):
        if name in metafunc.fixturenames:
            some = chosen(pairs, metafunc.config.getoption("--db") or "all", metafunc.config.getoption("--full"))
            metafunc.parametrize(name, some, ids=[pair.name for pair in some], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose `needs` would never be looked at."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("needs") is not None and not {"target", "tls_target"} & set(names):
            raise pytest.UsageError(f"{item.nodeid}: `needs` asks the dialect of `target`, which the test does not use")

"""What crosslet gives pytest: fixtures, each of which does nothing until a test asks for it.

pytest imports this file in every run, of projects too that have no use for it: all that is heavy is imported inside.
What the fixtures do is in `crosslet.testing`.
"""

import os
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crosslet.database import Database
    from crosslet.testing import Databases, Schema


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the database of the tests."""
    parser.addini(
        "crosslet_database",
        "where tests run: sqlite, postgresql, postgresql-embedded, mariadb, or a URL; TEST_DATABASE_URL goes before",
        default="sqlite",
    )


@pytest.fixture(scope="session")
def crosslet_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """Give the URL of a database on the server that the tests use, started here unless it is named by a URL.

    Override it to start a server in another way. Under xdist each worker has one of its own.
    """
    from crosslet.testing import server_for  # noqa: PLC0415

    where = os.environ.get("TEST_DATABASE_URL") or str(pytestconfig.getini("crosslet_database"))
    with server_for(where) as url:
        yield url


@pytest.fixture(scope="session")
def crosslet_database() -> "Database":
    """Give the Database that tests use: override it to return your application's own, `from shop.main import db`.

    Its own URL is not used: tests point it elsewhere. Without an override it is a new one, for the tables of `Model`.
    """
    from crosslet.database import Database  # noqa: PLC0415

    return Database("sqlite://")


@pytest.fixture(scope="session")
def crosslet_schema() -> "Schema":
    """Give an async function that makes the tables, called with a Database whose database is empty.

    Override it where migrations make them, or where all tests need some rows.
    """

    async def create_all(db: "Database") -> None:
        await db.create_all()

    return create_all


@pytest.fixture(scope="session")
def crosslet_databases(
    crosslet_server: str,
    crosslet_database: "Database",
    crosslet_schema: "Schema",
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[Databases]":
    """Give the run's databases: a template, made once by `crosslet_schema`, and copies of it."""
    from crosslet.testing import start_databases  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("crosslet")
    with start_databases(crosslet_server, crosslet_database, crosslet_schema, folder) as databases:
        yield databases


@pytest.fixture
async def sandbox(crosslet_databases: "Databases", crosslet_database: "Database") -> "AsyncIterator[Database]":
    """Give the Database in one transaction, undone after the test whatever the application commits."""
    async with crosslet_databases.sandbox(crosslet_database) as db:
        yield db


@pytest.fixture
async def database_copy(crosslet_databases: "Databases", crosslet_database: "Database") -> "AsyncIterator[Database]":
    """Give the Database on a copy of the template, where units commit for good and run side by side."""
    async with crosslet_databases.copy(crosslet_database) as db:
        yield db


@pytest.fixture
def sync_database_copy(crosslet_databases: "Databases", crosslet_database: "Database") -> "Iterator[Database]":
    """Give the same to a plain `def` test, such as one with FastAPI's TestClient."""
    with crosslet_databases.sync_copy(crosslet_database) as db:
        yield db

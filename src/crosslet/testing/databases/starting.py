"""From a word or a URL to the databases of a test run: which server, and what a copy is made of there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from crosslet.database import Database
from crosslet.dialects import dialect_of, parse_url
from crosslet.errors import ConfigurationError
from crosslet.testing.databases.base import Databases, Schema, apart
from crosslet.testing.databases.files import FileDatabases
from crosslet.testing.databases.refilled import RefilledDatabases
from crosslet.testing.databases.servers import TemplateDatabases
from crosslet.testing.servers import Server, start_embedded_postgresql, start_mariadb, start_postgresql

# How a word's server is started, and a database that each has.
_WORDS: dict[str, tuple[Callable[[], Server], str]] = {
    "postgresql": (start_postgresql, "postgres"),
    "postgresql-embedded": (start_embedded_postgresql, "postgres"),
    "mariadb": (start_mariadb, "mysql"),
}


@contextmanager
def server_for(where: str) -> Iterator[str]:
    """Start the server that a word names; give the URL of a database on it. A URL is given back as it is.

    Args:
        where: `sqlite`, `postgresql`, `postgresql-embedded`, `mariadb`, or a URL.

    Raises:
        ConfigurationError: It is neither.
        ProgramMissing: The server is not on this machine; the text says how to get it.
    """
    if "://" in where:
        yield where
        return
    if where == "sqlite":
        yield "sqlite://"
        return
    if where not in _WORDS:
        raise ConfigurationError(f"crosslet_database = {where!r}: write sqlite, {', '.join(_WORDS)}, or a URL.")
    start, database = _WORDS[where]
    with start() as server:
        yield server.url(server.kind, database)


@contextmanager
def start_databases(server: str, db: Database, schema: Schema, folder: Path) -> Iterator[Databases]:
    """Make the template of a test run, and remove all that was made at the end.

    Works where an event loop runs already, too: its own are in another thread.

    Args:
        server: A URL, as `server_for` gives it. No database that it names is changed; others are made beside it, whose
            names begin with `crosslet_test_`.
        db: Whose tables the schema makes.
        schema: Makes them.
        folder: For SQLite's files.
    """
    databases = _databases_on(server, folder)
    try:
        apart(lambda: databases.prepare(db, schema))
        yield databases
    finally:
        apart(databases.end)


def _databases_on(server: str, folder: Path) -> Databases:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    prefix = f"crosslet_test_{worker}_{uuid4().hex[:8]}"
    dialect = dialect_of(parse_url(server))
    if not dialect.has_server:
        return FileDatabases(prefix, folder)
    kind = TemplateDatabases if dialect.can_copy_databases else RefilledDatabases
    return kind(prefix, make_url(server))

"""sandbox(): a test's block around a Database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL

from crosslet.connections import Prepare
from crosslet.database import Database
from crosslet.testing.sandbox.connections import SandboxConnections


@asynccontextmanager
async def sandbox(db: Database, url: str | URL | SandboxConnections) -> AsyncIterator[SandboxConnections]:
    """Run all that a Database does meanwhile inside one transaction of a test database, and undo it at the end.

    The application may commit: a COMMIT keeps a savepoint, after which its hooks run as ever; a rollback undoes one.
    Units run one after another on one connection. What that cannot show truthfully is refused.

    Args:
        db: The application's own, which it holds since it was imported; its own database is not touched.
        url: A database for tests, with tables in it; or what an earlier block of the same `db` gave, which is quicker.

    Raises:
        SandboxLost: At the end: the transaction ended before, and nothing in the block was told so.
    """

    def connect(prepare: Prepare) -> SandboxConnections:
        return url if isinstance(url, SandboxConnections) else SandboxConnections(url, db.settings, prepare)

    with db.through(connect) as connections:
        try:
            await connections.begin()
            yield connections
        finally:
            await connections.end()

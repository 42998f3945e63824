"""What a route asks for: `Reader`, `Writer`, `Data`; and the same for a second database."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from crosslet.database import Database, Session
from crosslet.web.units import units_of


class OpenReader:
    """Dependency that opens a session for reading. The response's start ends it.

    Args:
        database: Which one; the installed one where None.
    """

    def __init__(self, database: Database | None = None) -> None:
        self._database = database

    async def __call__(self, connection: HTTPConnection) -> Session:
        """Open the session."""
        units = units_of(connection)
        database = self._database or units.database
        session = database.open_reader()
        if session is None:
            return await units.open_reader(database)
        units.readers.append(session)
        return session


class OpenWriter:
    """Dependency that opens a unit of work, committed after the response is built and before it leaves.

    An exception in the route, raised by it or by building its response, rolls back. So what the route
    returns is stored, whatever its status; what it raises is not.

    Args:
        database: Which one; the installed one where None.
        isolation: As for `Database.write`.
    """

    def __init__(self, database: Database | None = None, *, isolation: str | None = None) -> None:
        self._database = database
        self._isolation = isolation

    async def __call__(self, connection: HTTPConnection) -> AsyncIterator[Session]:
        """Open the unit, and end it when the function scope exits."""
        units = units_of(connection)
        database = self._database or units.database
        session = await units.open_writer(database, self._isolation)
        try:
            yield session
        except BaseException:
            await units.abandon(session)
            raise
        await units.commit(database, session)


async def installed_database(connection: HTTPConnection) -> Database:
    """Return the installed database, for background tasks and streams that open their own units."""
    return units_of(connection).database


def reader_of(database: Database) -> Any:
    """Make a dependency that reads from a second database.

    `Archive = Annotated[Session, reader_of(archive)]`
    """
    return Depends(OpenReader(database))


def writer_of(database: Database | None = None, *, isolation: str | None = None) -> Any:
    """Make a dependency that writes to a second database, or at another isolation level.

    `Archive = Annotated[Session, writer_of(archive)]`;
    `Strict = Annotated[Session, writer_of(isolation="SERIALIZABLE")]`.

    Two databases commit one after the other, not together: if the second commit fails, the first stands.
    """
    return Depends(OpenWriter(database, isolation=isolation), scope="function")


Reader = Annotated[Session, Depends(OpenReader())]
# Function scope is what puts the exit, and so the commit, before the response's first byte.
Writer = Annotated[Session, Depends(OpenWriter(), scope="function")]
Data = Annotated[Database, Depends(installed_database)]

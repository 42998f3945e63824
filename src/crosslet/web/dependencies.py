"""What a route asks for: `Reader`, `Writer`, `Data`; and the same for a second database."""

from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from crosslet.database import Database, Session
from crosslet.errors import ConfigurationError
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

    It ends with FastAPI's function scope, whose stack of exits it stands on by itself: as a generator that yields, a
    dependency costs a request more than the whole statement (measured: 50 of 350 microseconds).

    Args:
        database: Which one; the installed one where None.
        isolation: As for `Database.write`.
    """

    def __init__(self, database: Database | None = None, *, isolation: str | None = None) -> None:
        self._database = database
        self._isolation = isolation

    async def __call__(self, connection: HTTPConnection) -> Session:
        """Open the unit, to be ended when the function scope exits."""
        units = units_of(connection)
        scope = function_scope(connection)
        database = self._database or units.database
        session = await units.open_writer(database, self._isolation)

        async def end(kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
            if error is None:
                await units.commit(database, session)
            else:
                await units.abandon(session)

        scope.push_async_exit(end)
        return session


def function_scope(connection: HTTPConnection) -> AsyncExitStack:
    """Return what FastAPI exits after a response was built and before it is sent; a private name of it.

    Raises:
        ConfigurationError: This FastAPI has none.
    """
    stack = connection.scope.get("fastapi_function_astack")
    if not isinstance(stack, AsyncExitStack):
        raise ConfigurationError(
            "This FastAPI has no function scope where crosslet looks for it, so a commit could come after the answer. "
            "Use a version that crosslet's pyproject.toml names."
        )
    return stack


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

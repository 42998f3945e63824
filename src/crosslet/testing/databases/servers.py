"""PostgreSQL, MySQL and MariaDB: databases on a server, made over a connection of their own."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL

from crosslet.connections import Connections
from crosslet.settings import Settings
from crosslet.testing.databases.base import Databases


class ServerDatabases(Databases):
    """Databases on a server.

    Args:
        prefix: As for Databases.
        server: The URL of a database on it that exists; its account may create databases.
    """

    def __init__(self, prefix: str, server: URL) -> None:
        super().__init__(prefix)
        self._server = server
        self._template: str | None = None

    def _url_of(self, name: str) -> URL:
        return self._server.set(database=name)

    async def _create(self) -> URL:
        self._template = self._next_name()
        async with self._talk() as server:
            await server.run(f"CREATE DATABASE {self._template}")
        return self._url_of(self._template)

    async def end(self) -> None:
        await super().end()
        if self._template is not None:
            async with self._talk() as server:
                await server.run(self._dropping(self._template))

    @abstractmethod
    def _dropping(self, name: str) -> str:
        """Return the statement that drops a database."""

    @asynccontextmanager
    async def _talk(self) -> "AsyncIterator[Talk]":
        connections = Connections(self._server, Settings(), lambda engine, read_only: None)
        raw = await connections.open_alone()
        try:
            yield Talk(connections, raw)
        finally:
            await connections.close_alone(raw)


class Talk:
    """A connection to the server, past SQLAlchemy."""

    def __init__(self, connections: Connections, raw: Any) -> None:
        self._driver = connections.driver
        self._raw = raw

    async def run(self, *statements: str) -> None:
        """Run statements."""
        for statement in statements:
            await self._driver.run(self._raw, statement)

    async def rows(self, query: str) -> Sequence[Sequence[Any]]:
        """Return the rows of a query."""
        return (await self._driver.fetch(self._raw, query, ())).rows


class TemplateDatabases(ServerDatabases):
    """PostgreSQL's: the server copies a database as files."""

    async def take(self) -> URL:
        name = self._next_name()
        async with self._talk() as server:
            await server.run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self._url_of(name)

    async def give_back(self, url: URL) -> None:
        async with self._talk() as server:
            await server.run(self._dropping(str(url.database)))

    def _dropping(self, name: str) -> str:
        return f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"

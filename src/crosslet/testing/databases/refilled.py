"""MySQL and MariaDB: no database can be copied there, so that a copy is made once and filled again after each test.

Making tables takes these servers milliseconds each; emptying those that nobody has changed takes a tenth of that.
"""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import URL

from crosslet.database import Database
from crosslet.testing.databases.base import Schema, elsewhere
from crosslet.testing.databases.servers import ServerDatabases, Talk

_COUNTER = re.compile(r" AUTO_INCREMENT=(\d+)")


@dataclass
class Contents:
    """What a database holds.

    Attributes:
        tables: The definition of each table, without the next number of its key.
        counters: Those numbers, where there are any.
        others: Views, triggers, routines and events, and tables that cannot just be emptied.
    """

    tables: dict[str, str] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    others: set[tuple[str, ...]] = field(default_factory=set)

    def is_shaped_as(self, other: "Contents") -> bool:
        """Tell whether the same tables and other things are there."""
        return self.tables == other.tables and self.others == other.others


class RefilledDatabases(ServerDatabases):
    """Copies that were made by the schema, as the template was, and are used again."""

    def __init__(self, prefix: str, server: URL) -> None:
        super().__init__(prefix, server)
        self._free: list[URL] = []
        self._contents = Contents()
        # The columns of each table that has rows in the template.
        self._filled: dict[str, str] = {}
        self._made_by: tuple[Database, Schema] | None = None

    async def prepare(self, db: Database, schema: Schema) -> None:
        await super().prepare(db, schema)
        self._made_by = db, schema
        async with self._talk() as server:
            self._contents = await contents_of(server, str(self._template))
            for table in self._contents.tables:
                if await server.rows(f"SELECT 1 FROM {self._template}.{_quoted(table)} LIMIT 1"):  # noqa: S608
                    self._filled[table] = await self._columns_of(server, table)

    async def take(self) -> URL:
        if self._free:
            return self._free.pop()
        name = self._next_name()
        async with self._talk() as server:
            await server.run(f"CREATE DATABASE {name}")
        url = self._url_of(name)
        assert self._made_by is not None  # noqa: S101 - `prepare` came before
        db, schema = self._made_by
        async with elsewhere(db, url):
            await schema(db)
        return url

    async def give_back(self, url: URL) -> None:
        name = str(url.database)
        async with self._talk() as server:
            for connection in await server.rows(
                f"SELECT id FROM information_schema.processlist WHERE db = '{name}'"  # noqa: S608 - our own name
            ):
                with suppress(Exception):  # It has ended by itself meanwhile.
                    await server.run(f"KILL CONNECTION {connection[0]}")
            if await self._refill(server, name):
                self._free.append(url)
            else:
                await server.run(self._dropping(name))

    async def end(self) -> None:
        await super().end()
        async with self._talk() as server:
            while self._free:
                await server.run(self._dropping(str(self._free.pop().database)))

    def _dropping(self, name: str) -> str:
        return f"DROP DATABASE IF EXISTS {name}"

    async def _refill(self, server: Talk, name: str) -> bool:
        """Make a copy's rows those of the template; tell whether that was possible."""
        found = await contents_of(server, name)
        # A view only reads; what a trigger would do meanwhile, nobody knows.
        if not found.is_shaped_as(self._contents) or any(kind != "VIEW" for kind, *_ in found.others):
            return False
        async for statement in self._refilling(name, found):
            await server.run(statement)
        return True

    async def _refilling(self, name: str, found: Contents) -> AsyncIterator[str]:
        yield "SET autocommit = 1, foreign_key_checks = 0, unique_checks = 0"
        for table in found.tables:
            quoted, before = _quoted(table), self._contents.counters.get(table)
            is_counting = found.counters.get(table) != before
            yield f"{'TRUNCATE' if is_counting else 'DELETE FROM'} {name}.{quoted}"
            if table in self._filled:
                columns = self._filled[table]
                yield f"INSERT INTO {name}.{quoted} ({columns}) SELECT {columns} FROM {self._template}.{quoted}"  # noqa: S608
            if is_counting and before is not None:
                yield f"ALTER TABLE {name}.{quoted} AUTO_INCREMENT = {before}"

    async def _columns_of(self, server: Talk, table: str) -> str:
        shown = await server.rows(f"SHOW COLUMNS FROM {self._template}.{_quoted(table)}")
        return ", ".join(_quoted(str(row[0])) for row in shown if "GENERATED" not in str(row[5]).upper())


async def contents_of(server: Talk, name: str) -> Contents:
    """Say what a database holds."""
    contents = Contents()
    for table, kind in await server.rows(f"SHOW FULL TABLES FROM {name}"):
        text = str((await server.rows(f"SHOW CREATE TABLE {name}.{_quoted(table)}"))[0][1])
        if kind != "BASE TABLE":
            contents.others.add((kind, table, text.replace(name, "")))
            continue
        counter = _COUNTER.search(text)
        if counter is not None:
            contents.counters[table] = counter[1]
        contents.tables[table] = _COUNTER.sub("", text)
    for kind, column in (("TRIGGER", "TRIGGER"), ("ROUTINE", "ROUTINE"), ("EVENT", "EVENT")):
        query = f"SELECT {column}_NAME FROM information_schema.{kind}S WHERE {column}_SCHEMA = '{name}'"  # noqa: S608
        contents.others |= {(kind, str(row[0])) for row in await server.rows(query)}
    return contents


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"

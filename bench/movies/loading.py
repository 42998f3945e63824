"""Make the tables of a database and fill them, the fastest way that each database has."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import MetaData, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bench.movies.data import Row, Rows, Sizes, tables
from bench.movies.models import Base


async def load(url: str, sizes: Sizes) -> None:
    """Create the tables in an empty database, fill them, and bring the planner's statistics up to date."""
    await fill(url, Base.metadata, tables(sizes))


async def fill(url: str, metadata: MetaData, everything: list[Rows]) -> None:
    """Create tables in an empty database and fill them; `creation_time` is the one name of a column with moments."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    ways = {"postgresql": _fill_postgresql, "mariadb": _fill_mariadb, "sqlite": _fill_sqlite}
    await ways[make_url(url).get_backend_name()](url, everything)


async def _fill_postgresql(url: str, everything: list[Rows]) -> None:
    import asyncpg

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    for rows in everything:
        await connection.copy_records_to_table(rows.table, columns=rows.columns, records=rows.values)
        # COPY leaves the counter of the keys where it was.
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{rows.table}', 'id'), (SELECT max(id) FROM {rows.table}))"
        )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _fill_mariadb(url: str, everything: list[Rows]) -> None:
    import asyncmy

    given = make_url(url)
    connection = await asyncmy.connect(
        host=given.host, port=given.port, user=given.username, db=given.database, autocommit=False, charset="utf8mb4"
    )
    async with connection.cursor() as cursor:
        await cursor.execute("SET foreign_key_checks = 0, unique_checks = 0, time_zone = '+00:00'")
        for rows in everything:
            # The driver makes statements of many rows of it.
            for batch in _batches(_naive(rows), 5000):
                await cursor.executemany(_insert(rows, "%s"), batch)
        await connection.commit()
        await cursor.execute(f"ANALYZE TABLE {', '.join(rows.table for rows in everything)}")
    await connection.ensure_closed()


async def _fill_sqlite(url: str, everything: list[Rows]) -> None:
    path = make_url(url).database
    assert path is not None
    connection = sqlite3.connect(Path(path))
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
    for rows in everything:
        connection.executemany(_insert(rows, "?"), _naive(rows))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _insert(rows: Rows, mark: str) -> str:
    return f"INSERT INTO {rows.table} ({', '.join(rows.columns)}) VALUES ({', '.join([mark] * len(rows.columns))})"


def _naive(rows: Rows) -> Iterator[Row]:
    """Write moments as SQLAlchemy's DateTime does where there is no time zone: with microseconds on SQLite, too."""
    if "creation_time" not in rows.columns:
        yield from rows.values
        return
    place = rows.columns.index("creation_time")
    for row in rows.values:
        yield (*row[:place], row[place].strftime("%Y-%m-%d %H:%M:%S.%f"), *row[place + 1 :])


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch

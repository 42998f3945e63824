"""Many rows at once: crosslet's bulk verbs, the bare driver, SQLAlchemy's ways, 100,000 rows of 8 columns each.

All start from the same list of dicts with five values a row; the key (a UUIDv7) and the two timestamps are made by
each contender itself, and each commits. They run in one process, interleaved, in an order that changes with each round,
on a table that is emptied before. A ratio is the median of those of paired rounds; `goal` is the least that it should
be.
"""

import argparse
import asyncio
import gc
import json
import random
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import MetaData, String, UniqueConstraint, func, insert, make_url, select, text
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Mapped, mapped_column

from bench.report import Case, paired, show
from crosslet import Database, ExactDecimal, Model
from crosslet.models import uuid7
from crosslet.testing import start_mariadb, start_postgresql

_DRIVERS = {"postgresql": ("asyncpg", "psycopg"), "mariadb": ("asyncmy", "aiomysql"), "sqlite": ("aiosqlite",)}
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "mariadb": mysql.insert, "sqlite": sqlite.insert}
# Least ratio to a contender, by database and contender; those that are not here are told without a goal.
_GOALS = {
    ("postgresql", "insert_many", "bare COPY"): 0.7,
    ("postgresql", "insert_many", "add_all"): 15.0,
    ("postgresql", "insert_many", "insert(Model)"): 5.0,
    ("postgresql", "upsert_many", "on_conflict_do_update"): 2.2,
    ("mariadb", "insert_many", "add_all"): 4.0,
    ("sqlite", "insert_many", "add_all"): 10.0,
}
Rows = list[dict[str, Any]]
Store = Callable[[Rows], Awaitable[None]]


class Row(Model):
    """Eight columns: three of a Model, and these."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)

    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    price: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))
    is_active: Mapped[bool]
    settings: Mapped[dict[str, Any]]


class Item(Row):
    """What is inserted."""

    __tablename__ = "items"


class Article(Row):
    """What is upserted, by a key of its own."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("number"),)


_COLUMNS = ("id", "name", "number", "price", "is_active", "settings", "created_at", "updated_at")


def rows_of(count: int, start: int = 0) -> Rows:
    """Return rows as an application has them."""
    return [
        {
            "name": f"item {number}",
            "number": number,
            "price": Decimal(number) / 100,
            "is_active": number % 3 == 0,
            "settings": {"theme": "dark", "size": number},
        }
        for number in range(start, start + count)
    ]


# --- contenders -----------------------------------------------------------------------------------


def by_crosslet(db: Database, *, upserts: bool = False) -> Store:
    """Store by the verb that is measured."""

    async def store(rows: Rows) -> None:
        async with db.write() as session:
            if upserts:
                await session.upsert_many(Article, rows, key="number")
            else:
                await session.insert_many(Item, rows)

    return store


def by_add_all(sessions: Callable[[], AsyncSession]) -> Store:
    """Store as the guides do."""

    async def store(rows: Rows) -> None:
        async with sessions() as session:
            session.add_all([Item(**row) for row in rows])
            await session.commit()

    return store


def by_insert(sessions: Callable[[], AsyncSession]) -> Store:
    """Store as SQLAlchemy's manual does many rows."""

    async def store(rows: Rows) -> None:
        async with sessions() as session:
            await session.execute(insert(Item), rows)
            await session.commit()

    return store


def by_on_conflict(sessions: Callable[[], AsyncSession], db: str) -> Store:
    """Upsert as SQLAlchemy's manual does it."""
    inserting = _INSERTS[db](Article)
    moved = ("name", "price", "is_active", "settings", "updated_at")
    if db == "mariadb":
        statement = inserting.on_duplicate_key_update({name: inserting.inserted[name] for name in moved})
    else:
        changes = {name: inserting.excluded[name] for name in moved}
        statement = inserting.on_conflict_do_update(index_elements=["number"], set_=changes)

    async def store(rows: Rows) -> None:
        async with sessions() as session:
            await (await session.connection()).execute(statement, rows)
            await session.commit()

    return store


async def bare_copy(url: str, stack: AsyncExitStack) -> Store:
    """Store by asyncpg's COPY, written by hand."""
    asyncpg = __import__("asyncpg")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    stack.push_async_callback(connection.close)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + json.dumps(value).encode(),
        decoder=lambda value: json.loads(value[1:]),
        format="binary",
    )

    async def store(rows: Rows) -> None:
        now = datetime.now(UTC)
        records = [(uuid7(), r["name"], r["number"], r["price"], r["is_active"], r["settings"], now, now) for r in rows]
        async with connection.transaction():
            await connection.copy_records_to_table("items", columns=_COLUMNS, records=records)

    return store


async def bare_executemany(url: str, stack: AsyncExitStack) -> Store:
    """Store by the driver's `executemany`, written by hand."""
    made = make_url(url)
    mark = "?" if made.get_backend_name() == "sqlite" else "%s"
    statement = f"INSERT INTO items ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))})"
    engine = create_async_engine(url)
    stack.push_async_callback(engine.dispose)
    held = await engine.connect()
    stack.push_async_callback(held.close)
    raw: Any = (await held.get_raw_connection()).driver_connection
    is_sqlite = mark == "?"

    async def store(rows: Rows) -> None:
        now = datetime.now(UTC).isoformat(" ")[:26]
        records = [
            (
                uuid7().hex,
                r["name"],
                r["number"],
                int(r["price"] * 100) if is_sqlite else r["price"],
                r["is_active"],
                json.dumps(r["settings"]),
                now,
                now,
            )
            for r in rows
        ]
        if is_sqlite:
            await raw.executemany(statement, records)
        else:
            async with raw.cursor() as cursor:
                await cursor.executemany(statement, records)
        await raw.commit()

    return store


async def contenders(driver: str, url: str, stack: AsyncExitStack) -> dict[str, dict[str, Store]]:
    """Open the contenders of a driver, by what they do."""
    kind = make_url(url).get_backend_name()
    db = await stack.enter_async_context(Database(url, metadata=Row))
    await db.create_all()
    engine = create_async_engine(url)
    stack.push_async_callback(engine.dispose)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    inserting: dict[str, Store] = {
        "insert_many": by_crosslet(db),
        "insert(Model)": by_insert(sessions),
        "add_all": by_add_all(sessions),
    }
    if driver == "asyncpg":
        inserting["bare COPY"] = await bare_copy(url, stack)
    elif kind != "postgresql":
        inserting["bare executemany"] = await bare_executemany(url, stack)
    upserting = {"upsert_many": by_crosslet(db, upserts=True), "on_conflict_do_update": by_on_conflict(sessions, kind)}
    return {"insert_many": inserting, "upsert_many": upserting}


# --- measuring ------------------------------------------------------------------------------------


async def rates(
    db: Database, model: Any, stores: dict[str, Store], rows: Rows, present: Rows, *, rounds: int
) -> dict[str, list[float]]:
    """Return rows a second of each contender, a number a round."""
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name in random.Random(number).sample(list(stores), k=len(stores)):
            async with db.write() as session:
                table = model.__tablename__
                await session.execute(
                    text(f"{'DELETE FROM' if db.dialect.name == 'sqlite' else 'TRUNCATE TABLE'} {table}")
                )
                await session.insert_many(model, present)
            gc.collect()
            gc.disable()
            try:
                started = perf_counter()
                await stores[name](rows)
                taken = perf_counter() - started
            finally:
                gc.enable()
            await _check(db, model, len(rows))
            if number:  # The first round warms all of them up.
                found[name].append(len(rows) / taken)
    return found


async def _check(db: Database, model: Any, count: int) -> None:
    asking = select(func.count(), func.sum(model.number), func.count(model.settings))
    async with db.read() as session:
        row = (await session.execute(asking)).one()
        settings = await session.scalar(select(model.settings).where(model.number == count - 1))
    assert tuple(map(int, row)) == (count, count * (count - 1) // 2, count), row
    assert settings == {"theme": "dark", "size": count - 1}, settings


async def run(driver: str, url: str, *, count: int, rounds: int) -> list[Case]:
    """Measure one driver."""
    rows, kind = rows_of(count), make_url(url).get_backend_name()
    cases = []
    async with AsyncExitStack() as stack:
        by_verb = await contenders(driver, url, stack)
        db = await stack.enter_async_context(Database(url, metadata=Row))
        for verb, stores in by_verb.items():
            model, present = (Article, rows[::2]) if verb == "upsert_many" else (Item, [])
            found = await rates(db, model, stores, rows, present, rounds=rounds)
            for versus in stores:
                if versus != verb:
                    cases.append(_case(kind, driver, verb, versus, found))
    return cases


def _case(kind: str, driver: str, verb: str, versus: str, found: dict[str, Any]) -> Case:
    # The goals are about each database's first driver.
    goal = _GOALS.get((kind, verb, versus)) if driver == _DRIVERS[kind][0] else None
    name = f"{kind} {verb} ({driver})"
    return paired("writes", name, "rows/s", ours=found[verb], versus=versus, theirs=found[versus], goal=goal)


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench writes", description=__doc__)
    options.add_argument("--quick", action="store_true", help="few rows and rounds, to see that it works")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--db", choices=list(_DRIVERS), help="one database instead of all three")
    options.add_argument("--rows", type=int, help="rows in one go; 100,000, and 2,000 with --quick")
    options.add_argument("--rounds", type=int, help="rounds; 5, and 1 with --quick")
    given = options.parse_args()
    count = given.rows or (2_000 if given.quick else 100_000)
    rounds = given.rounds or (1 if given.quick else 5)
    cases = []
    for kind in [given.db] if given.db else _DRIVERS:
        print(f"{kind}: {count} rows, {rounds} rounds", file=sys.stderr)
        with ExitStack() as stack:
            for driver, url in _urls(kind, stack).items():
                cases += asyncio.run(run(driver, url, count=count, rounds=rounds))
    show(cases, as_json=given.json)


def _urls(kind: str, stack: ExitStack) -> dict[str, str]:
    if kind == "sqlite":
        folder = stack.enter_context(TemporaryDirectory())
        return {"aiosqlite": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"}
    if kind == "postgresql":
        settings = {"shared_buffers": "512MB", "max_wal_size": "2GB", "autovacuum": "off"}
        server: Any = stack.enter_context(start_postgresql(settings=settings))
    else:
        settings = {"innodb-buffer-pool-size": "512M", "innodb-log-file-size": "256M"}
        server = stack.enter_context(start_mariadb(settings=settings))
    urls = {}
    for driver in _DRIVERS[kind]:
        server.create_database(driver)
        urls[driver] = server.url(driver, driver)
    return urls


if __name__ == "__main__":
    main()

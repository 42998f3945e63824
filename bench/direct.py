"""One row by its key on every driver: the bare driver, crosslet's direct read, and sessions, on one connection each.

All run in one process, interleaved, in an order that changes with each round. A ratio is the median of those of paired
rounds and says how many times cheaper the first is; `goal` is the least that it should be.
"""

import argparse
import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from bench.measure import Results, agree, measure
from bench.report import Case, paired, show
from crosslet import Database
from crosslet.shapes.texts import direct_text
from crosslet.testing import start_mariadb, start_postgresql
from crosslet.transactions import ConstraintNames, explain_reads, fetch_directly, may_read_directly

_ROWS = 1000
_GOAL = 1 / 1.4
_metadata = MetaData()
_things = Table(
    "things",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("number", Integer),
)
_statement = select(_things.c.id, _things.c.name, _things.c.number).where(
    _things.c.id == bindparam("key", None, Integer)
)
Ask = Callable[[str, Any], Awaitable[Any]]


class Contender:
    """Reads one row by its key."""

    def __init__(self, get_row: Callable[[int], Awaitable[Any]]) -> None:
        self._get_row = get_row

    async def get_row(self, key: int) -> list[Any]:
        """Return the values of the row."""
        return list(await self._get_row(key))


def bare(driver: str, connection: Any) -> Ask:
    """Return how each driver's own manual reads rows."""

    async def asyncpg(text: str, values: Any) -> Any:
        return (await connection.fetch(text, *values))[0]

    async def psycopg(text: str, values: Any) -> Any:
        return (await (await connection.execute(text, values)).fetchall())[0]

    async def asyncmy(text: str, values: Any) -> Any:
        async with connection.cursor() as cursor:
            await cursor.execute(text, values)
            return (await cursor.fetchall())[0]

    async def aiosqlite(text: str, values: Any) -> Any:
        return next(iter(await connection.execute_fetchall(text, values)))

    asks: dict[str, Ask] = {
        "asyncpg": asyncpg,
        "psycopg": psycopg,
        "asyncmy": asyncmy,
        "aiomysql": asyncmy,
        "aiosqlite": aiosqlite,
    }
    return asks[driver]


async def contenders(url: str, stack: AsyncExitStack) -> dict[str, Contender]:
    """Fill a database, and return what reads it, each with a connection of its own."""
    db, other = [await stack.enter_async_context(Database(url, metadata=_metadata)) for _ in range(2)]
    await db.create_all()
    async with db.write() as session:
        rows = [{"id": key, "name": f"thing {key}", "number": key % 7} for key in range(1, _ROWS + 1)]
        await session.execute(insert(_things), rows)
    pair = await db.connections.pair()
    direct, explain = pair.direct, explain_reads(db.dialect, ConstraintNames(list), show_values=False)
    assert direct is not None
    compiled = _statement.compile(dialect=pair.reader.dialect)
    handed = [direct_text(compiled, {"key": key}) for key in range(_ROWS + 1)]
    asking = await (await other.engine(read_only=True)).connect()
    stack.push_async_callback(asking.close)
    ask = bare(db.connections.driver.name, (await asking.get_raw_connection()).driver_connection)
    engine = create_async_engine(url)
    stack.push_async_callback(engine.dispose)
    usual = async_sessionmaker(engine, expire_on_commit=False)

    async def by_driver(key: int) -> Any:
        return await ask(*handed[key])  # type: ignore[misc]

    async def directly(key: int) -> Any:
        return (await direct.fetch(*handed[key], seconds=30, explain=explain)).rows[0]  # type: ignore[misc]

    unit = (await db.open(read_only=True)).unit

    async def from_statement(key: int) -> Any:
        assert may_read_directly(unit, direct)
        return (await fetch_directly(unit, direct, explain, *direct_text(compiled, {"key": key}))).rows[0]  # type: ignore[misc]

    async def by_session(key: int) -> Any:
        async with db.read() as session:
            return (await session.execute(_statement, {"key": key})).one()

    async def by_usual_session(key: int) -> Any:
        async with usual() as session:
            row = (await session.execute(_statement, {"key": key})).one()
            await session.commit()
            return row

    made = (by_driver, directly, from_statement, by_session, by_usual_session)
    return {one.__name__: Contender(one) for one in made}


def cases_of(driver: str, results: Results) -> list[Case]:
    """Compare what was measured."""
    wall = {name: found.wall_us for (_, name), found in results.items()}

    def case(name: str, ours: str, versus: str, theirs: str, goal: float | None = None) -> Case:
        return paired(
            "direct",
            f"{driver} {name}",
            "us",
            ours=wall[ours],
            versus=versus,
            theirs=wall[theirs],
            goal=goal,
            less_is_better=True,
        )

    return [
        case("direct", "directly", "bare driver", "by_driver", _GOAL),
        case("direct, values bound", "from_statement", "bare driver", "by_driver", _GOAL),
        case("direct, values bound", "from_statement", "crosslet's session", "by_session"),
        case("direct, values bound", "from_statement", "AsyncSession", "by_usual_session"),
    ]


async def run(driver: str, url: str, *, rounds: int, calls: int) -> list[Case]:
    """Measure one driver."""
    async with AsyncExitStack() as stack:
        some = await contenders(url, stack)
        reads = {"get_row": lambda chance: random.Random.randint(chance, 1, _ROWS)}
        await agree(some, reads)
        return cases_of(driver, await measure(some, reads, rounds=rounds, calls={"get_row": calls}))


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench direct", description=__doc__)
    options.add_argument("--quick", action="store_true", help="three short rounds, to see that it works")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    given = options.parse_args()
    rounds, calls = (3, 50) if given.quick else (21, 300)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        urls = {"aiosqlite": f"sqlite+aiosqlite:///{folder}/bench.db"}
        for start, drivers in ((start_postgresql, ("asyncpg", "psycopg")), (start_mariadb, ("asyncmy", "aiomysql"))):
            server = stack.enter_context(start())
            for driver in drivers:
                server.create_database(driver)
                urls[driver] = server.url(driver, driver)
        cases = [
            case for driver, url in urls.items() for case in asyncio.run(run(driver, url, rounds=rounds, calls=calls))
        ]
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

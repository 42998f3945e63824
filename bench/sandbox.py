"""What a test of the user's costs around what it tests: in a sandbox, on a copy of the template, and the usual way.

Each test has an event loop of its own, as pytest's plugins give it, and does the same: a unit that stores a row, and a
read that counts. The usual way makes the tables before a test and drops them after it. All three take turns in an order
that changes with each round; ratios are of paired rounds.
"""

import argparse
import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, func, insert, select

from bench.report import Case, paired, show
from crosslet import Database
from crosslet.testing import Databases, server_for, start_databases

_TABLES = 12
_metadata = MetaData()
_tables = [
    Table(
        f"things{number}",
        _metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(50), unique=True),
        *([Column("other", ForeignKey(f"things{number - 1}.id"), index=True)] if number else []),
    )
    for number in range(_TABLES)
]
_ROWS = [{"name": f"thing {key}"} for key in range(1, 51)]
Way = Callable[[], AbstractAsyncContextManager[Database]]


async def make(db: Database) -> None:
    """Make the tables, and the rows of one."""
    await db.create_all()
    async with db.write() as session:
        await session.execute(insert(_tables[0]), _ROWS)


def ways_of(databases: Databases, db: Database, url: str) -> dict[str, Way]:
    """Return the ways to a database for a test, by name."""

    @asynccontextmanager
    async def usual() -> AsyncIterator[Database]:
        async with Database(url, metadata=_metadata) as made:
            await make(made)
            try:
                yield made
            finally:
                await made.drop_all()

    return {"sandbox": lambda: databases.sandbox(db), "copy": lambda: databases.copy(db), "usual": usual}


async def test(way: Way) -> None:
    """Do what a small test does."""
    async with way() as db:
        async with db.write() as session:
            await session.execute(insert(_tables[0]).values(name="tea"))
        async with db.read() as session:
            found = await session.scalar(select(func.count()).select_from(_tables[0]))
        assert found == len(_ROWS) + 1


def run(word: str, folder: Path, *, rounds: int) -> list[Case]:
    """Measure one database."""
    db = Database("sqlite://", metadata=_metadata)
    with server_for(word) as server, start_databases(server, db, make, folder) as databases:
        own = f"sqlite:///{folder}/usual.db" if word == "sqlite" else server
        ways = ways_of(databases, db, own)
        spent: dict[str, list[float]] = {name: [] for name in ways}
        chance = random.Random(1)
        for turn in range(rounds + 2):
            for name in chance.sample(list(ways), len(ways)):
                begun = perf_counter()
                asyncio.run(test(ways[name]))
                if turn >= 2:
                    spent[name].append((perf_counter() - begun) * 1000)
    pairs = (("sandbox", "copy"), ("sandbox", "usual"), ("copy", "usual"))
    return [case_of(word, one, other, spent) for one, other in pairs]


def case_of(word: str, one: str, other: str, spent: dict[str, list[float]]) -> Case:
    """Compare two ways."""
    name = f"{word} {one}"
    return paired("sandbox", name, "ms", ours=spent[one], versus=other, theirs=spent[other], less_is_better=True)


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench sandbox", description=__doc__)
    options.add_argument("--quick", action="store_true", help="three rounds, to see that it works")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    given = options.parse_args()
    cases: list[Case] = []
    with ExitStack() as stack:
        for word in ("sqlite", "postgresql", "mariadb"):
            folder = Path(stack.enter_context(TemporaryDirectory()))
            cases += run(word, folder, rounds=3 if given.quick else 31)
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

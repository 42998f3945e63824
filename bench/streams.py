"""A million rows as JSON lines: by crosslet, ORM entities with Pydantic, and COPY; speed, and growth of the process.

Each contender runs in a process of its own, which opens its connection first; the contenders of a round follow one
another, in an order that changes. A ratio is the median of those of the rounds and says how many times faster crosslet
is; that of memory says how many times the growth goes into 16 MiB. `goal` is the least that a ratio should be.
"""

import argparse
import asyncio
import itertools
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine

from bench.exports.models import Base, Item, rows
from bench.report import Case, paired, show
from bench.shapes import database

_ROOT = Path(__file__).parents[1]
_DRIVERS = {"postgresql": "asyncpg", "mariadb": "asyncmy", "sqlite": "aiosqlite"}
# Times the speed of ORM entities with Pydantic, by database.
_GOALS = {"postgresql": 6.0, "mariadb": 3.0, "sqlite": 3.0}
_MIB = 16.0
_BATCH = 5000
_VERSUS = {
    "usual": "ORM entities and Pydantic",
    "usual_rows": "ORM entities and Pydantic, a row at a time",
    "copy": "COPY of JSON rows",
}


async def load(url: str, count: int) -> None:
    """Make the table and fill it."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    made = rows(count)
    while batch := list(itertools.islice(made, _BATCH)):
        async with engine.begin() as connection:
            await connection.execute(Item.__table__.insert(), batch)
    await engine.dispose()


def export(name: str, url: str) -> dict[str, Any]:
    """Run one contender in a process of its own.

    Raises:
        RuntimeError: It failed.
    """
    command = [sys.executable, "-m", "bench.exports.run", name, url]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measured(db: str, url: str, *, count: int, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Run every contender once a round, and see to it that they agree."""
    names = ["ours", "usual", "usual_rows", *(["copy"] if db == "postgresql" else [])]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in random.sample(names, k=len(names)):
            answer = export(name, url)
            assert answer["rows"] == count, f"{name} wrote {answer['rows']} rows of {count}"
            found[name].append(answer)
    digests = {name: some[0]["digest"] for name, some in found.items()}
    assert len(set(digests.values())) == 1, f"the contenders differ: {digests}"
    return found


def cases_of(db: str, found: dict[str, list[dict[str, Any]]]) -> list[Case]:
    """Compare what was measured."""
    speed = {name: [one["rows"] / one["seconds"] for one in some] for name, some in found.items()}
    goals = {"usual": _GOALS[db]}
    cases = [
        paired(
            "streams",
            f"{db} NDJSON",
            "rows/s",
            ours=speed["ours"],
            versus=_VERSUS[name],
            theirs=speed[name],
            goal=goals.get(name),
        )
        for name in found
        if name != "ours"
    ]
    for name, some in found.items():
        # Nothing at all would divide by nothing.
        growth = [max(0.1, one["growth_mib"]) for one in some]
        what = f"{db} {'NDJSON' if name == 'ours' else _VERSUS[name]}, growth"
        goal = 1.0 if name == "ours" else None
        limit = [_MIB] * len(growth)
        cases.append(
            paired("streams", what, "MiB", ours=growth, versus="limit", theirs=limit, goal=goal, less_is_better=True)
        )
    return cases


def run_database(db: str, *, count: int, rounds: int) -> list[Case]:
    """Fill one database and measure it."""
    with database(db) as (urls, _, _):
        url = urls[_DRIVERS[db]]
        print(f"{db}: {count:,} rows", file=sys.stderr)
        asyncio.run(load(url, count))
        return cases_of(db, measured(db, url, count=count, rounds=rounds))


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench streams", description=__doc__)
    options.add_argument("--quick", action="store_true", help="50,000 rows, once")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--db", choices=list(_DRIVERS), help="one database instead of all three")
    options.add_argument("--rows", type=int, help="rows of the table; 1,000,000")
    given = options.parse_args()
    count = given.rows or (50_000 if given.quick else 1_000_000)
    chosen = [given.db] if given.db else list(_DRIVERS)
    cases = [case for db in chosen for case in run_database(db, count=count, rounds=1 if given.quick else 3)]
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

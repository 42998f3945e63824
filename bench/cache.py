"""Kept results under 16 writers and 64 readers in two processes, and what a hit takes beside a read of the database.

Each writer counts a row of its own up; readers read rows by their key. A violation is a read that began after a write
of its own process was confirmed, and gave less; there must be none. What the other process has confirmed may be older:
how many reads got such a row, and how old it was, is reported. Latencies are those of one reader without load, both
ways interleaved in one process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench.keeping.process import size_of
from bench.keeping.tables import KEPT_LIST, LIST, Counter, CounterOut, KeptOut, opened
from bench.measure import agree, measure
from bench.report import Case, paired, show
from crosslet import Database
from crosslet.testing import start_postgresql, start_redis

_STORES = {"Redis": "", "memory and NOTIFY": "notify"}
_ROWS_OF_LIST = 50


class Kept:
    """Reads what is kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def row(self, key: int) -> bytes:
        async with self._db.read() as session:
            return await session.json(KeptOut, Counter, key)

    async def list(self, key: int) -> bytes:
        async with self._db.read() as session:
            return await session.json(list[CounterOut], KEPT_LIST)


class Uncached:
    """Reads the database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def row(self, key: int) -> bytes:
        async with self._db.read() as session:
            return await session.json(CounterOut, Counter, key)

    async def list(self, key: int) -> bytes:
        async with self._db.read() as session:
            return await session.json(list[CounterOut], LIST)


async def prepare(url: str, store: str, rows: int) -> None:
    """Make the table, with its rows at zero, through the same cache as all others."""
    async with opened(url, store) as db:
        await db.drop_all()
        await db.create_all()
        async with db.write() as session:
            session.add_all(Counter(id=number, version=0) for number in range(max(rows, _ROWS_OF_LIST)))


def under_load(url: str, store: str, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Run the processes side by side and return what each found."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "confirmed"
        file.write_bytes(bytes(size_of(given.writers)))
        command = [sys.executable, "-m", "bench.keeping.process", "--url", url, "--store", store, "--file", str(file)]
        numbers = {"rows": given.writers, "readers": given.readers // given.processes, "processes": given.processes}
        numbers |= {"seconds": given.seconds, "pause": given.pause}
        command += [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
        running = [
            subprocess.Popen([*command, "--number", str(number)], stdout=subprocess.PIPE, text=True)
            for number in range(given.processes)
        ]
        answers = [one.communicate(timeout=given.seconds + 60)[0] for one in running]
        if any(one.returncode for one in running):
            sys.exit("a process of the benchmark failed")
        return [json.loads(answer) for answer in answers]


def loaded_cases(name: str, found: list[dict[str, Any]], given: argparse.Namespace) -> list[Case]:
    """Make the cases of a run under load."""
    total = {key: sum(one[key] for one in found) for key in ("violations", "reads", "writes", "hits")}
    ages = [age for one in found for age in one["ages"]] or [0.0]
    older = sum(len(one["ages"]) for one in found)
    size = f"{given.writers} writers, {given.readers} readers, {given.processes} processes"
    reads, none = float(total["reads"]), total["violations"] == 0
    middle, worst = round(statistics.median(ages), 2), round(max(ages), 2)
    share = round(older / max(1, total["reads"]), 5)
    hits = round(total["hits"] / max(1, total["reads"]), 3)
    return [
        Case(
            "cache", f"{name}: violations, {size}", total["violations"], "reads", "reads", reads, float(none), 1.0, none
        ),
        Case("cache", f"{name}: older elsewhere, median", middle, "ms", "max", worst, share),
        Case("cache", f"{name}: hits", total["hits"], "reads", "reads", reads, hits),
        Case("cache", f"{name}: writes", total["writes"], "commits", "reads", reads, round(total["writes"] / reads, 5)),
    ]


async def latencies(url: str, store: str, name: str, given: argparse.Namespace) -> list[Case]:
    """Measure hits beside reads of the database."""
    rounds, calls = (3, 20) if given.quick else (15, 200)
    async with opened(url, store) as db:
        contenders: dict[str, Any] = {"kept": Kept(db), "uncached": Uncached(db)}
        reads = dict.fromkeys(("row", "list"), lambda chance: chance.randrange(16))
        await agree(contenders, reads)
        while db.cache_statistics().kept == 0:
            # A listener listens some time after the first read.
            await agree(contenders, reads)
        await agree(contenders, reads)
        found = await measure(contenders, reads, rounds=rounds, calls=dict.fromkeys(reads, calls))
    return [
        paired(
            "cache",
            f"{name}: hit, {read}",
            "us",
            ours=found[read, "kept"].wall_us,
            versus="uncached",
            theirs=found[read, "uncached"].wall_us,
            goal=1.0 if name != "Redis" else None,
            less_is_better=True,
        )
        for read in reads
    ]


def run(given: argparse.Namespace) -> list[Case]:
    """Run all of it on PostgreSQL and Redis."""
    cases = []
    with start_postgresql() as server, start_redis() as redis:
        server.create_database("bench")
        url = server.url("asyncpg", "bench")
        for name, told in _STORES.items():
            store = told or redis.url
            uvloop.run(prepare(url, store, given.writers))
            cases += loaded_cases(name, under_load(url, store, given), given)
            uvloop.run(prepare(url, store, given.writers))
            cases += uvloop.run(latencies(url, store, name, given))
    return cases


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench cache", description=__doc__)
    options.add_argument("--quick", action="store_true", help="3 seconds instead of 30")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--seconds", type=float, help="how long each store is under load")
    options.add_argument("--pause", type=float, default=0.25, help="seconds between the writes of a writer")
    options.add_argument("--writers", type=int, default=16, help="in all processes")
    options.add_argument("--readers", type=int, default=64, help="in all processes")
    options.add_argument("--processes", type=int, default=2)
    given = options.parse_args()
    given.seconds = given.seconds or (3.0 if given.quick else 30.0)
    cases = run(given)
    show(cases, as_json=given.json)
    if any(case.met is False and "violations" in case.case for case in cases):
        sys.exit(1)


if __name__ == "__main__":
    main()

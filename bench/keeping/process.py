"""One of the processes: writers that count their own rows up, readers that look at all rows and at the clock.

What was confirmed stands in a file that all processes map: a version a row, and when each of the last ones was.
"""

import argparse
import asyncio
import json
import mmap
import random
import time
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import update

from bench.keeping.tables import Counter, KeptOut, opened
from crosslet import Database

# Versions of a row whose times are remembered.
REMEMBERED = 4096


class Confirmed:
    """The versions that were confirmed, and when, for all processes of this machine."""

    def __init__(self, path: Path, rows: int) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size_of(rows))
        whole = memoryview(self._map)
        self._versions = whole[: rows * 8].cast("q")
        self._times = whole[rows * 8 :].cast("d")

    def set(self, row: int, version: int) -> None:
        """Note a version that was confirmed now."""
        self._times[row * REMEMBERED + version % REMEMBERED] = time.monotonic()
        self._versions[row] = version

    def version(self, row: int) -> int:
        """Return the last version that was confirmed."""
        return self._versions[row]

    def time(self, row: int, version: int) -> float:
        """Return when one was."""
        return self._times[row * REMEMBERED + version % REMEMBERED]


def size_of(rows: int) -> int:
    """Return the bytes of the file."""
    return rows * 8 * (1 + REMEMBERED)


class Work:
    """What one process does, and what it found."""

    def __init__(self, db: Database, given: argparse.Namespace) -> None:
        self.db, self.given = db, given
        self.confirmed = Confirmed(given.file, given.rows)
        self.own: dict[int, int] = {}
        self.violations = self.reads = self.writes = 0
        self.ages: list[float] = []
        self.done = False

    async def write(self, row: int) -> None:
        """Count a row up, over and over."""
        version = 0
        while not self.done:
            version += 1
            async with self.db.write() as session:
                await session.execute(update(Counter).where(Counter.id == row).values(version=version))
            self.own[row] = version
            self.confirmed.set(row, version)
            self.writes += 1
            await asyncio.sleep(self.given.pause)

    async def read(self, seed: int) -> None:
        """Look at rows, over and over."""
        chance = random.Random(seed)
        while not self.done:
            row = chance.randrange(self.given.rows)
            least, everywhere, began = self.own.get(row, 0), self.confirmed.version(row), time.monotonic()
            async with self.db.read() as session:
                found = (await session.one(KeptOut, Counter, row)).version
            self.reads += 1
            self.violations += found < least
            if found < everywhere:
                self.ages.append((began - self.confirmed.time(row, found + 1)) * 1000)
            await asyncio.sleep(0)

    async def run(self) -> dict[str, Any]:
        """Do all of it for the given time."""
        rows = range(self.given.number, self.given.rows, self.given.processes)
        tasks = [asyncio.create_task(self.write(row)) for row in rows]
        tasks += [asyncio.create_task(self.read(seed)) for seed in range(self.given.readers)]
        await asyncio.wait(tasks, timeout=self.given.seconds, return_when=asyncio.FIRST_EXCEPTION)
        self.done = True
        await asyncio.gather(*tasks)
        found = self.db.cache_statistics()
        return {
            "violations": self.violations,
            "reads": self.reads,
            "writes": self.writes,
            "ages": self.ages,
            "hits": found.hits + found.shared,
            "undelivered": found.undelivered,
        }


async def main(given: argparse.Namespace) -> None:
    """Run one process and print what it found."""
    async with opened(given.url, given.store) as db:
        print(json.dumps(await Work(db, given).run()))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--url")
    options.add_argument("--store")
    options.add_argument("--file", type=Path)
    for name in ("rows", "readers", "number", "processes"):
        options.add_argument(f"--{name}", type=int)
    for name in ("seconds", "pause"):
        options.add_argument(f"--{name}", type=float)
    uvloop.run(main(options.parse_args()))

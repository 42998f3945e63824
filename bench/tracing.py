"""What a trace adds to a statement: microseconds of the event loop's thread, past SQLAlchemy's engine and through it.

One row by its key on SQLite, ten statements with a trace and ten without in turn; what is added is the difference of
their first deciles. `production` has a budget of 5 us a statement. `sites` tells lines and what the ORM loads, and is
for development and tests; `reads` tells in addition which relationships are read.
"""

import argparse
import gc
import random
import statistics
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from time import thread_time_ns
from typing import Any

import uvloop
from sqlalchemy import bindparam, insert, select

from bench.entries import Base, Entry, EntryOut, entries
from bench.report import Case, show
from crosslet import Database
from crosslet.facts import trace

_BUDGET_US = 5.0
_ROWS = 1000
_STATEMENTS = 10
_KEPT = select(Entry).where(Entry.id == bindparam("key"))
_TITLE = select(Entry.title).where(Entry.id == bindparam("key"))
Way = Callable[[Any, int], Awaitable[Any]]
Tracing = Callable[[Database], AbstractContextManager[Any]]


async def _direct(session: Any, key: int) -> Any:
    return await session.json(EntryOut, Entry, key)


async def _engine(session: Any, key: int) -> Any:
    return (await session.execute(_TITLE, {"key": key})).scalar_one()


async def _objects(session: Any, key: int) -> Any:
    return (await session.scalars(_KEPT, {"key": key})).one()


_WAYS: dict[str, Way] = {"past the engine": _direct, "through the engine": _engine, "ORM objects": _objects}
_TRACES: dict[str, Tracing] = {
    "production": lambda db: trace(db, detail="production"),
    "sites": trace,
    "reads": lambda db: trace(db, reads=True),
}


async def _added(db: Database, way: Way, tracing: Tracing, keys: list[int]) -> tuple[float, float]:
    """Return the microseconds of a statement without a trace, and what a trace adds."""
    times: tuple[list[int], list[int]] = ([], [])
    gc.collect()
    gc.disable()
    try:
        async with db.read() as session:
            for number, key in enumerate(keys):
                is_traced = number % 2
                with tracing(db) if is_traced else nullcontext():
                    # Some statements under each, as a request has them.
                    for _ in range(_STATEMENTS):
                        started = thread_time_ns()
                        await way(session, key)
                        times[is_traced].append(thread_time_ns() - started)
    finally:
        gc.enable()
    # Of a tenth, not of the median: what else the machine does only adds to a time.
    off, on = (statistics.quantiles(some, n=10)[0] / 1000 for some in times)
    return off, on - off


async def measured(rounds: int, calls: int) -> list[Case]:
    """Measure each way under each trace beside none."""
    chance = random.Random(3)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    async with Database("sqlite://", metadata=Base) as db:
        await db.create_all()
        rows = entries(_ROWS)
        async with db.write() as session:
            given = [dict(zip(rows.columns, row, strict=True)) for row in rows.values]
            await session.execute(insert(Entry), given)
        for number in range(rounds + 1):
            keys = [chance.randrange(1, _ROWS + 1) for _ in range(calls)]
            for way, call in _WAYS.items():
                for name, tracing in chance.sample(list(_TRACES.items()), k=len(_TRACES)):
                    times = await _added(db, call, tracing, keys)
                    if number:  # The first warms everything up.
                        found.setdefault((way, name), []).append(times)
    return [
        _case(way, name, statistics.median(added for _, added in times), statistics.median(off for off, _ in times))
        for (way, name), times in found.items()
    ]


def _case(way: str, name: str, added: float, without: float) -> Case:
    us = max(0.01, added)
    if name == "production":
        ratio = round(_BUDGET_US / us, 3)
        return Case("tracing", f"{way}: {name}", round(us, 2), "us", "budget", _BUDGET_US, ratio, 1.0, ratio >= 1)
    return Case(
        "tracing",
        f"{way}: {name}",
        round(us, 2),
        "us",
        "the statement without a trace",
        round(without, 1),
        round(without / us, 3),
    )


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench tracing", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the calls")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    given = options.parse_args()
    rounds, calls = (3, 20) if given.quick else (9, 100)
    show(sorted(uvloop.run(measured(rounds, calls)), key=lambda case: case.case), as_json=given.json)


if __name__ == "__main__":
    main()

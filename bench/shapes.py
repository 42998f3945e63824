"""IMDBench's reads: through crosslet, the guides' pattern, and asyncpg by hand, on one connection each.

All contenders run in one process, interleaved, on the event loop that uvicorn brings: a round measures each read with
each of them, in an order that changes, with the same keys and the garbage collector off. A ratio is the median of those
of paired rounds and says how many times cheaper crosslet is; `goal` is the least that it should be.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import make_url

from bench.measure import Keys, Results, agree, computed_ns, measure
from bench.movies.bare import Bare
from bench.movies.contender import LIST_LENGTH, READS
from bench.movies.data import Sizes
from bench.movies.json_by_hand import JSONByHand
from bench.movies.loading import load
from bench.movies.rows_by_hand import RowsByHand
from bench.movies.usual import Usual
from bench.proxy import delaying
from bench.report import Case, paired, show
from crosslet.testing import Server, start_mariadb, start_postgresql

_DRIVERS = {"postgresql": ("asyncpg", "psycopg"), "mariadb": ("asyncmy", "aiomysql"), "sqlite": ("aiosqlite",)}
_TREES = ("get_movie", "get_person", "get_user", "list_movies")
_CALLS = {"get_movie": 40, "get_person": 40, "get_user": 40, "list_movies": 15, "get_row": 200}
_JSON, _SELECT, _TYPED = "crosslet JSON", "crosslet JSON of a select()", "crosslet typed"
_KEPT = "crosslet JSON, statement kept"
_USUAL, _ROWS, _FLOOR, _BARE = "usual pattern", "rows by hand", "JSON by hand", "bare driver"
_SAME = "same statement by driver"
# Times the usual pattern's speed, by database.
_JSON_GOALS = {"postgresql": 6.0, "mariadb": 3.5, "sqlite": 8.0}
_TYPED_GOAL, _ROWS_GOAL, _FLOOR_GOAL, _BARE_GOAL = 4.0, 1.0, 1 / 1.25, 1 / 1.4
_DELAY = 0.0005


@dataclass(frozen=True)
class Run:
    """What is measured, and how long."""

    db: str
    sizes: Sizes
    rounds: int
    calls: dict[str, int]
    alone: bool
    server_pid: int = 0

    def keys(self, reads: Sequence[str]) -> dict[str, Keys]:
        """Return what draws the keys of each read."""
        highest = {read: getattr(self.sizes, READS[read]) for read in reads}
        if "list_movies" in highest:
            highest["list_movies"] -= LIST_LENGTH
        return {read: _up_to(number) for read, number in highest.items()}

    async def measured(self, contenders: dict[str, Any], reads: Sequence[str]) -> Results:
        """Check that the contenders agree, then measure them."""
        keys = self.keys(reads)
        await agree(contenders, keys)
        accounting = self.db == "postgresql" and sys.platform == "linux"
        server_ns = (lambda: computed_ns(self.server_pid)) if accounting else None
        return await measure(contenders, keys, rounds=self.rounds, calls=self.calls, server_ns=server_ns)


def _up_to(highest: int) -> Keys:
    return lambda chance: chance.randint(1, highest)


async def contenders_of(run: Run, url: str, *, stack: AsyncExitStack) -> dict[str, Any]:
    """Open the contenders for the trees; the stack closes them."""
    found: dict[str, Any] = {_USUAL: Usual(url)}
    if run.db == "postgresql":
        found |= {_ROWS: await RowsByHand.connect(url), _FLOOR: await JSONByHand.connect(url)}
    if not run.alone:
        from bench.movies.ours import OursJSON, OursTyped
        from bench.movies.same_statement import SameStatement

        found |= {_JSON: OursJSON(url), _TYPED: OursTyped(url)}
        if run.db != "postgresql":
            found[_SAME] = await SameStatement.connect(url)
    for contender in found.values():
        stack.push_async_callback(contender.close)
    return found


async def trees(run: Run, url: str) -> list[Case]:
    """Measure the reads of trees."""
    async with AsyncExitStack() as stack:
        contenders = await contenders_of(run, url, stack=stack)
        found = await run.measured(contenders, _TREES)
    return [case for read in _TREES for pair in _pairs(run) for case in _compared(run, found, read, *pair)] + [
        case
        for read in _TREES
        if any(found[read, _USUAL].server_us)
        for case in _compared(run, found, read, _FLOOR if run.alone else _JSON, _USUAL, 1.0, cpu=True)
    ]


async def list_by_kept(run: Run, url: str) -> list[Case]:
    """Measure the list once more, by a statement that is kept; of the other reads the key is all there is to a call."""
    from bench.movies.ours import KeptJSON

    async with AsyncExitStack() as stack:
        contenders = {name: one for name, one in (await contenders_of(run, url, stack=stack)).items() if name != _TYPED}
        contenders[_KEPT] = KeptJSON(url)
        stack.push_async_callback(contenders[_KEPT].close)
        found = await run.measured(contenders, ("list_movies",))
    pairs = ((_USUAL, _JSON_GOALS[run.db]), (_FLOOR, _FLOOR_GOAL))
    return [case for versus, goal in pairs for case in _compared(run, found, "list_movies", _KEPT, versus, goal)]


def _pairs(run: Run) -> list[tuple[str, str, float | None]]:
    """Say which contenders are compared with which, and with what goal."""
    if run.alone:
        return [(_ROWS, _USUAL, None), (_FLOOR, _USUAL, None), (_FLOOR, _ROWS, None)]
    return [
        (_JSON, _USUAL, _JSON_GOALS[run.db]),
        (_JSON, _ROWS, _ROWS_GOAL),
        (_JSON, _FLOOR, _FLOOR_GOAL),
        (_JSON, _SAME, None),
        (_SAME, _USUAL, None),
        (_TYPED, _USUAL, _TYPED_GOAL if run.db == "postgresql" else None),
    ]


def _compared(
    run: Run,
    found: Results,
    read: str,
    ours: str,
    versus: str,
    goal: float | None = None,
    *,
    cpu: bool = False,
    note: str = "",
) -> list[Case]:
    """Make the case of a read in which two contenders are compared; none where one of them was not measured."""
    if (read, ours) not in found or (read, versus) not in found:
        return []

    mine, theirs = (found[read, name].server_us if cpu else found[read, name].wall_us for name in (ours, versus))
    what = f"{run.db} {read} {_short(ours)}{' database CPU' if cpu else ''}{note}"
    case = paired("shapes", what, "us", ours=mine, versus=versus, theirs=theirs, goal=goal, less_is_better=True)
    return [case]


def _short(contender: str) -> str:
    return contender.removeprefix("crosslet ")


async def rows_by_key(run: Run, urls: dict[str, str]) -> list[Case]:
    """Measure the read of a flat row by its key, on every driver of the database."""
    cases = []
    for driver, url in urls.items():
        async with AsyncExitStack() as stack:
            contenders: dict[str, Any] = {_BARE: await Bare.connect(url), _USUAL: Usual(url)}
            if not run.alone:
                from bench.movies.ours import OursJSON, SelectJSON

                contenders |= {_JSON: OursJSON(url), _SELECT: SelectJSON(url)}
            for contender in contenders.values():
                stack.push_async_callback(contender.close)
            found = await run.measured(contenders, ("get_row",))
        for ours in (_JSON, _SELECT):
            cases += _compared(run, found, "get_row", ours, _BARE, _BARE_GOAL, note=f" ({driver})")
            cases += _compared(run, found, "get_row", ours, _USUAL, note=f" ({driver})")
        if run.alone:
            cases += _compared(run, found, "get_row", _BARE, _USUAL, note=f" ({driver})")
    return cases


async def over_network(run: Run, url: str, server_port: int) -> list[Case]:
    """Measure the trees through a proxy that delays each direction by half a millisecond, and count round trips."""
    ours, goal = (_FLOOR, None) if run.alone else (_JSON, _JSON_GOALS[run.db])
    cases = []
    with delaying(server_port, seconds=_DELAY) as proxy:
        behind = make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
        async with AsyncExitStack() as stack:
            contenders = await contenders_of(run, behind, stack=stack)
            found = await run.measured(contenders, _TREES)
            for read in _TREES:
                cases += _compared(run, found, read, ours, _USUAL, goal, note=" over 2 x 0.5 ms")
                name, trips = f"{run.db} {read} {_short(ours)}", await _trips(run, contenders[ours], read, proxy.trips)
                cases.append(_one_trip(name, trips))
    return cases


def _one_trip(name: str, trips: float) -> Case:
    what, unit = f"{name} round trips", "round trips"
    return paired("shapes", what, unit, ours=[trips], versus="one", theirs=[1.0], goal=1.0, less_is_better=True)


async def _trips(run: Run, contender: Any, read: str, count: Any) -> float:
    (draw,) = run.keys([read]).values()
    chance, calls, before = random.Random(5), 20, count()
    for _ in range(calls):
        await getattr(contender, read)(draw(chance))
    return float(count() - before) / calls


@contextmanager
def database(db: str) -> Iterator[tuple[dict[str, str], int, int]]:
    """Give an empty database: its URL for each driver, the server's process and port, 0 where there is none."""
    if db == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield {"aiosqlite": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"}, 0, 0
        return
    server: Server
    if db == "postgresql":
        server = start_postgresql(settings={"shared_buffers": "512MB", "max_wal_size": "2GB", "autovacuum": "off"})
    else:
        server = start_mariadb(settings={"innodb-buffer-pool-size": "512M", "innodb-log-file-size": "256M"})
    with server:
        server.create_database("bench")
        yield {driver: server.url(driver, "bench") for driver in _DRIVERS[db]}, server.pid, server.port


def run_database(db: str, given: argparse.Namespace) -> list[Case]:
    """Load one database and measure all of it."""
    share = given.scale or (1.0 if db == "postgresql" and not given.quick else 0.1)
    rounds = 5 if given.quick else 15
    calls = {read: max(2, number // 4) if given.quick else number for read, number in _CALLS.items()}
    with database(db) as (urls, pid, port):
        run = Run(db, Sizes().scaled(share), rounds, calls, given.alone, pid)
        print(f"{db}: {run.sizes} ({share:g} of IMDBench's sizes)", file=sys.stderr)
        url = urls[_DRIVERS[db][0]]
        uvloop.run(load(url, run.sizes))
        cases = uvloop.run(trees(run, url)) + uvloop.run(rows_by_key(run, urls))
        if not run.alone:
            cases += uvloop.run(list_by_kept(run, url))
        if db == "postgresql":
            cases += uvloop.run(over_network(run, url, port))
    return cases


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench shapes", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the rows and few rounds")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--db", choices=list(_DRIVERS), help="one database instead of all three")
    options.add_argument("--scale", type=float, help="share of IMDBench's sizes; 1, and 0.1 on MariaDB and SQLite")
    options.add_argument("--alone", action="store_true", help="the alternatives against each other, without crosslet")
    given = options.parse_args()
    cases = [case for db in ([given.db] if given.db else _DRIVERS) for case in run_database(db, given)]
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

"""Page 10,000 of a million rows, through crosslet: by its cursor and by its number, against page 1.

All are read in one process, interleaved: a round reads each of them, in an order that changes, with the garbage
collector off. A ratio is the median of those of paired rounds and says how many times cheaper the page is than page 1;
`goal` is the least that it should be: by its cursor, page 10,000 may cost 1.5 times as much.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import uvloop
from pydantic import Field

from bench.entries import ORDERS, Base, EntryOut, entries
from bench.measure import Results, measure
from bench.movies.loading import fill
from bench.report import Case, paired, show
from bench.shapes import database
from crosslet import CursorPage, Database, Keyset, Offset, Page

_DRIVERS = {"postgresql": "asyncpg", "mariadb": "asyncmy", "sqlite": "aiosqlite"}
_ROWS, _PAGE, _LIMIT, _LONGEST = 1_000_000, 10_000, 50, 1000
_FIRST, _KEYSET, _OFFSET = "page 1", "by keyset", "by offset"
_GOAL = 1 / 1.5


class Deep(Offset):
    """What no application should allow."""

    max_depth: ClassVar[int] = _ROWS

    limit: int = Field(default=_LIMIT, ge=1, le=_LONGEST)


class Pages:
    """One page of each order, however it is asked for."""

    def __init__(self, ask: Callable[[str], Awaitable[Any]]) -> None:
        self._ask = ask

    def __getattr__(self, order: str) -> Callable[[int], Awaitable[Any]]:
        return lambda _: self._ask(order)


async def _keyset(db: Database, order: str, cursor: str | None, limit: int = _LIMIT) -> CursorPage[EntryOut]:
    async with db.read() as session:
        return await session.page(EntryOut, ORDERS[order], Keyset(limit=limit, cursor=cursor))


async def _offset(db: Database, order: str, number: int) -> Page[EntryOut]:
    async with db.read() as session:
        return await session.page(EntryOut, ORDERS[order], Deep(page=number), total="none")


async def _walked_to(db: Database, order: str, rows: int) -> str | None:
    """Return the cursor behind so many rows. It does not say how long pages are, so long ones lead to it."""
    cursor = None
    while rows:
        page = await _keyset(db, order, cursor, min(rows, _LONGEST))
        rows, cursor = rows - len(page.items), page.next
    return cursor


async def contenders_of(db: Database, number: int) -> dict[str, Any]:
    """Return the three ways to a page, and see to it that both lead to the same."""
    cursors = {order: await _walked_to(db, order, (number - 1) * _LIMIT) for order in ORDERS}
    for order, cursor in cursors.items():
        by_keyset, by_offset = await _keyset(db, order, cursor), await _offset(db, order, number)
        assert by_keyset.items, f"{order} has no page {number}"
        assert by_keyset.items == by_offset.items, f"page {number} of {order} differs"
    return {
        _FIRST: Pages(lambda order: _keyset(db, order, None)),
        _KEYSET: Pages(lambda order: _keyset(db, order, cursors[order])),
        _OFFSET: Pages(lambda order: _offset(db, order, number)),
    }


def cases_of(name: str, number: int, found: Results) -> list[Case]:
    """Compare each page with page 1."""
    return [
        paired(
            "pages",
            f"{name} {order} page {number:,} {way}",
            "us",
            ours=found[order, way].wall_us,
            versus=_FIRST,
            theirs=found[order, _FIRST].wall_us,
            goal=_GOAL if way == _KEYSET else None,
            less_is_better=True,
        )
        for order in ORDERS
        for way in (_KEYSET, _OFFSET)
    ]


async def run(name: str, url: str, given: argparse.Namespace) -> list[Case]:
    """Load one database and measure it."""
    share = given.scale or (0.1 if given.quick else 1.0)
    rows, number = int(_ROWS * share), int(_PAGE * share)
    print(f"{name}: {rows:,} rows, page {number:,} of {_LIMIT} rows each", file=sys.stderr)
    await fill(url, Base.metadata, [entries(rows)])
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database(url, metadata=Base, secret="of the benchmark alone"))
        contenders = await contenders_of(db, number)
        reads = dict.fromkeys(ORDERS, lambda _: 0)
        calls = dict.fromkeys(ORDERS, 3 if given.quick else 10)
        found = await measure(contenders, reads, rounds=5 if given.quick else 15, calls=calls)
    return cases_of(name, number, found)


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench pages", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the rows and few rounds")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--db", choices=list(_DRIVERS), help="one database instead of all three")
    options.add_argument("--scale", type=float, help="share of a million rows, and of page 10,000")
    given = options.parse_args()
    cases = []
    for name in [given.db] if given.db else _DRIVERS:
        with database(name) as (urls, _, _):
            cases += uvloop.run(run(name, urls[_DRIVERS[name]], given))
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

"""ORM objects whose relationship is touched: for all at once, beside `selectinload` and one by one; and the portal.

All run in one process, interleaved: a round runs each of them, in an order that changes, with the garbage collector
off. A ratio is the median of those of paired rounds and says how many times better loading for peers is; `goal` is the
least that it should be. What the portal adds is measured on a route that does nothing, its cheapest and so its worst
case, and on one that reads a row.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from typing import Any

import uvloop
from fastapi import FastAPI
from sqlalchemy import BigInteger, ForeignKey, Integer, Select, String, select
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from bench.measure import Results, measure
from bench.report import Case, paired, show
from bench.shapes import database
from crosslet import Database, fetch
from crosslet.web import Reader, install

_DRIVERS = {"postgresql": "asyncpg", "mariadb": "asyncmy", "sqlite": "aiosqlite"}
_KEY = BigInteger().with_variant(Integer, "sqlite")
_CHILDREN = 3
# Parents, and how many times faster than one by one loading for all should be; one by one is too slow for the most.
_SIZES = {20: None, 200: 15.0, 5000: None}
# Of the time that `selectinload` takes.
_GOALS = {20: None, 200: 1 / 1.2, 5000: 1 / 1.3}
_ONE_BY_ONE_UP_TO = 200
_PORTAL_US = 20.0


class Base(DeclarativeBase):
    pass


class Parent(Base):
    __tablename__ = "parents"

    id: Mapped[int] = mapped_column(_KEY, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(30))
    children: Mapped[list["Child"]] = relationship()


class Child(Base):
    __tablename__ = "children"

    id: Mapped[int] = mapped_column(_KEY, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(30))
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"), index=True)


def first(size: int) -> Select[Any]:
    """Select so many parents."""
    return select(Parent).where(Parent.id <= size).order_by(Parent.id)


def touched(parents: Sequence[Parent]) -> int:
    """Touch the children of all of them."""
    return sum(len(parent.children) for parent in parents)


class Ours:
    """Sessions of a Database, whose statements have one option or none."""

    def __init__(self, db: Database, *options: Any) -> None:
        self._db = db
        self._options = options

    async def load(self, size: int) -> int:
        async with self._db.read() as session:
            parents = await session.all(Parent, first(size).options(*self._options))
            found = await session.run_sync(lambda _: touched(parents))
        assert found == size * _CHILDREN
        return found


class Plain:
    """SQLAlchemy's own sessions, with `selectinload`."""

    def __init__(self, engine: Any) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def load(self, size: int) -> int:
        async with self._sessions() as session:
            parents = (await session.scalars(first(size).options(selectinload(Parent.children)))).all()
            return await session.run_sync(lambda _: touched(parents))


async def fill(db: Database) -> None:
    """Make the tables and their rows."""
    await db.create_all()
    most = max(_SIZES)
    async with db.write() as session:
        await session.insert_many(Parent, [{"id": n, "name": f"parent {n}"} for n in range(1, most + 1)])
        rows = [{"id": n, "name": f"child {n}", "parent_id": n % most + 1} for n in range(_CHILDREN * most)]
        await session.insert_many(Child, rows)


async def loads(name: str, url: str, given: argparse.Namespace) -> list[Case]:
    """Measure the ways to load on one database."""
    rounds = 5 if given.quick else 15
    cases: list[Case] = []
    async with Database(url, metadata=Base, tls="off" if "sqlite" not in url else None) as db:
        await fill(db)
        ways: dict[str, Any] = {
            "peers": Ours(db),
            "selectinload": Ours(db, selectinload(Parent.children)),
            "selectinload of SQLAlchemy's session": Plain(await db.engine()),
        }
        for size in _SIZES:
            some = {**ways, "one by one": Ours(db, fetch("one"))} if size <= _ONE_BY_ONE_UP_TO else ways
            for way in some.values():
                await way.load(size)
            calls = {"load": max(1, (100 if given.quick else 400) // size)}
            found = await measure(some, {"load": lambda _, size=size: size}, rounds=rounds, calls=calls)  # type: ignore[misc]
            cases += cases_of(name, size, found)
    return cases


def cases_of(name: str, size: int, found: Results) -> list[Case]:
    """Compare loading for peers with the other ways."""
    ours = found["load", "peers"].wall_us
    goals = {"selectinload": _GOALS[size], "one by one": _SIZES[size]}
    return [
        paired(
            "loading",
            f"{name} {size:,} parents",
            "us",
            ours=ours,
            versus=way,
            theirs=measured.wall_us,
            goal=goals.get(way),
            less_is_better=True,
        )
        for (_, way), measured in found.items()
        if way != "peers"
    ]


class Requests:
    """An application that is called as a server calls it, without a socket."""

    def __init__(self, db: Database, **options: Any) -> None:
        self._app = FastAPI()
        install(self._app, db, **options)

        @self._app.get("/nothing")
        async def nothing() -> None:
            return None

        @self._app.get("/parent")
        async def parent(session: Reader) -> str:
            return (await session.one(Parent, first(1))).name

    async def nothing(self, _: int) -> None:
        await self._ask("/nothing")

    async def parent(self, _: int) -> None:
        await self._ask("/parent")

    async def _ask(self, path: str) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }
        status: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        await self._app(scope, receive, send)
        assert status == [200]


async def portal(url: str, given: argparse.Namespace) -> list[Case]:
    """Measure what the portal adds to a request."""
    rounds, calls = (7, 100) if given.quick else (21, 400)
    async with Database(url, metadata=Base) as db:
        await fill(db)
        with_it, without = Requests(db, implicit_io=True), Requests(db)
        reads = {"nothing": lambda _: 0, "parent": lambda _: 0}
        found = await measure(
            {"with": with_it, "without": without}, reads, rounds=rounds, calls=dict.fromkeys(reads, calls)
        )
    cases = []
    for read in reads:
        pairs = zip(found[read, "with"].wall_us, found[read, "without"].wall_us, strict=True)
        added = max(0.1, statistics.median(one - other for one, other in pairs))
        base = round(statistics.median(found[read, "without"].wall_us), 1)
        ratio = round(_PORTAL_US / added, 3)
        what = f"portal, added to a request ({read}: {base} us without)"
        cases.append(Case("loading", what, round(added, 1), "us", "limit", _PORTAL_US, ratio, 1.0, ratio >= 1))
    return cases


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench loading", description=__doc__)
    options.add_argument("--quick", action="store_true", help="few rounds")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--db", choices=list(_DRIVERS), help="one database instead of all three")
    given = options.parse_args()
    cases: list[Case] = []
    for name in [given.db] if given.db else _DRIVERS:
        with database(name) as (urls, _, _):
            print(name, file=sys.stderr)
            cases += uvloop.run(loads(name, urls[_DRIVERS[name]], given))
    with database("sqlite") as (urls, _, _):
        cases += uvloop.run(portal(urls["aiosqlite"], given))
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

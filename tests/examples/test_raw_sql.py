"""SQL by hand, on every driver."""

import ast
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

import raw_sql
from crosslet import Database
from crosslet.errors import ConfigurationError
from raw_sql import Customer, Invoice, Turnover

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ODD = "O'Neill; DROP TABLE customers --"


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=raw_sql.Base) as database:
        await database.create_all()
        async with database.write() as session:
            for name, city in (("Ada", "Oslo"), ("Bob", "Rome"), ("100%", "Oslo"), (ODD, "Bern")):
                session.add(Customer(name=name, city=city))
            await session.flush()
            ids = {row.name: row.id for row in await session.all(Customer)}
            for days, (name, cents) in enumerate([("Ada", 100), ("Bob", 700), ("Ada", 900), ("Bob", 5000)]):
                when = BEGIN + timedelta(days=days)
                session.add(Invoice(customer_id=ids[name], cents=cents, issued_at=when))
            await session.flush()
        async with database.write() as session:
            await session.delete(max(await session.all(Invoice), key=lambda invoice: invoice.cents))
        yield database


async def test_typed_rows(db: Database) -> None:
    async with db.read() as session:
        assert await raw_sql.cities(session, 2) == [{"city": "Oslo", "customers": 2}]
        ids = {row.name: row.id for row in await session.all(Customer)}
        assert await raw_sql.turnover(session, BEGIN) == [
            Turnover(ids["Ada"], "Ada", 1000, BEGIN + timedelta(days=2)),
            Turnover(ids["Bob"], "Bob", 700, BEGIN + timedelta(days=1)),
        ]
        assert await raw_sql.turnover(session, BEGIN + timedelta(days=2, hours=1)) == []


async def test_lists_and_patterns(db: Database) -> None:
    async with db.read() as session:
        assert await raw_sql.of_cities(session, ["Oslo", "Bern"]) == ["100%", "Ada", ODD]
        assert await raw_sql.of_cities(session, []) == []
        assert await raw_sql.of_cities(session, ["') OR 1=1 --"]) == []
        assert await raw_sql.starting_with(session, "100%") == ["100%"]
        assert await raw_sql.starting_with(session, "%") == []
        assert await raw_sql.starting_with(session, "O'N") == [ODD]
        assert set(await raw_sql.sorted_names(session, "newest")) == {"Ada", "Bob", "100%", ODD}
        assert "Ada" in await raw_sql.sorted_names(session, "name")
        with pytest.raises(KeyError):
            await raw_sql.sorted_names(session, cast("Any", "name; DROP TABLE customers"))


async def test_orm_objects(db: Database) -> None:
    async with db.write() as session:
        best = await raw_sql.best_customers(session, 2)
        assert [customer.name for customer in best] == ["Ada", "Bob"]
        assert best[0].created_at.tzinfo is UTC
        assert best[0] is await session.get(Customer, best[0].id)
        best[0].city = "Paris"
    async with db.read() as session:
        assert await raw_sql.of_cities(session, ["Paris"]) == ["Ada"]


async def test_deleted_rows(db: Database) -> None:
    async with db.read() as session:
        assert await raw_sql.cancelled(session) == 1
        with pytest.raises(ConfigurationError, match="unscoped"):
            await session.scalar(text("SELECT count(*) FROM invoices"))


async def test_it_ends_with_its_unit(db: Database) -> None:
    async def move_and_fail() -> None:
        async with db.write() as session:
            assert await raw_sql.move(session, "Oslo", "Bonn") == 2
            assert await raw_sql.of_cities(session, ["Oslo"]) == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await move_and_fail()
    async with db.write() as session:
        assert await raw_sql.of_cities(session, ["Oslo"]) == ["100%", "Ada"]
        assert await raw_sql.move(session, "Oslo", ODD) == 2
    async with db.read() as session:
        assert await raw_sql.of_cities(session, [ODD]) == ["100%", "Ada"]


def test_no_text_is_put_together() -> None:
    tree = ast.parse(Path(raw_sql.__file__).read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text"]
    assert len(calls) >= 8
    assert all(isinstance(call.args[0], ast.Constant) for call in calls)

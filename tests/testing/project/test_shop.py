"""Tests as users write them. Each number of rows is what the template has, whatever another test committed."""

import asyncio
from typing import Any

import pytest
import shop
from fastapi.testclient import TestClient
from sqlalchemy import delete, text

from crosslet import Database, Session
from crosslet.errors import UniqueViolation

AGAIN = pytest.mark.parametrize("time", [1, 2])


async def count(db: Database) -> int:
    async with db.read() as session:
        return await session.count(shop.Item)


async def create(session: Session, name: str) -> int:
    return (await session.create(shop.Item, name=name)).id


async def add(db: Database, name: str) -> int:
    return await db.run(create, name)


@AGAIN
async def test_units(sandbox: Database, time: int) -> None:
    assert sandbox is shop.db
    assert await count(sandbox) == 1
    await add(sandbox, "tea")
    with pytest.raises(UniqueViolation):
        await add(sandbox, "tea")
    assert await count(sandbox) == 2


@AGAIN
async def test_routes(client: Any, sandbox: Database, time: int) -> None:
    assert (await client.post("/items/tea")).status_code == 201
    assert (await client.post("/items/tea")).status_code == 409
    assert (await client.get("/items")).json() == 2 == await count(sandbox)
    assert (await client.get("/health/ready")).status_code == 200
    assert (await client.get("/motto")).json() == "tea"


@AGAIN
async def test_units_that_run_side_by_side(database_copy: Database, time: int) -> None:
    assert await count(database_copy) == 1
    # The next number is the template's again, too.
    assert await add(database_copy, "tea") == 2
    await asyncio.gather(*(add(database_copy, f"{number}") for number in range(5)))
    assert await count(database_copy) == 7
    async with database_copy.write() as session:
        await session.execute(delete(shop.Item))


async def test_tables_that_a_test_makes(database_copy: Database) -> None:
    async with database_copy.write() as session:
        await session.execute(text("CREATE TABLE more (id INTEGER PRIMARY KEY)"))
    async with database_copy.write() as session:
        await session.execute(text("ALTER TABLE items ADD COLUMN price INTEGER"))


async def test_they_are_gone(database_copy: Database) -> None:
    async with database_copy.write() as session:
        await session.execute(text("CREATE TABLE more (id INTEGER PRIMARY KEY)"))
        assert "price" not in (await session.execute(text("SELECT * FROM items"))).keys()  # noqa: SIM118 - of a result


@AGAIN
def test_the_client_of_fastapi(sync_database_copy: Database, time: int) -> None:
    with TestClient(shop.app) as client:
        assert client.get("/items").json() == 1
        assert client.post("/items/tea").status_code == 201
        assert client.get("/items").json() == 2

"""A template and its copies: each test finds what the schema made, whatever the one before has done."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from crosslet import BigIntKey, Database, Model, Session
from crosslet.errors import ConfigurationError, SandboxLost, UniqueViolation, UnitPoisoned
from crosslet.testing import Databases, server_for, start_databases
from crosslet.testing.sandbox import SandboxConnections
from fix_databases import Target

AFTER = {"postgresql": "SELECT datname FROM pg_database", "mariadb": "SHOW DATABASES"}


class Shop(Model):
    __abstract__ = True
    metadata = type(Model.metadata)()


class Item(BigIntKey, Shop):
    __tablename__ = "items"
    name: Mapped[str] = mapped_column(unique=True)


async def make(db: Database) -> None:
    await db.create_all()
    async with db.write() as session:
        await session.create(Item, name="always here")


@pytest.fixture
def shop() -> Database:
    return Database("postgresql://nobody@127.0.0.1:1/production", metadata=Shop)


@pytest.fixture
def databases(target: Target, shop: Database, tmp_path: Path) -> Iterator[Databases]:
    with start_databases(target.take_url(), shop, make, tmp_path) as databases:
        yield databases
    if target.server is not None:
        assert "crosslet_test" not in target.server.execute(AFTER[target.dialect_name])
    assert list(tmp_path.glob("crosslet_test*")) == []


async def names(db: Database) -> list[str]:
    async with db.read() as session:
        return list(await session.scalars(select(Item.name).order_by(Item.id)))


async def create(session: Session, name: str) -> int:
    return (await session.create(Item, name=name)).id


async def add(db: Database, name: str) -> int:
    return await db.run(create, name)


def box_of(db: Database) -> SandboxConnections:
    assert isinstance(db.connections, SandboxConnections)
    return db.connections


async def test_copies_begin_as_the_template(databases: Databases, shop: Database) -> None:
    keys = []
    for _ in range(2):
        async with databases.copy(shop) as db:
            assert await names(db) == ["always here"]
            keys.append(await add(db, "tea"))
            with pytest.raises(UniqueViolation):
                await add(db, "tea")
            await asyncio.gather(*(db.run(create, f"{number}") for number in range(4)))
            async with db.write() as session:
                await session.execute(delete(Item).where(Item.name == "always here"))
            assert len(await names(db)) == 5
    assert keys == [2, 2]


async def test_tables_that_a_test_changes(databases: Databases, shop: Database) -> None:
    for _ in range(2):
        async with databases.copy(shop) as db, db.write() as session:
            await session.execute(text("CREATE TABLE more (id INTEGER PRIMARY KEY)"))
            await session.execute(text("ALTER TABLE items ADD COLUMN price INTEGER"))
    async with databases.copy(shop) as db:
        assert await names(db) == ["always here"]


async def test_a_connection_that_is_left_open_is_in_nobodys_way(databases: Databases, shop: Database) -> None:
    async with databases.copy(shop) as db:
        left = await db.connections.open_alone()
        await db.connections.driver.send(left, "BEGIN")
        await db.connections.driver.fetch(left, "SELECT * FROM items", ())
        connections = db.connections
    await connections.close_alone(left)
    async with databases.copy(shop) as db:
        assert await names(db) == ["always here"]


async def test_sandboxes_one_after_another_and_one_that_was_lost(databases: Databases, shop: Database) -> None:
    for _ in range(2):
        async with databases.sandbox(shop) as db:
            assert await names(db) == ["always here"]
            await add(db, "tea")
            assert await names(db) == ["always here", "tea"]
    with pytest.raises(SandboxLost):
        async with databases.sandbox(shop) as db:
            with pytest.raises((SandboxLost, UnitPoisoned)):
                async with db.write() as session:
                    await session.create(Item, name="stays")
                    # As a procedure does that commits: no list of words knows of it.
                    await box_of(db).turns.say(["COMMIT"])
            box_of(db).turns.is_told = False
    for _ in range(2):
        async with databases.sandbox(shop) as db, databases.copy(shop):
            assert await names(db) == ["always here"]


async def test_a_sandbox_and_a_copy_do_not_meet(databases: Databases, shop: Database) -> None:
    other = Database("sqlite:////nowhere/at/all.db", metadata=Shop)
    async with databases.sandbox(shop) as boxed, databases.copy(other) as copied, databases.sandbox(shop) as again:
        assert again is boxed
        await add(boxed, "tea")
        await add(copied, "milk")
        assert (await names(boxed), await names(copied)) == (["always here", "tea"], ["always here", "milk"])


def test_a_test_that_is_no_coroutine(databases: Databases, shop: Database) -> None:
    async def use() -> list[str]:
        await add(shop, "tea")
        try:
            return await names(shop)
        finally:
            await shop.close()

    for _ in range(2):
        with databases.sync_copy(shop):
            assert asyncio.run(use()) == ["always here", "tea"]


async def test_what_the_application_set_for_its_own_server_is_not_asked_of_the_tests(
    target: Target, tmp_path: Path
) -> None:
    shop = Database("postgresql://x@db.example.com/x?sslmode=verify-full", pool="pgbouncer", metadata=Shop)
    with start_databases(await target.make_url(), shop, make, tmp_path) as databases:
        async with databases.sandbox(shop) as db:
            assert await names(db) == ["always here"]
            await add(db, "tea")
            assert await names(db) == ["always here", "tea"]


def test_words_and_urls() -> None:
    with server_for("sqlite") as url:
        assert url == "sqlite://"
    with server_for("mysql://root@db/x") as url:
        assert url == "mysql://root@db/x"
    with pytest.raises(ConfigurationError, match="mariadb, or a URL"), server_for("oracle"):
        pass

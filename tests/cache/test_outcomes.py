"""However a COMMIT ends, stored without an answer, lost or refused: nobody is given what is older than the rows."""

import asyncio

import pytest
from pydantic import BaseModel
from sqlalchemy import select, text

from cache.club import club, names
from crosslet import Database, cached, errors
from fix_databases import Target
from promises.databases import database, through_proxy
from promises.proxy import Fault
from promises.tables import Item

PATIENCE = 60.0


class ItemOut(BaseModel):
    name: str


ITEMS = cached(select(Item).order_by(Item.name), ttl=60)


async def items(db: Database) -> list[str]:
    async with db.read() as session:
        return [item.name for item in await session.all(ItemOut, ITEMS)]


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER], ids=lambda fault: fault.name.lower())
async def test_a_commit_that_is_cut_off(target: Target, url: str, fault: Fault) -> None:
    async with (
        through_proxy(target, url) as (proxy, through),
        database(through) as db,
        asyncio.timeout(PATIENCE),
    ):
        assert await items(db) == await items(db) == []
        with pytest.raises(errors.CommitOutcomeUnknown):
            async with db.write() as session:
                session.add(Item(name="item"))
                await session.flush()
                proxy.arm(b"COMMIT", fault)
        expected = ["item"] if fault is Fault.CUT_AFTER else []
        # It may still come: nothing is kept of the table for a while.
        assert await items(db) == await items(db) == expected
        assert (db.cache_statistics().hits, db.cache_statistics().bypassed) == (1, 2)


@pytest.mark.needs("has_transactional_ddl")
async def test_a_commit_that_is_refused(url: str) -> None:
    async with club(url) as db:
        async with db.write() as session:
            # Databases with transactional DDL are those with constraints that are checked at the end.
            reference = "REFERENCES member(id) DEFERRABLE INITIALLY DEFERRED"
            await session.execute(text(f"CREATE TABLE strict (id int PRIMARY KEY, member_id int {reference})"))
        assert await names(db) == ["ada", "bob"]
        with pytest.raises(errors.ForeignKeyViolation):
            async with db.write() as session:
                await session.execute(text("INSERT INTO strict VALUES (1, 999)"))
        assert await names(db) == await names(db) == ["ada", "bob"]
        assert (db.cache_statistics().hits, db.cache_statistics().bypassed) == (1, 0)
        async with db.write() as session:
            await session.execute(text("DROP TABLE strict"))

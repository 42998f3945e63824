"""What a dialect claims its database can do, asked of the database."""

import pytest
from sqlalchemy import text

from crosslet import Database, Deadlines, errors
from fix_databases import Target

RETURNING = {
    "can_return_inserted": "INSERT INTO authors (id, name) VALUES (7, 'Gil') RETURNING id",
    "can_return_updated": "UPDATE authors SET age = 1 WHERE id = 3 RETURNING id",
    "can_return_deleted": "DELETE FROM authors WHERE id = 3 RETURNING id",
}


@pytest.mark.parametrize("ability", RETURNING)
async def test_returning(shop: Database, target: Target, ability: str) -> None:
    try:
        async with shop.write() as session:
            returned = len((await session.execute(text(RETURNING[ability]))).all())
    except errors.StatementRejected:
        returned = 0
    assert bool(returned) is getattr(target.dialect, ability)


async def test_transactional_ddl(shop: Database, target: Target) -> None:
    async with shop.write() as session:
        await session.execute(text("CREATE TABLE made (x INTEGER)"))
        await session.rollback()
    try:
        async with shop.read() as session:
            await session.execute(text("SELECT * FROM made"))
        survived = True
    except errors.StatementRejected:
        survived = False
    assert survived is not target.dialect.has_transactional_ddl


async def test_a_native_uuid(shop: Database, target: Target) -> None:
    """The type is there; SQLite takes any word for a type, and stores what it was given."""
    value = "0190b3a4-7c7c-7c7c-8c7c-0190b3a47c7c"
    try:
        async with shop.write() as session:
            await session.execute(text("CREATE TABLE keyed (id UUID)"))
            await session.execute(text("INSERT INTO keyed VALUES ('no uuid')"))
        checked = False
    except errors.DataRejected:
        checked = True
        async with shop.write() as session:
            await session.execute(text("CREATE TABLE IF NOT EXISTS keyed (id UUID)"))
            await session.execute(text(f"INSERT INTO keyed VALUES ('{value}')"))
            assert str(await session.scalar(text("SELECT id FROM keyed"))) == value
    assert checked is target.dialect.has_native_uuid


async def test_every_isolation_level_is_taken(shop: Database, target: Target) -> None:
    for level in target.dialect.isolation_levels:
        async with shop.write(isolation=level) as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_a_level_that_no_database_has_is_refused(shop: Database) -> None:
    with pytest.raises(errors.ConfigurationError):
        async with shop.write(isolation="WHATEVER"):
            pass


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("read_only", [True, False], ids=["reader", "writer"])
async def test_the_settings_of_a_session(url: str, target: Target, read_only: bool) -> None:
    settings = {
        "postgresql": "SELECT current_setting('TimeZone'), current_setting('statement_timeout'), "
        "current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')",
        "mariadb": "SELECT @@time_zone, @@max_statement_time, @@innodb_lock_wait_timeout, @@idle_transaction_timeout",
    }
    deadlines = Deadlines(statement=7, lock=3, idle=11)
    async with Database(url, deadlines=deadlines) as db, db.read() if read_only else db.write() as session:
        found = (await session.execute(text(settings[target.dialect_name]))).one()
    expected = {"postgresql": ("UTC", "7s", "3s", "11s"), "mariadb": ("+00:00", 7, 3, 11)}
    assert tuple(found) == expected[target.dialect_name]


@pytest.mark.needs("has_single_writer")
@pytest.mark.parametrize("read_only", [True, False], ids=["reader", "writer"])
async def test_the_pragmas_of_a_connection(url: str, read_only: bool) -> None:
    pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout", "query_only")
    async with Database(url, deadlines=Deadlines(lock=3)) as db, db.read() if read_only else db.write() as session:
        found = [await session.scalar(text(f"PRAGMA {pragma}")) for pragma in pragmas]
    assert found == ["wal", 1, 2, 3000, int(read_only)]

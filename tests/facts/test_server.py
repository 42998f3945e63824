"""What is asked of a server, through a session of any kind."""

import pytest
from sqlalchemy import text

from crosslet import Database
from crosslet.dialects import Dialect, MariaDB, MySQL, PostgreSQL, SQLite
from crosslet.facts import Room, link_of, refuses_writes, server_of
from crosslet.facts.questions import questions_of
from fix_databases import Target


async def test_a_reader_refuses_writes(db: Database) -> None:
    async with db.read() as session:
        assert await refuses_writes(session, db.dialect)


async def test_a_writer_does_not_and_nothing_remains(db: Database, target: Target) -> None:
    async with db.write() as session:
        assert not await refuses_writes(session, db.dialect)
    tables = "information_schema.tables WHERE table_name" if target.dialect.has_server else "sqlite_master WHERE name"
    async with db.read() as session:
        assert await session.scalar(text(f"SELECT count(*) FROM {tables} LIKE 'crosslet_check%'")) == 0


async def test_the_isolation_of_a_unit(db: Database, target: Target) -> None:
    for level in target.dialect.isolation_levels:
        async with db.write(isolation=level) as session:
            found = await server_of(session, db.dialect)
            assert found.isolation in {level, "REPEATABLE READ" if isinstance(target.dialect, MySQL) else level}


async def test_the_number_of_a_session_is_the_announced_one(db: Database) -> None:
    link = await link_of(await db.engine(), db.connections.driver, db.dialect, 2.0)
    assert link.session_ids == (() if link.announced_id is None else (link.announced_id,) * 2)
    assert (link.announced_id is not None) is db.dialect.has_server


async def test_looking_keeps_no_connection(db: Database) -> None:
    await link_of(await db.engine(), db.connections.driver, db.dialect, 2.0)
    engine = await db.engine()
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("room", "left"),
    [
        (Room(max_connections=100, reserved=3, others=10, account_limit=None), 87),
        (Room(max_connections=100, reserved=3, others=10, account_limit=20), 20),
        (Room(max_connections=100, reserved=3, others=90, account_limit=20), 7),
        (Room(max_connections=10, reserved=3, others=90, account_limit=None), 0),
    ],
)
def test_room(room: Room, left: int) -> None:
    assert room.left == left


@pytest.mark.parametrize("dialect", [PostgreSQL(), MySQL(), MariaDB(), SQLite()], ids=lambda dialect: dialect.name)
def test_every_database_has_its_questions(dialect: Dialect) -> None:
    questions = questions_of(dialect)
    for setting in questions.settings:
        assert f"AS {setting}" in questions.server
    assert (questions.session_id is not None) is dialect.has_server


def test_mysql_is_not_asked_what_only_mariadb_knows() -> None:
    """MySQL 8 dropped the old name, and MariaDB got the new one in 11.1. Not run against a MySQL server."""
    assert "@@session.transaction_isolation" in questions_of(MySQL()).server
    assert "@@session.tx_isolation" in questions_of(MariaDB()).server

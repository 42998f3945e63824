"""Limits, read-only servers, lost connections and failed logins, provoked on real servers."""

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, text

from crosslet import Database, Deadlines, PoolSettings, errors
from crosslet.testing.servers import ProgramMissing, Server, start_mariadb, start_postgresql
from fix_databases import Target

FOR_EVER = {
    "postgresql": "SELECT pg_sleep(60)",
    "mariadb": "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
    "information_schema.columns c, information_schema.columns d",
    "sqlite": "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
}
OWN_NUMBER = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT CONNECTION_ID()"}
KILL = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


async def test_a_statement_that_takes_too_long(url: str, target: Target) -> None:
    async with Database(url, deadlines=Deadlines(statement=0.3)) as db:
        with pytest.raises(errors.StatementTimeout):
            async with db.write() as session:
                await session.execute(text(FOR_EVER[target.dialect_name]))
        # What was stopped leaves nothing behind for the next unit.
        async with db.write() as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_a_write_through_a_reader(shop: Database) -> None:
    with pytest.raises(errors.ReadOnlySession):
        async with shop.read() as session:
            await session.execute(text("UPDATE authors SET age = 1"))


async def test_a_server_that_takes_no_writes(shop: Database, target: Target) -> None:
    read_only = "SET TRANSACTION READ ONLY" if target.dialect.has_server else "PRAGMA query_only = ON"
    with pytest.raises(errors.ReadOnlyNode) as caught:
        async with shop.write() as session:
            await session.execute(text(read_only))
            await session.execute(text("UPDATE authors SET age = 1"))
    assert caught.value.sqlstate in {"25006", "1792", "SQLITE_READONLY"}


@pytest.mark.needs("has_server")
async def test_a_connection_that_the_server_ended(shop: Database, target: Target) -> None:
    server = target.server
    assert server is not None
    with pytest.raises(errors.ConnectionLost) as caught:
        async with shop.write() as session:
            number = await session.scalar(text(OWN_NUMBER[target.dialect_name]))
            server.execute(KILL[target.dialect_name].format(number))
            await session.execute(text("UPDATE authors SET age = 1"))
    assert caught.value.connection_invalidated
    async with shop.write() as session:
        assert await session.scalar(text("SELECT count(*) FROM authors WHERE age = 1")) == 0


@pytest.mark.needs("has_server")
async def test_a_database_that_does_not_exist(target: Target) -> None:
    assert target.server is not None
    async with Database(target.server.url(target.driver, "no_such_place")) as db:
        with pytest.raises(errors.CannotConnect, match="the database does not exist"):
            await db.ping()


@pytest.mark.needs("has_server")
async def test_an_account_that_does_not_exist(url: str) -> None:
    unknown = make_url(url).set(username="nobody_here")
    async with Database(unknown) as db:
        with pytest.raises(errors.CannotConnect) as caught:
            await db.ping()
    assert "nobody_here" not in str(caught.value)


async def test_a_file_in_no_folder(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path}/none/x.db") as db:
        with pytest.raises(errors.CannotConnect, match="cannot be opened"):
            await db.ping()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("This is a letter, not a database. " * 50)
    async with Database(f"sqlite:///{tmp_path}/x.db") as db:
        with pytest.raises(errors.CannotConnect, match="not an SQLite database"):
            await db.ping()


@pytest.fixture(scope="module")
def small_postgresql() -> Iterator[Server]:
    """Give a server with room for one ordinary account's connection."""
    settings = {"max_connections": "5", "superuser_reserved_connections": "3", "max_wal_senders": "0"}
    with _server_or_skip(lambda: start_postgresql(settings=settings)) as server:
        server.execute("CREATE ROLE app LOGIN; CREATE DATABASE small OWNER app")
        yield server


@pytest.fixture(scope="module")
def small_mariadb() -> Iterator[Server]:
    """Give a server with ten connections, two of them for the account `app`; and it can be made read-only."""
    with _server_or_skip(lambda: start_mariadb(settings={"max-connections": "10"})) as server:
        server.execute(
            "CREATE DATABASE small; CREATE USER app WITH MAX_USER_CONNECTIONS 2; CREATE USER crowd;"
            "GRANT ALL ON small.* TO app; GRANT ALL ON small.* TO crowd"
        )
        yield server


def _server_or_skip(start: Callable[[], Server]) -> Server:
    try:
        return start()
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
async def test_postgresql_without_a_free_slot(small_postgresql: Server, driver: str) -> None:
    await _fill(make_url(small_postgresql.url(driver, "small")).set(username="app"), "53300")


@pytest.mark.parametrize("driver", ["asyncmy", "aiomysql"])
async def test_an_account_of_mariadb_without_a_free_slot(small_mariadb: Server, driver: str) -> None:
    await _fill(make_url(small_mariadb.url(driver, "small")).set(username="app"), "1226")


@pytest.mark.parametrize("driver", ["asyncmy", "aiomysql"])
async def test_mariadb_without_a_free_slot(small_mariadb: Server, driver: str) -> None:
    await _fill(make_url(small_mariadb.url(driver, "small")).set(username="crowd"), "1040")


async def _fill(url: URL, state: str) -> None:
    """Open units until the server has no slot left."""
    async with Database(url, pool=PoolSettings(writers=20)) as db, AsyncExitStack() as stack:
        with pytest.raises(errors.TooManyConnections) as caught:
            for _ in range(20):
                session = await stack.enter_async_context(db.write())
                await session.execute(text("SELECT 1"))
    # libpq gives no state before login.
    assert caught.value.sqlstate in {state, None}


@pytest.mark.parametrize("driver", ["asyncmy", "aiomysql"])
async def test_mariadb_set_to_read_only(small_mariadb: Server, driver: str) -> None:
    """1290 is what a demoted primary answers; the connection is of no use until the address leads elsewhere."""
    small_mariadb.execute("CREATE OR REPLACE TABLE small.t (x INT); SET GLOBAL read_only = 1")
    try:
        async with Database(make_url(small_mariadb.url(driver, "small")).set(username="app")) as db:
            with pytest.raises(errors.ReadOnlyNode) as caught:
                async with db.write() as session:
                    await session.execute(text("INSERT INTO t VALUES (1)"))
    finally:
        small_mariadb.execute("SET GLOBAL read_only = 0")
    assert (caught.value.sqlstate, caught.value.connection_invalidated) == ("1290", True)

"""B12: behind PgBouncer in transaction mode, where strangers share a session, nothing fails and nothing is left."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crosslet import Database, errors
from crosslet.testing.servers import Server
from crosslet.testing.servers.process import free_port
from crosslet.testing.servers.programs import unprivileged
from fix_databases import Target
from promises.databases import database, names_in, usual
from promises.tables import Base, Item

POOLER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
SERVER_CONNECTIONS = 3
CONFIG = """\
[databases]
* = host={host} port={port} user=crosslet
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 300
logfile = {log}
"""


@dataclass
class Pooler:
    """A PgBouncer before the target's server."""

    port: int
    version: tuple[int, ...]

    def before(self, url: str) -> str:
        """Return the URL that goes through it."""
        return make_url(url).set(port=self.port).render_as_string(hide_password=False)


@pytest.fixture
def pooler(target: Target) -> Iterator[Pooler]:
    """Run PgBouncer before the target; skip where there is none, or nothing to put it before."""
    if target.dialect_name != "postgresql" or target.server is None:
        pytest.skip("PgBouncer is for PostgreSQL")
    if not Path(POOLER).is_file():
        pytest.skip("pgbouncer is not installed: `apt-get install pgbouncer`")
    # pytest's own folders let nobody but root in; PgBouncer does not run as root.
    with TemporaryDirectory(prefix="crosslet-pgbouncer-") as folder:
        yield from run_pooler(target.server, Path(folder))


def run_pooler(server: Server, folder: Path) -> Iterator[Pooler]:
    account = unprivileged("postgres")
    if account:
        os.chown(folder, int(str(account["user"])), int(str(account["group"])))
    listen, log = free_port(), folder / "log"
    config = folder / "pgbouncer.ini"
    config.write_text(
        CONFIG.format(host=server.host, port=server.port, listen=listen, size=SERVER_CONNECTIONS, log=log)
    )
    said = subprocess.run([POOLER, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"(\d+)\.(\d+)", said)
    assert version is not None
    with subprocess.Popen([POOLER, config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account) as process:  # type: ignore[call-overload]
        try:
            wait_until_ready(process, log)
            yield Pooler(listen, tuple(map(int, version.groups())))
        finally:
            process.terminate()


def wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    import time

    end = time.monotonic() + 20
    while not (log.exists() and "process up" in log.read_text()):
        assert process.poll() is None, log.read_text() if log.exists() else "pgbouncer did not start"
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.02)


@asynccontextmanager
async def strangers(url: str) -> AsyncIterator[list[Any]]:
    """Take every server connection of the pooler at once, as other applications would."""
    settings = {"prepared_statement_cache_size": 0, "statement_cache_size": 0} if "asyncpg" in url else {}
    if "psycopg" in url:
        settings = {"prepare_threshold": None}  # type: ignore[dict-item]
    engine = create_async_engine(url, poolclass=NullPool, connect_args=settings)
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(SERVER_CONNECTIONS):
            connection = await stack.enter_async_context(engine.connect())
            await connection.execute(text("SELECT 1"))
            connections.append(connection)
        yield connections


SEEN = text(
    "SELECT (SELECT count(*) FROM pg_prepared_statements WHERE name <> ''), current_setting('statement_timeout'), "
    "current_setting('lock_timeout'), current_setting('default_transaction_read_only'), "
    "current_setting('transaction_read_only'), current_setting('idle_in_transaction_session_timeout')"
)


async def test_the_usual_engines_disturb_each_other(target: Target, url: str, pooler: Pooler) -> None:
    if target.driver != "asyncpg" or pooler.version >= (1, 21):
        pytest.skip("named statements: asyncpg's default, and PgBouncer before 1.21")
    async with usual(url), AsyncExitStack() as stack:
        engines = [create_async_engine(pooler.before(url)) for _ in range(3)]
        for engine in engines:
            stack.push_async_callback(engine.dispose)

        async def read(number: int) -> None:
            async with engines[number % 3].connect() as connection:
                await connection.execute(select(Item.name).limit(1 + number % 5))

        outcomes = await asyncio.gather(*(read(number) for number in range(90)), return_exceptions=True)
        assert any(isinstance(outcome, DBAPIError) for outcome in outcomes)


async def test_the_preset_leaves_nothing_behind(target: Target, url: str, pooler: Pooler) -> None:
    async with database(url), AsyncExitStack() as stack:
        through = pooler.before(url)
        dbs = [await stack.enter_async_context(Database(through, metadata=Base, pool="pgbouncer")) for _ in range(3)]
        async with strangers(through) as others:
            before = [(await other.execute(SEEN)).one() for other in others]

        async def work(number: int) -> None:
            db = dbs[number % 3]
            async with db.write() as session:
                session.add(Item(name=f"{number:03}"))
                await session.flush()
                async with session.begin_nested():
                    await session.execute(select(Item.name).limit(1 + number % 7))
            async with db.read() as session:
                assert await session.exists(select(Item).where(Item.name == f"{number:03}"))

        await asyncio.gather(*(work(number) for number in range(150)))
        assert len(await names_in(url)) == 150
        async with strangers(through) as others:
            after = [(await other.execute(SEEN)).one() for other in others]
        assert after == before
        assert after[0][0] == 0


async def test_the_limits_and_the_readers_word_hold_behind_the_pooler(target: Target, url: str, pooler: Pooler) -> None:
    async with database(url), Database(pooler.before(url), metadata=Base, pool="pgbouncer") as db:
        async with db.write() as session:
            assert (await session.execute(SEEN)).one()[1:] == ("30s", "10s", "off", "off", "1min")
            session.add(Item(name="stored"))
        with pytest.raises(errors.ReadOnlySession):
            async with db.read() as session:
                await session.execute(text("INSERT INTO item (name) VALUES ('refused')"))
        async with db.read() as session:
            assert [name async for name in await session.stream_scalars(select(Item.name))] == ["stored"]
        await db.ping()
        async with db.write(isolation="SERIALIZABLE") as session:
            assert await session.scalar(text("SHOW transaction_isolation")) == "serializable"
        async with db.write() as session:
            assert await session.scalar(text("SHOW transaction_isolation")) == "read committed"


async def test_a_swallowed_error_stores_nothing_behind_the_pooler(target: Target, url: str, pooler: Pooler) -> None:
    async with database(url), Database(pooler.before(url), metadata=Base, pool="pgbouncer") as db:
        with pytest.raises(errors.UnitPoisoned):
            async with db.write() as session:
                session.add(Item(name="refused"))
                await session.flush()
                with pytest.raises(errors.StatementRejected):
                    await session.execute(text("SELECT nothing"))
        async with db.write() as session:
            session.add(Item(name="stored"))
        assert await names_in(url) == ["stored"]

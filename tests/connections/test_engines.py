"""Engines per event loop and process, private files of in-memory SQLite, closing that ends."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from anyio import to_thread
from sqlalchemy import text

from connections.relay import relay
from crosslet import Database, Deadlines
from crosslet.errors import ConfigurationError
from fix_databases import Target


async def one(db: Database) -> int:
    async with db.write() as session:
        return int(await session.scalar(text("SELECT 1")))


def test_two_event_loops_share_a_database(url: str) -> None:
    """Both at work at the same time, each with connections of its own, again after the other has gone."""
    db = Database(url)
    both_connected = threading.Barrier(2, timeout=20)
    results: list[int] = []

    async def work() -> None:
        results.append(await one(db))
        both_connected.wait()
        results.append(await one(db))
        pair = db.connections.known_pair()
        assert pair is not None
        await pair.reader.dispose()
        await pair.writer.dispose()

    threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1, 1, 1, 1]

    async def later() -> int:
        async with db:
            return await one(db)

    assert asyncio.run(later()) == 1


FORKING = """
import asyncio, os, sys
from sqlalchemy import text
from crosslet import Database

async def one(db):
    async with db.write() as session:
        return await session.scalar(text("SELECT 1"))

async def several(db):
    return [await one(db) for _ in range(3)]

async def close_after(db):
    async with db:
        return await several(db)

db = Database(sys.argv[1])
with asyncio.Runner() as runner:
    assert runner.run(several(db)) == [1, 1, 1]
    child = os.fork()
    if child == 0:
        os._exit(0 if asyncio.run(close_after(db)) == [1, 1, 1] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert runner.run(close_after(db)) == [1, 1, 1]
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_opens_connections_of_its_own_and_the_parent_keeps_its(url: str) -> None:
    """In a process of its own: a fork takes the threads of pytest's plugins along only half."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING, url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


async def test_a_closed_database_opens_again(url: str) -> None:
    db = Database(url)
    assert await one(db) == 1
    await db.close()
    await db.close()
    assert await one(db) == 1
    await db.close()


@pytest.mark.needs("has_server")
async def test_closing_ends_although_the_server_is_silent(url: str, target: Target) -> None:
    """The deadline cuts what does not answer; without it the drivers wait for the server's farewell."""
    assert target.server is not None
    gate = threading.Event()
    gate.set()

    def hold(piece: bytes) -> bytes:
        gate.wait()
        return piece

    with relay(target.server.port, edit=hold) as port:
        database = url.rpartition("/")[2]
        away = target.server.url(target.driver, database).replace(f":{target.server.port}/", f":{port}/")
        db = Database(away, deadlines=Deadlines(close=0.2))
        assert await one(db) == 1
        gate.clear()
        try:
            async with asyncio.timeout(10):
                await db.close()
        finally:
            gate.set()
    assert db.connections.known_pair() is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite://"])
async def test_a_database_in_memory_is_a_private_file(url: str) -> None:
    async with Database(url) as first, Database(url) as second:
        for db in (first, second):
            async with db.write() as session:
                await session.execute(text("CREATE TABLE t (x INTEGER)"))
        path = str(first.connections.url.database)
        assert await to_thread.run_sync(os.path.exists, path)
        assert path != str(second.connections.url.database)
        async with first.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM t")) == 0
    assert not await to_thread.run_sync(os.path.exists, path)
    async with Database(url) as db, db.write() as session:
        assert await session.scalar(text("SELECT count(*) FROM sqlite_master")) == 0


def test_the_private_folder_goes_with_its_database() -> None:
    db = Database("sqlite://")
    folder = Path(str(db.connections.url.database)).parent
    assert folder.exists()
    del db
    gc.collect()  # A Database and its engines hold each other.
    assert not folder.exists()


async def test_a_rolled_back_row_in_memory_is_not_stored() -> None:
    """Connections that share memory would share their transactions."""
    async with Database("sqlite://") as db:
        async with db.write() as session:
            await session.execute(text("CREATE TABLE t (x INTEGER)"))

        async def unit(number: int) -> None:
            async with db.write() as session:
                await session.execute(text(f"INSERT INTO t VALUES ({number})"))
                if number % 2:
                    raise LookupError

        await asyncio.gather(*(unit(number) for number in range(20)), return_exceptions=True)
        async with db.read() as session:
            assert await session.scalar(text("SELECT count(*) FROM t WHERE x % 2 = 0")) == 10
            assert await session.scalar(text("SELECT count(*) FROM t WHERE x % 2 = 1")) == 0


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/x.db")
    assert db.url.endswith("x.db")
    assert not (tmp_path / "x.db").exists()
    Database("postgresql://app:secret@db.example.org/shop")


def test_the_password_is_nowhere_to_be_seen() -> None:
    db = Database("postgresql://app:s3cret@db.example.org/shop")
    assert "s3cret" not in f"{db!r} {db.url} {db} {db.connections.url!r}"


def test_a_wrong_url_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(ConfigurationError, match="TLS is set twice"):
        Database("postgresql://h/d?sslmode=require", tls="verify")


def test_many_loops_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Switching a new file to WAL needs it alone, and SQLite does not wait for that by itself."""
    failed: list[Exception] = []

    def work(url: str, ready: threading.Barrier) -> None:
        async def main() -> None:
            async with Database(url) as db:
                ready.wait()
                await one(db)

        try:
            asyncio.run(main())
        except Exception as error:
            failed.append(error)

    for number in range(15):
        url, ready = f"sqlite:///{tmp_path}/{number}.db", threading.Barrier(6, timeout=20)
        threads = [threading.Thread(target=work, args=(url, ready)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []

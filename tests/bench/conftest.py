"""Runs a benchmark as a user does, and reads what it reports."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosslet.testing.servers import ProgramMissing, mariadb_version, postgresql_version, redis_version

Report = Callable[..., list[dict[str, Any]]]
_PROGRAMS: dict[str, Callable[[], object]] = {
    "postgresql": postgresql_version,
    "mariadb": mariadb_version,
    "redis": redis_version,
    "sqlite": str,
}
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def report() -> Report:
    """Give a function that runs a benchmark and returns its cases; it skips where a server is not installed."""

    def run(name: str, *options: str, needs: tuple[str, ...], says: str = "") -> list[dict[str, Any]]:
        try:
            for program in needs:
                _PROGRAMS[program]()
        except ProgramMissing as missing:
            pytest.skip(str(missing))
        command = [sys.executable, "-m", f"bench.{name}", "--quick", "--json", *options]
        # A contender that answers otherwise than the rest ends the run with an error.
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert says in done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run

"""Every contender reads the same row and every case is reported; how fast they are is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, mariadb_version, postgresql_version

ROOT = Path(__file__).parents[2]
CASES = {
    ("direct", "bare driver", 1 / 1.4),
    ("direct, values bound", "bare driver", 1 / 1.4),
    ("direct, values bound", "crosslet's session", None),
    ("direct, values bound", "AsyncSession", None),
}


@pytest.mark.slow
def test_it_reports_every_case() -> None:
    try:
        postgresql_version(), mariadb_version()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "bench.direct", "--quick", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    drivers = ("aiosqlite", "asyncpg", "psycopg", "asyncmy", "aiomysql")
    expected = {(f"{driver} {case}", versus, goal) for driver in drivers for case, versus, goal in CASES}
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected
    assert len(cases) == len(expected)
    assert all(case["value"] > 0 for case in cases)

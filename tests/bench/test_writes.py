"""The benchmark of many rows reports every case; how fast they are is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, mariadb_version, postgresql_version

ROOT = Path(__file__).parents[2]
Expected = set[tuple[str, str, float | None]]


def expected(db: str) -> Expected:
    """List what a run reports: the case, what it is compared with, and the goal."""
    drivers = {"postgresql": ["asyncpg", "psycopg"], "mariadb": ["asyncmy", "aiomysql"], "sqlite": ["aiosqlite"]}[db]
    least = {
        "asyncpg": (15.0, 5.0, 2.2),
        "asyncmy": (4.0, None, None),
        "aiosqlite": (10.0, None, None),
    }
    found: Expected = set()
    for driver in drivers:
        add_all, orm_insert, on_conflict = least.get(driver, (None, None, None))
        name = f"{db} insert_many ({driver})"
        found |= {(name, "add_all", add_all), (name, "insert(Model)", orm_insert)}
        found |= {(f"{db} upsert_many ({driver})", "on_conflict_do_update", on_conflict)}
        if driver == "asyncpg":
            found |= {(name, "bare COPY", 0.7)}
        elif driver != "psycopg":
            found |= {(name, "bare executemany", None)}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("db", ["postgresql", "mariadb", "sqlite"])
def test_it_reports_every_case(db: str) -> None:
    try:
        {"postgresql": postgresql_version, "mariadb": mariadb_version, "sqlite": str}[db]()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "bench.writes", "--quick", "--json", "--rows", "300", "--db", db]
    # A contender that stores otherwise than the rest ends the run with an error.
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected(db)
    assert all(case["value"] > 0 for case in cases)

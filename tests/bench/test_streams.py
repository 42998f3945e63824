"""The contenders export the same rows and every case is reported; how fast they are is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, mariadb_version, postgresql_version

ROOT = Path(__file__).parents[2]
USUAL = "ORM entities and Pydantic"


@pytest.mark.slow
@pytest.mark.parametrize(("db", "goal"), [("postgresql", 6.0), ("mariadb", 3.0), ("sqlite", 3.0)])
def test_it_reports_every_case(db: str, goal: float) -> None:
    try:
        {"postgresql": postgresql_version, "mariadb": mariadb_version, "sqlite": str}[db]()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "bench.streams", "--quick", "--json", "--rows", "2000", "--db", db]
    # A contender that writes otherwise than the rest ends the run with an error.
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert "2,000 rows" in run.stderr
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    growing = [USUAL, f"{USUAL}, a row at a time", *(["COPY of JSON rows"] if db == "postgresql" else [])]
    expected = {(f"{db} NDJSON", versus, goal if versus == USUAL else None) for versus in growing}
    expected |= {(f"{db} {name}, growth", "limit", None) for name in growing}
    expected |= {(f"{db} NDJSON, growth", "limit", 1.0)}
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected
    assert all(case["value"] > 0 for case in cases)

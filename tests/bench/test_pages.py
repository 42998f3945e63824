"""Every case is reported, and both ways lead to the same page; how fast they are is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, mariadb_version, postgresql_version

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("db", ["postgresql", "mariadb", "sqlite"])
def test_it_reports_every_case(db: str) -> None:
    try:
        {"postgresql": postgresql_version, "mariadb": mariadb_version, "sqlite": str}[db]()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "bench.pages", "--quick", "--json", "--scale", "0.002", "--db", db]
    # Pages that differ end the run with an error.
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert "2,000 rows, page 20 of 50 rows each" in run.stderr
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == {
        (f"{db} {order} page 20 {way}", "page 1", goal)
        for order in ("newest", "best", "ranked")
        for way, goal in (("by keyset", 1 / 1.5), ("by offset", None))
    }
    for case in cases:
        assert case["value"] > 0
        assert (case["met"] is None) == (case["goal"] is None)

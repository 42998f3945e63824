"""Every case is reported, and no read gives less than its process has confirmed; its speed is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, postgresql_version, redis_version

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_it_reports_every_case() -> None:
    try:
        postgresql_version(), redis_version()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    small = ["--seconds", "1", "--writers", "4", "--readers", "8"]
    command = [sys.executable, "-m", "bench.cache", "--quick", "--json", *small]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    cases = {case["case"]: case for case in map(json.loads, run.stdout.splitlines())}
    load = "violations, 4 writers, 8 readers, 2 processes"
    names = [load, "older elsewhere, median", "hits", "writes", "hit, row", "hit, list"]
    assert list(cases) == [f"{store}: {name}" for store in ("Redis", "memory and NOTIFY") for name in names]
    for store in ("Redis", "memory and NOTIFY"):
        found = cases[f"{store}: {load}"]
        assert (found["value"], found["goal"], found["met"]) == (0, 1.0, True)
        assert found["versus_value"] > 0
        assert cases[f"{store}: writes"]["value"] > 0
        assert cases[f"{store}: hit, row"]["value"] > 0

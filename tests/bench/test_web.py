"""The benchmark runs from the command line and says what it measured; how fast is no matter of a test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosslet.testing.servers import ProgramMissing, postgresql_version

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_it_reports_every_case() -> None:
    try:
        postgresql_version()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "bench.web", "--quick", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    cases = [json.loads(line) for line in run.stdout.splitlines()]
    assert [case["case"] for case in cases] == ["get by key", "get with posts", "list of 50", "create"]
    for case in cases:
        assert set(case) == {"bench", "case", "value", "unit", "versus", "versus_value", "ratio", "goal", "met"}
        assert case["value"] > 0
        assert case["versus_value"] > 0

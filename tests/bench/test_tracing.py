"""Every case is reported; what a trace costs is no matter of a test."""

from typing import Any

import pytest


@pytest.mark.slow
def test_it_reports_every_case(report: Any) -> None:
    cases = {case["case"]: case for case in report("tracing", needs=("sqlite",))}
    ways = ("ORM objects", "past the engine", "through the engine")
    assert list(cases) == [f"{way}: {name}" for way in ways for name in ("production", "reads", "sites")]
    for way in ways:
        assert (cases[f"{way}: production"]["versus_value"], cases[f"{way}: production"]["goal"]) == (5.0, 1.0)
        assert cases[f"{way}: sites"]["versus_value"] > 0

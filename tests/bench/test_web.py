"""The benchmark runs from the command line and says what it measured; how fast is no matter of a test."""

from typing import Any

import pytest

SMALL = ["get by key", "get with posts", "list of 50", "create"]
MOVIES = ["movie tree", "50 movies with directors", "the same, statement kept", "movie by key", "create a review"]


@pytest.mark.slow
def test_it_reports_every_case(report: Any) -> None:
    cases = report("web", "--scale", "0.01", needs=("postgresql",))
    assert [(case["case"], case["versus"]) for case in cases] == [
        *((name, "usual pattern") for name in SMALL + MOVIES),
        *((name, "asyncpg by hand") for name in MOVIES),
    ]
    for case in cases:
        assert set(case) == {"bench", "case", "value", "unit", "versus", "versus_value", "ratio", "goal", "met"}
        assert case["value"] > 0
        assert case["versus_value"] > 0
    assert [case["goal"] for case in cases] == [None] * 4 + [9.0, 8.0, 8.0, 4.0, 6.0] + [0.95] * 5

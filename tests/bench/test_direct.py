"""Every contender reads the same row and every case is reported; how fast they are is no matter of a test."""

from typing import Any

import pytest

CASES = {
    ("direct", "bare driver", 1 / 1.4),
    ("direct, values bound", "bare driver", 1 / 1.4),
    ("direct, values bound", "crosslet's session", None),
    ("direct, values bound", "AsyncSession", None),
}


@pytest.mark.slow
def test_it_reports_every_case(report: Any) -> None:
    cases = report("direct", needs=("postgresql", "mariadb"))
    drivers = ("aiosqlite", "asyncpg", "psycopg", "asyncmy", "aiomysql")
    expected = {(f"{driver} {case}", versus, goal) for driver in drivers for case, versus, goal in CASES}
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected
    assert len(cases) == len(expected)
    assert all(case["value"] > 0 for case in cases)

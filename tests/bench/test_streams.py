"""The contenders export the same rows and every case is reported; how fast they are is no matter of a test."""

from typing import Any

import pytest

USUAL = "ORM entities and Pydantic"


@pytest.mark.slow
@pytest.mark.parametrize(("db", "goal"), [("postgresql", 6.0), ("mariadb", 3.0), ("sqlite", 3.0)])
def test_it_reports_every_case(report: Any, db: str, goal: float) -> None:
    cases = report("streams", "--rows", "2000", "--db", db, needs=(db,), says="2,000 rows")
    growing = [USUAL, f"{USUAL}, a row at a time", *(["COPY of JSON rows"] if db == "postgresql" else [])]
    expected = {(f"{db} NDJSON", versus, goal if versus == USUAL else None) for versus in growing}
    expected |= {(f"{db} {name}, growth", "limit", None) for name in growing}
    expected |= {(f"{db} NDJSON, growth", "limit", 1.0)}
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected
    assert all(case["value"] > 0 for case in cases)

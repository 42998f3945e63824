"""Every case is reported, and both ways lead to the same page; how fast they are is no matter of a test."""

from typing import Any

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("db", ["postgresql", "mariadb", "sqlite"])
def test_it_reports_every_case(report: Any, db: str) -> None:
    says = "2,000 rows, page 20 of 50 rows each"
    cases = report("pages", "--scale", "0.002", "--db", db, needs=(db,), says=says)
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == {
        (f"{db} {order} page 20 {way}", "page 1", goal)
        for order in ("newest", "best", "ranked")
        for way, goal in (("by keyset", 1 / 1.5), ("by offset", None))
    }
    for case in cases:
        assert case["value"] > 0
        assert (case["met"] is None) == (case["goal"] is None)

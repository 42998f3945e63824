"""Every case is reported, and no read gives less than its process has confirmed; its speed is no matter of a test."""

from typing import Any

import pytest


@pytest.mark.slow
def test_it_reports_every_case(report: Any) -> None:
    told = report("cache", "--seconds", "1", "--writers", "4", "--readers", "8", needs=("postgresql", "redis"))
    cases = {case["case"]: case for case in told}
    load = "violations, 4 writers, 8 readers, 2 processes"
    names = [load, "older elsewhere, median", "hits", "writes", "hit, row", "hit, list"]
    assert list(cases) == [f"{store}: {name}" for store in ("Redis", "memory and NOTIFY") for name in names]
    for store in ("Redis", "memory and NOTIFY"):
        found = cases[f"{store}: {load}"]
        assert (found["value"], found["goal"], found["met"]) == (0, 1.0, True)
        assert found["versus_value"] > 0
        assert cases[f"{store}: writes"]["value"] > 0
        assert cases[f"{store}: hit, row"]["value"] > 0

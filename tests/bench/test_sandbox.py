"""Every way to a test's database is measured and reported; how fast they are is no matter of a test."""

from typing import Any

import pytest


@pytest.mark.slow
def test_it_reports_every_case(report: Any) -> None:
    cases = report("sandbox", needs=("postgresql", "mariadb"))
    pairs = (("sandbox", "copy"), ("sandbox", "usual"), ("copy", "usual"))
    expected = {(f"{word} {ours}", versus) for word in ("sqlite", "postgresql", "mariadb") for ours, versus in pairs}
    assert {(case["case"], case["versus"]) for case in cases} == expected
    assert all(case["value"] > 0 for case in cases)

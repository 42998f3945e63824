"""The benchmark of many rows reports every case; how fast they are is no matter of a test."""

from typing import Any

import pytest

Expected = set[tuple[str, str, float | None]]


def expected(db: str) -> Expected:
    """List what a run reports: the case, what it is compared with, and the goal."""
    drivers = {"postgresql": ["asyncpg", "psycopg"], "mariadb": ["asyncmy", "aiomysql"], "sqlite": ["aiosqlite"]}[db]
    least = {
        "asyncpg": (15.0, 5.0, 2.2),
        "asyncmy": (4.0, None, None),
        "aiosqlite": (10.0, None, None),
    }
    found: Expected = set()
    for driver in drivers:
        add_all, orm_insert, on_conflict = least.get(driver, (None, None, None))
        name = f"{db} insert_many ({driver})"
        found |= {(name, "add_all", add_all), (name, "insert(Model)", orm_insert)}
        found |= {(f"{db} upsert_many ({driver})", "on_conflict_do_update", on_conflict)}
        if driver == "asyncpg":
            found |= {(name, "bare COPY", 0.7)}
        elif driver != "psycopg":
            found |= {(name, "bare executemany", None)}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("db", ["postgresql", "mariadb", "sqlite"])
def test_it_reports_every_case(report: Any, db: str) -> None:
    cases = report("writes", "--rows", "300", "--db", db, needs=(db,))
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected(db)
    assert all(case["value"] > 0 for case in cases)

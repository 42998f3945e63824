"""How many rows a list has, where they are not counted: what the planner expects.

Counts are statements of their own, never `count(*) OVER ()`: that makes every page as slow as the whole list, and says
nothing on a page past the end.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Executable, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

# Where a capped total stops.
CAP = 10_000


class Planned(Executable, ClauseElement):
    """A statement's plan instead of its rows: one row, of JSON."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(Planned)
def _explain(element: Planned, compiler: SQLCompiler, **kw: Any) -> str:
    return f"EXPLAIN FORMAT=JSON {_statement(element, compiler, **kw)}"


@compiles(Planned, "postgresql")
def _explain_on_postgresql(element: Planned, compiler: SQLCompiler, **kw: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {_statement(element, compiler, **kw)}"


def _statement(element: Planned, compiler: SQLCompiler, **kw: Any) -> str:
    written = compiler.process(element.statement, **kw)
    # The plan is no value of the statement's columns, and is not to be read as one.
    compiler._result_columns.clear()
    return written


def planned_rows(plan: Any) -> int | None:
    """Read how many rows a plan expects; None where it does not say.

    Args:
        plan: What the database answered: text, or JSON that the driver has read.
    """
    read = json.loads(plan) if isinstance(plan, str | bytes) else plan
    if isinstance(read, list):
        return int(read[0]["Plan"]["Plan Rows"])
    block = read.get("query_block", {}) if isinstance(read, Mapping) else {}
    expected = _product(block)
    return None if expected is None else round(expected)


def _product(node: Any) -> float | None:
    """Multiply the rows of joined tables, each with the share of them that its conditions let through."""
    found: list[float] = []
    _walk(node, found.append)
    total = 1.0
    for one in found:
        total *= one
    return total if found else None


def _walk(node: Any, add: Callable[[float], None]) -> None:
    if isinstance(node, list):
        for one in node:
            _walk(one, add)
    elif isinstance(node, Mapping):
        table = node.get("table")
        rows = _rows_of(table)
        if rows is not None:
            add(rows)
        for name, inner in node.items():
            # What a table is made of itself is counted by the table, and sub-selects filter only.
            if name != "table" and "subquer" not in name:
                _walk(inner, add)


def _rows_of(table: Any) -> float | None:
    if not isinstance(table, Mapping):
        return None
    # MariaDB's name, then MySQL's.
    rows = table.get("rows", table.get("rows_examined_per_scan"))
    return None if rows is None else float(rows) * float(table.get("filtered", 100)) / 100

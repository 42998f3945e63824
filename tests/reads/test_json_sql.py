"""The SQL for places in JSON, as golden text a dialect: MySQL's, too, which no other test runs; and what is refused.

CROSSLET_REWRITE_CASES=1 rewrites the files under tests/cases/reads/json_changes; review the difference as text.
"""

import math
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Dialect, Integer, MetaData, Table, cast, func, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.dialects.postgresql import asyncpg

from crosslet import PortableJSON, json_remove, json_set, json_value
from crosslet.errors import ConfigurationError, InvalidValue
from reads.papers import Paper

CASES = Path(__file__).parent.parent / "cases" / "reads" / "json_changes"
DIALECTS: dict[str, Dialect] = {
    "postgresql": asyncpg.dialect(),
    "mysql": mysql.dialect(),  # type: ignore[no-untyped-call]
    "mariadb": MariaDBDialect(),
    "sqlite": sqlite.dialect(),
}


NOT_JSON: list[tuple[Any, str]] = [
    (math.nan, "not_finite"),
    ([math.inf], "not_finite"),
    (2**64, "out_of_range"),
    ("\0", "nul_character"),
    ({"a\0": 1}, "nul_character"),
    ("\ud800", "not_unicode"),
    (b"x", "not_json"),
    ({1: 2}, "not_json"),
    (object(), "not_json"),
    ({"a"}, "not_json"),
]


@pytest.mark.parametrize(("value", "code"), NOT_JSON, ids=[code for _, code in NOT_JSON])
def test_what_json_does_not_hold_is_refused_at_once(value: Any, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        json_set(Paper.portable["a"], value)
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("portable", code)]


def test_no_deeper_than_every_database_reads() -> None:
    json_set(Paper.portable["a", 0], [[[]]])
    deep: Any = []
    for _ in range(30):
        deep = [deep]
    with pytest.raises(InvalidValue, match="31 levels"):
        json_set(Paper.portable["a"], deep)


@pytest.mark.parametrize("make", [lambda path: json_set(path, 1), json_remove, lambda path: json_value(path, int)])
def test_what_is_no_path(make: Any) -> None:
    for path in (Paper.portable, Paper.number, Paper.portable["a"]["b"], "a", None, Paper.portable[Paper.number]):
        with pytest.raises(ConfigurationError, match="one pair of brackets"):
            make(path)
    for key in (-1, 2**31):
        with pytest.raises(ConfigurationError, match="keys and indexes"):
            make(Paper.portable["a", key])
    for odd in (True, 1.5, None, b"a"):
        with pytest.raises(ConfigurationError, match="keys and indexes"):
            make(Paper.portable["a", odd])
    for name, reason in (("a\0", "NUL"), ("\ud800", "Unicode"), ("-a", "MariaDB")):
        with pytest.raises(InvalidValue, match=reason):
            make(Paper.portable[name])


def test_expressions_of_other_types_are_refused() -> None:
    for value in (Paper.portable, Paper.portable["a"], cast(Paper.number, postgresql.NUMERIC(5, 2)), func.now()):
        with pytest.raises(ConfigurationError, match="json_value"):
            json_set(Paper.portable["b"], value)


def test_values_and_keys_are_never_in_the_sql() -> None:
    mark = "no'\"body"
    expressions = [json_set(Paper.portable[mark, 77777], mark), json_remove(Paper.portable[mark, 77777])]
    expressions.append(json_value(Paper.plain[mark, 77777], str))
    for dialect in DIALECTS.values():
        for expression in expressions:
            text = str(expression.compile(dialect=dialect))
            assert "body" not in text
            assert "77777" not in text


def test_statements_of_one_form_are_compiled_once() -> None:
    def key(change: Any) -> Any:
        found = select(change)._generate_cache_key()
        assert found is not None
        return found.key

    assert key(json_set(Paper.portable["a"], 1)) == key(json_set(Paper.portable["b"], "x"))
    assert key(json_remove(Paper.portable["a", 1])) == key(json_remove(Paper.portable["b", 2]))
    different = [json_set(Paper.portable[path], 1) for path in (("a",), (1,), ("a", "b"), ("a", 1), ('q"',))]
    different += [json_set(Paper.plain["a"], 1), json_remove(Paper.portable["a"]), json_value(Paper.plain["a"], int)]
    different += [json_set(Paper.portable["a"], Paper.number), json_set(Paper.portable["a"], Paper.number > 1)]
    assert len({key(change) for change in different}) == len(different)


TABLE = Table("t", MetaData(), Column("n", Integer), Column("v", PortableJSON()), Column("w", JSON()))
GOLDEN = {
    "set a key": json_set(TABLE.c.v["a"], 1),
    "set a key of json": json_set(TABLE.c.w["a"], 1),
    "set an index": json_set(TABLE.c.v[0], 1),
    "set a path": json_set(TABLE.c.v["a", 0, "b"], 1),
    "set an expression": json_set(TABLE.c.v["a", "b"], TABLE.c.n + 1),
    "set a flag": json_set(TABLE.c.v["a"], TABLE.c.n > 1),
    "remove a key": json_remove(TABLE.c.v["a"]),
    "remove a path of json": json_remove(TABLE.c.w["a", 0, "b"]),
    "read a key": json_value(TABLE.c.v["a"], str),
    "read a quoted key": json_value(TABLE.c.v['q"'], bool),
    "read an index": json_value(TABLE.c.v["a", 0], bool),
}


@pytest.mark.parametrize("database", DIALECTS)
def test_the_sql_is_what_was_reviewed(database: str) -> None:
    texts = [f"-- {name}\n{change.compile(dialect=DIALECTS[database])}\n" for name, change in GOLDEN.items()]
    file, made = CASES / f"{database}.sql", "".join(texts)
    if os.environ.get("CROSSLET_REWRITE_CASES") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    assert made == file.read_text()

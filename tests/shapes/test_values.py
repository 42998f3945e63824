"""A column's value in the database's JSON against what Pydantic makes of the same column's value in Python.

One table with a column a case, filled with edge values and generated ones, read back by few statements.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    func,
    insert,
    literal_column,
    select,
)

from crosslet import Database
from crosslet.shapes.kinds import kind_of
from crosslet.shapes.values import Target, Value, value_of
from fix_databases import Target as Server
from shapes.foreign_values import FOREIGN
from shapes.value_cases import Case, cases_of

ROWS = 40
# A statement has as many of them as every server takes.
COLUMNS = 25

pytestmark = pytest.mark.filterwarnings("ignore:Dialect sqlite.*does .not. support Decimal:sqlalchemy.exc.SAWarning")


def table_of(cases: Sequence[Case]) -> Table:
    columns = (Column(case.name, case.type) for case in cases)
    return Table(
        "held",
        MetaData(),
        Column("id", Integer, primary_key=True),
        *columns,
        mysql_charset="utf8mb4",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_nopad_bin",
    )


@cache
def cases_and_rows(database: str) -> tuple[list[Case], list[dict[str, Any]]]:
    """Put the values of all the cases side by side; where one has no more, there is None."""
    cases = cases_of(database)
    lists = {case.name: case.examples(ROWS) for case in cases}
    longest = max(map(len, lists.values()))
    return cases, [
        {"id": index + 1, **{name: values[index] if index < len(values) else None for name, values in lists.items()}}
        for index in range(longest)
    ]


def written(case: Case, target: Target, *, exact: bool) -> Value | None:
    return value_of(case.type, kind_of(case.annotation, case.config), target, exact=exact)


def as_object(target: Target, table: Any, values: dict[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """Make one object of a row, in the way of the database."""
    if target.name == "postgresql":
        inner = select(*(value.label(name) for name, value in values.items())).correlate(table).subquery("x")
        return cast(select(func.row_to_json(literal_column("x"))).select_from(inner).scalar_subquery(), Text)
    pairs = [item for name, value in values.items() for item in (literal_column(f"'{name}'"), value)]
    return func.json_object(*pairs)


def in_list(target: Target, table: Table, values: dict[str, Value]) -> ColumnElement[Any]:
    """Make a list of the row's object, as a sub-select over an alias."""
    alias = table.alias()
    made = as_object(target, alias, {name: value.write(alias.c[name]) for name, value in values.items()})
    here = alias.c.id == table.c.id
    if target.name == "postgresql":
        return select(func.json_build_array(made.op("::")(literal_column("json")))).where(here).scalar_subquery()
    name = "json_arrayagg" if target.name != "sqlite" else "json_group_array"
    return select(getattr(func, name)(made)).where(here).correlate(table).scalar_subquery()


def alike(one: Any, other: Any) -> bool:
    """Compare with types, but for 1 and 1.0, which JSON does not tell apart; NaN is alike to itself."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return str(one) == str(other)
    similar = isinstance(one, type(other)) or isinstance(other, type(one)) or isinstance(one, int | float)
    return similar and bool(one == other)


def fragment(text: str) -> str:
    """Take the value out of `{"v": value}`."""
    assert isinstance(text, str), text
    return text.partition(":")[2][:-1].strip()


class Expected:
    """What Pydantic makes of a value in Python."""

    def __init__(self, case: Case) -> None:
        annotation = case.annotation | None if case.annotation is not Any else Any
        self.case = case
        self.adapter: TypeAdapter[Any] = TypeAdapter(annotation, config=case.config)

    def failures(self, held: Any, exact: str | None, read: str | None) -> Iterator[str]:
        value = self.adapter.validate_python(held)
        if exact is not None:
            wanted = json.loads(self.adapter.dump_json(value))
            if not alike(json.loads(exact), wanted):
                yield f"{self.case.name}: {held!r} is {wanted!r}, and came as {exact!r}"
        if read is not None and not alike(found := self.adapter.validate_json(read), value):
            yield f"{self.case.name}: {held!r} is {value!r}, and was read from {read!r} as {found!r}"


def batches(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    for start in range(0, len(cases), COLUMNS):
        yield cases[start : start + COLUMNS]


@pytest.fixture
async def db(target: Server, url: str) -> Any:
    cases, rows = cases_and_rows(target.dialect_name)
    table = table_of(cases)
    database = Database(url, metadata=table.metadata, show_values=True)
    try:
        await database.create_all()
        async with database.write() as session:
            await session.execute(insert(table), rows)
        yield database, table, cases
    finally:
        await database.close()


async def target_of(database: Database) -> Target:
    async with database.read() as session:
        return Target((await session.connection()).dialect)


def objects(cases: Iterable[Case], table: Table, target: Target, *, exact: bool) -> dict[str, ColumnElement[Any]]:
    way = "same" if exact else "read"
    found = {case.name: written(case, target, exact=exact) for case in cases if way in case.ways}
    return {
        name: as_object(target, table, {"v": value.write(table.c[name])}).label(f"{name}_{exact}")
        for name, value in found.items()
        if value is not None and (value.same or not exact)
    }


async def problems_of(database: Database, table: Table, cases: Sequence[Case]) -> list[str]:
    """Read the whole table in both modes, and say which values came otherwise than in Python."""
    target = await target_of(database)
    problems: list[str] = []
    for some in batches(cases):
        exact, read = (objects(some, table, target, exact=flag) for flag in (True, False))
        names = [case.name for case in some]
        statement: Select[Any] = select(*(table.c[name] for name in names), *exact.values(), *read.values())
        async with database.read() as session:
            rows = (await session.execute(statement.order_by(table.c.id))).mappings().all()
        for case in some:
            expected = Expected(case)
            for row in rows:
                texts = (row.get(f"{case.name}_{flag}") for flag in (True, False))
                pair = [fragment(text) if text is not None else None for text in texts]
                problems += expected.failures(row[case.name], *pair)
    return problems


async def test_each_value_comes_as_pydantic_would_have_it(db: Any) -> None:
    assert await problems_of(*db) == []


async def test_so_do_values_that_others_stored(target: Server, url: str) -> None:
    given = FOREIGN[target.dialect_name]
    cases = [case for case, _ in given]
    table = table_of(cases)
    database = Database(url, metadata=table.metadata, show_values=True)
    try:
        await database.create_all()
        async with database.write() as session:
            stored = [(case.name, literal) for case, literals in given for literal in literals]
            for index, (name, literal) in enumerate(stored, 1):
                values = {"id": index, name: literal_column(literal)}
                await session.execute(insert(table).values(values))
        assert await problems_of(database, table, cases) == []
    finally:
        await database.close()


async def test_values_stay_whole_beside_each_other_in_a_list(db: Any) -> None:
    database, table, cases = db
    target = await target_of(database)
    found = {case.name: written(case, target, exact=True) for case in cases}
    problems: list[str] = []
    for some in batches([case for case in cases if (value := found[case.name]) is not None and value.same]):
        values = {case.name: value for case in some if (value := found[case.name]) is not None}
        made = in_list(target, table, values).label("made")
        async with database.read() as session:
            rows = (await session.execute(select(*(table.c[case.name] for case in some), made))).mappings().all()
        for row in rows:
            (whole,) = row["made"] if not isinstance(row["made"], str) else json.loads(row["made"])
            for case in some:
                problems += Expected(case).failures(row[case.name], json.dumps(whole[case.name]), None)
    assert problems == []


async def test_a_value_can_stand_beside_text_of_any_origin(db: Any) -> None:
    database, table, cases = db
    target = await target_of(database)
    for exact in (True, False):
        found = {case.name: value for case in cases if (value := written(case, target, exact=exact)) is not None}
        values = {name: value.write(table.c[name]) for name, value in found.items()}
        for other in ("text", "uuid_char", "numeric2", "enum_named", "utc", "json"):
            pairs = [as_object(target, table, {"a": values[other], "b": value}) for value in values.values()]
            async with database.read() as session:
                await session.execute(select(literal_column("1"), *pairs).where(table.c.id < 0))


async def test_ways(db: Any) -> None:
    database, _, cases = db
    target = await target_of(database)
    found = {}
    for case in cases:
        exact, read = (written(case, target, exact=flag) for flag in (True, False))
        same = exact is not None and exact.same
        assert read is not None or exact is None or same
        found[case.name] = " ".join(way for way, can in (("same", same), ("read", read is not None)) if can)
    assert found == {case.name: case.ways for case in cases}

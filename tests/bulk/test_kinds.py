"""What a bulk insert stores of each kind of column is what `create` stores, by COPY and by the ordinary statement."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, select, text

from bulk.stock import Colour, Item, Kinds
from crosslet import Database

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT | st.floats(-1e15, 1e15)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
OBJECTS = st.dictionaries(TEXT, TREES, max_size=3)
MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30))
FOURTHS = st.decimals(-9_999_999, 9_999_999, places=4)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "short": TEXT,
    "small": st.integers(-(2**15), 2**15 - 1),
    "whole": st.integers(-(2**31), 2**31 - 1),
    "big": st.integers(-(2**63), 2**63 - 1),
    "flag": st.booleans(),
    "double": st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False, min_value=-1e300, max_value=1e300)
    | st.integers(-100, 100),
    "single": st.floats(-1e9, 1e9, allow_subnormal=False),
    "exact": FOURTHS | st.integers(-1000, 1000),
    "plain": FOURTHS | st.integers(-1000, 1000),
    "moment": MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
    "naive": MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
    "day": st.dates(date(1000, 1, 1), date(9999, 12, 30)),
    "hour": st.times(),
    "span": st.timedeltas(timedelta(0), timedelta(days=9000)).map(
        lambda span: span - timedelta(0, 0, span.microseconds)
    ),
    "key": st.uuids(version=4),
    "data": st.binary(max_size=30),
    "blob": st.binary(max_size=30),
    "colour": st.sampled_from([*Colour, "RED"]),
    "size": st.sampled_from(["s", "m"]),
    "portable": OBJECTS,
    "many": st.lists(TREES, max_size=3),
    "raw": TREES | st.just(JSON.NULL),
    "raw_or_null": TREES | st.just(JSON.NULL),
    "prose": TEXT,
}
ROWS = st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()})


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its JSON as text, in which 1 is not true."""
    return {name: json.dumps(v) if isinstance(v, dict | list | bool) else v for name, v in row.items()}


async def stored(session: Any, place: int) -> list[dict[str, Any]]:
    columns = [getattr(Kinds, name) for name in VALUES]
    nulls = [getattr(Kinds, name).is_(None).label(f"{name}_null") for name in ("raw", "raw_or_null", "portable")]
    found = await session.execute(select(*columns, *nulls).where(Kinds.place == place).order_by(Kinds.id))
    return [comparable(dict(row._mapping)) for row in found]


@cache
def drawn() -> list[dict[str, Any]]:
    """Return many rows as Hypothesis draws them, the same in each run."""

    @settings(deadline=None, max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(ROWS)
    def draw(row: dict[str, Any]) -> None:
        found.append(row)

    found: list[dict[str, Any]] = []
    draw()
    return found


async def test_every_kind_is_stored_as_by_create(stock: Database) -> None:
    rows = drawn()
    assert len(rows) > 55
    async with stock.write() as session:
        for row in rows:
            await session.create(Kinds, None, place=1, **row)
        await session.insert_many(Kinds, [{"place": 2, **row} for row in rows], chunk=1000)
        await session.insert_many(Kinds, [{"place": 3, **row} for row in rows], chunk=10)
        expected = await stored(session, 1)
        assert len(expected) == len(rows)
        for place in (2, 3):
            for number, found in enumerate(await stored(session, place)):
                assert found == expected[number], rows[number]


@pytest.mark.parametrize("name", list(VALUES))
async def test_a_column_of_one_kind_is_stored_as_by_create(stock: Database, name: str) -> None:
    rows = [{name: row[name]} for row in drawn()]
    async with stock.write() as session:
        for row in rows:
            await session.create(Kinds, None, place=1, **row)
        await session.insert_many(Kinds, [{"place": 2, **row} for row in rows])
        await session.upsert_many(
            Kinds, [{"place": 3, "id": UUID(int=n), **row} for n, row in enumerate(rows)], key="id"
        )
        other = [{"place": 4, "id": UUID(int=n), **rows[n - 1]} for n, row in enumerate(rows)]
        again = await session.upsert_many(Kinds, other, key="id")
        assert again.updated == len(rows)
        await session.update_many(Kinds, [{"place": 5, "id": UUID(int=n), **row} for n, row in enumerate(rows)])
        expected = [row[name] for row in await stored(session, 1)]
        assert [row[name] for row in await stored(session, 2)] == expected
        assert [row[name] for row in await stored(session, 5)] == expected


async def test_a_table_changed_by_a_migration_is_still_filled(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [{"code": f"a{number}"} for number in range(100)])
    if not stock.dialect.has_transactional_ddl or not stock.dialect.can_copy:
        return
    async with stock.write() as session:
        await session.execute(text("ALTER TABLE items ALTER COLUMN amount TYPE numeric(12, 3)"))
        await session.execute(text("ALTER TABLE items ALTER COLUMN name TYPE text"))
    async with stock.write() as session:
        await session.insert_many(Item, [{"code": f"b{number}", "amount": number} for number in range(100)])
        assert await session.scalar(select(Item.amount).where(Item.code == "b99")) == Decimal(99)

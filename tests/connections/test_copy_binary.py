"""What COPY is handed in PostgreSQL's binary format means the same as the driver's own parameters."""

import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from crosslet.connections.copy_binary import copy_data
from fix_databases import Target

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)
DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))
NAIVE = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
AWARE = st.datetimes(datetime(2, 1, 3), datetime(9998, 12, 29), timezones=ZONES)


def whole(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


# By PostgreSQL's number of a type: its name, and values.
KINDS: dict[int, tuple[str, st.SearchStrategy[Any]]] = {
    16: ("boolean", st.booleans()),
    17: ("bytea", st.binary(max_size=20)),
    20: ("bigint", whole(64)),
    21: ("smallint", whole(16)),
    23: ("integer", whole(32)),
    25: ("text", TEXTS),
    114: ("json", TEXTS.map(lambda text: '{"a": 1}' if text else "[]")),
    700: ("real", st.floats(width=32, allow_nan=False)),
    701: ("double precision", st.floats(allow_nan=False)),
    1042: ("char(30)", TEXTS.map(lambda text: text.rstrip().ljust(30))),
    1043: ("varchar(20)", TEXTS),
    1082: ("date", DAYS),
    1114: ("timestamp", NAIVE),
    1184: ("timestamptz", AWARE),
    2950: ("uuid", st.uuids()),
    3802: ("jsonb", st.sampled_from(['{"a": 1}', "[]", '"é"'])),
}


async def stored(url: str, kind: str, data: bytes, wanted: str = "b") -> list[Any]:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))

    async def content() -> Any:
        yield data

    try:
        await connection.execute(f"CREATE TEMPORARY TABLE copied (a integer, b {kind})")
        await connection.copy_to_table("copied", source=content(), format="binary")
        return [row[0] for row in await connection.fetch(f"SELECT {wanted} FROM copied ORDER BY a")]
    finally:
        await connection.close()


@pytest.mark.needs("can_copy")
@pytest.mark.parametrize("oid", KINDS)
def test_every_kind_of_value(target: Target, oid: int) -> None:
    url = target.take_url()
    kind, values = KINDS[oid]

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | values, min_size=1, max_size=30))
    def check(column: list[Any]) -> None:
        data = copy_data((23, oid), (range_of(column), column))
        assert data is not None
        assert ran(stored(url, kind, data)) == column

    check()


@pytest.mark.needs("can_copy")
@pytest.mark.parametrize("scale", [0, 1, 2, 3, 4, 5, 8, 9, 18])
def test_numbers_of_any_scale(target: Target, scale: int) -> None:
    url = target.take_url()
    step = Decimal(1).scaleb(-scale)
    numbers = st.integers(-(10**26), 10**26).map(lambda number: number * step) | st.sampled_from(
        [step, -step, 0 * step]
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | numbers | numbers.map(lambda number: number % 1000), min_size=1, max_size=20))
    def check(column: list[Any]) -> None:
        data = copy_data((23, 1700), (range_of(column), column))
        assert data is not None
        found = ran(stored(url, "numeric", data, "CAST(b AS text)"))
        # The server has no negative zero.
        assert found == [one if one is None else f"{one if one else abs(one):f}" for one in column]

    check()


@pytest.mark.parametrize(
    ("oid", "column"),
    [
        (23, [2**31]),
        (23, [True]),
        (23, ["1"]),
        (20, [2**63]),
        (21, [1, 70_000]),
        (25, [b"a"]),
        (25, ["\ud800"]),
        (16, [1]),
        (700, [1e300]),
        (701, [1]),
        (1700, [Decimal("1.5"), Decimal("1.25")]),
        (1700, [Decimal("NaN")]),
        (1700, [Decimal("1E+3")]),
        (1700, [Decimal(10) ** 40]),
        (1700, [1]),
        (1082, [datetime(2026, 1, 1)]),
        (1082, [date.max]),
        (1114, [datetime.max]),
        (1114, [datetime(2026, 1, 1, tzinfo=UTC)]),
        (1184, [datetime(2026, 1, 1)]),
        (1184, [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)]),
        (2950, [str(UUID(int=1))]),
        (3802, [{"a": 1}]),
        (1186, [timedelta(1)]),
        (600, [(1, 2)]),
    ],
)
def test_what_is_not_known_is_left_to_the_driver(oid: int, column: list[Any]) -> None:
    assert copy_data((oid,), (column,)) is None


def test_values_that_are_all_the_same_are_written_once() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    data = copy_data((1184, 1184), ([now] * 3, [now] * 3))
    assert data is not None
    field = struct.pack(">iq", 8, int((now - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000)
    assert data == b"PGCOPY\n\xff\r\n\0" + bytes(8) + (b"\0\2" + field * 2) * 3 + b"\xff\xff"


def range_of(column: Sequence[Any]) -> list[int]:
    return list(range(len(column)))


def ran(work: Any) -> Any:
    import uvloop

    return uvloop.run(work)

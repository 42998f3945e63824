"""Values at a path of a JSON column: of one type, or none; and no row ends the statement for the others."""

from typing import Any

import pytest
from sqlalchemy import JSON, MetaData, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, PortableJSON
from crosslet.errors import ConfigurationError
from crosslet.reads import json_value

HELD: tuple[Any, ...] = (
    *(True, False, "true", "", "x ", "x", "É", 0, 1, -1, 2.0, 2.5, 10**18, 2**63, 1e300, -1e-300, None, [], [1], {}),
    *({"in": 1}, "1", "null"),
)


class Base(DeclarativeBase):
    metadata = MetaData()


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    portable: Mapped[Any] = mapped_column(PortableJSON())
    plain: Mapped[Any] = mapped_column(JSON())


def wanted(kind: type, value: Any) -> Any:
    if kind is int:
        is_whole = type(value) in (int, float) and abs(value) < 2**63 and value == int(value)
        return int(value) if is_whole else None
    if kind is float:
        return float(value) if type(value) in (int, float) else None
    return value if type(value) is kind else None


@pytest.mark.parametrize("kind", [str, int, float, bool])
@pytest.mark.parametrize("column", ["portable", "plain"])
async def test_a_value_is_of_its_type_or_there_is_none(kind: type, column: str, url: str) -> None:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            for number, value in enumerate(HELD, 1):
                session.add(Thing(id=number, portable={"a b": [value]}, plain={"a b": [value]}))
            session.add(Thing(id=len(HELD) + 1, portable=[], plain=7))
        path = getattr(Thing, column)["a b", 0]
        async with db.read() as session:
            found = (await session.execute(select(json_value(path, kind)).order_by(Thing.id))).scalars().all()
            for value in {wanted(kind, one) for one in HELD} - {None}:
                same = await session.scalars(select(Thing.id).where(json_value(path, kind) == value))
                assert set(same) == {n for n, one in enumerate(HELD, 1) if wanted(kind, one) == value}, value
    assert [type(one) for one in found] == [type(wanted(kind, one)) for one in (*HELD, None)]
    assert list(found) == [wanted(kind, one) for one in (*HELD, None)]


def test_what_is_no_path() -> None:
    for expression in (Thing.portable, Thing.id, Thing.portable["a"]["b"]):
        with pytest.raises(ConfigurationError, match="one pair of brackets"):
            json_value(expression, str)
    with pytest.raises(ConfigurationError, match="JSON holds no bytes"):
        json_value(Thing.portable["a"], bytes)

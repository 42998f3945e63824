"""Rows that name no column at all: the database makes the whole of each, and each is stored."""

from typing import Any

import pytest
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database


class Base(DeclarativeBase):
    metadata = MetaData()


class Ticked(Base):
    __tablename__ = "ticked"
    id: Mapped[int] = mapped_column(primary_key=True)


@pytest.mark.parametrize("on_error", ["stop", "skip"])
@pytest.mark.parametrize("count", [1, 3, 120])
async def test_what_is_told_is_stored(url: str, count: int, on_error: Any) -> None:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            result = await session.insert_many(Ticked, [{}] * count, on_error=on_error)
        assert result.inserted == count
        async with db.read() as session:
            assert await session.count(Ticked) == count

"""The table that is exported, in plain SQLAlchemy, and its rows: eight columns, about 300 bytes of JSON each."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, DateTime, String, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(50))
    weight: Mapped[float]
    is_sold: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    details: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    body: Mapped[str] = mapped_column(String(200))


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    code: UUID
    name: str
    weight: float
    is_sold: bool
    made_at: datetime
    details: dict[str, Any]
    body: str


EVERYTHING = select(Item).order_by(Item.number)


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Make the rows, the same at every run."""
    chance = random.Random(27)
    bodies = ["".join(chance.choices("abcdefghij klmnop", k=100)) for _ in range(500)]
    for number in range(1, count + 1):
        yield {
            "number": number,
            "code": UUID(int=chance.getrandbits(128), version=4),
            "name": f"Item “{number}”",
            "weight": chance.randint(1, 10_000) / 8,
            "is_sold": number % 3 == 0,
            "made_at": _BEGIN + timedelta(seconds=number),
            "details": {"color": "red", "sizes": [number % 7, 2, 3]},
            "body": chance.choice(bodies),
        }

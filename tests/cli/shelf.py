"""The table that files are loaded into: a column of each kind that a text has to become."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Computed, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import ExactDecimal, UTCDateTime


class Base(DeclarativeBase):
    metadata = MetaData()


class Cover(Enum):
    hard = "H"
    soft = "S"


class Book(Base):
    __tablename__ = "book"
    __table_args__ = (UniqueConstraint("code", name="uq_book_code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str | None] = mapped_column(String(50))
    pages: Mapped[int] = mapped_column(default=7)
    price: Mapped[Decimal | None] = mapped_column(ExactDecimal(18, 2))
    weight: Mapped[float | None]
    is_new: Mapped[bool | None]
    cover: Mapped[Cover | None]
    at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    day: Mapped[dt.date | None]
    number: Mapped[UUID | None]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    facts: Mapped[Any] = mapped_column(JSON, nullable=True)
    twice: Mapped[int] = mapped_column(Computed("pages * 2", persisted=True))

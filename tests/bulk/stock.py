"""Tables for the bulk verbs: one column of each kind, keys of several kinds."""

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import BigIntKey, ExactDecimal, Model, Portable, SoftDelete, Timestamps, UniqueAlive


class Stock(Model):
    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


class Counted(BigIntKey, Portable, Timestamps, DeclarativeBase):
    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Item(Stock):
    """What most tests store."""

    __tablename__ = "items"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str | None] = mapped_column(String(30))
    amount: Mapped[int] = mapped_column(default=7)
    price: Mapped[Decimal | None] = mapped_column(ExactDecimal(12, 2))
    seen: Mapped[datetime | None]
    extra: Mapped[dict[str, Any] | None]
    made_by: Mapped[str] = mapped_column(String(20), server_default="database")
    secret: Mapped[str | None] = mapped_column(String(20), info={"protected": True})


class Entry(Counted):
    """A key that the database counts, a unique key of two columns beside it, and another."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("book", "page"),)

    book: Mapped[int]
    page: Mapped[int]
    label: Mapped[str | None] = mapped_column(String(20), unique=True)
    text: Mapped[str | None] = mapped_column(String(50))


class Versioned(Stock):
    __tablename__ = "versioned"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str | None] = mapped_column(String(50))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it


class Parent(Stock):
    __tablename__ = "parents"
    code: Mapped[str] = mapped_column(String(20))
    children: Mapped[list["Child"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    pets: Mapped[list["Pet"]] = relationship()


class Child(Stock):
    __tablename__ = "children"
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)


class Pet(Stock):
    __tablename__ = "pets"
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parents.id"), index=True)


class Careless(Stock):
    __tablename__ = "careless"
    children: Mapped[list["Orphan"]] = relationship(cascade="all, delete-orphan")


class Orphan(Stock):
    __tablename__ = "orphans"
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("careless.id"), index=True)


class Member(SoftDelete, Stock):
    """A row that can be deleted softly, and one that refers to living ones only."""

    __tablename__ = "members"
    __table_args__ = (UniqueAlive("email"),)
    email: Mapped[str] = mapped_column(String(30))
    name: Mapped[str | None] = mapped_column(String(30))
    letters: Mapped[list["Letter"]] = relationship(cascade="all, delete-orphan")


class Letter(SoftDelete, Stock):
    __tablename__ = "letters"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", info={"alive": True}), index=True)


class Kinds(Stock):
    """A column of every kind."""

    __tablename__ = "kinds"

    place: Mapped[int]
    text: Mapped[str | None]
    short: Mapped[str | None] = mapped_column(String(50))
    small: Mapped[int | None] = mapped_column(SmallInteger)
    whole: Mapped[int | None]
    big: Mapped[int | None] = mapped_column(BigInteger)
    flag: Mapped[bool | None]
    double: Mapped[float | None]
    single: Mapped[float | None] = mapped_column(Float(53))
    exact: Mapped[Decimal | None] = mapped_column(ExactDecimal(14, 4))
    plain: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    moment: Mapped[datetime | None]
    naive: Mapped[datetime | None] = mapped_column(DateTime())
    day: Mapped[date | None]
    hour: Mapped[time | None]
    span: Mapped[timedelta | None] = mapped_column(Interval)
    key: Mapped[UUID | None]
    data: Mapped[bytes | None]
    blob: Mapped[bytes | None] = mapped_column(LargeBinary(100))
    colour: Mapped[Colour | None]
    size: Mapped[str | None] = mapped_column(Enum("s", "m", name="sizes", native_enum=False))
    portable: Mapped[dict[str, Any] | None]
    many: Mapped[list[Any] | None]
    raw: Mapped[Any | None] = mapped_column(JSON)
    raw_or_null: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    prose: Mapped[str | None] = mapped_column(Text().with_variant(String(1000), "mysql", "mariadb"))


class Made(Stock):
    """Columns that are not given: by the database, by SQL, by a look at the row."""

    __tablename__ = "made"

    base: Mapped[int]
    twice: Mapped[int] = mapped_column(Computed("base * 2", persisted=True))
    length: Mapped[int] = mapped_column(default=func.length("four"))
    looked: Mapped[int] = mapped_column(default=lambda context: context.get_current_parameters()["base"] + 1)
    word: Mapped[str] = mapped_column(String(10), server_default="server")


def item(number: int, **values: Any) -> dict[str, Any]:
    """Return a row of Item."""
    return {"code": f"c{number}", "name": f"item {number}", **values}


MOMENT = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)

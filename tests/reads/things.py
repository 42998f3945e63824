"""Things with a column of every type that a list can be ordered by, some with an index, and every way to order them."""

import enum
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import (
    REAL,
    Double,
    Enum,
    ForeignKey,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Select,
    String,
    case,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from crosslet import BigIntKey, ExactDecimal, Model


class Things(Model):
    """A base of its own, so that no other test's tables are created along."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


class Mood(enum.Enum):
    """Declared in an order that is not the alphabet's."""

    SAD = "sad"
    CALM = "calm"
    MERRY = "merry"


class Box(Things):
    __tablename__ = "boxes"

    label: Mapped[str | None] = mapped_column(String(20), index=True)
    things: Mapped[list["Thing"]] = relationship(back_populates="box")


class Thing(Things):
    __tablename__ = "things"

    number: Mapped[int]
    rank: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(String(30), index=True)
    price: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    ratio: Mapped[float] = mapped_column(Double())
    share: Mapped[float | None] = mapped_column(REAL(), index=True)
    born: Mapped[date | None] = mapped_column(index=True)
    at: Mapped[datetime]
    noon: Mapped[time | None]
    is_open: Mapped[bool]
    mood: Mapped[Mood | None] = mapped_column(Enum(Mood), index=True)
    size: Mapped[str] = mapped_column(Enum("small", "large", "huge", native_enum=False, length=10, name="size"))
    blob: Mapped[bytes | None] = mapped_column(LargeBinary(8))
    ref: Mapped[UUID | None] = mapped_column(index=True)
    span: Mapped[timedelta | None] = mapped_column(Interval())
    box_id: Mapped[UUID | None] = mapped_column(ForeignKey("boxes.id"))
    box: Mapped[Box | None] = relationship(back_populates="things")


class Mark(BigIntKey, Things):
    """Rows that come and go."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(30), index=True)
    rank: Mapped[int | None] = mapped_column(index=True)
    grade: Mapped[int]


class MarkOut(BaseModel):
    id: int
    name: str


class ThingOut(BaseModel):
    id: UUID
    box: "BoxOut | None"


class BoxOut(BaseModel):
    label: str | None


ThingOut.model_rebuild()

_SECONDS = [0, 1e-6, 0.5, 86399.999999, 1e6 + 0.1]


def things(chance: random.Random, count: int) -> list[Thing]:
    """Make things of few different values, so that ties and NULL are everywhere."""
    boxes = [Box(label=label) for label in ("a", "b", None)]

    def some(*values: Any) -> Any:
        return chance.choice(values)

    return [
        Thing(
            number=some(-3, 0, 1, 2**31 - 1),
            rank=some(None, -1, 0, 5),
            name=some("", "a", "A", "aa", "b c", "ß", "é", "z'\"\\%"),
            note=some(None, "", "x", "y"),
            price=some(Decimal("0.00"), Decimal("-1.10"), Decimal("9999999999.99")),
            amount=some(None, Decimal("0.001"), Decimal("0.3"), Decimal("-12.5")),
            ratio=some(0.1, 0.1 + 2**-53, 1 / 3, -1e300, 1e-300, 0.0, 5e-324, float(chance.randrange(3))),
            share=some(None, 0.1, 1 / 3, -2.5, 1e10),
            born=some(None, date(1, 1, 2), date(2024, 2, 29), date(9999, 12, 31)),
            at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=some(*_SECONDS)),
            noon=some(None, time(0, 0), time(12, 30), time(23, 59, 59)),
            is_open=some(True, False),
            mood=some(None, *Mood),
            size=some("small", "large", "huge"),
            blob=some(None, b"", b"\x00\xff", b"abc"),
            ref=some(None, *(UUID(int=number << 64 | 7 << 76 | 2 << 62) for number in (1, 2**30, 2**62))),
            span=some(None, timedelta(0), timedelta(days=400), timedelta(seconds=90)),
            box=some(None, *boxes),
        )
        for _ in range(count)
    ]


_COLUMNS = (
    *("number", "rank", "name", "note", "price", "amount", "ratio", "share", "born", "at"),
    *("noon", "is_open", "mood", "size", "blob", "ref", "span", "created_at", "id"),
)
Ordered = tuple[Select[Any], Any]


def expressions() -> list[Any]:
    """List what else a list of things is ordered by."""
    other = aliased(Thing)
    same = select(func.count(other.id)).where(other.rank == Thing.rank).scalar_subquery()
    return [
        *(func.lower(Thing.name), func.coalesce(Thing.rank, 3), Thing.number % 2, func.length(Thing.note)),
        *(-Thing.price, Thing.rank + Thing.number % 5, func.coalesce(Thing.note, "none"), same),
        *(Thing.ratio * 3, case((Thing.rank > 0, "up"), else_=Thing.note), Thing.price + Thing.price),
        func.sum(Thing.number).over(partition_by=Thing.mood),
    ]


@st.composite
def terms(draw: Any, columns: Sequence[Any], *, most: int = 4) -> list[Any]:
    """Draw an ORDER BY: columns, each in a direction, NULL at one of its ends or where it is by itself."""
    made = []
    for column in draw(st.lists(st.sampled_from(columns), min_size=1, max_size=most, unique_by=id)):
        clause = draw(st.sampled_from([column, column.asc(), column.desc(), column.desc()]))
        nulls = draw(st.sampled_from([None, None, "nulls_first", "nulls_last"]))
        made.append(clause if nulls is None else getattr(clause, nulls)())
    return made


@st.composite
def thing_lists(draw: Any) -> Ordered:
    """Draw a statement over things, and what tells its rows apart where that has to be said."""
    kind = draw(st.sampled_from(["plain", "plain", "expressions", "joined", "outer", "some", "aliased"]))
    columns = [getattr(Thing, name) for name in _COLUMNS]
    if kind == "aliased":
        other = aliased(Thing)
        return select(other).order_by(*draw(terms([getattr(other, name) for name in _COLUMNS]))), None
    statement = select(Thing)
    if kind == "expressions":
        columns = [*expressions(), *draw(st.lists(st.sampled_from(columns), max_size=3, unique_by=id))]
    elif kind in {"joined", "outer"}:
        statement = statement.join(Thing.box, isouter=kind == "outer")
        columns = [Box.label, Box.id, *columns[:4]]
    elif kind == "some":
        statement = statement.where(Thing.is_open)
    return statement.order_by(*draw(terms(columns))), None


@st.composite
def row_lists(draw: Any) -> Ordered:
    """Draw a statement whose rows are columns: of a join, of groups, of a union."""
    kind = draw(st.sampled_from(["columns", "groups", "distinct", "union"]))
    if kind == "columns":
        statement = select(Thing.id, Thing.name, Box.label).outerjoin(Thing.box)
        return statement.order_by(*draw(terms([Thing.name, Box.label, Thing.rank]))), None
    if kind == "groups":
        groups = [Thing.rank, Thing.mood]
        count, sum_ = func.count().label("n"), func.sum(Thing.number).label("sum")
        statement = select(*groups, count, sum_, func.max(Thing.price).label("highest")).group_by(*groups)
        return statement.order_by(*draw(terms([count, sum_, func.max(Thing.price), func.avg(Thing.number)]))), None
    if kind == "distinct":
        columns = [Thing.note, Thing.rank, Thing.is_open]
        return select(*columns).distinct().order_by(*draw(terms(columns))), None
    things_ = select(Thing.id.label("id"), Thing.name.label("name"), Thing.rank.label("rank"))
    boxes = select(Box.id, Box.label, func.length(Box.label))
    u = union_all(things_, boxes).subquery("u")
    return select(u).order_by(*draw(terms([u.c.name, u.c.rank]))), [u.c.id]

"""What is rare in a model: keys that are equal in the database alone, tables without keys, joins of one's own."""

from itertools import pairwise
from typing import Any

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table, TypeDecorator, func, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    aliased,
    column_property,
    composite,
    deferred,
    mapped_column,
    relationship,
    synonym,
)

from crosslet import SoftDelete


class Edges(DeclarativeBase):
    """All of these."""


class Shouted(TypeDecorator[str]):
    """Is lower case here and upper case there."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.lower()


# No key: the same pair may be there twice.
wears = Table(
    "wears",
    Edges.metadata,
    Column("owner_id", ForeignKey("owners.id")),
    Column("hat_id", ForeignKey("hats.id")),
)
friendships = Table(
    "friendships",
    Edges.metadata,
    Column("one_id", ForeignKey("owners.id"), primary_key=True),
    Column("other_id", ForeignKey("owners.id"), primary_key=True),
)


class Point:
    def __init__(self, x: int | None, y: int | None) -> None:
        self.x, self.y = x, y

    def __composite_values__(self) -> tuple[int | None, int | None]:
        return self.x, self.y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    __hash__ = None  # type: ignore[assignment]


class Owner(Edges):
    __tablename__ = "owners"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str] = mapped_column(String(30), unique=True)
    x: Mapped[int] = mapped_column(Integer, default=1)
    y: Mapped[int] = mapped_column(Integer, default=2, deferred=True)
    place: Mapped[Point] = composite(Point, "x", "y")
    mail = synonym("email")
    version: Mapped[int] = mapped_column()
    hats: Mapped[list["Hat"]] = relationship(secondary=wears, order_by="Hat.id")
    friends: Mapped[list["Owner"]] = relationship(
        secondary=friendships,
        primaryjoin="Owner.id == friendships.c.one_id",
        secondaryjoin="Owner.id == friendships.c.other_id",
        order_by="Owner.id",
        back_populates="friend_of",
    )
    friend_of: Mapped[list["Owner"]] = relationship(
        secondary=friendships,
        primaryjoin="Owner.id == friendships.c.other_id",
        secondaryjoin="Owner.id == friendships.c.one_id",
        order_by="Owner.id",
        back_populates="friends",
    )
    letters: Mapped[list["Letter"]] = relationship(back_populates="owner", order_by="Letter.id", lazy="selectin")
    texts: AssociationProxy[list[str]] = association_proxy("letters", "text")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @hybrid_property
    def heads(self) -> int:
        return len(self.hats)


class Hat(Edges):
    __tablename__ = "hats"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(default=3)


class Letter(Edges):
    """Belongs to an owner by a unique column that is no key."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(ForeignKey("owners.email"))
    owner: Mapped[Owner | None] = relationship(back_populates="letters", lazy="joined")


class Word(Edges):
    """Its key is text, which a database may compare in its own way."""

    __tablename__ = "words"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    uses: Mapped[list["Use"]] = relationship(back_populates="word", order_by="Use.id")


class Use(Edges):
    __tablename__ = "uses"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word_id: Mapped[str | None] = mapped_column(ForeignKey("words.id"))
    word: Mapped[Word | None] = relationship(back_populates="uses")


class Cry(Edges):
    __tablename__ = "cries"

    id: Mapped[str] = mapped_column(Shouted(), primary_key=True)
    echoes: Mapped[list["Echo"]] = relationship(back_populates="cry", order_by="Echo.id")


class Echo(Edges):
    __tablename__ = "echoes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cry_id: Mapped[str] = mapped_column(Shouted(), ForeignKey("cries.id"))
    cry: Mapped[Cry] = relationship(back_populates="echoes")


class Room(Edges):
    __tablename__ = "rooms"

    house: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Guest(Edges):
    """Its foreign key may be NULL in part."""

    __tablename__ = "guests"
    __table_args__ = (ForeignKeyConstraint(["house", "number"], ["rooms.house", "rooms.number"]),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    house: Mapped[int | None]
    number: Mapped[int | None]
    room: Mapped[Room | None] = relationship()


class Vehicle(Edges):
    """A hierarchy of which one class has everything in a table of its own."""

    __tablename__ = "vehicles"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "vehicle"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("hats.id"))
    keeper: Mapped[Hat | None] = relationship()


class Car(Vehicle):
    __tablename__ = "cars"
    __mapper_args__ = {"polymorphic_identity": "car"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), primary_key=True)
    doors: Mapped[int] = mapped_column(default=5)
    maker: Mapped[str] = deferred(mapped_column(String(10), default="m"))


class Bike(Vehicle):
    __mapper_args__ = {"polymorphic_identity": "bike", "polymorphic_load": "selectin"}  # noqa: RUF012

    gears: Mapped[int | None] = mapped_column(Integer)


class Tool(Edges):
    __tablename__ = "tools"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hat_id: Mapped[int] = mapped_column(ForeignKey("hats.id"))
    hat: Mapped[Hat] = relationship()
    note: Mapped[str] = deferred(mapped_column(String(10), default="n"))


class Saw(Tool):
    __tablename__ = "saws"
    __mapper_args__ = {"concrete": True}  # noqa: RUF012
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hat_id: Mapped[int] = mapped_column(ForeignKey("hats.id"))
    hat: Mapped[Hat] = relationship()
    note: Mapped[str] = deferred(mapped_column(String(10), default="n"))


nearness = Table(
    "nearness",
    Edges.metadata,
    Column("one_id", ForeignKey("places.id"), primary_key=True),
    Column("other_id", ForeignKey("places.id"), primary_key=True),
)


class Place(SoftDelete, Edges):
    """Is marked when it is deleted."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Mapped to itself: its statement for many starts from the rows of those that it is for.
    near: Mapped[list["Place"]] = relationship(
        secondary=nearness,
        primaryjoin=lambda: Place.id == nearness.c.one_id,
        secondaryjoin=lambda: Place.id == nearness.c.other_id,
        order_by="Place.id",
    )


Owner.letter_count = column_property(  # type: ignore[attr-defined]
    select(func.count(Letter.id)).where(Letter.email == Owner.email).correlate_except(Letter).scalar_subquery(),
    deferred=True,
)
_ranked = select(
    Letter, func.row_number().over(order_by=Letter.id.desc(), partition_by=Letter.email).label("place")
).subquery()
_last = aliased(Letter, _ranked)
Owner.last_letters = relationship(  # type: ignore[attr-defined]
    _last, primaryjoin=(Owner.email == _ranked.c.email) & (_ranked.c.place < 2), viewonly=True
)


def rows() -> list[Edges]:
    """Make a few of each."""
    owners = [Owner(id=n, email=f"o{n}@x") for n in range(1, 5)]
    for owner, other in pairwise(owners):
        owner.friends.append(other)
    letters = [Letter(id=n, text=f"l{n}", email=f"o{n % 3 + 1}@x" if n < 9 else None) for n in range(1, 10)]
    words = [Word(id=text) for text in ("a", "b", "C")]
    uses = [Use(id=n, word_id="abC"[n % 3]) for n in range(1, 7)]
    cries = [Cry(id=text) for text in ("ah", "oh")]
    echoes = [Echo(id=n, cry_id=("ah", "oh")[n % 2]) for n in range(1, 5)]
    rooms = [Room(house=1, number=n) for n in (1, 2)]
    guests = [
        Guest(id=1, house=1, number=1),
        Guest(id=2, house=1, number=None),
        Guest(id=3, house=None, number=None),
        Guest(id=4, house=1, number=2),
    ]
    vehicles: list[Edges] = [Car(id=1, keeper_id=1), Bike(id=2, gears=3, keeper_id=2), Vehicle(id=3), Car(id=4)]
    tools: list[Edges] = [*(Tool(id=n, hat_id=n) for n in (1, 2)), *(Saw(id=n, hat_id=n) for n in (1, 2, 3))]
    hats = [Hat(id=n) for n in range(1, 5)]
    places = [Place(id=n) for n in range(1, 5)]
    for one in places:
        one.near = [other for other in places if other is not one]
    return [*places, *hats, *owners, *letters, *words, *uses, *cries, *echoes, *rooms, *guests, *vehicles, *tools]

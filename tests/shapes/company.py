"""A company with composites, association proxies and classes of several kinds, for tests of trees."""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Integer, MetaData, String, case
from sqlalchemy.dialects.mysql import VARCHAR
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import DeclarativeBase, Mapped, composite, mapped_column, relationship
from sqlalchemy.orm.collections import attribute_keyed_dict

from crosslet import BigIntKey, ExactDecimal, UTCDateTime
from crosslet.models import Portable, PortableJSON


class Company(Portable, BigIntKey, DeclarativeBase):
    metadata = MetaData()
    __abstract__ = True


@dataclass
class Point:
    x: int
    y: int


@dataclass(frozen=True)
class Price:
    amount: Decimal | None
    currency: str | None
    since: datetime | None


class Span:
    """A class of the old way."""

    def __init__(self, first: int, last: int | None) -> None:
        self.first = first
        self.last = last

    def __composite_values__(self) -> tuple[Any, ...]:
        return self.first, self.last


class Doubled:
    """One that does something with what it is given."""

    def __init__(self, first: int, last: int | None) -> None:
        self.first = first * 2
        self.last = last

    def __composite_values__(self) -> tuple[Any, ...]:
        return self.first // 2, self.last


class Site(Company):
    __tablename__ = "sites"
    name: Mapped[str] = mapped_column(String(30))
    place: Mapped[Point] = composite(mapped_column("place_x"), mapped_column("place_y"))
    gate: Mapped[Point | None] = composite(
        mapped_column("gate_x", nullable=True), mapped_column("gate_y", nullable=True)
    )
    rent: Mapped[Price | None] = composite(
        mapped_column("rent_amount", ExactDecimal(12, 2)),
        mapped_column("rent_currency", String(3)),
        mapped_column("rent_since", UTCDateTime()),
    )
    never_none: Mapped[Price] = composite(Price, "rent_amount", "rent_currency", "rent_since")
    floor: Mapped[int]
    top: Mapped[int | None]
    floors: Mapped[Span] = composite(Span, "floor", "top")
    doubled: Mapped[Doubled] = composite(Doubled, "floor", "top")
    open_floors: Mapped[Span] = composite(Span, "floor", "top", return_none_on=lambda first, last: last is None)
    head_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))

    head: Mapped["Site | None"] = relationship(remote_side="Site.id", back_populates="branches")
    branches: Mapped[list["Site"]] = relationship(back_populates="head", order_by="Site.name")
    staff: Mapped[list["Employee"]] = relationship(back_populates="site", order_by="Employee.name")
    engineers: Mapped[list["Engineer"]] = relationship(viewonly=True, order_by="Engineer.name")
    vehicles: Mapped[list["Vehicle"]] = relationship(order_by="Vehicle.id", back_populates="site")
    papers: Mapped[list["Paper"]] = relationship(order_by="Paper.id")

    head_name: AssociationProxy[str | None] = association_proxy("head", "name")
    head_place: AssociationProxy[Point | None] = association_proxy("head", "place")
    head_staff: AssociationProxy[Any] = association_proxy("head", "staff")
    head_names: AssociationProxy[Any] = association_proxy("head", "staff_names")
    staff_names: AssociationProxy[list[str]] = association_proxy("staff", "name")
    branch_places: AssociationProxy[list[Point]] = association_proxy("branches", "place")
    branch_gates: AssociationProxy[list[Point | None]] = association_proxy("branches", "gate")


class Employee(Company):
    __tablename__ = "employees"
    type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(30))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"))
    home_x: Mapped[int | None]
    home_y: Mapped[int | None]
    home: Mapped[Point | None] = composite("home_x", "home_y")
    site: Mapped[Site] = relationship(back_populates="staff")
    boss: Mapped["Employee | None"] = relationship(remote_side="Employee.id", back_populates="team")
    team: Mapped[list["Employee"]] = relationship(back_populates="boss", order_by="Employee.name")
    skill_links: Mapped[list["SkillLink"]] = relationship(order_by="SkillLink.place", back_populates="employee")
    links_by_place: Mapped[dict[int, "SkillLink"]] = relationship(
        collection_class=attribute_keyed_dict("place"), viewonly=True
    )

    skills: AssociationProxy[list["Skill | None"]] = association_proxy("skill_links", "skill")
    skill_names: AssociationProxy[list[str | None]] = association_proxy("skill_links", "skill_name")
    grades: AssociationProxy[list[Decimal | None]] = association_proxy("skill_links", "grade")
    notes: AssociationProxy[list[Any]] = association_proxy("skill_links", "note")
    learnt: AssociationProxy[list[datetime]] = association_proxy("skill_links", "learnt_at")
    levels: AssociationProxy[list[Any]] = association_proxy("skill_links", "level")
    exams: AssociationProxy[list[bool]] = association_proxy("skill_links", "is_examined")
    shares: AssociationProxy[list[float]] = association_proxy("skill_links", "share")
    by_place: AssociationProxy[dict[int, str]] = association_proxy("links_by_place", "note")
    shouts: AssociationProxy[list[str]] = association_proxy("skill_links", "shout")
    team_skills: AssociationProxy[list[list[str]]] = association_proxy("team", "skill_names")
    odd: AssociationProxy[list[str]] = association_proxy(
        "skill_links", "note", getset_factory=lambda collection, proxy: (lambda link: "odd", None)
    )

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "employee"}  # noqa: RUF012


class Level(enum.Enum):
    NEW = "new"
    OLD = "old"


class Skill(Company):
    __tablename__ = "skills"
    name: Mapped[str] = mapped_column(String(30))


class SkillLink(Company):
    __tablename__ = "skill_links"
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skills.id"))
    place: Mapped[int]
    grade: Mapped[Decimal | None] = mapped_column(ExactDecimal(18, 8))
    note: Mapped[Any] = mapped_column(PortableJSON, nullable=True)
    learnt_at: Mapped[datetime] = mapped_column(UTCDateTime())
    level: Mapped[Level]
    is_examined: Mapped[bool]
    share: Mapped[float]
    employee: Mapped[Employee] = relationship(back_populates="skill_links")
    skill: Mapped[Skill | None] = relationship()
    skill_name: AssociationProxy[str | None] = association_proxy("skill", "name")
    certificates: Mapped[list["Certificate"]] = relationship(viewonly=True)
    certified: AssociationProxy[list[bool | None]] = association_proxy("certificates", "is_examined")
    certified_notes: AssociationProxy[list[Any]] = association_proxy("certificates", "note")

    @property
    def shout(self) -> str:
        return str(self.place)


class Certificate(Company):
    """Beside a link, or not."""

    __tablename__ = "certificates"
    link_id: Mapped[int | None] = mapped_column(ForeignKey("skill_links.id"))
    link: Mapped[SkillLink | None] = relationship()
    grade: AssociationProxy[Decimal | None] = association_proxy("link", "grade")
    note: AssociationProxy[Any] = association_proxy("link", "note")
    learnt_at: AssociationProxy[datetime | None] = association_proxy("link", "learnt_at")
    level: AssociationProxy[Level | None] = association_proxy("link", "level")
    is_examined: AssociationProxy[bool | None] = association_proxy("link", "is_examined")
    share: AssociationProxy[float | None] = association_proxy("link", "share")
    skill_name: AssociationProxy[str | None] = association_proxy("link", "skill_name")


class Engineer(Employee):
    __tablename__ = "engineers"
    id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    degree: Mapped[str] = mapped_column(String(30))
    size_x: Mapped[int]
    size_y: Mapped[int]
    size: Mapped[Point] = composite(Point, "size_x", "size_y")
    tools: Mapped[list["Tool"]] = relationship(order_by="Tool.name", back_populates="engineer")
    tool_names: AssociationProxy[list[str]] = association_proxy("tools", "name")

    __mapper_args__ = {"polymorphic_identity": "engineer"}  # noqa: RUF012


class Chief(Engineer):
    __tablename__ = "chiefs"
    id: Mapped[int] = mapped_column(ForeignKey("engineers.id"), primary_key=True)
    budget: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("engineers.id"))
    deputy: Mapped[Engineer | None] = relationship(foreign_keys=[deputy_id])

    __mapper_args__ = {"polymorphic_identity": "chief", "inherit_condition": id == Engineer.id}  # noqa: A003, RUF012


class Manager(Employee):
    """In the table of employees."""

    bonus: Mapped[int | None]
    tools: Mapped[list["Car"]] = relationship(order_by="Car.id", back_populates="manager")

    __mapper_args__ = {"polymorphic_identity": "manager"}  # noqa: RUF012


class Tool(Company):
    __tablename__ = "tools"
    name: Mapped[str] = mapped_column(String(30))
    engineer_id: Mapped[int] = mapped_column(ForeignKey("engineers.id"))
    engineer: Mapped[Engineer] = relationship(back_populates="tools")


class Vehicle(Company):
    __tablename__ = "vehicles"
    wheels: Mapped[int]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    site: Mapped[Site | None] = relationship(back_populates="vehicles")

    __mapper_args__ = {"polymorphic_on": "wheels", "polymorphic_identity": 0}  # noqa: RUF012


class Car(Vehicle):
    seats: Mapped[int | None]
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"))
    manager: Mapped[Manager | None] = relationship(back_populates="tools")

    __mapper_args__ = {"polymorphic_identity": 4}  # noqa: RUF012


class Bicycle(Vehicle):
    frame: Mapped[str | None] = mapped_column(String(20))

    __mapper_args__ = {"polymorphic_identity": 2}  # noqa: RUF012


class PaperKind(enum.Enum):
    LETTER = "letter"
    BILL = "bill"
    DRAFT = "draft"


class Paper(Company):
    """Told apart by an enumeration."""

    __tablename__ = "papers"
    kind: Mapped[PaperKind]
    text: Mapped[str] = mapped_column(String(50))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("boxes.id"))

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_abstract": True}  # noqa: RUF012


class Letter(Paper):
    stamp: Mapped[str | None] = mapped_column(String(10))

    __mapper_args__ = {"polymorphic_identity": PaperKind.LETTER}  # noqa: RUF012


class Bill(Paper):
    amount: Mapped[Decimal | None] = mapped_column(ExactDecimal(12, 2))

    __mapper_args__ = {"polymorphic_identity": PaperKind.BILL}  # noqa: RUF012


class Draft(Bill):
    __mapper_args__ = {"polymorphic_identity": PaperKind.DRAFT}  # noqa: RUF012


class Box(Company):
    """What is in it is told by an expression."""

    __tablename__ = "boxes"
    label: Mapped[str] = mapped_column(String(30))
    weight: Mapped[int] = mapped_column(Integer)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id"))
    papers: Mapped[list[Paper]] = relationship(order_by="Paper.id")

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_on": case((weight > 10, "heavy"), else_="light"),
        "polymorphic_abstract": True,
    }


class HeavyBox(Box):
    crane: Mapped[str | None] = mapped_column(String(10))

    __mapper_args__ = {"polymorphic_identity": "heavy"}  # noqa: RUF012


class LightBox(Box):
    __mapper_args__ = {"polymorphic_identity": "light"}  # noqa: RUF012


class Sign(Company):
    """Told apart by capitals, in a column whose collation does not know them."""

    __tablename__ = "signs"
    sign: Mapped[str] = mapped_column(
        String(5).with_variant(VARCHAR(5, collation="utf8mb4_general_ci"), "mysql", "mariadb")
    )
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))

    __mapper_args__ = {"polymorphic_on": "sign", "polymorphic_identity": "A"}  # noqa: RUF012


class SmallSign(Sign):
    __mapper_args__ = {"polymorphic_identity": "a"}  # noqa: RUF012


class Shelf(Company):
    __tablename__ = "shelves"
    signs: Mapped[list[Sign]] = relationship(order_by="Sign.id")
    name: Mapped[str] = mapped_column(String(10))
    boxes: Mapped[list[Box]] = relationship(order_by="Box.id")


def rows() -> list[Any]:
    """Return everything: what is there and what is missing, of each kind."""
    price = Price(Decimal("1234567890.10"), "EUR", datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    main = Site(name="Main 😀", place=Point(1, 2), gate=Point(3, 4), rent=price, floor=0, top=4)
    south = Site(name="South \"'\\ %s", place=Point(-1, 0), gate=None, rent=None, floor=1, top=None, head=main)
    north = Site(
        name="North", place=Point(0, 0), gate=Point(0, 0), rent=Price(None, "USD", None), floor=2, top=2, head=main
    )
    skills = [Skill(name=name) for name in ("Python", "SQL", "ünï \"q\" \\ 'x'")]
    boss = Chief(name="Ada", site=main, degree="PhD", size=Point(2, 3), budget=Decimal("99.90"), home=Point(5, 6))
    bob = Engineer(name="Bob", site=main, degree="MSc", size=Point(4, 5), boss=boss)
    cyd = Manager(name="Cyd", site=main, bonus=7, boss=boss, home=Point(0, 1))
    dan = Employee(name="Dan", site=south, boss=bob)
    eve = Chief(name="Eve", site=south, degree="BSc", size=Point(0, 0), budget=Decimal(0), boss=boss, deputy=bob)
    for number, employee in enumerate((boss, bob, cyd)):
        for place in range(3 - number):
            employee.skill_links.append(
                SkillLink(
                    place=place,
                    skill=skills[place] if place != 1 else None,
                    grade=[None, Decimal("1234567890.12345678"), Decimal("0.00000010")][(number + place) % 3],
                    note=[{"a": [1, 'ü"'], "b": None}, "text \"'", None][(number + place) % 3],
                    learnt_at=datetime(2020, 1, 1 + place, 12, 30, 0, place % 2, tzinfo=UTC),
                    level=list(Level)[place % 2],
                    is_examined=place % 2 == 0,
                    share=[0.1, 1e-7, 123456.789][place],
                )
            )
    bob.tools = [Tool(name="saw"), Tool(name="hammer")]
    boss.tools = [Tool(name="pen")]
    cars: list[Vehicle] = [Car(wheels=4, seats=5, site=main, manager=cyd), Bicycle(wheels=2, frame="red", site=main)]
    cars.append(Vehicle(wheels=0))
    papers = [
        Letter(text="Hello", stamp="1c"),
        Bill(text="Pay", amount=Decimal("10.50")),
        Draft(text="Perhaps", amount=None),
    ]
    main.papers = list(papers)
    shelf = Shelf(name="A", signs=[SmallSign(), Sign()])
    shelf.boxes = [
        HeavyBox(label="iron", weight=20, crane="big", papers=papers[:2]),
        LightBox(label="air", weight=1, papers=papers[2:]),
    ]
    certificates = [Certificate(link=link) for link in (*boss.skill_links, None)]
    return [main, south, north, *certificates, *skills, dan, eve, *cars, shelf, Shelf(name="empty")]

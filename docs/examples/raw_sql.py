"""SQL by hand: `text()` in a unit of work, with bound values, typed rows, and ORM objects from one's own SELECT.

What comes from outside is a bound value, always. It never becomes a part of the text: no f-string, no `%`, no `+`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast
from uuid import UUID

from sqlalchemy import BigInteger, CursorResult, ForeignKey, Integer, String, Uuid, bindparam, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# typing's own is enough from Python 3.12 on.
from typing_extensions import TypedDict

from crosslet import Portable, Session, SoftDelete, Timestamps, UTCDateTime, UUIDKey, unscoped


class Base(Portable, UUIDKey, Timestamps, DeclarativeBase):
    """A base of this example's own."""


class Customer(Base):
    """Who buys."""

    __tablename__ = "customers"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    city: Mapped[str] = mapped_column(String(80))
    invoices: Mapped[list["Invoice"]] = relationship(back_populates="customer")


class Invoice(SoftDelete, Base):
    """What was bought; a cancelled invoice is marked as deleted."""

    __tablename__ = "invoices"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    cents: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime())
    customer: Mapped[Customer] = relationship(back_populates="invoices")


@dataclass
class Turnover:
    """What a customer spent."""

    customer_id: UUID
    name: str
    cents: int
    last_at: datetime


class City(TypedDict):
    """A city and how many customers are there."""

    city: str
    customers: int


async def cities(session: Session, at_least: int) -> list[City]:
    """Read rows as a TypedDict, a dataclass or a Pydantic model: its fields are the names of the columns."""
    statement = text(
        "SELECT city, count(*) AS customers FROM customers"
        " GROUP BY city HAVING count(*) >= :at_least ORDER BY customers DESC, city"
    )
    return await session.all(City, statement.bindparams(at_least=at_least))


# Parameters and columns have types: a moment or a UUID is stored in its own way on each database. `invoices` has a
# filter that a text knows nothing of, so `unscoped` says that this one minds the deleted rows itself.
_TURNOVER: Final = unscoped(
    text(
        "SELECT c.id AS customer_id, c.name, sum(i.cents) AS cents, max(i.issued_at) AS last_at"
        " FROM customers c JOIN invoices i ON i.customer_id = c.id"
        " WHERE i.issued_at >= :since AND i.deleted_at IS NULL"
        " GROUP BY c.id, c.name ORDER BY 3 DESC, c.name"
    )
    .bindparams(bindparam("since", type_=UTCDateTime()))
    .columns(customer_id=Uuid(), name=String(), cents=BigInteger(), last_at=UTCDateTime())
)


async def turnover(session: Session, since: datetime) -> list[Turnover]:
    """Read typed rows. A sum of whole numbers is a decimal on some databases, hence int()."""
    rows = await session.execute(_TURNOVER, {"since": since})
    return [Turnover(**row | {"cents": int(row["cents"])}) for row in map(dict, rows.mappings())]


async def of_cities(session: Session, names: Sequence[str]) -> list[str]:
    """Bind a list: an expanding parameter becomes as many as there are values. An empty list needs the type."""
    statement = text("SELECT name FROM customers WHERE city IN :cities ORDER BY name")
    expanding = statement.bindparams(bindparam("cities", type_=String(), expanding=True))
    return list(await session.scalars(expanding, {"cities": list(names)}))


async def starting_with(session: Session, prefix: str) -> list[str]:
    """Look for a text as it is: `%` and `_` in it would be wildcards, although it is bound."""
    escaped = prefix.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    statement = text("SELECT name FROM customers WHERE name LIKE :pattern ESCAPE '!' ORDER BY name")
    return list(await session.scalars(statement, {"pattern": f"{escaped}%"}))


async def best_customers(session: Session, count: int) -> list[Customer]:
    """Get ORM objects from one's own SELECT: they are the session's, can be changed, and load what they relate to."""
    statement = text(
        "SELECT c.* FROM customers c"
        " LEFT JOIN (SELECT customer_id, sum(cents) AS cents FROM invoices"
        " WHERE deleted_at IS NULL GROUP BY customer_id) i ON i.customer_id = c.id"
        " ORDER BY coalesce(i.cents, 0) DESC, c.name LIMIT :count"
    ).bindparams(bindparam("count", count, type_=Integer()))
    # Mapped columns are found by their names, and typed as they are.
    objects = select(Customer).from_statement(statement)
    return list(await session.scalars(unscoped(objects)))


async def cancelled(session: Session) -> int:
    """Count what is marked as deleted: the text sees every row, which is what `unscoped` owns up to."""
    found = await session.scalar(unscoped(text("SELECT count(*) FROM invoices WHERE deleted_at IS NOT NULL")))
    return int(found or 0)


async def move(session: Session, source: str, target: str) -> int:
    """Change rows, and say how many. It is a part of the unit: what fails later undoes it with the rest."""
    statement = text("UPDATE customers SET city = :target WHERE city = :source")
    result = await session.execute(statement, {"source": source, "target": target})
    return cast("CursorResult[Any]", result).rowcount


# Names of columns cannot be bound. Where a caller may choose, the choice is between texts that are all written here.
_ORDERS: Final = {
    "name": text("SELECT name FROM customers ORDER BY name"),
    "newest": text("SELECT name FROM customers ORDER BY created_at DESC, name"),
}


async def sorted_names(session: Session, order: Literal["name", "newest"]) -> list[str]:
    """Choose an order by name; any other name is a KeyError, and never SQL."""
    return list(await session.scalars(_ORDERS[order]))

"""Indexes as a part of the model, each beside the query that it is there for; the tests ask each database's planner.

Composite, covering, partial, expression, descending, and where NULL stands. One declaration does for all databases;
what a database has not is left out there, or takes a column of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import BigInteger, Computed, Dialect, Index, String, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import CursorPage, Keyset, Portable, Session, Timestamps, UTCDateTime, UUIDKey

# A planner takes a partial index only where the query says the same: one constant for both. It is a literal, because
# a bound value could be any.
_IS_OPEN = text("status = 'open'")


class Base(Portable, UUIDKey, Timestamps, DeclarativeBase):
    """A base of this example's own."""


class Ticket(Base):
    """Something that a team has to do."""

    __tablename__ = "tickets"
    __table_args__ = (
        # Composite: first what is compared with =, then what is ordered by or compared with < and >. It is read in
        # both directions, and serves queries by the team alone, too; none by the time alone.
        Index(None, "team", "opened_at"),
        # Covering: what is selected stands in the index as well, and the table is not looked at.
        Index(None, "agent", "minutes"),
        # Covering and unique: only the number is, so on PostgreSQL the rest is INCLUDEd. Elsewhere it is a unique index
        # that leads to the row.
        Index("uq_tickets_number", "number", unique=True, postgresql_include=["status"]),
        # Partial: the few open ones. MySQL and MariaDB have no such indexes and put all rows into it; that it begins
        # with the status makes it as quick there. For what is unique among some rows see UniqueAlive.
        Index("ix_tickets_open", "status", "opened_at", postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
        # An expression for every database: of a column that the database computes.
        Index(None, "email_key"),
    )

    number: Mapped[int] = mapped_column(BigInteger)
    team: Mapped[str] = mapped_column(String(40))
    agent: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(255))
    email_key: Mapped[str] = mapped_column(String(255), Computed("lower(email)", persisted=True))
    status: Mapped[str] = mapped_column(String(10), default="open")
    priority: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime())
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


# A `mysql://` URL may lead to a MariaDB server, too: SQLAlchemy knows when it has connected.
def _has_expressions(*args: Any, dialect: Dialect, **kwargs: Any) -> bool:
    return not getattr(dialect, "is_mariadb", False)


def _is_postgresql(*args: Any, dialect: Dialect, **kwargs: Any) -> bool:
    return dialect.name == "postgresql"


def _is_other(*args: Any, dialect: Dialect, **kwargs: Any) -> bool:
    return dialect.name != "postgresql"


# Expression: PostgreSQL, SQLite and MySQL index it as it is. MariaDB does not, and the index is left out there.
Index("ix_tickets_subject_lower", func.lower(Ticket.subject)).ddl_if(callable_=_has_expressions)

# Descending: needed where an order has both directions, as an index can only be read backwards as a whole.
Index("ix_tickets_urgent", Ticket.priority.desc(), Ticket.opened_at)

# NULL is the smallest value in a session's pages on every database. On PostgreSQL, to which it is the largest, an index
# for them has to say so; others have no word for it.
Index("ix_tickets_due", Ticket.due_at.nulls_first(), Ticket.id).ddl_if(callable_=_is_postgresql)
Index("ix_tickets_due", Ticket.due_at, Ticket.id).ddl_if(callable_=_is_other)


class TicketLine(BaseModel):
    """A ticket in a list."""

    number: int
    due_at: datetime | None


async def newest_of_team(session: Session, team: str, limit: int) -> Sequence[Ticket]:
    """Composite: one team's part of the index, read from its end."""
    statement = select(Ticket).where(Ticket.team == team).order_by(Ticket.opened_at.desc()).limit(limit)
    return (await session.scalars(statement)).all()


async def minutes_of_agent(session: Session, agent: str) -> int:
    """Covering: the sum comes out of the index."""
    return int(await session.scalar(select(func.sum(Ticket.minutes)).where(Ticket.agent == agent)) or 0)


async def status_of(session: Session, number: int) -> str | None:
    """Unique, and on PostgreSQL covering."""
    return await session.scalar(select(Ticket.status).where(Ticket.number == number))


async def oldest_open(session: Session, limit: int) -> Sequence[int]:
    """Partial: the index holds what is asked for and nothing else, in the order that is asked for."""
    return (await session.scalars(select(Ticket.number).where(_IS_OPEN).order_by(Ticket.opened_at).limit(limit))).all()


async def from_address(session: Session, email: str) -> Sequence[int]:
    """Expression on every database: compare the computed column."""
    return (await session.scalars(select(Ticket.number).where(Ticket.email_key == email.lower()))).all()


async def about(session: Session, subject: str) -> Sequence[int]:
    """Expression: compare exactly what is indexed."""
    return (await session.scalars(select(Ticket.number).where(func.lower(Ticket.subject) == subject.lower()))).all()


async def most_urgent(session: Session, limit: int) -> Sequence[int]:
    """Descending and ascending: nothing is sorted."""
    statement = select(Ticket.number).order_by(Ticket.priority.desc(), Ticket.opened_at).limit(limit)
    return (await session.scalars(statement)).all()


async def by_due_date(session: Session, page: Keyset) -> CursorPage[TicketLine]:
    """NULL first: the page completes the order by the key, so the index has it as well."""
    return await session.page(TicketLine, select(Ticket).order_by(Ticket.due_at), page)

"""The tables and shapes of the tests of kept results: parents, children, an association, and a cascade."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import Database, RowFilter, cached


class Base(DeclarativeBase):
    metadata = MetaData()


membership = Table(
    "membership",
    Base.metadata,
    Column("user_id", ForeignKey("member.id"), primary_key=True),
    Column("team_id", ForeignKey("team.id"), primary_key=True),
)


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(50))
    tenant: Mapped[int] = mapped_column(default=1)
    members: Mapped[list["Member"]] = relationship(secondary=membership, back_populates="teams")


class Member(Base):
    __tablename__ = "member"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(50))
    visits: Mapped[int] = mapped_column(default=0)
    teams: Mapped[list[Team]] = relationship(secondary=membership, back_populates="members")
    notes: Mapped[list["Note"]] = relationship(back_populates="member", passive_deletes=True)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(50))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    member: Mapped[Member] = relationship(back_populates="notes")


class MemberOut(BaseModel):
    id: int
    name: str
    visits: int


class NoteOut(BaseModel):
    text: str


class TeamOut(BaseModel):
    id: int
    name: str


class MemberTree(BaseModel):
    name: str
    notes: list[NoteOut]
    teams: list[TeamOut]


@cached(ttl=60)
class KeptMember(BaseModel):
    id: int
    name: str


TENANT = RowFilter("tenant", Team, lambda cls, tenant: cls.tenant == tenant)
EVERY = cached(select(Member).order_by(Member.id), ttl=60)


@asynccontextmanager
async def club(url: str, **options: Any) -> AsyncIterator[Database]:
    """Give a database with two members, a team and a note."""
    async with Database(url, metadata=Base, **options) as db:
        await db.create_all()
        async with db.write() as session:
            ada, bob = Member(id=1, name="ada"), Member(id=2, name="bob")
            session.add_all([ada, bob, Team(id=1, name="red", members=[ada])])
            await session.flush()
            session.add(Note(id=1, text="hello", member_id=1))
        yield db


async def names(db: Database, statement: Any = EVERY) -> list[str]:
    """Read the names of all members as a reader does."""
    async with db.read() as session:
        return [member.name for member in await session.all(MemberOut, statement)]


async def rename(db: Database, name: str, key: int = 1) -> None:
    """Change a name in a unit of its own."""
    async with db.write() as session:
        await session.execute(update(Member).where(Member.id == key).values(name=name))


async def rename_unseen(db: Database, name: str, key: int = 1) -> None:
    """Change a name behind the session's back, as another program would: only a result that was kept is older."""
    engine = await db.engine()
    async with engine.begin() as connection:
        await connection.execute(update(Member).where(Member.id == key).values(name=name))

"""A small model of the world that many tests share: users and their posts."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import CheckConstraint, ForeignKey, MetaData, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crosslet import ExactDecimal, Model


class Sample(Model):
    """A base of its own, so that no other test's tables are created along."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


class User(Sample):
    __tablename__ = "users"
    __table_args__ = (CheckConstraint("visits >= 0", name="visits_not_negative"),)

    email: Mapped[str] = mapped_column(String(50), unique=True)
    name: Mapped[str | None] = mapped_column(String(20))
    visits: Mapped[int] = mapped_column(default=0)
    balance: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2), default=Decimal(0))
    settings: Mapped[dict[str, Any] | None]
    role: Mapped[str] = mapped_column(String(20), default="member", info={"protected": True})
    posts: Mapped[list["Post"]] = relationship(back_populates="author")


class Post(Sample):
    __tablename__ = "posts"

    title: Mapped[str] = mapped_column(String(100))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    author: Mapped[User] = relationship(back_populates="posts")


class UserIn(BaseModel):
    email: str
    name: str | None = None


class UserPatch(BaseModel):
    email: str | None = None
    name: str | None = None


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    visits: int

"""A complete user model: key, times, constraints, indexes, JSON, and relationships of every kind.

It is plain SQLAlchemy. What `Base` brings is that it means the same on PostgreSQL, MySQL, MariaDB and SQLite.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import Portable, Timestamps, UUIDKey


class Base(Portable, UUIDKey, Timestamps, DeclarativeBase):
    """What `crosslet.Model` is, spelled out: a base of one's own has its tables to itself, and its parts to choose."""


user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True, index=True),
)
follows = Table(
    "follows",
    Base.metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followed_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    CheckConstraint("follower_id <> followed_id", name="not_oneself"),
)
_IS_PINNED = text("pinned_order IS NOT NULL")


class User(Base):
    """Someone who can log in."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("username <> ''", name="username_not_empty"),
        # Composite: for lists of active users, newest first.
        Index(None, "is_active", "created_at"),
    )

    email: Mapped[str] = mapped_column(String(255), unique=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    # Protected: a client's body can never set these, whatever its schema lets through. The code can, by keyword.
    password_hash: Mapped[str] = mapped_column(String(255), info={"protected": True})
    is_admin: Mapped[bool] = mapped_column(default=False, info={"protected": True})
    is_active: Mapped[bool] = mapped_column(default=True)
    # JSON; not called `metadata`, which every declarative class has already.
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)

    # passive_deletes leaves children to the database's ON DELETE, instead of loading each to delete it.
    posts: Mapped[list["Post"]] = relationship(back_populates="author", cascade="all", passive_deletes=True)
    roles: Mapped[list["Role"]] = relationship(secondary=user_roles, back_populates="users", passive_deletes=True)
    following: Mapped[list["User"]] = relationship(
        secondary=follows,
        primaryjoin="User.id == follows.c.follower_id",
        secondaryjoin="User.id == follows.c.followed_id",
        back_populates="followers",
        passive_deletes=True,
    )
    followers: Mapped[list["User"]] = relationship(
        secondary=follows,
        primaryjoin="User.id == follows.c.followed_id",
        secondaryjoin="User.id == follows.c.follower_id",
        back_populates="following",
        passive_deletes=True,
    )


class Role(Base):
    """What someone may do."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    users: Mapped[list[User]] = relationship(secondary=user_roles, back_populates="roles", passive_deletes=True)


class Post(Base):
    """A text by a user."""

    __tablename__ = "posts"
    __table_args__ = (
        # It begins with the foreign key, which therefore needs no index of its own.
        Index(None, "author_id", "created_at"),
        # Partial on PostgreSQL and SQLite: the few pinned posts. MySQL and MariaDB index all rows under the same name.
        Index(None, "pinned_order", postgresql_where=_IS_PINNED, sqlite_where=_IS_PINNED),
    )

    title: Mapped[str] = mapped_column(String(200))
    pinned_order: Mapped[int | None]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    author: Mapped[User] = relationship(back_populates="posts")


class UserIn(BaseModel):
    """What a client sends to register."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=255)
    username: str = Field(min_length=3, max_length=40)
    settings: dict[str, Any] = {}


class UserPatch(BaseModel):
    """What a client may change: the fields that are sent, and no others."""

    model_config = ConfigDict(extra="forbid")

    email: str | None = Field(None, max_length=255)
    settings: dict[str, Any] | None = None


class UserOut(BaseModel):
    """What a client sees: never the hash, because only these columns are fetched."""

    id: UUID
    email: str
    username: str
    settings: dict[str, Any]

"""The tables. Every constraint and index here exists, with the same name, on PostgreSQL, MariaDB, MySQL and SQLite."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from crosslet import BigIntKey, ExactDecimal, Portable, Timestamps, UUIDKey


class Base(Portable, Timestamps, DeclarativeBase):
    """`crosslet.Model` without its key: here each table chooses one, UUIDKey or BigIntKey."""


# A table and not a class: the pair is all there is to know. Its primary key is also the index for one direction.
user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class User(UUIDKey, Base):
    """Someone with an account of ours."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_in_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_in_range"),
        # Composite: serves `WHERE is_active ORDER BY created_at`, which is how the list of users is read.
        Index(None, "is_active", "created_at"),
    )

    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    bio: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    # JSON. An attribute called `metadata` cannot be mapped: declarative classes have one already.
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)

    # The database deletes the children (ondelete), so the session need not load them first (passive_deletes).
    posts: Mapped[list["Post"]] = relationship(back_populates="author", cascade="all", passive_deletes=True)
    roles: Mapped[list["Role"]] = relationship(secondary=user_roles, back_populates="users", passive_deletes=True)
    following: Mapped[list["User"]] = relationship(
        secondary="follows",
        primaryjoin="User.id == Follow.follower_id",
        secondaryjoin="User.id == Follow.followed_id",
        back_populates="followers",
        viewonly=True,
    )
    followers: Mapped[list["User"]] = relationship(
        secondary="follows",
        primaryjoin="User.id == Follow.followed_id",
        secondaryjoin="User.id == Follow.follower_id",
        back_populates="following",
        viewonly=True,
    )


class Role(UUIDKey, Base):
    """What someone may do."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    users: Mapped[list[User]] = relationship(secondary=user_roles, back_populates="roles", passive_deletes=True)


class Follow(Base):
    """Who reads whom: a class, because beside the pair it has the time at which it began."""

    __tablename__ = "follows"
    __table_args__ = (CheckConstraint("follower_id <> followed_id", name="not_oneself"),)

    follower_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    followed_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


_IS_PUBLISHED = text("published_at IS NOT NULL")


class Post(UUIDKey, Base):
    """A text by a user, a draft until it is published."""

    __tablename__ = "posts"
    __table_args__ = (
        # Composite: an author's posts, newest first. It also serves the foreign key, which needs no index of its own.
        Index(None, "author_id", "created_at"),
        # Partial where the database can: drafts take no room in it. Elsewhere it holds every row, and works the same.
        Index(None, "published_at", postgresql_where=_IS_PUBLISHED, sqlite_where=_IS_PUBLISHED),
    )

    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    published_at: Mapped[datetime | None]

    author: Mapped[User] = relationship(back_populates="posts")
    comments: Mapped[list["Comment"]] = relationship(back_populates="post", cascade="all", passive_deletes=True)


class Comment(UUIDKey, Base):
    """A remark on a post. It stays when its author goes."""

    __tablename__ = "comments"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(String(2000))

    post: Mapped[Post] = relationship(back_populates="comments")
    author: Mapped[User | None] = relationship()


class Account(BigIntKey, Base):
    """Money of a user. Its number is counted up by the database, as people expect of account numbers."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        # The last line of defence: whatever the code does, nobody spends what is not there.
        CheckConstraint("balance >= 0", name="never_overdrawn"),
    )

    # RESTRICT: who owns an account cannot be deleted by accident, and the money with it.
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(40))
    balance: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2), default=Decimal(0))

    owner: Mapped[User] = relationship()


class Transfer(UUIDKey, Base):
    """One acknowledged movement of money. The client's token makes sure that it is there once."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("source_id <> target_id", name="between_two"),
    )

    token: Mapped[UUID] = mapped_column(unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    amount: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))

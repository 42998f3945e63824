"""Create, read, update, delete: the verbs of every day, with one row and with many."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, text, update

from crosslet import Session, UTCDateTime
from user_model import Post, User, UserIn, UserOut, UserPatch


async def register(session: Session, body: UserIn, password_hash: str) -> User:
    """Insert a row: the client's fields from the body, what the code decides by keyword."""
    user = await session.create(User, body, password_hash=password_hash)
    # Everything is readable at once, what the database or a default filled in included.
    assert user.id
    assert user.created_at == user.updated_at
    return user


async def get(session: Session, user_id: UUID) -> User | None:
    """Get by key, or None: SQLAlchemy's own."""
    return await session.get(User, user_id)


async def get_or_fail(session: Session, user_id: UUID) -> UserOut:
    """Get what a client may see, or raise NotFound, which is a 404 in a route. Only the shape's columns are fetched."""
    return await session.one(UserOut, select(User).where(User.id == user_id))


async def newest(session: Session) -> UserOut | None:
    """Get the first of an order, or None."""
    return await session.first(UserOut, select(User).order_by(User.created_at.desc(), User.id.desc()))


async def page(session: Session, *, skip: int, limit: int) -> tuple[list[UserOut], int]:
    """List a page, and count everything. An order that is the same each time needs the key in it."""
    users = select(User).where(User.is_active)
    rows = await session.all(UserOut, users.order_by(User.created_at, User.id).offset(skip).limit(limit))
    return rows, await session.count(users)


async def is_taken(session: Session, username: str) -> bool:
    """Ask whether a row exists without counting any."""
    return await session.exists(select(User).where(User.username == username))


async def change(session: Session, user_id: UUID, body: UserPatch) -> User:
    """Change the fields that were sent. One that was not sent stays, one that was sent as null becomes NULL."""
    user = await session.one(User, select(User).where(User.id == user_id))
    return await session.patch(user, body)


async def save(session: Session, user: User) -> None:
    """Change an object and save it: plain SQLAlchemy, sent with the next statement, or now."""
    user.username = user.username.lower()
    # A new dict: a change inside the old one would not be noticed.
    user.settings = user.settings | {"theme": "dark"}
    await session.flush()


async def remove(session: Session, user: User) -> None:
    """Delete a row; the database takes its posts along."""
    await session.delete(user)


async def deactivate_silent(session: Session, days: int) -> list[UserOut]:
    """Change many rows by one statement and get those that it changed, on databases without RETURNING, too."""
    silent = ~User.posts.any(Post.created_at >= datetime.now(UTC) - timedelta(days=days))
    return await session.all(UserOut, update(User).where(User.is_active, silent).values(is_active=False))


async def remove_inactive(session: Session) -> list[dict[str, Any]]:
    """Delete many rows and get what they were."""
    return await session.all(dict, delete(User).where(~User.is_active))


@dataclass
class Author:
    """A shape can be a dataclass; its fields are the labels of the statement's columns."""

    username: str
    posts: int


async def busiest(session: Session) -> list[Author]:
    """Read columns and sums: the statement says where each field comes from."""
    posts = func.count(Post.id)
    authors = select(User.username, posts.label("posts")).join(User.posts).group_by(User.id, User.username)
    return await session.all(Author, authors.order_by(posts.desc(), User.username))


async def busiest_since(session: Session, moment: datetime) -> list[Author]:
    """Say the same in SQL, in the same transaction; values are bound, and typed as the column is."""
    statement = text(
        "SELECT username, count(*) AS posts FROM users JOIN posts ON posts.author_id = users.id"
        " WHERE posts.created_at >= :moment GROUP BY users.id, username ORDER BY posts DESC, username"
    )
    return await session.all(Author, statement.bindparams(bindparam("moment", moment, type_=UTCDateTime())))


def as_dict(user: User) -> dict[str, Any]:
    """Turn an object into a dict of its columns; nothing is loaded for it, and nothing secret goes along."""
    return user.to_dict(exclude={"password_hash"})


def as_schema(user: User) -> UserOut:
    """Turn an object into a schema without asking the database again."""
    return UserOut.model_validate(user, from_attributes=True)

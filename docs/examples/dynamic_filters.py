"""Conditions that somebody else chooses: a client, by the query string; other code, by optional arguments."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, or_, select

from crosslet import Session
from crosslet.web import Filter, ListParams, ParamLimits, Reader
from user_model import Post, User


class PostLine(BaseModel):
    title: str
    created_at: datetime


class UserLine(BaseModel):
    """What a list shows of a user, and so what it can be filtered and sorted by."""

    id: UUID
    username: str
    is_active: bool
    created_at: datetime
    posts: list[PostLine]


class UserParams(ListParams, model=User, shape=UserLine):
    """The shape's fields and these; nobody filters by e-mail address, hash or rights."""

    filters = {  # noqa: RUF012 - ListParams declares it a ClassVar
        "theme": Filter(User.settings["theme"], str, operators=("eq", "in")),
        "letters": Filter(func.length(User.username), int, sort=True),
        # Who somebody follows is no field of the shape.
        "following.username": ("eq", "in"),
        "posts.created_at": ("gte", "lt"),
    }
    search = (User.username, "posts.title")
    default_sort = "-created_at"
    limits = ParamLimits(items=50)


router = APIRouter()


@router.get("/users")
async def users(params: Annotated[UserParams, Query()], session: Reader) -> list[UserLine]:
    """List users: `?posts.title__icontains=sea&theme=dark&sort=-created_at,username&q=ada`."""
    return await session.all(UserLine, params.apply(select(User)).limit(100))


@router.get("/users/count")
async def count_users(params: Annotated[UserParams, Query()], session: Reader) -> int:
    """Count what the same parameters find."""
    return await session.count(params.apply(select(User)))


async def titles(session: Session, params: UserParams) -> list[str]:
    """Use the conditions in a statement of another kind."""
    statement = select(Post.title).join(Post.author).where(params.criterion()).order_by(Post.title)
    return list(await session.scalars(statement))


async def saved(session: Session, query: str) -> list[UserLine]:
    """Run a search that was kept as text; what it may ask for is checked again."""
    return await session.all(UserLine, UserParams.parse(query).apply(select(User)))


async def by_hand(
    session: Session, *, active: bool | None = None, since: datetime | None = None, text: str | None = None
) -> list[UserLine]:
    """Add the conditions that are there: plain SQLAlchemy. `autoescape` takes `%` and `_` for themselves."""
    criteria: list[ColumnElement[bool]] = []
    if active is not None:
        criteria.append(User.is_active.is_(active))
    if since is not None:
        criteria.append(User.created_at >= since)
    if text:
        in_posts = User.posts.any(Post.title.icontains(text, autoescape=True))
        criteria.append(or_(User.username.icontains(text, autoescape=True), in_posts))
    return await session.all(UserLine, select(User).where(*criteria).order_by(User.username))

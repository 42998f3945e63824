"""What belongs to an object, read with it: a list, one object, level by level, some columns only; and what comes late.

Each function says how many statements it sends; the tests count them, on every database.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, load_only, raiseload, selectinload

from crosslet import Limit, OrderBy, Session, fetch
from user_model import Post, Role, User


async def lists(session: Session) -> Sequence[User]:
    """Read a list of each in one statement more: two. A join would send each user once for every post."""
    return await session.all(User, select(User).order_by(User.username).options(selectinload(User.posts)))


async def single_objects(session: Session) -> Sequence[Post]:
    """Read the one object of each in the same statement: one."""
    return await session.all(Post, select(Post).order_by(Post.title).options(joinedload(Post.author)))


async def level_by_level(session: Session) -> Sequence[Role]:
    """Read three levels, of the lowest only what is shown: three statements."""
    down = selectinload(Role.users).selectinload(User.posts).load_only(Post.title)
    return await session.all(Role, select(Role).order_by(Role.name).options(down))


async def what_was_joined_anyway(session: Session, word: str) -> Sequence[Post]:
    """Take the author out of a join that the condition needs: one statement."""
    statement = select(Post).join(Post.author).where(User.username == word).options(contains_eager(Post.author))
    return await session.all(Post, statement.order_by(Post.title))


async def nothing_else(session: Session) -> Sequence[User]:
    """Read what is named, and let anything else that is touched be an error: one statement, whatever happens later."""
    statement = select(User).options(load_only(User.username), raiseload("*"), fetch("raise"))
    return await session.all(User, statement.order_by(User.username))


class Title(BaseModel):
    """A post in a list."""

    title: str


class WithLatest(BaseModel):
    """A user with the two posts that were written last."""

    username: str
    posts: Annotated[list[Title], OrderBy(Post.created_at.desc()), Limit(2)]


async def the_latest_of_each(session: Session) -> list[WithLatest]:
    """Read some of each list: one statement. No loader of the ORM has a limit for each object; a shape has."""
    return await session.all(WithLatest, select(User).order_by(User.username))


async def touched_in_a_loop(session: Session) -> dict[str, int]:
    """Touch the list of one user after the other: two statements, since the first touch loads for all of them."""
    users = await session.all(User, select(User))
    return {user.username: len(await user.awaitable_attrs.posts) for user in users}

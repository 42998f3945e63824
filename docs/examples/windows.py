"""Queries beyond rows: totals with HAVING, sub-queries, CTE, UNION, EXISTS, windows; the same on every database.

Each function returns what one statement gave: nothing is filtered, added up or numbered in Python.
"""

from typing import TypedDict

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import aliased

from crosslet import Session
from user_model import Post, User


class Total(TypedDict):
    """A user and a number of posts."""

    username: str
    posts: int


class Placed(TypedDict):
    """A post and its place among those of its author."""

    username: str
    title: str
    place: int


class Running(TypedDict):
    """A post, and the pins of its author up to it."""

    title: str
    pins: int


class Event(TypedDict):
    """Something that has a name."""

    kind: str
    name: str


async def busy_authors(session: Session, at_least: int) -> list[Total]:
    """Aggregate with HAVING: WHERE chooses rows before they are counted, HAVING chooses groups after it."""
    posts = func.count(Post.id)
    statement = (
        select(User.username, posts.label("posts"))
        .join(User.posts)
        .group_by(User.id, User.username)
        .having(posts >= at_least)
        .order_by(posts.desc(), User.username)
    )
    return [Total(username=row.username, posts=row.posts) for row in await session.execute(statement)]


async def with_counts(session: Session) -> list[Total]:
    """Scalar sub-query: a count for each user, 0 included, with no join that would multiply rows."""
    posts = select(func.count(Post.id)).where(Post.author_id == User.id).scalar_subquery()
    statement = select(User.username, posts.label("posts")).order_by(User.username)
    return [Total(username=row.username, posts=row.posts) for row in await session.execute(statement)]


async def above_average(session: Session) -> list[str]:
    """CTE: a named step that is used twice, for the counts and for their average."""
    counts = select(Post.author_id, func.count().label("posts")).group_by(Post.author_id).cte("counts")
    average = select(func.avg(counts.c.posts)).scalar_subquery()
    statement = select(User.username).join(counts, counts.c.author_id == User.id).where(counts.c.posts > average)
    return list((await session.scalars(statement.order_by(User.username))).all())


async def everything_named(session: Session, limit: int) -> list[Event]:
    """UNION ALL, ordered and limited as a whole. UNION alone would sort everything to drop what is there twice."""
    named = union_all(
        select(literal("user").label("kind"), User.username.label("name")),
        select(literal("post").label("kind"), Post.title.label("name")),
    ).subquery()
    statement = select(named.c.kind, named.c.name).order_by(named.c.name, named.c.kind).limit(limit)
    return [Event(kind=row.kind, name=row.name) for row in await session.execute(statement)]


async def silent_users(session: Session) -> list[str]:
    """EXISTS instead of COUNT(*) = 0: the database stops at the first row that it finds."""
    statement = select(User.username).where(~User.posts.any()).order_by(User.username)
    return list((await session.scalars(statement)).all())


async def newest_of_each(session: Session, count: int) -> list[Placed]:
    """Top N of each group: number the rows in a sub-query, choose by the number outside of it.

    A window is computed after WHERE, so no WHERE of the same SELECT can ask for its number.
    """
    place = func.row_number().over(partition_by=Post.author_id, order_by=(Post.created_at.desc(), Post.id.desc()))
    numbered = select(Post, place.label("place")).subquery()
    post = aliased(Post, numbered)
    statement = (
        select(User.username, post.title, numbered.c.place)
        .join(User, User.id == post.author_id)
        .where(numbered.c.place <= count)
        .order_by(User.username, numbered.c.place)
    )
    found = await session.execute(statement)
    return [Placed(username=row.username, title=row.title, place=row.place) for row in found]


async def running_pins(session: Session, author: User) -> list[Running]:
    """Running total. ROWS counts each row for itself; without it rows of one moment would get one sum."""
    pins = func.coalesce(func.sum(Post.pinned_order).over(order_by=(Post.created_at, Post.id), rows=(None, 0)), 0)
    statement = select(Post.title, pins.label("pins")).where(Post.author_id == author.id)
    found = await session.execute(statement.order_by(Post.created_at, Post.id))
    # MariaDB's SUM is a decimal.
    return [Running(title=row.title, pins=int(row.pins)) for row in found]

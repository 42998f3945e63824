"""What streams are tested with: users to be read, and one connection to read them over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, computed_field, field_serializer
from sqlalchemy import String, TypeDecorator, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from crosslet import Database, OrderBy, PoolSettings
from fix_databases import Target
from promises.databases import checked_out
from sample import Post, Sample, User

ONE = PoolSettings(readers=1, writers=1, wait=0.5)
SLOW = {
    "postgresql": "SELECT pg_sleep(0.02), users.email FROM users",
    "mariadb": "SELECT SLEEP(0.02), users.email FROM users",
}


class PostOut(BaseModel):
    title: str


class UserTree(BaseModel):
    email: str
    posts: Annotated[list[PostOut], OrderBy(Post.title)]


class Shouting(TypeDecorator[str]):
    """What only Python can read."""

    impl = String(50)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()


class Shout(Sample):
    __tablename__ = "shouts"
    word: Mapped[str] = mapped_column(Shouting)


class ShoutOut(BaseModel):
    word: str


class Doubled(BaseModel):
    visits: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> int:
        return self.visits * 2

    @field_serializer("visits")
    def as_text(self, value: int) -> str:
        return f"#{value}"


@dataclass
class Mail:
    email: str


class Mails(TypedDict):
    email: str


@asynccontextmanager
async def with_one_reader(url: str) -> AsyncIterator[Database]:
    """Give a Database with one connection for reading, and 250 users with two posts each."""
    async with Database(url, metadata=Sample, pool=ONE) as db:
        await db.create_all()
        await fill(db, 250)
        yield db


async def fill(db: Database, count: int) -> None:
    async with db.write() as session:
        await session.execute(
            insert(User),
            [{"email": f"{number:04}@x", "visits": number, "settings": {"n": [number]}} for number in range(count)],
        )
        keys = (await session.scalars(select(User.id))).all()
        await session.execute(
            insert(Post), [{"title": f"{number}", "author_id": key} for key in keys for number in range(2)]
        )


BY_MAIL = select(User).order_by(User.email)


async def is_free(db: Database) -> bool:
    """Tell whether no connection is out; a pool of one proves it by giving it."""
    if await checked_out(db):
        return False
    async with db.read() as session:
        return await session.count(User) >= 0


class ShoutingUser(BaseModel):
    email: str
    posts: list[PostOut]


def sleep_in(target: Target, seconds: float) -> Any:
    """Return an expression that takes its time."""
    slept = func.sleep(seconds) if target.dialect_name == "mariadb" else func.pg_sleep(seconds)
    return func.concat(slept, "")

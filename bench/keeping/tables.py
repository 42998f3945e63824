"""A table whose rows count upwards, a row a writer, and the Databases that share its results."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import MetaData, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, MemoryCache, RedisCache, cached


class Base(DeclarativeBase):
    metadata = MetaData()


class Counter(Base):
    __tablename__ = "counter"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(default="a row of some length, as they are")


class CounterOut(BaseModel):
    id: int
    version: int
    title: str


class KeptOut(CounterOut):
    """The same, kept."""


cached(ttl=60)(KeptOut)
LIST = select(Counter).order_by(Counter.id).limit(50)
KEPT_LIST = cached(LIST, ttl=60)


def opened(url: str, store: str) -> Database:
    """Open a database with results in memory (`memory`), in Redis (its URL), or told by NOTIFY (`notify`)."""
    cache: Any = RedisCache(store, timeout=5.0) if "://" in store else MemoryCache(listen=store == "notify")
    return Database(url, metadata=Base, cache=cache)

"""A long list: entries with their times, scores and ranks, and an index for each order that they are read in."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, Integer, Select, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.movies.data import Row, Rows
from crosslet.models import UTCDateTime

_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_KEY = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime()}


class Entry(Base):
    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(_KEY, primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    score: Mapped[int]
    rank: Mapped[int | None]
    creation_time: Mapped[datetime]


class EntryOut(BaseModel):
    id: int
    title: str
    score: int
    rank: int | None
    creation_time: datetime


Index("newest", Entry.creation_time, Entry.id)
Index("best", Entry.score.desc(), Entry.title, Entry.id)
# A list that has NULL at its end needs an index that has it there; PostgreSQL's own would have it at the other.
Index("ranked", Entry.rank, Entry.id).ddl_if(dialect=("mysql", "mariadb", "sqlite"))
Index("ranked_nulls_last", Entry.rank.desc().nulls_last(), Entry.id.desc()).ddl_if(dialect="postgresql")

# Each has a turn of its own: rows compared as one, terms in both directions, and a column that may be NULL.
ORDERS: dict[str, Select[Any]] = {
    "newest": select(Entry).order_by(Entry.creation_time.desc()),
    "best": select(Entry).order_by(Entry.score.desc(), Entry.title),
    "ranked": select(Entry).order_by(Entry.rank.desc().nulls_last()),
}


def entries(count: int) -> Rows:
    """Make the rows from a seed: the same at every run."""
    return Rows("entries", ("id", "title", "score", "rank", "creation_time"), _made(count))


def _made(count: int) -> Iterator[Row]:
    chance = random.Random(11)
    for key in range(1, count + 1):
        rank = None if chance.random() < 0.1 else chance.randrange(count)
        # Half of the times are shared by two: the key has ties to break.
        when = _BEGIN + timedelta(seconds=chance.randrange(count))
        yield key, f"Entry {chance.randrange(10**9)} of a list", chance.randrange(1000), rank, when

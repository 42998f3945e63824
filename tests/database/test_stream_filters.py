"""A stream shows what its session would: filters are on in it, with the session's values, on every way it reads."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import MetaData, event, select
from sqlalchemy.orm import Mapped

from crosslet import Database, Model, PoolSettings, RowFilter, errors, with_deleted
from crosslet.models import SoftDelete


class Rented(Model):
    """A base of its own, so that no other test's tables are created along."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Model.metadata.naming_convention)


class Owned:
    tenant: Mapped[int]


class Note(SoftDelete, Owned, Rented):
    __tablename__ = "notes"
    words: Mapped[str]


class NoteOut(BaseModel):
    words: str


TENANT = RowFilter("tenant", Owned, lambda cls, tenant: cls.tenant == tenant)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Rented, row_filters=[TENANT], pool=PoolSettings(readers=2)) as db:
        await db.create_all()
        async with db.write() as session:
            session.filter_by(tenant=1)
            session.add_all([Note(tenant=number % 2, words=f"{number}") for number in range(6)])
        async with db.write() as session:
            session.filter_by(tenant=1)
            await session.delete(await session.one(Note, select(Note).where(Note.words == "3")))
        yield db


@pytest.mark.parametrize("heard", [False, True])
async def test_filters_are_on_in_streams(db: Database, heard: bool) -> None:
    if heard:
        event.listen((await db.engine(read_only=True)).sync_engine, "before_cursor_execute", lambda *rest: None)
    notes = select(Note).order_by(Note.words)
    async with db.read() as session:
        session.filter_by(tenant=1)
        assert [note.words async for note in session.stream(NoteOut, notes)] == ["1", "5"]
        assert [note.words async for note in session.stream(Note, notes)] == ["1", "5"]
        distinct = [note.words async for note in session.stream(NoteOut, select(Note).distinct())]
        assert sorted(distinct) == ["1", "5"]
        everything = session.stream(NoteOut, with_deleted(notes))
        with session.without_filters():
            unfiltered = session.stream(NoteOut, notes)
        later = session.stream(NoteOut, notes).lines()
        session.filter_by(tenant=0)
    # What was on when they were asked for is on when they are read.
    assert [note.words async for note in everything] == ["1", "3", "5"]
    assert [note.words async for note in unfiltered] == ["0", "1", "2", "3", "4", "5"]
    assert [json.loads(line) for line in b"".join([part async for part in later]).splitlines()] == [
        {"words": "1"},
        {"words": "5"},
    ]


@pytest.mark.parametrize("shape", [NoteOut, Note])
async def test_a_filter_without_a_value_refuses(db: Database, shape: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="filter_by"):
        async for _ in db.stream(shape, select(Note)):
            pass

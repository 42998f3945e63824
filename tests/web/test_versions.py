"""Nobody overwrites what he has not seen: versions in rows, and in the headers of requests."""

import asyncio
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import String, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from crosslet import Database, Portable, Versioned, errors
from crosslet.web import ETag, IfMatch, Reader, RequiredIfMatch, Writer, install
from web.client import client_of


class Base(Portable, DeclarativeBase):
    pass


class Note(Versioned, Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(80))


class NoteIn(BaseModel):
    text: str


class NoteOut(NoteIn):
    id: int
    version: int


def application(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db)

    @app.get("/notes/{key}")
    async def read(key: int, session: Reader, etag: ETag) -> NoteOut:
        note = await session.one(NoteOut, Note, key)
        etag.of(note)
        return note

    @app.put("/notes/{key}")
    async def write(key: int, body: NoteIn, session: Writer, seen: IfMatch, etag: ETag) -> NoteOut:
        note = await session.get_one(Note, key)
        seen.check(note)
        await session.patch(note, body)
        etag.of(note)
        return await session.one(NoteOut, note)

    @app.delete("/notes/{key}", status_code=204)
    async def remove(key: int, session: Writer, seen: RequiredIfMatch) -> None:
        note = await session.get_one(Note, key)
        seen.check(note)
        await session.delete(note)

    return app


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        async with database.write() as session:
            await session.create(Note, {"text": "one"}, id=1)
        yield database


@pytest.fixture
async def client(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(db)) as made:
        yield made


async def test_each_change_counts(db: Database) -> None:
    async with db.write() as session:
        note = await session.get_one(Note, 1)
        assert note.version == 1
        await session.patch(note, {"text": "two"})
        assert note.version == 2
        await session.execute(update(Note).values(text="three"))
        await session.refresh(note)
        assert note.version == 3
        (changed,) = await session.all(NoteOut, update(Note).values(text="four"))
        assert changed.version == 4


async def test_what_somebody_else_has_changed_is_not_overwritten(db: Database) -> None:
    both = asyncio.Barrier(2)

    async def change(text: str) -> bool:
        try:
            async with db.read() as session:
                note = await session.get_one(Note, 1)
            await both.wait()
            async with db.write() as session:
                session.add(note)
                await session.patch(note, {"text": text})
        except (StaleDataError, errors.RetryableError):
            return False
        return True

    assert sorted(await asyncio.gather(change("a"), change("b"))) == [False, True]
    async with db.read() as session:
        assert await session.scalar(select(Note.version)) == 2


async def test_a_client_may_not_set_the_version(db: Database) -> None:
    async with db.write() as session:
        with pytest.raises(errors.ProtectedField):
            await session.create(Note, {"text": "x", "version": 7}, id=2)


async def test_the_version_goes_to_the_client_and_back(client: httpx.AsyncClient) -> None:
    first = await client.get("/notes/1")
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    for held in ('"1"', 'W/"1"', '"7", "1"', "*"):
        same = await client.get("/notes/1", headers={"If-None-Match": held})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    changed = await client.put("/notes/1", json={"text": "two"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (200, '"2"', 2)
    assert (await client.get("/notes/1", headers={"If-None-Match": '"1"'})).json()["text"] == "two"


@pytest.mark.parametrize("seen", ['"1"', 'W/"2"', '"12"', "2", ""])
async def test_a_version_that_is_not_the_rows_is_refused(client: httpx.AsyncClient, seen: str) -> None:
    assert (await client.put("/notes/1", json={"text": "two"})).json()["version"] == 2
    for refused in (
        await client.put("/notes/1", json={"text": "three"}, headers={"If-Match": seen}),
        await client.delete("/notes/1", headers={"If-Match": seen}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition-failed")
    assert (await client.get("/notes/1")).json()["text"] == "two"


async def test_who_must_say_what_he_has_seen_is_told(client: httpx.AsyncClient) -> None:
    refused = await client.delete("/notes/1")
    assert (refused.status_code, refused.json()["code"]) == (428, "precondition-required")
    assert (await client.delete("/notes/1", headers={"If-Match": "*"})).status_code == 204


def test_what_has_no_version_is_a_mistake() -> None:
    from crosslet.web.versions import version_of

    for row in (NoteIn(text="x"), object()):
        with pytest.raises(errors.ConfigurationError, match="Versioned"):
            version_of(row)


def test_mapper_arguments_of_ones_own_have_the_column() -> None:
    class Mine(Versioned, Base):
        __tablename__ = "mine"
        id: Mapped[int] = mapped_column(primary_key=True)

        @declared_attr.directive
        def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805
            return {**Versioned.mapper_args(cls), "eager_defaults": True}

    assert Mine.__mapper__.version_id_col is Mine.__table__.c.version

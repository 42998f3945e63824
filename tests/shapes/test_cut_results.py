"""MariaDB cuts lists and drops objects without an error: what is cut is never handed out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from crosslet import Database, errors
from crosslet.testing import sandbox
from fix_databases import Target
from shapes.library import Author, Book, Genre, Library
from shapes.test_trees import MarkedBook, Shape


class Shelf(Shape):
    name: str
    books: list[MarkedBook]


@pytest.fixture
async def shelf(target: Target, url: str) -> AsyncIterator[Database]:
    if target.dialect.name != "mariadb":
        pytest.skip("other databases raise an error of their own")
    async with Database(url, metadata=Library) as db:
        await db.create_all()
        async with db.write() as session:
            author = Author(name="Prolific")
            moment = datetime(2020, 1, 1, tzinfo=UTC)
            for number in range(100):
                title = f"{number:03}" * 30
                session.add(
                    Book(
                        title=title,
                        genre=Genre.NOVEL,
                        price=Decimal(1),
                        published_at=moment,
                        is_lent=False,
                        author=author,
                    )
                )
        yield db


async def test_a_list_that_the_server_cuts(shelf: Database) -> None:
    async with shelf.write() as session:
        assert len((await session.one(Shelf, select(Author))).books) == 100
        await session.execute(text("SET SESSION group_concat_max_len = 1024"))
        for read in (session.one, session.json):
            with pytest.raises(errors.ResultCut, match="Limit the lists"):
                await read(Shelf, select(Author))


async def test_a_read_past_the_engine_that_the_server_cuts(shelf: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    dialect = type(shelf.dialect)
    usual = dialect.session_statements
    monkeypatch.setattr(
        dialect,
        "session_statements",
        lambda self, deadlines, *, read_only: (
            *usual(self, deadlines, read_only=read_only),
            "SET SESSION group_concat_max_len = 1024",
        ),
    )
    url = shelf.connections.url.render_as_string(hide_password=False)
    async with Database(url, metadata=Library) as db:
        async with db.read() as session:
            await session.execute(text("SELECT 1"))
        async with db.read() as session:
            with pytest.raises(errors.ResultCut):
                await session.json(Shelf, select(Author))


async def test_a_read_in_a_sandbox_that_the_server_cuts(shelf: Database) -> None:
    url = shelf.connections.url.render_as_string(hide_password=False)
    async with sandbox(shelf, url):
        async with shelf.write() as session:
            await session.execute(text("SET SESSION group_concat_max_len = 1024"))
        async with shelf.read() as session:
            # The sandbox's own statements around a read must not take the server's warnings away.
            with pytest.raises(errors.ResultCut):
                await session.json(Shelf, select(Author))

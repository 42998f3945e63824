"""A small shop on every target: two tables with a constraint of each kind, and a row or two in them."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    column,
    text,
)

from crosslet import Database

TABLES = MetaData()
Table(
    "authors",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20), nullable=False),
    Column("email", String(60)),
    Column("age", Integer),
    Column("country", String(20)),
    Column("code", String(20)),
    CheckConstraint(column("age", Integer) >= 0, name="ck_authors_age"),
    UniqueConstraint("email", name="uq_authors_email"),
    UniqueConstraint("country", "code", name="uq_authors_country_code"),
)
Table(
    "books",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("author_id", Integer, ForeignKey("authors.id", name="fk_books_author_id")),
    Column("isbn", String(20)),
    Index("ix_books_isbn", "isbn", unique=True),
)
Opener = Callable[..., Awaitable[Database]]
ROWS = (
    "INSERT INTO authors (id, name, email, country, code) VALUES (1, 'Ann', 'ann@x', 'de', 'x')",
    "INSERT INTO authors (id, name, email) VALUES (3, 'Cem', 'cem@x')",
    "INSERT INTO books (id, author_id, isbn) VALUES (1, 1, 'i1')",
)


@pytest.fixture
async def open_shop(url: str) -> AsyncIterator[Opener]:
    """Give a function that opens the shop with options of Database; the first call fills it."""
    opened: list[Database] = []

    async def open_(**options: object) -> Database:
        database = Database(url, metadata=TABLES, **options)
        opened.append(database)
        if len(opened) == 1:
            await database.create_all()
            async with database.write() as session:
                for row in ROWS:
                    await session.execute(text(row))
        return database

    yield open_
    for database in opened:
        await database.close()


@pytest.fixture
async def shop(open_shop: Opener) -> Database:
    """Give the shop, opened with the defaults."""
    return await open_shop()

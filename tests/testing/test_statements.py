"""Assertions about statements: they hold where code is as it should be, and say all that one needs where it is not."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crosslet import Database, errors
from crosslet.testing import RouteBudgets, assert_constant_statements, assert_no_n_plus_one, assert_statements
from facts.shelves import Author, Shelf, fill, one_by_one


class BookOut(BaseModel):
    title: str


class AuthorOut(BaseModel):
    name: str
    books: list[BookOut]


@pytest.fixture
async def base(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Shelf) as db:
        await db.create_all()
        yield db


@pytest.fixture
async def filled(base: Database) -> Database:
    await fill(base, 2)
    return base


async def slowly(db: Database) -> None:
    async with db.read() as session:
        for author in (await session.scalars(one_by_one())).all():
            await author.awaitable_attrs.books


async def at_once(db: Database) -> None:
    async with db.read() as session:
        assert await session.all(AuthorOut, select(Author))


async def test_a_number_of_statements(filled: Database) -> None:
    with assert_statements(filled, exactly=1), assert_statements(filled, max=1) as found:
        await at_once(filled)
    assert found.count == 1
    with pytest.raises(AssertionError) as failed, assert_statements(filled, exactly=0):
        await at_once(filled)
    headline, first, line = str(failed.value).splitlines()
    assert headline == "1 statement instead of 0"
    assert first.startswith("   1. SELECT ")
    assert "test_statements.py" in line
    assert " in at_once (" in line
    assert " ms)" in line


async def test_too_many_and_why(filled: Database) -> None:
    with pytest.raises(AssertionError) as failed, assert_statements(filled, max=2):
        await slowly(filled)
    text = str(failed.value)
    assert text.startswith("3 statements, at most 2 allowed\n")
    assert "loads Author.books of one object" in text
    assert "add .options(selectinload(Author.books)) to that query. [n_plus_one]" in text


async def test_an_error_inside_is_the_one_that_is_raised(filled: Database) -> None:
    with pytest.raises(ZeroDivisionError), assert_statements(filled, exactly=5), assert_no_n_plus_one(filled):
        raise ZeroDivisionError


async def test_no_n_plus_one(filled: Database) -> None:
    with assert_no_n_plus_one(filled):
        await at_once(filled)
        async with filled.read() as session:
            for author in await session.scalars(select(Author).options(selectinload(Author.books))):
                assert len(author.books) == 2
    with assert_no_n_plus_one(filled, least=3):
        await slowly(filled)
    with pytest.raises(AssertionError, match=r"N\+1: Author.books was loaded 2 times"), assert_no_n_plus_one(filled):
        await slowly(filled)


async def test_more_rows_take_no_more_statements(base: Database) -> None:
    some = partial(fill, base)
    await assert_constant_statements(base, some, lambda: at_once(base), sizes=(1, 4))
    with pytest.raises(AssertionError, match=r"statements grow with the rows: 8 with 2, 18 with 10"):
        await assert_constant_statements(base, some, lambda: slowly(base))


@pytest.mark.parametrize("sizes", [(), (2,), (10, 2)])
async def test_sizes_have_to_rise(sizes: tuple[int, ...]) -> None:
    db = Database("sqlite://")
    with pytest.raises(errors.ConfigurationError, match="rising"):
        await assert_constant_statements(db, partial(fill, db), lambda: at_once(db), sizes=sizes)


def test_what_is_no_budget_is_told() -> None:
    db = Database("sqlite://", metadata=Shelf)
    with pytest.raises(errors.ConfigurationError, match="max= or exactly="), assert_statements(db):
        pytest.fail("never reached")
    with pytest.raises(errors.ConfigurationError, match="is no route"):
        RouteBudgets(db, {"/users": 1})

"""Assertions about statements: they hold where code is as it should be, and say all that one needs where it is not."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import Mapped, lazyload, selectinload

from crosslet import Database, errors
from crosslet.testing import RouteBudgets, assert_constant_statements, assert_no_n_plus_one, assert_statements
from sample import Post, Sample, User


class Writer(AsyncAttrs, User):
    """The same rows, with attributes that can be awaited."""

    posts: Mapped[list[Post]]


class PostOut(BaseModel):
    title: str


class UserOut(BaseModel):
    email: str
    posts: list[PostOut]


@pytest.fixture
async def filled(base: Database) -> AsyncIterator[Database]:
    await make(base)(2)
    yield base


def make(db: Database) -> Callable[[int], Awaitable[None]]:
    made = iter(range(1000))

    async def some(count: int) -> None:
        async with db.write() as session:
            session.add_all(User(email=f"{next(made)}@x", posts=[Post(title="a")]) for _ in range(count))

    return some


async def slowly(db: Database) -> None:
    async with db.read() as session:
        writers = (await session.scalars(select(Writer).options(lazyload(Writer.posts)))).all()
        for writer in writers:
            await writer.awaitable_attrs.posts


async def at_once(db: Database) -> None:
    async with db.read() as session:
        assert await session.all(UserOut, select(User))


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
    assert "loads Writer.posts of one object" in text
    assert "add .options(selectinload(Writer.posts)) to that query. [n_plus_one]" in text


async def test_an_error_inside_is_the_one_that_is_raised(filled: Database) -> None:
    with pytest.raises(ZeroDivisionError), assert_statements(filled, exactly=5), assert_no_n_plus_one(filled):
        raise ZeroDivisionError


async def test_no_n_plus_one(filled: Database) -> None:
    with assert_no_n_plus_one(filled):
        await at_once(filled)
        async with filled.read() as session:
            for writer in await session.scalars(select(Writer).options(selectinload(Writer.posts))):
                assert len(writer.posts) == 1
    with assert_no_n_plus_one(filled, least=3):
        await slowly(filled)
    with pytest.raises(AssertionError, match=r"N\+1: Writer.posts was loaded 2 times"), assert_no_n_plus_one(filled):
        await slowly(filled)


async def test_more_rows_take_no_more_statements(base: Database) -> None:
    some = make(base)
    await assert_constant_statements(base, some, lambda: at_once(base), sizes=(1, 4))
    with pytest.raises(AssertionError, match=r"statements grow with the rows: 8 with 2, 18 with 10"):
        await assert_constant_statements(base, some, lambda: slowly(base))


@pytest.mark.parametrize("sizes", [(), (2,), (10, 2)])
async def test_sizes_have_to_rise(sizes: tuple[int, ...]) -> None:
    db = Database("sqlite://")
    with pytest.raises(errors.ConfigurationError, match="rising"):
        await assert_constant_statements(db, make(db), lambda: at_once(db), sizes=sizes)


def test_what_is_no_budget_is_told() -> None:
    db = Database("sqlite://", metadata=Sample)
    with pytest.raises(errors.ConfigurationError, match="max= or exactly="), assert_statements(db):
        pytest.fail("never reached")
    with pytest.raises(errors.ConfigurationError, match="is no route"):
        RouteBudgets(db, {"/users": 1})

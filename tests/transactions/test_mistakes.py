"""Mistakes that would lose something without a word, or end in a driver's: an error that says what to do."""

import pytest
from sqlalchemy import exc, select, text
from sqlalchemy.orm import defer, selectinload

from crosslet import Database, errors
from sample import User


async def add_user(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "a@example.com"})


async def test_an_object_added_to_a_reader_is_refused_at_its_end(base: Database) -> None:
    with pytest.raises(errors.ReadOnlySession):
        async with base.read() as session:
            session.add(User(email="lost@example.com"))


async def test_an_object_changed_in_a_reader_is_refused_at_its_end(base: Database) -> None:
    await add_user(base)
    with pytest.raises(errors.ReadOnlySession):
        async with base.read() as session:
            user = await session.one(User, select(User))
            user.visits = 5
    async with base.read() as session:
        user = await session.one(User, select(User))
        user.visits = user.visits
        assert user.visits == 0


async def test_the_error_of_a_reader_s_block_is_not_replaced(base: Database) -> None:
    with pytest.raises(KeyError):
        async with base.read() as session:
            session.add(User(email="lost@example.com"))
            raise KeyError


async def test_a_lazy_load_names_the_attribute_and_the_option(base: Database) -> None:
    await add_user(base)
    async with base.read() as session:
        user = await session.one(User, select(User))
        with pytest.raises(errors.NotLoaded, match=r"(?s)User\.posts was not loaded.*selectinload\(User\.posts\)"):
            len(user.posts)
        with pytest.raises(exc.MissingGreenlet):
            len(user.posts)
        await session.refresh(user, ["posts"])
        assert user.posts == []
        loaded = await session.one(User, select(User).options(selectinload(User.posts)))
        assert loaded.posts == []


async def test_a_deferred_column_says_so(base: Database) -> None:
    await add_user(base)
    async with base.read() as session:
        user = await session.one(User, select(User).options(defer(User.email)))
        with pytest.raises(errors.NotLoaded, match=r"(?s)User\.email was not loaded.*undefer\(User\.email\)"):
            user.email  # noqa: B018
        await session.refresh(user, ["email"])
        assert user.email == "a@example.com"


async def test_a_swallowed_flush_error_says_so_at_the_next_statement(base: Database) -> None:
    await add_user(base)
    with pytest.raises(errors.UnitPoisoned):
        async with base.write() as session:
            with pytest.raises(errors.UniqueViolation):
                await session.create(User, {"email": "a@example.com"})
            await session.one(User, select(User))


async def test_a_missing_table_and_column_are_named(base: Database) -> None:
    async with base.read() as session:
        with pytest.raises(errors.StatementRejected, match=r"has no table .*nothing_here.*migrations"):
            await session.execute(text("SELECT 1 FROM nothing_here"))
    async with base.read() as session:
        with pytest.raises(errors.StatementRejected, match=r"has no column .*nothing_there.*migrations"):
            await session.execute(text("SELECT u.nothing_there FROM users u"))


async def test_a_value_that_a_column_cannot_take_is_refused_as_data(base: Database) -> None:
    async with base.read() as session:
        if base.dialect.name == "mariadb":  # compares anything with anything
            assert await session.all(User, select(User).where(User.id == "no-uuid")) == []
            return
        with pytest.raises(errors.DataRejected, match="id: UUID"):
            await session.all(User, select(User).where(User.id == "no-uuid"))


async def test_a_unit_without_async_says_so(base: Database) -> None:
    with pytest.raises(errors.ConfigurationError, match="async with"), base.write():
        pass

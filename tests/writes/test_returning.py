"""Rows changed by a statement, with RETURNING and without: the two ways must agree."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from sqlalchemy import delete, insert, select, update

from crosslet import Database, errors
from crosslet.dialects import Dialect, SQLite
from crosslet.writes import changed_rows
from sample import Post, User


@dataclass(frozen=True, slots=True)
class WithoutReturning(SQLite):
    """What MySQL is: the emulation, run on a database that could do without."""

    can_return_inserted: ClassVar[bool] = False
    can_return_updated: ClassVar[bool] = False
    can_return_deleted: ClassVar[bool] = False


async def outcome(base: Database, dialect: Dialect) -> list[Any]:
    """Change rows in every way and return all that came back, keys left out."""
    seen: list[Any] = []
    async with base.write() as session:
        for number in range(5):
            await session.create(User, {"email": f"{number}@example.com"})
        statements = (
            update(User).where(User.email > "2").values(visits=User.visits + 5),
            update(User).values(email="x-" + User.email),
            update(User).where(User.email == "nobody").values(visits=1),
            insert(User).values(email="new@example.com"),
            delete(User).where(User.email.like("x-3%")),
            delete(User).where(User.email == "nobody"),
        )
        for statement in statements:
            rows = await changed_rows(session, dialect, dict, statement)
            seen.append(sorted((row["email"], row["visits"]) for row in rows))
        objects = await changed_rows(session, dialect, User, update(User).values(visits=1))
        seen.append(sorted((user.email, user.visits) for user in objects))
        assert all(user in session for user in objects)
        gone = await changed_rows(session, dialect, User, delete(User))
        seen.append(sorted((user.email, user.visits) for user in gone))
        assert not any(user in session for user in gone)
        assert await session.count(User) == 0
    return seen


async def test_both_ways_agree(base: Database) -> None:
    expected = await outcome(base, base.dialect)
    assert expected[0] == [("2@example.com", 5), ("3@example.com", 5), ("4@example.com", 5)]
    assert expected[3] == [("new@example.com", 0)]
    assert await outcome(base, WithoutReturning()) == expected


async def test_many_rows_are_changed_in_batches(base: Database) -> None:
    async with base.write() as session:
        session.add_all(User(email=f"{number}@example.com") for number in range(2100))
        await session.flush()
        rows = await changed_rows(session, WithoutReturning(), dict, update(User).values(visits=3))
        assert len(rows) == 2100
        assert {row["visits"] for row in rows} == {3}


async def test_values_in_a_statement_are_checked(base: Database) -> None:
    async with base.write() as session:
        for statement in (
            insert(User).values(email="x" * 51),
            update(User).values(email="nul\x00"),
            update(User).values({User.visits: 2**31}),
            insert(User).values([{"email": "fine"}, {"email": "x" * 51}]),
        ):
            with pytest.raises(errors.InvalidValue):
                await session.all(User, statement)
        assert await session.count(User) == 0


async def test_what_cannot_work_is_refused(base: Database) -> None:
    async with base.write() as session:
        for statement, complaint in (
            (update(User.__table__).values(visits=1), "mapped class"),
            (update(User).values(visits=1).returning(User.id), "leave `.returning"),
        ):
            with pytest.raises(errors.ConfigurationError, match=complaint):
                await session.all(dict, statement)


async def test_a_conditional_update_tells_whether_it_applied(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, {"email": "ada"}, visits=3)
        await session.create(Post, {"title": "x"}, author_id=user.id)
        take = update(User).where(User.id == user.id, User.visits >= 2).values(visits=User.visits - 2)
        assert (await session.one(User, take)).visits == 1
        with pytest.raises(errors.NotFound):
            await session.one(User, take)
    async with base.read() as session:
        assert await session.scalar(select(User.visits)) == 1

"""Direct reads: the same answers and the same errors as through the engine."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select, text

from connections.reading import SLEEP, direct_of, is_whole, opened, reader_of
from crosslet import Database, Deadlines, errors
from crosslet.connections import DirectFailure
from crosslet.transactions import ConstraintNames, explain_reads
from fix_databases import Target
from sample import Post, User


async def fill(db: Database, count: int = 5) -> None:
    async with db.write() as session:
        for number in range(count):
            user = await session.create(User, {"email": f"{number}%@x", "name": None if number % 2 else "name"})
            await session.create(Post, {"title": f"post of {number}", "author_id": user.id})


async def test_the_same_rows_as_through_the_engine(base: Database) -> None:
    await fill(base)
    users, read = User.__table__, reader_of(base)
    statements: list[tuple[Any, dict[str, Any]]] = [
        (select(users.c.email, users.c.name).order_by(users.c.email), {}),
        (select(users.c.email).where(users.c.email == bindparam("email")), {"email": "3%@x"}),
        (select(users.c.email).where(users.c.email.in_(["1%@x", "2%@x", "9"])).order_by(users.c.email), {}),
        (select(users.c.email).where(users.c.email.like("%\\%@x")).order_by(users.c.email).limit(2).offset(1), {}),
        (select(users.c.email).where(users.c.email == "nobody"), {}),
        (select(func.count()).select_from(users.join(Post.__table__)), {}),
        (text("SELECT '100%', :a, :a"), {"a": "twice"}),
        ("SELECT 'a%b'", {}),
    ]
    for statement, values in statements:
        async with base.read() as session:
            executable = text(statement) if isinstance(statement, str) else statement
            expected = [tuple(row) for row in await session.execute(executable, values)]
        assert [tuple(row) for row in (await read(statement, **values)).rows] == expected


async def test_a_statement_that_was_kept_reads_what_is_new(base: Database) -> None:
    read, counting = reader_of(base), select(func.count()).select_from(User.__table__)
    for number in range(3):
        assert (await read(counting)).rows[0][0] == number
        async with base.write() as session:
            await session.create(User, {"email": f"{number}"})


async def test_a_table_that_changed_is_prepared_anew(url: str) -> None:
    async with Database(url) as db, Database(url) as other:
        read = reader_of(db)
        async with other.write() as session:
            await session.execute(text("CREATE TABLE thing (a INTEGER)"))
        assert list((await read("SELECT * FROM thing")).rows) == []
        async with other.write() as session:
            await session.execute(text("ALTER TABLE thing ADD COLUMN b INTEGER"))
            await session.execute(text("INSERT INTO thing VALUES (1, 2)"))
        assert [tuple(row) for row in (await read("SELECT * FROM thing")).rows] == [(1, 2)]


async def test_warnings_are_counted(db: Database, target: Target) -> None:
    read = reader_of(db)
    assert (await read("SELECT 1")).warnings == 0
    if target.dialect_name == "mariadb":
        assert (await read("SELECT CAST('1x' AS SIGNED), CAST('2y' AS SIGNED)")).warnings == 2
        assert (await read("SELECT 1")).warnings == 0


# --- errors -----------------------------------------------------------------------------------------

WRONG: dict[str, tuple[Any, dict[str, Any]]] = {
    "syntax": ("SELEC 'secret'", {}),
    "table": ("SELECT a FROM nowhere WHERE a = :a", {"a": "secret"}),
    "column": ("SELECT nothing FROM users", {}),
    "function": ("SELECT no_such_function(:a)", {"a": "secret"}),
    "too large": (select(User.__table__.c.id).where(User.__table__.c.visits == 2**200), {}),
    "no text": (select(User.__table__.c.id).where(User.__table__.c.email == "secret\ud800"), {}),
    "no zero byte": (select(User.__table__.c.id).where(User.__table__.c.email == "sec\0ret"), {}),
    "change": ("UPDATE users SET name = 'secret'", {}),
    "not a number": ("SELECT CAST(:a AS DECIMAL) / 0, 1 + CAST('secret' AS INTEGER)", {"a": "1"}),
}


def facts_of(error: BaseException | None) -> Any:
    if not isinstance(error, errors.DatabaseError):
        return type(error), str(error)
    about = (error.sqlstate, error.constraint, error.table, error.columns, error.connection_invalidated)
    causes = [(type(error.orig), error.orig.args if error.orig else ()), type(error.__cause__)]
    return type(error), str(error), error.code, about, causes, error.statement


async def error_of(work: Awaitable[Any]) -> BaseException | None:
    (answer,) = await asyncio.gather(work, return_exceptions=True)
    return answer if isinstance(answer, BaseException) else None


@pytest.mark.parametrize("wrong", WRONG)
async def test_the_same_error_as_through_the_engine(base: Database, wrong: str) -> None:
    statement, values = WRONG[wrong]
    read = reader_of(base)

    async def ordinary() -> None:
        async with base.read() as session:
            (await session.execute(text(statement) if isinstance(statement, str) else statement, values)).all()

    found: list[BaseException | None] = []
    for work in (ordinary(), read(statement, **values)):
        error = await error_of(work)
        assert "secret" not in f"{error} {getattr(error, '__cause__', '')} {getattr(error, 'orig', '')}"
        found.append(error)
    expected, direct = (facts_of(error) for error in found)
    assert direct == expected
    assert await is_whole(base)
    assert (await read("SELECT 1")).rows[0][0] == 1


async def test_values_are_shown_where_that_is_asked_for(base: Database) -> None:
    explain = explain_reads(base.dialect, ConstraintNames(list), show_values=True)
    made = explain(DirectFailure(ValueError("secret"), "SELECT 1", is_driver_error=True, late=False, lost=False))
    assert isinstance(made, errors.DatabaseError)
    assert "secret" in str(made.orig)


async def test_a_mistake_of_the_drivers_own_stays_as_it_is(db: Database) -> None:
    """Nobody knows what its connection would answer next: it is closed."""
    read, direct, driver = reader_of(db), await direct_of(db), db.connections.driver

    class Mistaken(type(driver)):  # type: ignore[misc]
        async def fetch(self, *arguments: Any) -> Any:
            await super().fetch(*arguments)
            raise KeyError("a mistake")

    made = await opened(db)
    await read("SELECT 1")
    direct._send = Mistaken().fetch
    with pytest.raises(KeyError):
        await read("SELECT 1")
    direct._send = driver.fetch
    assert (await read("SELECT 1")).rows[0][0] == 1
    assert len(made) == 2
    assert await is_whole(db)


@pytest.mark.needs("has_server")
async def test_the_servers_own_limit(url: str, target: Target) -> None:
    async with Database(url, deadlines=Deadlines(statement=0.1)) as db:
        read = reader_of(db)
        await read("SELECT 1")
        with pytest.raises(errors.StatementTimeout) as caught:
            await read(SLEEP[target.dialect_name].format(60))
        assert caught.value.sqlstate is not None
        assert not caught.value.connection_invalidated
        assert await is_whole(db)

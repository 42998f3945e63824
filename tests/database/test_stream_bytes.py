"""A stream as bytes, and what becomes of a slow reader's connection."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import event, insert, select, text

from crosslet import Database, Deadlines, PoolSettings, Session, errors
from database.streaming import BY_MAIL, ONE, fill, is_free, with_one_reader
from fix_databases import Target
from promises.waiting import until
from sample import Sample, User, UserOut


@pytest.fixture
async def one(url: str) -> AsyncIterator[Database]:
    async with with_one_reader(url) as db:
        yield db


async def read_slowly(rows: AsyncIterator[Any], db: Database) -> list[Any]:
    """Wait, with the first piece in hand, until another gets the only connection."""
    found = [await anext(rows)]

    async def others_read() -> bool:
        try:
            return await is_read_by_others(db)
        except errors.PoolTimeout:
            return False

    await until(others_read)
    return found + [row async for row in rows]


async def is_read_by_others(db: Database) -> bool:
    async with db.read() as session:
        return await session.count(User) > 0


async def test_a_slow_reader_lets_go_of_its_connection(one: Database) -> None:
    wanted = [user async for user in one.stream(UserOut, BY_MAIL)]
    slow = one.stream(UserOut, BY_MAIL, partition=10, hold=0.05)
    assert await read_slowly(aiter(slow), one) == wanted
    lines = await read_slowly(one.stream(UserOut, BY_MAIL, partition=10, hold=0.05).lines(), one)
    assert [json.loads(line)["email"] for line in b"".join(lines).splitlines()] == [user.email for user in wanted]
    assert one.room.__dict__ == {"_left": 1 << 30}


async def test_a_slow_reader_over_the_engine(one: Database) -> None:
    event.listen((await one.engine(read_only=True)).sync_engine, "before_cursor_execute", lambda *rest: None)
    lines = await read_slowly(one.stream(UserOut, BY_MAIL, partition=10, hold=0.05).lines(), one)
    assert b"".join(lines).count(b"\n") == 250


async def test_bytes_have_the_databases_hold(url: str) -> None:
    async with Database(url, metadata=Sample, pool=ONE, deadlines=Deadlines(hold=0.05)) as db:
        await db.create_all()
        await fill(db, 100)
        lines = await read_slowly(db.stream(UserOut, BY_MAIL, partition=10).lines(), db)
        assert b"".join(lines).count(b"\n") == 100
        async with db.stream(UserOut, BY_MAIL, partition=10) as users:
            rows = aiter(users)
            await anext(rows)
            # Objects are handled by the application, which may take its time.
            with pytest.raises(errors.PoolTimeout):
                await is_read_by_others(db)


async def test_no_room_for_a_slow_reader(url: str) -> None:
    pool = PoolSettings(readers=1, writers=1, wait=0.5, spool_bytes=1500)
    async with Database(url, metadata=Sample, pool=pool) as db:
        await db.create_all()
        await fill(db, 100)
        lines = db.stream(UserOut, BY_MAIL, partition=5, hold=0.05).lines()
        with pytest.raises(errors.StreamTooSlow):
            await read_slowly(lines, db)
        assert await is_free(db)
        # The room is free again.
        few = db.stream(UserOut, BY_MAIL.limit(10), partition=5, hold=0.05).lines()
        assert b"".join(await read_slowly(few, db)).count(b"\n") == 10


async def test_a_slow_reader_that_leaves(one: Database) -> None:
    async with one.stream(UserOut, BY_MAIL, partition=10, hold=0.01) as users:
        rows = aiter(users)
        await anext(rows)
        await until(lambda: is_free(one))
    assert one.room.__dict__ == {"_left": 1 << 30}


async def test_json_columns_keep_a_row_on_a_line(url: str, target: Target) -> None:
    """A column of JSON keeps the line ends that it was written with: on PostgreSQL `json`, and text elsewhere."""
    kind = {"postgresql": "JSON", "mariadb": "JSON", "sqlite": "JSON"}[target.dialect_name]
    async with Database(url, metadata=Sample, pool=ONE) as db:
        await db.create_all()
        async with db.write() as session:
            if target.dialect_name == "postgresql":
                await session.execute(text(f"ALTER TABLE users ALTER COLUMN settings TYPE {kind}"))
            user = await session.create(User, {"email": "a", "settings": {"a": "x\ny"}})
            await session.flush()
            await session.execute(
                text("UPDATE users SET settings = :given").bindparams(given='{"a":\r\n "x\\ny",\n"b": 1}')
                if target.dialect_name != "postgresql"
                else text("UPDATE users SET settings = CAST(CAST(:given AS text) AS json)").bindparams(
                    given='{"a":\r\n "x\\ny",\n"b": 1}'
                )
            )
            assert user.email == "a"
        [content] = [part async for part in db.stream(WithSettings, select(User)).lines()]
        assert content.count(b"\n") == 1
        assert b"\r" not in content
        assert json.loads(content) == {"email": "a", "settings": {"a": "x\ny", "b": 1}}


class WithSettings(BaseModel):
    email: str
    settings: dict[str, Any] | None


class Row(BaseModel):
    id: UUID
    email: str
    name: str | None
    visits: int
    balance: Decimal
    settings: dict[str, Any] | None


async def test_csv(base: Database) -> None:
    async with base.write() as session:
        for email, name in (('q"uo,te', "line\nend"), ("=1+1", None), ("-5.50", "+41 79"), ("ünï", "@x")):
            await session.create(
                User, email=email, name=name, visits=3, balance=Decimal("-1.50"), settings={"a": [1, True, None]}
            )
    by_key = select(User).order_by(User.id)
    content = b"".join([part async for part in base.stream(Row, by_key, partition=2).csv()]).decode()
    assert content.startswith("id,email,name,visits,balance,settings\r\n")
    first = content.split("\r\n")[1].partition(",")[2]
    assert first == '"q""uo,te","line\nend",3,-1.50,"{""a"":[1,true,null]}"'
    assert ",=1+1,,3,-1.50," in content
    for_excel = b"".join([part async for part in base.stream(Row, by_key).csv(for_spreadsheets=True)]).decode()
    assert for_excel.startswith("\ufeffid,email")
    assert ",'=1+1,,3,-1.50," in for_excel
    assert ",-5.50,'+41 79,3,-1.50," in for_excel
    assert ",'@x,3," in for_excel
    with pytest.raises(errors.ConfigurationError, match="columns"):
        base.stream(dict, by_key).csv()


async def test_pieces_are_even_whatever_the_rows(base: Database) -> None:
    """Long rows are fetched some at a time, so that memory stays flat."""
    async with base.write() as session:
        await session.execute(
            insert(User), [{"email": f"{number}", "settings": {"long": "x" * 20_000}} for number in range(400)]
        )
    sizes = [len(part) async for part in base.stream(WithSettings, select(User)).lines()]
    assert sum(sizes) > 400 * 20_000
    # Only the first piece cannot know.
    assert max(sizes[1:]) < 400_000
    assert max(sizes) < 100 * 21_000


async def in_a_session(session: Session) -> int:
    return len([user async for user in session.stream(UserOut, BY_MAIL)])


async def test_in_a_unit_that_is_run(one: Database) -> None:
    assert await one.run(in_a_session) == 250

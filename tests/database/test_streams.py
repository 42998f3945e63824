"""Streams: the same rows as `all`, over a connection of their own."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from crosslet import Database, PoolSettings, Stream, errors
from database.streaming import (
    BY_MAIL,
    Doubled,
    Mail,
    Mails,
    Shout,
    ShoutingUser,
    ShoutOut,
    UserTree,
    fill,
    is_free,
    with_one_reader,
)
from sample import Sample, User, UserOut


@pytest.fixture
async def one(url: str) -> AsyncIterator[Database]:
    async with with_one_reader(url) as db:
        yield db


@pytest.mark.parametrize("shape", [UserOut, UserTree, Doubled, Mail, Mails])
@pytest.mark.parametrize("partition", [1, 7, 1000])
async def test_the_same_as_all(one: Database, shape: Any, partition: int) -> None:
    async with one.read() as session:
        wanted = await session.all(shape, BY_MAIL)
        bytes_wanted = await session.json(list[shape], BY_MAIL)
    assert len(wanted) == 250
    assert [found async for found in one.stream(shape, BY_MAIL, partition=partition)] == wanted
    assert await is_free(one)
    parts = [part async for part in one.stream(shape, BY_MAIL).partitions(60)]
    assert [len(part) for part in parts] == [60, 60, 60, 60, 10]
    assert [found for part in parts for found in part] == wanted
    some = [part async for part in one.stream(shape, BY_MAIL, partition=partition).partitions()]
    assert max(map(len, some)) <= partition
    assert [found for part in some for found in part] == wanted
    array = b"".join([part async for part in one.stream(shape, BY_MAIL, partition=partition).array()])
    assert json.loads(array) == json.loads(bytes_wanted)
    lines = b"".join([part async for part in one.stream(shape, BY_MAIL, partition=partition).lines()])
    assert lines.endswith(b"\n")
    assert [json.loads(line) for line in lines.splitlines()] == json.loads(bytes_wanted)
    assert await is_free(one)


async def test_what_is_not_read_as_json(one: Database) -> None:
    wanted = [f"{number:04}@x" for number in range(250)]
    assert [found.email async for found in one.stream(User, BY_MAIL)] == wanted
    selected = select(User.email).order_by(User.email)
    assert [found["email"] async for found in one.stream(dict, selected)] == wanted
    assert [found.email async for found in one.stream(Mail, selected, partition=9)] == wanted
    raw = text("SELECT email FROM users ORDER BY email")
    assert [found["email"] async for found in one.stream(dict[str, Any], raw)] == wanted
    lines = b"".join([part async for part in one.stream(Mails, raw).lines()])
    assert [json.loads(line)["email"] for line in lines.splitlines()] == wanted
    assert await is_free(one)


async def test_trees_of_what_only_python_reads(url: str) -> None:
    """Their lists are read beside the cursor, which MariaDB cannot do on its connection."""
    async with Database(url, metadata=Sample, pool=PoolSettings(readers=2)) as db:
        await db.create_all()
        await fill(db, 30)
        async with db.write() as session:
            session.add(Shout(word="hey"))
        assert [found.word async for found in db.stream(ShoutOut, select(Shout))] == ["HEY"]
        assert b"".join([part async for part in db.stream(ShoutOut, select(Shout)).lines()]) == b'{"word":"HEY"}\n'
        # DISTINCT rows are compared by their columns, so they are read as rows.
        distinct = select(User).distinct().order_by(User.email)
        assert (await db.explain_shape(ShoutingUser, distinct)).way == "rows"
        found = [user async for user in db.stream(ShoutingUser, distinct, partition=7)]
        assert [user.email for user in found] == [f"{number:04}@x" for number in range(30)]
        assert {len(user.posts) for user in found} == {2}
        assert await is_free(db)


async def test_no_rows(one: Database) -> None:
    nobody = select(User).where(User.email == "nobody")
    assert [found async for found in one.stream(UserOut, nobody)] == []
    assert [found async for found in one.stream(UserOut, nobody).partitions(5)] == []
    assert b"".join([part async for part in one.stream(UserOut, nobody).lines()]) == b""
    assert b"".join([part async for part in one.stream(UserOut, nobody).array()]) == b"[]"
    assert b"".join([part async for part in one.stream(UserOut, nobody).csv()]) == b"id,email,visits\r\n"
    assert await is_free(one)


async def test_values_are_bound(one: Database) -> None:
    for number in (3, 5):
        chosen = select(User).where(User.visits == number, User.email.like("%@x")).limit(10)
        assert [found.visits async for found in one.stream(UserOut, chosen)] == [number]
    hostile = select(User).where(User.email == "' OR 1=1 -- %s $1")
    assert [found async for found in one.stream(UserOut, hostile)] == []


async def test_a_readers_stream_has_a_connection_of_its_own(one: Database) -> None:
    async with one.read() as session:
        await session.execute(select(1))
        users = session.stream(UserOut, BY_MAIL)
        assert isinstance(users, Stream)
        seen = [user async for user in users]
        # A statement beside it needs a second connection, and may have one where there are two.
        later = session.stream(UserOut, BY_MAIL)
    assert len(seen) == 250
    assert [user async for user in later] == seen


async def test_a_units_stream_sees_what_the_unit_did(one: Database) -> None:
    async with one.write() as session:
        await session.execute(update(User).where(User.email == "0003@x").values(visits=-0 + 999))
        users = [user async for user in session.stream(UserOut, BY_MAIL, partition=20)]
        assert users[3].visits == 999
        lines = session.stream(UserOut, BY_MAIL).lines()
        assert json.loads((await anext(lines)).splitlines()[3])["visits"] == 999
        await lines.aclose()  # type: ignore[attr-defined]
        assert [user.email async for user in session.stream(User, BY_MAIL)][3] == "0003@x"
        distinct = select(User).distinct().order_by(User.email)
        assert len([user async for user in session.stream(ShoutingUser, distinct)]) == 250
        late = session.stream(UserOut, BY_MAIL)
    with pytest.raises(errors.SessionClosed):
        async for _ in late:
            pass
    assert await is_free(one)


async def test_who_listens_hears_of_it(one: Database) -> None:
    heard: list[str] = []
    engine = (await one.engine(read_only=True)).sync_engine
    event.listen(engine, "before_cursor_execute", lambda *rest: heard.append(rest[2]))
    assert len([user async for user in one.stream(UserOut, BY_MAIL, partition=9)]) == 250
    assert any("users" in statement for statement in heard)
    assert b"".join([part async for part in one.stream(UserOut, BY_MAIL).lines()]).count(b"\n") == 250
    assert await is_free(one)


@pytest.mark.parametrize("settings", ["serverless", PoolSettings(keep=False)])
async def test_without_a_pool(url: str, settings: Any) -> None:
    async with Database(url, metadata=Sample, pool=settings) as db:
        await db.create_all()
        await fill(db, 20)
        assert len([user async for user in db.stream(UserOut, BY_MAIL, partition=3)]) == 20

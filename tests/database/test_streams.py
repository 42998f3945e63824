"""Streams: the same rows as `all`, over a connection of their own that is free as soon as it can be."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, computed_field, field_serializer
from sqlalchemy import String, TypeDecorator, event, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from crosslet import Database, Deadlines, OrderBy, PoolSettings, Session, Stream, errors
from fix_databases import Target
from promises.databases import checked_out
from promises.waiting import until
from sample import Post, Sample, User, UserOut

ONE = PoolSettings(readers=1, writers=1, wait=0.5)
SLOW = {
    "postgresql": "SELECT pg_sleep(0.02), users.email FROM users",
    "mariadb": "SELECT SLEEP(0.02), users.email FROM users",
}


class PostOut(BaseModel):
    title: str


class UserTree(BaseModel):
    email: str
    posts: Annotated[list[PostOut], OrderBy(Post.title)]


class Shouting(TypeDecorator[str]):
    """What only Python can read."""

    impl = String(50)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.upper()


class Shout(Sample):
    __tablename__ = "shouts"
    word: Mapped[str] = mapped_column(Shouting)


class ShoutOut(BaseModel):
    word: str


class Doubled(BaseModel):
    visits: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> int:
        return self.visits * 2

    @field_serializer("visits")
    def as_text(self, value: int) -> str:
        return f"#{value}"


@dataclass
class Mail:
    email: str


class Mails(TypedDict):
    email: str


@pytest.fixture
async def one(url: str) -> AsyncIterator[Database]:
    """Give a Database with one connection for reading, and 250 users with two posts each."""
    async with Database(url, metadata=Sample, pool=ONE) as db:
        await db.create_all()
        await fill(db, 250)
        yield db


async def fill(db: Database, count: int) -> None:
    async with db.write() as session:
        await session.execute(
            insert(User),
            [{"email": f"{number:04}@x", "visits": number, "settings": {"n": [number]}} for number in range(count)],
        )
        keys = (await session.scalars(select(User.id))).all()
        await session.execute(
            insert(Post), [{"title": f"{number}", "author_id": key} for key in keys for number in range(2)]
        )


BY_MAIL = select(User).order_by(User.email)


async def is_free(db: Database) -> bool:
    """Tell whether no connection is out; a pool of one proves it by giving it."""
    if await checked_out(db):
        return False
    async with db.read() as session:
        return await session.count(User) >= 0


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


class ShoutingUser(BaseModel):
    email: str
    posts: list[PostOut]


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


# --- ends -------------------------------------------------------------------------------------------


async def test_a_loop_that_is_left_gives_the_connection_back(one: Database) -> None:
    async with one.stream(UserOut, BY_MAIL, partition=3) as users:
        async for _ in users:
            break
    assert await is_free(one)
    async for _ in one.stream(UserOut, BY_MAIL, partition=3):
        break
    await until(lambda: is_free(one))
    lines = one.stream(UserOut, BY_MAIL, partition=3).lines()
    async for _ in lines:
        break
    await lines.aclose()  # type: ignore[attr-defined]
    assert await is_free(one)


@pytest.mark.parametrize("shape", [UserOut, User, ShoutOut])
async def test_a_cancelled_reader_gives_the_connection_back(one: Database, shape: Any) -> None:
    reading = asyncio.Event()
    async with one.write() as session:
        session.add_all([Shout(word="a"), Shout(word="b")])

    async def read() -> None:
        statement = select(Shout) if shape is ShoutOut else BY_MAIL
        async with one.stream(shape, statement, partition=1) as rows:
            async for _ in rows:
                reading.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await reading.wait()
    assert await checked_out(one) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: is_free(one))
    gc.collect()


@pytest.mark.needs("has_server")
async def test_a_reader_that_is_cancelled_in_a_fetch(one: Database, target: Target) -> None:
    slow = text(SLOW[target.dialect_name].replace("0.02", "20"))

    async def read(shape: Any, statement: Any) -> None:
        async for _ in one.stream(shape, statement):
            pass

    sleeping = select(User).where(_sleep(target, 20) == _sleep(target, 0))
    for shape, statement in ((dict, slow), (UserOut, sleeping)):
        task = asyncio.create_task(read(shape, statement))
        await until(lambda: _is_out(one))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: is_free(one))


def _sleep(target: Target, seconds: float) -> Any:
    slept = func.sleep(seconds) if target.dialect_name == "mariadb" else func.pg_sleep(seconds)
    return func.concat(slept, "")


async def _is_out(db: Database) -> bool:
    return await checked_out(db) == 1


async def test_an_error_gives_the_connection_back(one: Database) -> None:
    wrong = select(User).where(text("no_such_column = 1"))
    for rows in (one.stream(UserOut, wrong), one.stream(UserOut, wrong).lines(), one.stream(User, wrong)):
        with pytest.raises(errors.StatementRejected):
            async for _ in rows:
                pass
        assert await is_free(one)
    for misfit in (one.stream(UserOut, select(Post)), one.stream(UserOut)):
        with pytest.raises(errors.ConfigurationError):
            async for _ in misfit:
                pass
        assert await is_free(one)


class Few(BaseModel):
    visits: Annotated[int, Field(lt=40)]


async def test_an_error_after_some_rows(one: Database) -> None:
    """What was read is handed over, then comes the error: never a short result that looks whole."""
    seen = 0
    with pytest.raises(errors.ConfigurationError, match=r"Few.visits"):
        async for _ in one.stream(Few, BY_MAIL, partition=10):
            seen += 1
    assert seen == 40
    assert await is_free(one)


async def test_a_stream_is_read_once(one: Database) -> None:
    users = one.stream(UserOut, BY_MAIL)
    assert len([user async for user in users]) == 250
    with pytest.raises(errors.ConfigurationError, match="read once"):
        async for _ in users:
            pass
    for wrong in (0, -1):
        with pytest.raises(errors.ConfigurationError, match="1 at least"):
            one.stream(UserOut, BY_MAIL, partition=wrong)
        with pytest.raises(errors.ConfigurationError, match="1 at least"):
            async for _ in one.stream(UserOut, BY_MAIL).partitions(wrong):
                pass
    with pytest.raises(errors.ConfigurationError, match="mapped class"):
        async for _ in one.stream(User, BY_MAIL).lines():
            pass


async def test_a_dead_connection_is_replaced(one: Database) -> None:
    assert await is_free(one)
    pair = await one.connections.pair()
    held = pair.reader.pool.take_open()  # type: ignore[attr-defined]
    one.connections.driver.cut(held.driver_connection)
    pair.reader.pool.give_back(held)  # type: ignore[attr-defined]
    assert len([user async for user in one.stream(UserOut, BY_MAIL)]) == 250


# --- deadlines --------------------------------------------------------------------------------------


class Long(BaseModel):
    email: str
    settings: dict[str, Any] | None


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("shape", [Long, dict])
async def test_a_deadline_is_of_a_fetch_and_not_of_the_whole(url: str, target: Target, shape: Any) -> None:
    """MariaDB counts from the first row to the last, the reader's own time with it."""
    async with Database(url, metadata=Sample) as db:
        await db.create_all()
        async with db.write() as session:
            # Longer than what a server collects before it sends.
            settings = {"long": "x" * 20_000}
            await session.execute(insert(User), [{"email": f"{n}", "settings": settings} for n in range(300)])
    async with Database(url, metadata=Sample, pool=ONE, deadlines=Deadlines(statement=0.5)) as db:
        slow = select(User).where(_sleep(target, 0.004) != "1")
        if shape is dict:
            slow = slow.with_only_columns(User.settings)
        began = asyncio.get_running_loop().time()
        assert len([row async for row in db.stream(shape, slow, partition=20)]) == 300
        assert asyncio.get_running_loop().time() - began > 1.1
        with pytest.raises(errors.StatementTimeout):
            async for _ in db.stream(Long, select(User).where(_sleep(target, 20) != "1")):
                pass
        assert await is_free(db)


# --- whose connection -------------------------------------------------------------------------------


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


# --- slow readers -----------------------------------------------------------------------------------


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


# --- forms ------------------------------------------------------------------------------------------


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

"""Results are kept where that was asked for, and end with the first commit that changes a table they were read from."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, func, insert, literal_column, select, text, update

from cache.club import (
    EVERY,
    TENANT,
    Base,
    KeptMember,
    Member,
    MemberOut,
    MemberTree,
    Note,
    Team,
    club,
    membership,
    names,
    rename,
    rename_unseen,
)
from crosslet import Database, Keyset, MemoryCache, New, Offset, cached, errors, without_filters

TREE = cached(select(Member).where(Member.id == 1), ttl=60)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with club(url) as database:
        yield database


async def tree(db: Database) -> MemberTree:
    async with db.read() as session:
        return await session.one(MemberTree, TREE)


async def test_a_result_is_kept_and_a_write_ends_it(db: Database) -> None:
    assert await names(db) == ["ada", "bob"]
    await rename_unseen(db, "eve")
    assert await names(db) == ["ada", "bob"]
    async with db.read() as session:
        assert (await session.all(MemberOut, select(Member).order_by(Member.id)))[0].name == "eve"
    await rename(db, "cyd", key=2)
    assert await names(db) == ["eve", "cyd"]
    assert (db.cache_statistics().hits, db.cache_statistics().misses) == (1, 2)


async def test_every_verb_reads_what_is_kept(db: Database) -> None:
    async def all_ways() -> list[Any]:
        async with db.read() as session:
            one = cached(select(Member).where(Member.id == 1), ttl=60)
            return [
                [row.name for row in await session.all(MemberOut, EVERY)],
                (await session.one(MemberOut, one)).name,
                (await session.first(MemberOut, EVERY) or MemberOut(id=0, name="", visits=0)).name,
                b"ada" in await session.json(list[MemberOut], EVERY),
                b"ada" in await session.json(list[MemberOut], EVERY.limit(5)),
                b"ada" in await session.json(MemberOut, one),
                (await session.one(KeptMember, Member, 1)).name,
                b"ada" in await session.json(KeptMember, Member, 1),
                [row.name for row in await session.all(KeptMember, select(Member).order_by(Member.id))],
            ]

    before = await all_ways()
    await rename_unseen(db, "eve")
    assert await all_ways() == before
    await db.invalidate(Member)
    assert await all_ways() != before
    assert db.cache_statistics().bypassed == 0


async def test_nobody_shares_objects(db: Database) -> None:
    async with db.read() as session:
        first = await session.all(MemberOut, EVERY)
        first[0].name = "changed"
        first.clear()
        assert [row.name for row in await session.all(MemberOut, EVERY)] == ["ada", "bob"]
    assert db.cache_statistics().hits == 1


WAYS: dict[str, Any] = {
    "insert": insert(Note).values(id=2, text="new", member_id=1),
    "update": update(Note).values(text="new"),
    "delete": delete(Note),
    "a parent's cascade": delete(Member).where(Member.id == 1),
    "the association": insert(membership).values(user_id=1, team_id=2),
    "the far side": update(Team).values(name="blue"),
    "SQL by hand": text("UPDATE note SET text = 'new'"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_tree_ends_with_each_of_its_tables(db: Database, way: str) -> None:
    async with db.write() as session:
        await session.execute(delete(membership))
        session.add(Team(id=2, name="green"))
    before = await tree(db)
    assert await tree(db) == before
    async with db.write() as session:
        if way in ("the far side", "a parent's cascade"):
            await session.execute(insert(membership).values(user_id=1 if way == "the far side" else 2, team_id=2))
            await session.flush()
        await session.execute(WAYS[way])
    async with db.read() as session:
        fresh = await session.first(MemberTree, select(Member).where(Member.id == 1))
        kept = await session.first(MemberTree, TREE)
    assert kept == fresh != before


async def added(session: Any) -> None:
    session.add(Member(id=10, name="a"))  # peers forget this one


async def created(session: Any) -> None:
    await session.create(Member, id=11, name="b")


async def patched(session: Any) -> None:
    await session.patch(await session.get_one(Member, 1), {"name": "c"})


async def deleted(session: Any) -> None:
    await session.delete(await session.get_one(Member, 10))


async def committed_alone(session: Any) -> None:
    await session.one(MemberOut, New(Member, id=12, name="d"), commit=True)


async def updated_alone(session: Any) -> None:
    await session.all(MemberOut, update(Member).where(Member.id == 12).values(name="e"), commit=True)


async def committed_half_way(session: Any) -> None:
    session.add(Member(id=13, name="f"))
    await session.commit()


async def by_the_session_inside(session: Any) -> None:
    def change(inner: Any) -> None:
        inner.add(Member(id=14, name="g"))
        inner.commit()

    await session.run_sync(change)


async def by_a_begin_block(session: Any) -> None:
    async with session.begin():
        session.add(Member(id=15, name="h"))


async def by_the_connection(session: Any) -> None:
    await (await session.connection()).execute(insert(Member).values(id=16, name="i", visits=0))


async def in_a_savepoint(session: Any) -> None:
    async with session.begin_nested():
        session.add(Member(id=17, name="j"))


async def by_word_of_mouth(session: Any) -> None:
    connection = await session.connection()
    await connection.exec_driver_sql("UPDATE member SET visits = 5")


CHANGES = (
    added,
    created,
    patched,
    deleted,
    committed_alone,
    updated_alone,
    committed_half_way,
    by_the_session_inside,
    by_a_begin_block,
    by_the_connection,
    in_a_savepoint,
    by_word_of_mouth,
)


async def test_objects_and_single_statements_end_it_too(db: Database) -> None:
    for way in CHANGES:
        before = await names(db)
        writes = db.cache_statistics().writes
        async with db.write() as session:
            await way(session)
            if way is committed_half_way:
                assert await names(db) != before
        async with db.read() as session:
            fresh = [row.name for row in await session.all(MemberOut, select(Member).order_by(Member.id))]
        assert await names(db) == fresh, way.__name__
        assert fresh != before or way is by_word_of_mouth, way.__name__
        assert db.cache_statistics().writes > writes, way.__name__


async def test_what_is_not_committed_ends_nothing_and_is_seen_by_nobody(db: Database) -> None:
    before = await names(db)
    with pytest.raises(RuntimeError, match="no"):
        async with db.write() as session:
            await session.execute(update(Member).values(name="zoe"))
            # A unit sees its own changes, and keeps them to itself.
            assert [row.name for row in await session.all(MemberOut, EVERY)] == ["zoe", "zoe"]
            assert await names(db) == before
            raise RuntimeError("no")
    writes, hits = db.cache_statistics().writes, db.cache_statistics().hits
    assert await names(db) == before
    assert (db.cache_statistics().writes, db.cache_statistics().hits) == (writes, hits + 1)


async def test_a_refused_commit_leaves_no_doubt(db: Database) -> None:
    with pytest.raises(errors.UniqueViolation):
        async with db.write() as session:
            await session.one(MemberOut, New(Member, id=1, name="again"), commit=True)
    assert await names(db) == await names(db) == ["ada", "bob"]
    assert db.cache_statistics().hits == 1


async def test_values_of_filters_and_switches_are_part_of_the_key(url: str) -> None:
    async with club(url, row_filters=[TENANT]) as db:
        async with db.write() as session:
            session.add(Team(id=2, name="blue", tenant=2))
        teams = cached(select(Team).order_by(Team.id), ttl=60)
        for _ in range(2):
            for tenant, expected in ((1, ["red"]), (2, ["blue"]), (3, [])):
                async with db.read() as session:
                    session.filter_by(tenant=tenant)
                    assert [team.name for team in await session.all(MemberOrTeam, teams)] == expected
                    with session.without_filters("tenant"):
                        assert len(await session.all(MemberOrTeam, teams)) == 2
                    assert len(await session.all(MemberOrTeam, without_filters(teams, "tenant"))) == 2
            async with db.read() as session:
                with pytest.raises(errors.ConfigurationError, match="no value here"):
                    await session.all(MemberOrTeam, teams)
        assert db.cache_statistics().misses == 4


class MemberOrTeam(BaseModel):
    name: str


async def test_values_that_are_equal_in_python_only_have_keys_of_their_own(db: Database) -> None:
    class One(BaseModel):
        name: str

    async with db.read() as session:
        for value in (1, 2, 1):
            statement = cached(select(Member).where(Member.id == value), ttl=60)
            assert (await session.one(One, statement)).name == ("ada" if value == 1 else "bob")
        for limit in (1, 2, 1):
            assert len(await session.all(One, EVERY.limit(limit))) == limit
        for chosen in ([1], [1, 2], [2], [1]):
            statement = cached(select(Member).where(Member.id.in_(chosen)), ttl=60)
            assert len(await session.all(One, statement)) == len(chosen)
    assert db.cache_statistics().hits == 3


async def test_a_result_ends_with_its_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("crosslet.cache.memory.monotonic", lambda: now[0])
    assert await names(db) == ["ada", "bob"]
    await rename_unseen(db, "eve")
    now[0] += 59
    assert await names(db) == ["ada", "bob"]
    now[0] += 2
    assert await names(db) == ["eve", "bob"]


async def test_memory_is_bounded(url: str) -> None:
    for cache in (MemoryCache(max_entries=3), MemoryCache(max_bytes=2000)):
        async with club(url, cache=cache) as db:
            for key in range(100, 120):
                await names(db, cached(select(Member).where(Member.id != key), ttl=60))
            found = db.cache_statistics()
            assert 0 < found.entries <= 3
            assert 0 < found.size_bytes <= 64 * 2**20
            await names(db, cached(select(Member).where(Member.id != 119), ttl=60))
            await db.drop_all()


async def test_names_end_results_by_hand(db: Database) -> None:
    pricing = cached(select(Member).order_by(Member.id), ttl=60, tags=("pricing", Note))
    assert await names(db, pricing) == ["ada", "bob"]
    await rename_unseen(db, "eve")
    await db.invalidate("other", Team)
    assert await names(db, pricing) == ["ada", "bob"]
    await db.invalidate("pricing")
    assert await names(db, pricing) == ["eve", "bob"]
    await rename_unseen(db, "fay")
    async with db.write() as session:
        await session.execute(delete(Note))
    assert await names(db, pricing) == ["fay", "bob"]
    await rename_unseen(db, "gus")
    await db.invalidate()
    assert await names(db, pricing) == ["gus", "bob"]


async def test_rows_written_past_the_session_are_the_callers_to_name(db: Database) -> None:
    assert await names(db) == ["ada", "bob"]
    await rename_unseen(db, "eve")
    async with db.write() as session:
        await session.execute(select(func.count()).select_from(Member))
        session.unit.wrote(Member.__table__)
    assert await names(db) == ["eve", "bob"]


async def test_sql_by_hand_needs_tags(db: Database) -> None:
    hidden = [
        select(Member).where(text("id IN (SELECT member_id FROM note)")),
        select(Member).where(literal_column("(SELECT count(*) FROM note)") > 0),
    ]
    for statement in hidden:
        async with db.read() as session:
            with pytest.raises(errors.ConfigurationError, match="SQL by hand"):
                await session.all(MemberOut, cached(statement, ttl=60))
            assert await session.all(MemberOut, cached(statement, ttl=60, tags=(Note,)))
        async with db.write() as session:
            await session.execute(delete(Note))
        async with db.read() as session:
            assert await session.all(MemberOut, cached(statement, ttl=60, tags=(Note,))) == []
        async with db.write() as session:
            session.add(Note(id=1, text="hello", member_id=1))


async def test_what_cannot_be_kept_is_refused(db: Database) -> None:
    async with db.read() as session:
        for refused in (
            lambda: session.all(Member, EVERY),
            lambda: session.execute(EVERY),
            lambda: session.scalars(EVERY),
            lambda: session.count(EVERY),
            lambda: session.exists(EVERY),
        ):
            with pytest.raises(errors.ConfigurationError, match="keeps the JSON of shapes"):
                await refused()
        with pytest.raises(errors.ConfigurationError, match="DISTINCT"):
            await session.all(MemberOut, cached(select(Member).distinct(), ttl=60))
        with pytest.raises(errors.ConfigurationError, match="keeps the JSON"):
            async for _ in session.stream(MemberOut, EVERY):
                raise AssertionError


def test_mistakes_are_said_where_they_are_made() -> None:
    for ttl in (0, -1, float("inf"), float("nan"), None, "60"):
        with pytest.raises(errors.ConfigurationError, match="more than 0"):
            cached(select(Member), ttl=ttl)  # type: ignore[arg-type]
    for tags in ("pricing", (1,), (MemberOut,), ("",)):
        with pytest.raises(errors.ConfigurationError, match="tag"):
            cached(select(Member), ttl=1, tags=tags)
    with pytest.raises(errors.ConfigurationError, match="takes a select"):
        cached(update(Member), ttl=1)
    with pytest.raises(errors.ConfigurationError, match="keeps the JSON of shapes"):
        cached(ttl=1)(Member)
    with pytest.raises(errors.ConfigurationError, match="more than 0"):
        MemoryCache(max_entries=0)


async def test_a_session_past_its_end_or_of_another_task_gets_nothing(db: Database) -> None:
    await names(db)
    async with db.read() as session:
        with pytest.raises(errors.WrongTask):
            await asyncio.create_task(session.all(MemberOut, EVERY))
    with pytest.raises(errors.SessionClosed):
        await session.all(MemberOut, EVERY)


async def test_a_reader_within_a_snapshot_neither_gives_nor_takes(db: Database) -> None:
    async with db.read() as session:
        rows = await session.stream(select(Member).execution_options(yield_per=1))
        dialect = session.unit.dialect
        if dialect.has_server and dialect.can_stream_in_autocommit:
            return  # it can send nothing else meanwhile
        await session.all(MemberOut, EVERY)
        assert db.cache_statistics().bypassed == 1
        await rows.close()
    await rename(db, "eve")
    assert await names(db) == ["eve", "bob"]


async def test_pages_are_not_kept(db: Database) -> None:
    async with db.read() as session:
        for page in (Offset(limit=10), Keyset(limit=10)):
            with pytest.raises(errors.ConfigurationError, match="keeps the JSON"):
                await session.page(MemberOut, EVERY, page)


def test_the_tables_belong_to_the_test() -> None:
    assert set(Base.metadata.tables) == {"member", "membership", "note", "team"}

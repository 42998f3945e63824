"""Where the usual libraries for FastAPI and SQLAlchemy have been seen to fail at lists, pages, bulk and caches."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient
from sqlalchemy import event, select, union_all

from crosslet import Database, Keyset, Offset, cached, errors
from fix_databases import Target
from promises.members import Base, Member, MemberIn, MemberOut, MemberPatch, make_app, rows
from web.client import client_of


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


@pytest.fixture
async def client(target: Target) -> AsyncIterator[AsyncClient]:
    db = Database(target.take_url(), metadata=Base, secret="for the cursors of this test")
    async with client_of(make_app(db)) as client:
        async with db.write() as session:
            await session.insert_many(Member, rows(7, secret="hidden"))
        yield client


async def statements(db: Database, *, read_only: bool) -> list[str]:
    sent: list[str] = []
    engine = await db.engine(read_only=read_only)
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *rest: sent.append(rest[2]))
    return sent


# --- pages ---------------------------------------------------------------------------------------------------


async def test_a_total_is_a_statement_of_its_own_and_right_past_the_end(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(Member, rows(30))
    sent = await statements(db, read_only=True)
    async with db.read() as session:
        past = await session.page(
            MemberOut, select(Member).order_by(Member.id), Offset(page=9, limit=10), total="exact"
        )
    assert (past.items, past.total) == ([], 30)
    assert not any("OVER" in one.upper() for one in sent)


async def test_rows_with_equal_values_are_on_one_page_each(client: AsyncClient) -> None:
    # All are of one team: the order alone tells none of them apart.
    seen: list[int] = []
    cursor = None
    while True:
        page = (await client.get("/teams", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_a_cursor_over_a_union(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(Member, rows(5))
    both = union_all(
        select(Member.name.label("word"), Member.id.label("number")),
        select(Member.email, Member.id + 100),
    ).subquery()
    words, page = [], Keyset(limit=3)
    async with db.read() as session:
        while True:
            found = await session.page(dict, select(both).order_by(both.c.word), page, key=[both.c.number])
            words += [one["word"] for one in found.items]
            if found.next is None:
                break
            page = Keyset(limit=3, cursor=found.next)
    assert words == sorted([f"n{n}" for n in range(5)] + [f"{n:03}@x" for n in range(5)])


@pytest.mark.parametrize("cursor", ["x", "AAAA", "MTIz", "é" * 30, "A" * 2000, "../../etc", "\x00"])
async def test_a_bad_cursor_is_a_400(client: AsyncClient, cursor: str) -> None:
    answer = await client.get("/teams", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


async def test_a_page_has_a_most(client: AsyncClient) -> None:
    for limit in (0, -1, 10**9, "all"):
        assert (await client.get("/members", params={"limit": limit})).status_code == 422
    assert (await client.get("/members", params={"page": 10**9})).status_code == 422


# --- filters and order ---------------------------------------------------------------------------------------


async def test_several_filters_a_search_and_an_order_at_once(client: AsyncClient) -> None:
    asked = {"name__in": ["n1", "n2", "n4"], "q": "N", "sort": "-name", "id__lte": 4, "team": 1}
    answer = await client.get("/members", params=asked)
    assert answer.status_code == 200, answer.text
    assert [one["name"] for one in answer.json()["items"]] == ["n2", "n1"]


async def test_a_hidden_column_neither_sorts_nor_filters(client: AsyncClient) -> None:
    for asked in (
        {"sort": "secret"},
        {"secret": "hidden"},
        {"secret__starts_with": "h"},
        {"sort": "nothing"},
        {"x": "1"},
    ):
        answer = await client.get("/members", params=asked)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"][0] == "query"


async def test_a_percent_sign_is_a_percent_sign(client: AsyncClient) -> None:
    for asked in ({"name__contains": "%"}, {"name__contains": "_"}, {"q": "%"}, {"name__starts_with": "%"}):
        assert (await client.get("/members", params=asked)).json()["total"] == 0


# --- what is written -----------------------------------------------------------------------------------------


async def test_a_partial_upsert_leaves_what_was_not_sent(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(Member, [{"name": "ada", "email": "a@x", "team": 7, "note": "kept"}])
        feed = [MemberPatch(email="a@x", name="eve"), MemberPatch(email="b@x", name="bob")]
        result = await session.upsert_many(Member, feed, key="email")
    assert list(result.outcomes) == ["updated", "inserted"]
    async with db.read() as session:
        one = await session.one(Member, select(Member).where(Member.email == "a@x"))
    assert (one.name, one.team, one.note) == ("eve", 7, "kept")


async def test_delete_many_is_one_statement(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(Member, rows(20))
        keys = list(await session.scalars(select(Member.id)))
    sent = await statements(db, read_only=False)
    async with db.write() as session:
        assert await session.delete_many(Member, keys[:10]) == 10
    changing = [one.split()[0] for one in sent if "member_of_list" in one]
    assert changing in (["UPDATE"], ["DELETE"])


async def test_deleted_rows_are_in_no_list(db: Database) -> None:
    async with db.write() as session:
        await session.insert_many(Member, rows(4))
        await session.delete(await session.one(Member, select(Member).where(Member.email == "000@x")))
    async with db.read() as session:
        assert await session.count(Member) == 3
        assert len(await session.all(MemberOut, select(Member))) == 3
        assert len((await session.scalars(select(Member))).all()) == 3
        page = await session.page(MemberOut, select(Member).order_by(Member.id), Offset(limit=10), total="exact")
        assert (len(page.items), page.total) == (3, 3)


async def test_a_kept_list_has_what_was_added(db: Database) -> None:
    listed = cached(select(Member).order_by(Member.id), ttl=3600)
    for number in range(5):
        async with db.read() as session:
            assert len(await session.all(MemberOut, listed)) == number
            assert len(await session.all(MemberOut, listed)) == number
        async with db.write() as session:
            session.add(Member(name="new", email=f"{number}@x"))
    assert db.cache_statistics().hits == 5


async def test_a_kept_list_is_never_filled_from_a_unit_that_rolls_back(db: Database) -> None:
    listed = cached(select(Member), ttl=3600)
    with pytest.raises(RuntimeError):
        async with db.write() as session:
            session.add(Member(name="ghost", email="g@x"))
            await session.flush()
            assert len(await session.all(MemberOut, listed)) == 1
            raise RuntimeError
    async with db.read() as session:
        assert await session.all(MemberOut, listed) == []


async def test_values_of_another_type_or_too_long_are_refused(db: Database) -> None:
    for values in ({"team": "notint"}, {"name": "x" * 21}):
        with pytest.raises(errors.InvalidValue):
            async with db.write() as session:
                session.add(Member(**{"name": "a", "email": "a@x", **values}))
        with pytest.raises(errors.InvalidValue):
            async with db.write() as session:
                await session.insert_many(Member, [{"name": "a", "email": "a@x", **values}])


async def test_a_missing_row_and_a_duplicate_have_a_status(client: AsyncClient) -> None:
    body = MemberIn(name="n", email="000@x").model_dump()
    answer = await client.post("/members", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")

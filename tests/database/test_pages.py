"""Pages as a session reads them: what is on them, their totals, and what other libraries lose or repeat."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import bindparam, case, event, func, literal, select, text, union_all
from sqlalchemy.orm import aliased, joinedload

from crosslet import CursorPage, Database, Keyset, Offset, Page, errors
from crosslet.reads import CAP
from fix_databases import Target
from sample import Post, User, UserOut

WHEN = datetime(2024, 1, 1, tzinfo=UTC)


class PostOut(BaseModel):
    title: str


class Author(BaseModel):
    name: str | None
    posts: list[PostOut]


@pytest.fixture
async def people(base: Database) -> AsyncIterator[Database]:
    """Six users with two names and one time among them, and one, two or three posts each."""
    async with base.write() as session:
        for number in range(6):
            user = await session.create(User, email=f"{number}@x", name="ab"[number % 2], created_at=WHEN)
            for one in range(1 + number % 3):
                await session.create(Post, title=f"{number}.{one}", author_id=user.id)
    return base


async def walked(db: Database, shape: Any, statement: Any, limit: int = 2, **options: Any) -> list[list[Any]]:
    pages, cursor = [], None
    while True:
        async with db.read() as session:
            page = await session.page(shape, statement, Keyset(limit=limit, cursor=cursor), **options)
        pages.append(page.items)
        cursor = page.next
        if cursor is None:
            return pages


def emails(pages: list[list[Any]]) -> list[str]:
    return [user.email for page in pages for user in page]


async def test_an_order_that_has_ties_loses_nothing(people: Database) -> None:
    """A cursor on a column that is not unique lost two rows of six elsewhere."""
    for order in ([User.name], [User.created_at.desc()], []):
        pages = await walked(people, UserOut, select(User).order_by(*order))
        assert [len(page) for page in pages] == [2, 2, 2]
        assert sorted(emails(pages)) == [f"{number}@x" for number in range(6)]


async def test_numbered_pages_repeat_nothing_where_the_order_has_ties(people: Database) -> None:
    async with people.read() as session:
        found = [await session.page(User, select(User).order_by(User.name), Offset(limit=4, page=n)) for n in (1, 2)]
    assert sorted(user.email for page in found for user in page.items) == [f"{number}@x" for number in range(6)]
    assert [page.has_more for page in found] == [True, False]


async def test_a_page_past_the_end_tells_the_right_total(people: Database) -> None:
    async with people.read() as session:
        for total in ("exact", "capped", "estimated"):
            page = await session.page(UserOut, User, Offset(limit=2, page=50), total=total)  # type: ignore[call-overload]
            assert (page.items, page.total, page.total_is, page.has_more) == ([], 6, "exact", False)
        assert (await session.page(UserOut, User, Offset(page=50), total="none")).total is None


async def statements_of(db: Database, page: Any, **options: Any) -> list[str]:
    sent: list[str] = []
    async with db.read() as session:
        await session.connection()  # its settings are no matter here
        engine = (await db.engine(read_only=True)).sync_engine
        event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        await session.page(UserOut, select(User).order_by(User.name), page, **options)
    return sent


async def test_a_total_is_a_statement_of_its_own_and_only_where_it_is_needed(people: Database) -> None:
    sent = await statements_of(people, Offset(limit=2), total="exact")
    assert len(sent) == 2
    assert "count(" not in sent[0].lower()
    assert "over (" not in " ".join(sent).lower()
    assert "order by" not in sent[1].lower()


async def test_a_page_that_shows_the_end_needs_no_count(people: Database) -> None:
    assert len(await statements_of(people, Offset(limit=6), total="exact")) == 1


async def test_a_page_by_cursor_is_one_statement(people: Database) -> None:
    assert len(await statements_of(people, Keyset(limit=2))) == 1


async def test_a_join_to_many_does_not_multiply_objects_nor_totals(people: Database) -> None:
    """Joined rows were counted, and cut into pages, in place of what was asked for elsewhere."""
    joined = select(User).join(User.posts).order_by(User.name, User.email)
    loaded = select(User).options(joinedload(User.posts)).order_by(User.name, User.email)
    wanted = ["0@x", "2@x", "4@x", "1@x", "3@x", "5@x"]
    for statement in (joined, joined.distinct(), loaded, joined.options(joinedload(User.posts))):
        for shape in (User, UserOut):
            assert emails(await walked(people, shape, statement)) == wanted
            async with people.read() as session:
                page: Page[Any] = await session.page(shape, statement, Offset(limit=4), total="exact")
            assert ([user.email for user in page.items], page.total) == (wanted[:4], 6)


async def test_eager_loads_come_with_a_page(people: Database) -> None:
    statement = select(User).join(User.posts).options(joinedload(User.posts)).order_by(User.email)
    pages = await walked(people, User, statement, limit=4)
    assert [len(user.posts) for page in pages for user in page] == [1, 2, 3, 1, 2, 3]


async def test_trees_on_pages(people: Database) -> None:
    pages = await walked(people, Author, select(User).order_by(User.email.desc()), limit=4)
    assert [len(author.posts) for page in pages for author in page] == [3, 2, 1, 3, 2, 1]


async def test_an_order_by_many_values_of_one_object_is_refused(people: Database) -> None:
    async with people.read() as session:
        with pytest.raises(errors.ConfigurationError, match="several places"):
            await session.page(User, select(User).join(User.posts).order_by(Post.title), Keyset())


async def test_an_order_by_an_aggregate(people: Database) -> None:
    statement = select(User).join(User.posts).group_by(User.id).order_by(func.count(Post.id).desc(), User.email)
    for shape in (User, UserOut):
        assert emails(await walked(people, shape, statement)) == ["2@x", "5@x", "1@x", "4@x", "0@x", "3@x"]
    having = statement.having(func.count(Post.id) > 1)
    async with people.read() as session:
        assert (await session.page(UserOut, having, Offset(limit=1), total="exact")).total == 4


async def test_a_sub_select_with_one_row_for_each_object(people: Database) -> None:
    posts = select(Post.author_id, func.count().label("n")).group_by(Post.author_id).subquery()
    statement = select(User).outerjoin(posts, posts.c.author_id == User.id).order_by(posts.c.n.desc(), User.email)
    assert emails(await walked(people, UserOut, statement)) == ["2@x", "5@x", "1@x", "4@x", "0@x", "3@x"]


async def test_a_union(people: Database) -> None:
    """There was no cursor over UNION elsewhere."""
    users = select(User.id.label("id"), User.email.label("what"), literal("user").label("kind"))
    posts = select(Post.id, Post.title, literal("post"))
    found = union_all(users, posts).subquery("found")
    statement = select(found).order_by(found.c.kind.desc(), found.c.what)
    pages = await walked(people, dict, statement, limit=5, key=[found.c.kind, found.c.id])
    rows = [row for page in pages for row in page]
    assert [row["kind"] for row in rows] == ["user"] * 6 + ["post"] * 12
    assert [set(row) for row in rows[:1]] == [{"id", "what", "kind"}]
    async with people.read() as session:
        with pytest.raises(errors.ConfigurationError, match="key="):
            await session.page(dict, statement, Keyset())
        with pytest.raises(errors.ConfigurationError, match="sub-select"):
            await session.page(dict, union_all(users, posts), Keyset())


async def test_over_an_alias_and_a_join_to_one(people: Database) -> None:
    writer = aliased(User)
    statement = select(Post).join(Post.author.of_type(writer)).order_by(writer.email.desc(), Post.title)
    pages = await walked(people, PostOut, statement, limit=5)
    assert [post.title for page in pages for post in page][:4] == ["5.0", "5.1", "5.2", "4.0"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (select(User).limit(3), "LIMIT"),
        (select(User).offset(3), "LIMIT"),
        (text("SELECT 1"), "takes a select"),
        (select(User).order_by(text("name")), "is text"),
        (select(User).order_by("nonsense"), "nonsense"),
        (select(User).order_by(User.settings), "plain type"),
        (select(User.name).distinct().order_by(User.email), "select it as well"),
        ([User()], "takes a select"),
    ],
)
async def test_what_cannot_be_cut_into_pages_is_refused(people: Database, statement: Any, says: str) -> None:
    async with people.read() as session:
        with pytest.raises(errors.ConfigurationError, match=says):
            await session.page(dict, statement, Keyset())


async def test_only_an_offset_or_a_keyset_is_a_page(people: Database) -> None:
    async with people.read() as session:
        with pytest.raises(errors.ConfigurationError, match="Offset or a Keyset"):
            await session.page(UserOut, User, 3)  # type: ignore[call-overload]


async def test_the_way_back_from_rows_that_are_gone(people: Database) -> None:
    """The page behind a cursor is empty by now: its `previous` leads to what is left, the cursor's own row as well."""
    statement = select(User).order_by(User.email)
    async with people.write() as session:
        first = await session.page(UserOut, statement, Keyset(limit=3))
        for user in await session.all(User, select(User).where(User.email > "2@x")):
            for post in await session.all(Post, select(Post).where(Post.author_id == user.id)):
                await session.delete(post)
            await session.delete(user)
        empty = await session.page(UserOut, statement, Keyset(limit=3, cursor=first.next))
        assert (empty.items, empty.next) == ([], None)
        again = await session.page(UserOut, statement, Keyset(limit=3, cursor=empty.previous))
        assert emails([again.items]) == ["0@x", "1@x", "2@x"]
        assert again.previous is None


async def test_a_writer_sees_its_own_rows(people: Database) -> None:
    async with people.write() as session:
        session.add(User(email="6@x", name="c"))
        page = await session.page(UserOut, select(User).order_by(User.email.desc()), Keyset(limit=1))
        assert emails([page.items]) == ["6@x"]


async def test_null_is_the_smallest_value_on_every_database(people: Database) -> None:
    async with people.write() as session:
        await session.create(User, email="n@x", name=None)
    for order, wanted in (
        (User.name, [None, "a", "b"]),
        (User.name.desc(), ["b", "a", None]),
        (User.name.nulls_last(), ["a", "b", None]),
        (User.name.desc().nulls_first(), [None, "b", "a"]),
    ):
        async with people.read() as session:
            page = await session.page(User, select(User).order_by(order), Offset())
        assert list(dict.fromkeys(user.name for user in page.items)) == wanted


async def test_values_that_are_too_long_for_a_cursor(people: Database) -> None:
    """The cursor names its row by the key then, and leads nowhere once that row is gone."""
    statement = select(Post).order_by(Post.title + "x" * 5000)
    pages = await walked(people, PostOut, statement, limit=5)
    titles = [post.title for page in pages for post in page]
    assert titles == sorted(titles)
    assert len(titles) == 12
    async with people.write() as session:
        first = await session.page(Post, statement, Keyset(limit=1))
        assert len(first.next or "") < 200
        await session.delete(first.items[0])
        with pytest.raises(errors.InvalidCursor, match="gone"):
            await session.page(Post, statement, Keyset(cursor=first.next))


async def test_a_key_that_is_too_long_for_a_cursor(people: Database) -> None:
    async with people.read() as session:
        with pytest.raises(errors.ConfigurationError, match="too long"):
            await session.page(Post, Post, Keyset(limit=1), key=[Post.title + "x" * 5000])


async def test_statements_of_one_structure_keep_their_own_values(people: Database) -> None:
    """What is prepared for a list is used again, for other values: in conditions, in lists of any length, in orders."""

    async def found(statement: Any) -> tuple[list[str], int | None]:
        async with people.read() as session:
            page = await session.page(UserOut, statement, Offset(limit=1), total="exact")
        return emails(await walked(people, UserOut, statement, limit=1)), page.total

    for name, wanted in (("a", ["0@x", "2@x", "4@x"]), ("b", ["1@x", "3@x", "5@x"]), ("c", [])):
        assert await found(select(User).where(User.name == name).order_by(User.email)) == (wanted, len(wanted))
    for chosen in (["1@x"], ["0@x", "5@x", "3@x"], []):
        statement = select(User).where(User.email.in_(chosen)).order_by(User.name.desc(), User.email)
        assert sorted((await found(statement))[0]) == sorted(chosen)
    for last, wanted in (("a", ["0@x", "2@x"]), ("b", ["1@x", "3@x"])):
        order = case((User.name == last, 0), else_=1)
        assert (await found(select(User).order_by(order, User.email)))[0][:2] == wanted
    kept = select(User).where(User.name == bindparam("name")).order_by(User.email)
    for name, wanted in (("a", ["0@x", "2@x", "4@x"]), ("b", ["1@x", "3@x", "5@x"])):
        assert await found(kept.params(name=name)) == (wanted, 3)
        joined = select(User).join(User.posts).where(User.name == name).group_by(User.id).order_by(func.max(Post.title))
        assert await found(joined) == (wanted, 3)


async def test_a_cursor_of_another_order_leads_nowhere(people: Database) -> None:
    async with people.read() as session:
        page = await session.page(User, select(User).order_by(case((User.name == "a", 0), else_=1)), Keyset(limit=1))
        for order in (case((User.name == "b", 0), else_=1), case((User.name == "a", 0), else_=1).desc(), User.name):
            with pytest.raises(errors.InvalidCursor, match="another list"):
                await session.page(User, select(User).order_by(order), Keyset(cursor=page.next))


async def test_totals_beyond_the_cap(people: Database, monkeypatch: pytest.MonkeyPatch, target: Target) -> None:
    monkeypatch.setattr("crosslet.database.paging.CAP", 4)
    assert CAP == 10_000
    async with people.read() as session:
        page = await session.page(UserOut, User, Offset(limit=2))
        assert (page.total, page.total_is) == (4, "at_least")
        page = await session.page(UserOut, User, Offset(limit=2), total="exact")
        assert (page.total, page.total_is) == (6, "exact")
        page = await session.page(UserOut, select(User).where(User.visits == 0), Offset(limit=2), total="estimated")
        assert page.total_is == ("estimated" if target.dialect.estimates_rows else "at_least")
        assert page.total is not None
        assert page.total >= 4
        by_cursor: CursorPage[UserOut] = await session.page(UserOut, User, Keyset(limit=2), total="capped")
        assert (by_cursor.total, by_cursor.total_is) == (4, "at_least")

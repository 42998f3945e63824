"""A change that is committed with its own statement: the same answer as in a transaction, in one round trip."""

import json
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.orm import Session as SyncSession

from crosslet import Count, Database, New, Session, errors
from database.one_trip import UserRow, with_ada
from fix_databases import Target
from sample import Post, Sample, User, UserIn


class AuthorOut(BaseModel):
    id: UUID
    email: str
    balance: Decimal


class PostOut(BaseModel):
    id: UUID
    title: str
    author: AuthorOut


class CrowdedPost(BaseModel):
    """Looks at its own table a second time."""

    title: str
    author: "Crowd"


class Crowd(BaseModel):
    posts: list["Title"]
    post_count: Annotated[int, Count(User.posts)]


class Title(BaseModel):
    title: str


@pytest.fixture
async def base(url: str) -> AsyncIterator[Database]:
    async with with_ada(url) as db:
        yield db


async def ada(db: Database) -> User:
    async with db.read() as session:
        return await session.one(User, select(User).where(User.email == "ada@example.com"))


async def through_engine(db: Database, work: Callable[[Session], Any]) -> tuple[Any, list[str]]:
    """Run work in a unit; return its result, and what SQLAlchemy has sent for it."""
    sent: list[str] = []
    pool = (await db.engine()).sync_engine.pool

    def note(connection: Any, *rest: Any) -> None:
        sent.append("checkout")

    # Only a way through the engine checks connections out of its pool; the listener itself would be noticed.
    own = pool._do_get
    pool._do_get = lambda: (note(None), own())[1]  # type: ignore[method-assign]
    try:
        async with db.write() as session:
            return await work(session), sent
    finally:
        pool._do_get = own  # type: ignore[method-assign]


CHANGES: dict[str, Callable[[User], Any]] = {
    "new": lambda user: New(Post, title="One", author_id=user.id),
    "insert": lambda user: insert(Post).values(title="One", author_id=user.id),
}


@pytest.mark.parametrize("way", CHANGES)
async def test_a_new_row_comes_back_as_a_tree(base: Database, way: str) -> None:
    user = await ada(base)
    expected = {"title": "One", "author": {"id": str(user.id), "email": "ada@example.com", "balance": "12.50"}}
    async with base.write() as session:
        post = await session.one(PostOut, CHANGES[way](user), commit=True)
        assert session.commits == 1
    content, sent = await through_engine(base, lambda session: session.json(PostOut, CHANGES[way](user), commit=True))
    several = await through_engine(base, lambda session: session.json(list[PostOut], CHANGES[way](user), commit=True))
    assert post.model_dump(mode="json", exclude={"id"}) == expected
    assert {**json.loads(content), "id": None} == {**expected, "id": None}
    assert json.loads(several[0])[0].keys() == {"id", "title", "author"}
    assert sent == several[1] == []
    async with base.read() as session:
        stored = await session.all(PostOut, select(Post))
        assert len(stored) == 3
        assert post in stored
        found = await session.one(Post, Post, post.id)
        assert found.created_at == found.updated_at


async def test_every_change_is_the_same_in_a_transaction(base: Database) -> None:
    user = await ada(base)
    changes = (
        lambda: New(User, UserIn(email="new@example.com"), settings={"a": [1, None]}),
        lambda: insert(User).values(email="more@example.com", name="Möre 😀", balance=Decimal("0.10")),
        lambda: update(User).where(User.id == user.id).values(visits=User.visits + 1, name=None),
        lambda: delete(User).where(User.id == user.id),
    )
    seen = []
    for commit in (True, False):
        for change in changes:
            async with base.write() as session:
                row = await session.one(UserRow, change(), commit=commit)
            seen.append(row.model_dump())
        async with base.write() as session:
            await session.all(dict, delete(User))
            session.add(User(id=user.id, email="ada@example.com", balance=Decimal("12.50")))
    assert seen[:4] == seen[4:]
    assert seen[2]["visits"] == 1
    assert (seen[0]["visits"], seen[0]["settings"]) == (0, {"a": [1, None]})


async def test_bytes_are_those_of_the_objects(base: Database) -> None:
    for change in (New(User, email="a@example.com", name='\x7f"\\'), insert(User).values(email="b@example.com")):
        async with base.write() as session:
            content = await session.json(UserRow, change, commit=True)
        row = TypeAdapter(UserRow).validate_json(content)
        assert json.loads(content) == json.loads(TypeAdapter(UserRow).dump_json(row))
    async with base.write() as session:
        content = await session.json(list[UserRow], update(User).values(visits=7), commit=True)
        assert [row["visits"] for row in json.loads(content)] == [7, 7, 7]


async def test_without_commit_bytes_are_made_in_the_transaction(base: Database) -> None:
    with pytest.raises(RuntimeError, match="undone"):
        async with base.write() as session:
            content = await session.json(UserRow, New(User, email="a@example.com"))
            assert json.loads(content)["email"] == "a@example.com"
            raise RuntimeError("undone")
    async with base.read() as session:
        assert await session.count(User) == 1


async def test_a_row_that_is_seen_from_elsewhere_is_read_afterwards(base: Database) -> None:
    user = await ada(base)
    for number in range(2):
        async with base.write() as session:
            row = await session.one(CrowdedPost, New(Post, title=f"{number}", author_id=user.id), commit=True)
        assert row.author.post_count == len(row.author.posts) == number + 1


async def test_it_commits_what_the_unit_has_done_before(base: Database) -> None:
    user = await ada(base)
    async with base.write() as session:
        await session.create(Post, title="First", author_id=user.id)
        post = await session.one(PostOut, New(Post, title="Second", author_id=user.id), commit=True)
        await session.rollback()
    async with base.read() as session:
        assert await session.count(Post) == 2
        assert post.title == "Second"


async def test_reading_with_commit_ends_the_unit_too(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, email="b@example.com")
        assert (await session.one(UserRow, user, commit=True)).email == "b@example.com"
        await session.create(User, email="c@example.com")
        assert len(json.loads(await session.json(list[UserRow], select(User), commit=True))) == 3
        await session.rollback()
        assert session.commits == 2


async def test_a_reader_refuses_it(base: Database) -> None:
    async with base.read() as session:
        for attempt in (
            session.one(UserRow, New(User, email="b@example.com"), commit=True),
            session.json(UserRow, New(User, email="b@example.com"), commit=True),
            session.all(UserRow, select(User), commit=True),
        ):
            with pytest.raises(errors.ReadOnlySession):
                await attempt


async def test_what_breaks_a_constraint_stores_nothing(base: Database) -> None:
    with pytest.raises(errors.UniqueViolation) as caught:
        async with base.write() as session:
            await session.one(UserRow, New(User, email="ada@example.com"), commit=True)
    assert caught.value.columns == ("email",)
    with pytest.raises(errors.UnitPoisoned):
        async with base.write() as session:
            with pytest.raises(errors.ForeignKeyViolation):
                await session.one(PostOut, New(Post, title="One", author_id=UUID(int=7)), commit=True)
            # Swallowed: the unit may not end as if nothing had been.
    async with base.write() as session:
        with pytest.raises(errors.CheckViolation):
            await session.one(UserRow, New(User, email="b@example.com", visits=-1), commit=True)
        await session.rollback()
        await session.one(UserRow, New(User, email="b@example.com", visits=1), commit=True)
    async with base.read() as session:
        assert sorted(user.visits for user in await session.all(User)) == [0, 1]
        assert await session.count(Post) == 0


async def test_bad_values_are_refused_before_anything_is_sent(base: Database) -> None:
    class Smuggler(BaseModel):
        email: str
        role: str

    attempts = (
        (New(User, email="x" * 51), errors.InvalidValue),
        (New(User, Smuggler(email="a@example.com", role="admin")), errors.ProtectedField),
        (insert(User).values(email="x" * 51), errors.InvalidValue),
        (New(User, emial="a@example.com"), TypeError),
    )
    for change, kind in attempts:
        async with base.write() as session:
            with pytest.raises(kind):
                await session.one(UserRow, change, commit=True)
            assert session.commits == 0


async def test_several_rows_where_one_was_meant_are_not_committed(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, email="b@example.com")
    for read in ("one", "json"):
        with pytest.raises(errors.MultipleRowsFound):
            async with base.write() as session:
                await getattr(session, read)(UserRow, update(User).values(visits=9), commit=True)
    for nobody in (User.email == "nobody", User.id == UUID(int=7)):
        for read in ("one", "json"):
            with pytest.raises(errors.NotFound):
                async with base.write() as session:
                    session.after_commit(lambda: pytest.fail("nothing was committed"))
                    await getattr(session, read)(UserRow, update(User).where(nobody).values(visits=9), commit=True)
    async with base.read() as session:
        assert [user.visits for user in await session.all(User)] == [0, 0]


async def test_hooks_run_once(base: Database) -> None:
    ran: list[str] = []
    async with base.write() as session:
        session.after_commit(lambda: ran.append("hook"))
        await session.one(UserRow, New(User, email="b@example.com"), commit=True)
        assert ran == ["hook"]
    assert ran == ["hook"]


async def test_a_unit_that_has_committed_is_not_run_again(base: Database) -> None:
    runs: list[int] = []

    async def unit(session: Session) -> None:
        runs.append(1)
        await session.one(UserRow, New(User, email=f"{len(runs)}@example.com"), commit=True)
        raise errors.SerializationFailure

    with pytest.raises(errors.SerializationFailure):
        await base.run(unit)
    assert len(runs) == 1


@pytest.mark.parametrize("name", ["before_cursor_execute", "begin", "commit"])
async def test_somebody_who_listens_hears_it(base: Database, name: str) -> None:
    heard: list[str] = []

    def listener(*given: Any) -> None:
        heard.append(name)

    engine = (await base.engine()).sync_engine
    event.listen(engine, name, listener)
    async with base.write() as session:
        await session.one(UserRow, New(User, email="b@example.com"), commit=True)
    event.remove(engine, name, listener)
    assert name in heard


@pytest.mark.parametrize("name", ["before_flush", "after_commit"])
async def test_so_does_who_listens_to_sessions(base: Database, name: str) -> None:
    heard: list[str] = []

    def listener(*given: Any) -> None:
        heard.append(name)

    event.listen(SyncSession, name, listener)
    async with base.write() as session:
        await session.one(UserRow, New(User, email="b@example.com"), commit=True)
    event.remove(SyncSession, name, listener)
    assert name in heard
    heard.clear()
    async with base.write() as session:
        await session.one(UserRow, New(User, email="c@example.com"), commit=True)
    assert heard == []


class Careful(Sample):
    """The ORM has a part in it."""

    __tablename__ = "careful"

    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    doubled: Mapped[str | None] = mapped_column(default=lambda context: context.get_current_parameters()["name"] * 2)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("name")
    def clean(self, key: str, value: str) -> str:
        return value.strip()


class CarefulOut(BaseModel):
    name: str
    version: int
    doubled: str | None


async def test_what_the_orm_does_for_a_new_object_is_done(base: Database) -> None:
    async with base.write() as session:
        row = await session.one(CarefulOut, New(Careful, name=" a "), commit=True)
    assert row.model_dump() == {"name": "a", "version": 1, "doubled": "aa"}


class Counted(Sample):
    __tablename__ = "counted"

    name: Mapped[str]
    doubled: Mapped[str | None] = mapped_column(default=lambda context: context.get_current_parameters()["name"] * 2)
    odd: Mapped[str] = mapped_column(default=lambda context: str(context.dialect.name)[:1])
    place: Mapped[int] = mapped_column(default=3, onupdate=9)


class CountedOut(BaseModel):
    name: str
    doubled: str | None
    place: int


async def test_defaults_of_columns(base: Database, target: Target) -> None:
    async with base.write() as session:
        row = await session.one(CountedOut, New(Counted, name="a", place=None), commit=True)
        changed = await session.one(CountedOut, update(Counted).where(Counted.name == "a").values(name="b"))
    assert row.model_dump() == {"name": "a", "doubled": "aa", "place": 3}
    assert (changed.name, changed.place) == ("b", 9)
    async with base.read() as session:
        assert await session.scalar(select(Counted.odd)) == target.dialect.name[0]


async def test_sql_in_place_of_a_value(base: Database) -> None:
    async with base.write() as session:
        row = await session.one(UserRow, New(User, email=func.lower("B@EXAMPLE.COM")), commit=True)
    assert row.email == "b@example.com"

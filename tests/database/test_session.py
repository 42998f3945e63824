"""The verbs of Session, the same on every database."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import delete, insert, select, text, update
from typing_extensions import TypedDict

from crosslet import Database, errors
from sample import Post, User, UserIn, UserOut, UserPatch


async def add_users(base: Database, *emails: str) -> None:
    async with base.write() as session:
        for email in emails:
            await session.create(User, {"email": email})


async def test_a_created_row_is_read_back_in_every_shape(base: Database) -> None:
    class Renamed(BaseModel):
        address: str = Field(validation_alias="email")

    @dataclass
    class Plain:
        email: str
        visits: int

    class Typed(TypedDict):
        email: str

    async with base.write() as session:
        user = await session.create(User, UserIn(email="ada@example.com", name="Ada"))
        assert user.created_at == user.updated_at
        seen = await session.one(UserOut, user)
    assert (seen.id, seen.email, seen.visits) == (user.id, "ada@example.com", 0)
    async with base.read() as session:
        rows = select(User).where(User.email == "ada@example.com")
        assert (await session.one(User, rows)).name == "Ada"
        assert await session.one(Plain, rows) == Plain("ada@example.com", 0)
        assert await session.all(Typed, rows) == [{"email": "ada@example.com"}]
        assert (await session.one(Renamed, rows)).address == "ada@example.com"
        assert await session.all(dict, select(User.email, User.visits)) == [{"email": "ada@example.com", "visits": 0}]
        assert await session.one(
            Plain, text("SELECT email, visits FROM users WHERE email = :e").bindparams(e=seen.email)
        )


async def test_a_shape_fetches_only_its_columns(base: Database) -> None:
    await add_users(base, "ada@example.com")
    sent: list[str] = []
    from sqlalchemy import event

    engine = await base.engine(read_only=True)
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    async with base.read() as session:
        await session.all(UserOut, select(User))
    assert len(sent) == 1
    assert "users.email" in sent[0]
    assert "users.name" not in sent[0]
    assert "users.balance" not in sent[0]


async def test_one_says_when_there_is_none_or_too_many(base: Database) -> None:
    await add_users(base, "ada@example.com", "bob@example.com")
    async with base.read() as session:
        with pytest.raises(errors.NotFound, match="User"):
            await session.one(UserOut, select(User).where(User.id == uuid4()))
        with pytest.raises(errors.MultipleRowsFound):
            await session.one(UserOut, select(User))
        assert await session.first(UserOut, select(User).where(User.id == uuid4())) is None
        assert (await session.first(UserOut, select(User).order_by(User.email))).email == "ada@example.com"  # type: ignore[union-attr]


async def test_one_that_changed_too_many_rows_stores_nothing(base: Database) -> None:
    await add_users(base, "ada@example.com", "bob@example.com")
    with pytest.raises(errors.UnitPoisoned):
        async with base.write() as session:
            with pytest.raises(errors.MultipleRowsFound):
                await session.one(User, update(User).values(visits=9))
    async with base.read() as session:
        assert [user.visits for user in await session.all(User)] == [0, 0]


async def test_count_and_exists(base: Database) -> None:
    await add_users(base, "ada@example.com", "bob@example.com", "cy@example.com")
    async with base.read() as session:
        assert await session.count(User) == 3
        assert await session.count(select(User).where(User.email < "c").order_by(User.email)) == 2
        assert await session.count(select(User).limit(2)) == 2
        assert await session.exists(select(User).where(User.email == "bob@example.com")) is True
        assert await session.exists(select(User).where(User.email == "nobody")) is False
        assert await session.exists(Post) is False


async def test_patch_changes_what_was_sent_and_nothing_else(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, UserIn(email="ada@example.com", name="Ada"))
        before = user.updated_at
        await session.patch(user, UserPatch(name=None))
        assert (user.email, user.name) == ("ada@example.com", None)
        assert user.updated_at >= before
        await session.patch(user, UserPatch())
        await session.patch(user, {"email": "countess@example.com"})
    async with base.read() as session:
        found = await session.one(User)
        assert (found.email, found.name, found.id) == ("countess@example.com", None, user.id)


@pytest.mark.parametrize("field", ["id", "created_at", "updated_at", "role", "nothing", "posts"])
async def test_a_body_cannot_set_what_a_client_may_not(base: Database, field: str) -> None:
    async with base.write() as session:
        user = await session.create(User, {"email": "ada@example.com"}, role="admin")
        assert user.role == "admin"
        with pytest.raises(errors.ProtectedField, match=field):
            await session.create(User, {"email": "bob@example.com", field: "x"})
        with pytest.raises(errors.ProtectedField, match=field):
            await session.patch(user, {field: "x"})


async def test_a_field_smuggled_through_an_open_schema_is_bad_input(base: Database) -> None:
    class Open(BaseModel, extra="allow"):
        email: str

    async with base.write() as session:
        with pytest.raises(errors.InvalidValue) as caught:
            await session.create(User, Open(email="ada@example.com", role="admin"))  # type: ignore[call-arg]
        assert caught.value.fields == ("role",)
        assert await session.count(User) == 0


async def test_a_value_that_does_not_fit_is_refused_before_anything_is_sent(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, {"email": "ada@example.com", "name": "Ada"})
        with pytest.raises(errors.InvalidValue) as caught:
            await session.patch(user, {"name": "x" * 21, "email": "new@example.com"})
        assert caught.value.fields == ("name",)
        assert (user.name, user.email) == ("Ada", "ada@example.com")
        with pytest.raises(errors.InvalidValue):
            await session.create(User, {"email": "null\x00"})
    async with base.read() as session:
        assert [user.email for user in await session.all(User)] == ["ada@example.com"]


async def test_plain_orm_work_is_checked_alike(base: Database) -> None:
    with pytest.raises(errors.InvalidValue):
        async with base.write() as session:
            session.add(User(email="x" * 51))
    async with base.read() as session:
        assert await session.count(User) == 0


async def test_delete_reports_a_reference_at_once(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, {"email": "ada@example.com"})
        await session.create(Post, {"title": "Notes"}, author_id=user.id)
    async with base.write() as session:
        with pytest.raises(errors.ForeignKeyViolation):
            async with session.begin_nested():
                await session.execute(delete(User))
        await session.execute(delete(Post))
        await session.delete(await session.one(User))
    async with base.read() as session:
        assert await session.count(User) == 0


async def test_changed_rows_come_back_on_every_database(base: Database) -> None:
    await add_users(base, "ada@example.com", "bob@example.com", "cy@example.com")
    async with base.write() as session:
        held = await session.one(User, select(User).where(User.email == "ada@example.com"))
        changed = await session.all(
            UserOut, update(User).where(User.email < "c").values(visits=User.visits + 1, email="z-" + User.email)
        )
        assert sorted((row.email, row.visits) for row in changed) == [
            ("z-ada@example.com", 1),
            ("z-bob@example.com", 1),
        ]
        assert await session.all(dict, update(User).where(User.email == "nobody").values(visits=5)) == []
        again = await session.one(User, update(User).where(User.id == held.id).values(visits=7))
        assert again is held
        assert held.visits == 7
        gone = await session.one(User, delete(User).where(User.email == "cy@example.com"))
        assert gone.email == "cy@example.com"
        assert gone not in session
        made = await session.one(UserOut, insert(User).values(email="dee@example.com"))
        assert (made.email, made.visits) == ("dee@example.com", 0)
    async with base.read() as session:
        assert [user.email for user in await session.all(User, select(User).order_by(User.email))] == [
            "dee@example.com",
            "z-ada@example.com",
            "z-bob@example.com",
        ]


async def test_a_reader_cannot_write_in_any_way(base: Database) -> None:
    await add_users(base, "ada@example.com")
    async with base.read() as session:
        user = await session.one(User)
        with pytest.raises(errors.ReadOnlySession):
            await session.create(User, {"email": "bob@example.com"})
        with pytest.raises(errors.ReadOnlySession):
            await session.all(User, update(User).values(visits=1))
        with pytest.raises(errors.ReadOnlySession):
            session.after_commit(lambda: None)
    for statement in (
        text("UPDATE users SET visits = 8"),
        update(User).values(visits=1),
        text("CREATE TABLE sneaked (id INTEGER)"),
        text("DELETE FROM users"),
    ):
        async with base.read() as session:
            with pytest.raises(errors.ReadOnlySession):
                await session.execute(statement)
    async with base.read() as session:
        user = await session.one(User)
        user.visits = 5
        with pytest.raises(errors.ReadOnlySession):
            await session.flush()
        session.expunge(user)
    async with base.read() as session:
        assert (await session.one(User)).visits == 0


async def test_raw_sql_shares_the_unit(base: Database) -> None:
    with pytest.raises(RuntimeError):
        async with base.write() as session:
            await session.create(User, {"email": "ada@example.com"})
            await session.execute(text("UPDATE users SET visits = :n"), {"n": 3})
            assert (await session.one(UserOut, select(User))).visits == 3
            raise RuntimeError
    async with base.read() as session:
        assert await session.count(User) == 0


async def test_objects_stay_readable_after_commit_and_after_the_unit(base: Database) -> None:
    async with base.write() as session:
        user = await session.create(User, {"email": "ada@example.com"})
        await session.commit()
        assert user.email == "ada@example.com"
        assert await session.count(User) == 1
    assert (user.email, user.visits) == ("ada@example.com", 0)


async def test_isolation_by_the_word(base: Database) -> None:
    async with base.write(isolation="SERIALIZABLE") as session:
        await session.create(User, {"email": "ada@example.com"})
    with pytest.raises(errors.ConfigurationError, match="isolation"):
        async with base.write(isolation="CHAOS"):
            pass

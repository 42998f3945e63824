"""Deleted rows are out of everything that goes through the ORM, and come back when asked for."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, exists, func, select, union_all, update
from sqlalchemy.orm import aliased, joinedload, selectinload, subqueryload

from crosslet import Count, Database, Exists, New, errors, only_deleted, purging, with_deleted, without_filters
from reads.club import DELETED, LIVING, Base, Comment, Post, Profile, Tag, User, fill


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        await fill(database)
        yield database


async def ids(session: Any, statement: Any) -> list[Any]:
    return sorted((await session.scalars(statement)).all())


async def test_every_kind_of_select_leaves_deleted_rows_out(db: Database) -> None:
    a = aliased(User)
    async with db.read() as session:
        assert [user.id for user in await session.all(User)] == [LIVING]
        assert await ids(session, select(User.id)) == [LIVING]
        assert await ids(session, select(a.id)) == [LIVING]
        assert await ids(session, select(Post.id)) == [1]
        assert await ids(session, select(Post.id).join(Post.author)) == [1]
        assert await ids(session, select(User.id).join(User.posts).where(Post.title != "x")) == [LIVING]
        assert await ids(session, select(User.id).outerjoin(User.posts).where(Post.id.is_(None))) == []
        assert await ids(session, select(Post.id).where(Post.tags.any(Tag.name == "blue"))) == []
        assert await ids(session, select(Post.id).where(~Post.author.has())) == []
        assert await ids(session, select(Profile.id).where(Profile.user.has())) == [1]
        assert await ids(session, select(User.id).where(exists().where(Post.author_id == User.id))) == [LIVING]
        assert await ids(session, select(Profile.id).where(Profile.user_id.in_(select(User.id)))) == [1]
        assert await ids(session, union_all(select(User.id), select(Post.id))) == [1, 1]
        posts = select(Post.author_id).cte()
        assert await ids(session, select(User.id).join(posts, posts.c.author_id == User.id)) == [LIVING]
        counted = select(func.count(Post.id)).where(Post.author_id == User.id).scalar_subquery()
        assert (await session.execute(select(User.id, counted))).all() == [(LIVING, 1)]


async def test_counts_and_existence(db: Database) -> None:
    async with db.read() as session:
        assert await session.count(User) == 1
        assert await session.count(select(Post)) == 1
        assert await session.count(with_deleted(select(Post))) == 3
        assert not await session.exists(select(User).where(User.id == DELETED))
        assert await session.exists(with_deleted(select(User).where(User.id == DELETED)))


@pytest.mark.parametrize("load", [selectinload, joinedload, subqueryload])
async def test_eager_loads(db: Database, load: Any) -> None:
    async with db.read() as session:
        (user,) = (await session.scalars(select(User).options(load(User.posts).options(load(Post.tags))))).unique()
        assert [(post.id, [tag.id for tag in post.tags]) for post in user.posts] == [(1, [1])]
        (profiles) = (await session.scalars(select(Profile).options(load(Profile.user)).order_by(Profile.id))).unique()
        assert [profile.user and profile.user.id for profile in profiles] == [LIVING, None]
    async with db.read() as session:
        everybody = with_deleted(select(User).options(load(User.posts)).order_by(User.id))
        found = (await session.scalars(everybody)).unique().all()
        assert [[post.id for post in user.posts] for user in found] == [[1, 2], [3]]


async def test_lazy_loads(db: Database) -> None:
    async with db.read() as session:
        user = await session.get_one(User, LIVING)
        assert await session.run_sync(lambda _: [post.id for post in user.posts]) == [1]
        profile = await session.get_one(Profile, 2)
        assert await session.run_sync(lambda _: profile.user) is None
    async with db.read() as session:
        user = (await session.scalars(with_deleted(select(User).where(User.id == LIVING)))).one()
        assert await session.run_sync(lambda _: [post.id for post in user.posts]) == [1, 2]
    async with db.read() as session:
        user = await session.get_one(User, LIVING)
        with session.with_deleted():
            assert await session.run_sync(lambda _: [post.id for post in user.posts]) == [1, 2]


async def test_get_knows_what_the_session_holds(db: Database) -> None:
    async with db.write() as session:
        assert await session.get(User, DELETED) is None
        held = (await session.scalars(with_deleted(select(User).where(User.id == DELETED)))).one()
        assert await session.get(User, DELETED) is None
        profile = await session.get_one(Profile, 2)
        assert await session.run_sync(lambda _: profile.user) is None
        with session.with_deleted():
            assert await session.get(User, DELETED) is held
        living = await session.get_one(User, LIVING)
        await session.delete(living)
        assert await session.get(User, LIVING) is None
        await session.refresh(living)
        assert living.deleted_at is not None


async def test_updates_and_deletes_by_a_statement(db: Database) -> None:
    async with db.write() as session:
        assert (await session.execute(update(Post).values(title="new"))).rowcount == 1
        assert (await session.execute(with_deleted(update(Post)).values(title="newer"))).rowcount == 3
        changed = await session.all(Post, update(Post).where(Post.id.in_([1, 2])).values(title="z"))
        assert [post.id for post in changed] == [1]
    async with db.write() as session:
        post = await session.get_one(Post, 1)
        assert (await session.execute(delete(Post).where(Post.id.in_([1, 2])))).rowcount == 1
        assert post.deleted_at is not None
    async with db.read() as session:
        assert await session.count(Post) == 0
        assert await session.count(with_deleted(select(Post))) == 3
        assert await ids(session, select(Comment.id)) == []
        assert await ids(session, only_deleted(select(Post.id))) == [1, 2, 3]


async def test_changed_rows_come_back_as_far_as_the_statement_reaches(db: Database) -> None:
    async with db.write() as session:
        everything = with_deleted(update(Post)).values(title="all")
        assert sorted(post.id for post in await session.all(TitleOut, everything)) == [1, 2, 3]
        assert sorted(post.id for post in await session.all(Post, everything)) == [1, 2, 3]
        with session.with_deleted():
            assert sorted(post.id for post in await session.all(TitleOut, update(Post).values(title="a"))) == [1, 2, 3]


async def test_what_is_deleted_is_not_deleted_again(db: Database) -> None:
    async with db.write() as session:
        (before,) = await session.all(Post, only_deleted(select(Post).where(Post.id == 2)))
        stamp = before.deleted_at
        assert (await session.execute(with_deleted(delete(Post)))).rowcount == 1
        await session.refresh(before)
        assert before.deleted_at == stamp


async def test_a_delete_that_returns_rows_marks_them(db: Database) -> None:
    async with db.write() as session:
        rows = await session.all(Post, delete(Post).where(Post.id <= 2))
        assert [row.title for row in rows] == ["one"]
        assert rows[0].deleted_at is not None
        assert rows[0] in session
    async with db.read() as session:
        assert await ids(session, with_deleted(select(Post.id))) == [1, 2, 3]


class TitleOut(BaseModel):
    id: int
    title: str


class TagOut(BaseModel):
    name: str


class PostOut(BaseModel):
    id: int
    tags: list[TagOut]


class UserOut(BaseModel):
    id: int
    posts: list[PostOut]
    post_count: Annotated[int, Count(User.posts)]
    has_two: Annotated[bool, Exists(User.posts, Post.title == "two")]


class ProfileOut(BaseModel):
    id: int
    user: UserOut | None


ANNA = {"id": 1, "posts": [{"id": 1, "tags": [{"name": "red"}]}], "post_count": 1, "has_two": False}


async def test_shapes(db: Database) -> None:
    async with db.read() as session:
        # Twice: the second time the plan is kept.
        for _ in range(2):
            assert [user.model_dump() for user in await session.all(UserOut, select(User))] == [ANNA]
            assert (await session.one(UserOut, User, LIVING)).model_dump() == ANNA
            with pytest.raises(errors.NotFound):
                await session.one(UserOut, User, DELETED)
            both = await session.all(UserOut, with_deleted(select(User).order_by(User.id)))
            assert [[post.id for post in user.posts] for user in both] == [[1, 2], [3]]
            assert [user.post_count for user in both] == [2, 1]
            with session.with_deleted():
                assert (await session.one(UserOut, User, LIVING)).has_two
                assert (await session.one(UserOut, User, DELETED)).post_count == 1
            found = await session.all(ProfileOut, select(Profile).order_by(Profile.id))
            assert [profile.user and profile.user.model_dump() for profile in found] == [ANNA, None]
            deleted = await session.all(UserOut, only_deleted(select(User)))
            assert [user.id for user in deleted] == [DELETED]
            with session.only_deleted():
                assert [user.id for user in await session.all(UserOut, select(User))] == [DELETED]
                assert [user.id for user in await session.all(User)] == [DELETED]
            assert b"three" not in await session.json(list[UserOut], select(User))
            assert [user.id async for user in session.stream(UserOut, select(User))] == [LIVING]


async def test_the_engines_way_of_a_kept_plan(db: Database) -> None:
    async with db.write() as session:
        for _ in range(2):
            assert len(await session.all(UserOut, select(User))) == 1
            with session.with_deleted():
                assert len(await session.all(UserOut, select(User))) == 2
            assert len(await session.all(UserOut, with_deleted(select(User)))) == 2
            with session.without_filters():
                assert len(await session.all(UserOut, select(User))) == 2
            assert len(await session.all(UserOut, without_filters(select(User)))) == 2


class Shouted(BaseModel):
    id: int
    posts: list[PostOut]

    model_config = {"from_attributes": True}


async def test_a_shape_by_rows(db: Database) -> None:
    async with db.read() as session:
        found = await session.all(UserOut, select(User).distinct())
        assert [user.model_dump() for user in found] == [ANNA]
        both = await session.all(UserOut, with_deleted(select(User).distinct().order_by(User.id)))
        assert [[post.id for post in user.posts] for user in both] == [[1, 2], [3]]


async def test_children_go_with_their_parent_and_come_back(db: Database) -> None:
    async with db.write() as session:
        user = await session.get_one(User, LIVING)
        await session.delete(user)
    async with db.read() as session:
        assert await ids(session, select(Comment.id)) == []
        assert await ids(session, select(Profile.id)) == [1, 2]
    async with db.write() as session:
        (user,) = await session.all(User, only_deleted(select(User).where(User.id == LIVING)))
        assert await session.restore(user) is user
    async with db.read() as session:
        # What was deleted before its parent was stays so.
        assert await ids(session, select(Post.id)) == [1]
        assert await ids(session, select(Comment.id)) == [1, 2, 3]
        assert await session.get(User, LIVING) is not None


async def test_purge_removes_the_row_and_what_hangs_on_it(db: Database) -> None:
    async with db.write() as session:
        (user,) = await session.all(User, only_deleted(select(User)))
        await session.purge(user)
    async with db.read() as session:
        assert await ids(session, with_deleted(select(User.id))) == [LIVING]
        assert await ids(session, with_deleted(select(Post.id))) == [1, 2]
        assert await ids(session, select(Profile.id)) == [1]
        assert await ids(session, with_deleted(select(Comment.id))) == [1, 2, 3, 4]


async def test_purging_by_a_statement(db: Database) -> None:
    async with db.write() as session:
        await session.execute(purging(delete(Comment).where(Comment.id == 4)))
        assert await ids(session, with_deleted(select(Comment.id))) == [1, 2, 3, 5, 6]


async def test_an_address_is_given_again_ten_times(db: Database) -> None:
    async with db.write() as session:
        for number in range(10):
            user = await session.create(User, {"email": "c@x.io"}, id=100 + number)
            await session.delete(user)
        await session.create(User, {"email": "c@x.io"}, id=200)
    with pytest.raises(errors.UniqueViolation) as failed:
        async with db.write() as session:
            await session.create(User, {"email": "c@x.io"}, id=201)
    assert failed.value.columns == ("email",)
    with pytest.raises(errors.UniqueViolation):
        async with db.write() as session:
            with session.with_deleted():
                await session.restore(await session.get_one(User, 100))


async def test_the_index_goes_with_its_table(db: Database) -> None:
    await db.drop_all()
    await db.create_all()
    async with db.read() as session:
        assert await session.count(with_deleted(select(User))) == 0


async def test_deleting_again_and_restoring_the_living_change_nothing(db: Database) -> None:
    async with db.write() as session:
        user = (await session.all(User, only_deleted(select(User))))[0]
        before = user.deleted_at
        await session.delete(user)
        assert user.deleted_at == before
        living = await session.get_one(User, LIVING)
        await session.restore(living)
        assert living.deleted_at is None


async def test_a_client_may_not_say_when_a_row_was_deleted(db: Database) -> None:
    async with db.write() as session:
        user = await session.get_one(User, LIVING)
        with pytest.raises(errors.ProtectedField):
            await session.patch(user, {"deleted_at": None})


class NewProfile(BaseModel):
    id: int
    user: UserOut | None


async def test_a_change_that_is_its_own_unit(db: Database) -> None:
    async with db.write() as session:
        made = await session.one(NewProfile, New(Profile, id=9, user_id=DELETED), commit=True)
        assert made.user is None
    async with db.write() as session:
        with pytest.raises(errors.NotFound):
            await session.one(PostOut, update(Post).where(Post.id == 2).values(title="q"), commit=True)


async def test_what_is_taken_out_of_its_collection_is_marked(db: Database) -> None:
    async with db.write() as session:
        user = await session.one(User, select(User).options(selectinload(User.posts)))
        (post,) = user.posts
        user.posts.remove(post)
        await session.flush()
        assert post.deleted_at is not None
        assert (post.author_id, post.author) == (LIVING, user)
    async with db.write() as session:
        assert await ids(session, select(Post.id)) == []
        assert await ids(session, select(Comment.id)) == []
        await session.restore((await session.all(Post, only_deleted(select(Post).where(Post.id == 1))))[0])
        assert await ids(session, select(Comment.id)) == [1, 2, 3]


async def test_what_moves_to_another_collection_lives_on(db: Database) -> None:
    async with db.write() as session:
        other = User(id=7, email="o@x.io", posts=[])
        session.add(other)
        user = await session.one(User, select(User).where(User.id == LIVING).options(selectinload(User.posts)))
        (post,) = user.posts
        user.posts.remove(post)
        other.posts.append(post)
        await session.flush()
        assert post.deleted_at is None
    async with db.read() as session:
        assert await session.scalar(select(Post.author_id).where(Post.id == 1)) == 7

"""The verbs of one class: each goes through the statement and the others, so what is overridden holds for all."""

from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, selectinload

from crosslet import Database, Keyset, New, Offset, Repository, errors
from reads.club import Base, Comment, Post, Tag, User, fill, tagging


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        await fill(database)
        yield database


@pytest.fixture
async def empty(url: str) -> AsyncIterator[Database]:
    """Where the database counts the keys: rows that brought theirs would stand in its way."""
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


class PostIn(BaseModel):
    title: str = Field(max_length=200)


class UserIn(BaseModel):
    email: str
    posts: list[PostIn] = []


class PostOut(BaseModel):
    id: int
    title: str


class UserRow(BaseModel):
    id: int


class Unique(Base):
    __tablename__ = "uniques"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    note: Mapped[str | None] = mapped_column(String(20))


class Users(Repository[User]):
    """Only those of one domain, the last first."""

    def statement(self) -> Select[User]:
        return super().statement().where(User.email.like("%@x.io")).order_by(User.id.desc())


async def test_the_verbs_of_every_day(db: Database) -> None:
    async with db.write() as session:
        posts = Repository[Post](session)
        assert await posts.get(2) is None
        assert (await posts.one(1)).title == "one"
        with pytest.raises(errors.NotFound):
            await posts.one(2)
        made = await posts.create({"title": "four"}, id=4, author_id=1)
        assert [post.id for post in await posts.list(order_by=Post.id)] == [1, 4]
        assert await posts.list(Post.title == "four", shape=PostOut) == [PostOut(id=4, title="four")]
        assert [post.id for post in await posts.list(order_by=(Post.title.desc(), Post.id), limit=1)] == [1]
        assert (await posts.patch(made, {"title": "4"})).title == "4"
        assert (await posts.patch(4, {"title": "5"})) is made
        assert (await posts.count(), await posts.count(Post.title == "5")) == (2, 1)
        assert await posts.exists(Post.title == "5")
        await posts.delete(4)
        assert not await posts.exists(Post.title == "5")
        assert (await posts.restore(4)).title == "5"
        await posts.delete(4)
        await posts.purge(4)
        for verb in (posts.delete, posts.restore, posts.purge):
            with pytest.raises(errors.NotFound):
                await verb(4)


async def test_pages_and_upserts(db: Database) -> None:
    async with db.write() as session:
        users = Users(session)
        session.add_all([User(id=key, email=f"{key}@x.io") for key in (10, 11, 12)])
        await session.flush()
        first = await users.page(Offset(limit=2), shape=UserRow, total="exact")
        assert ([user.id for user in first.items], first.total) == ([12, 11], 4)
        begun = await users.page(Keyset(limit=3), User.id > 1, order_by=User.id)
        assert [user.id for user in begun.items] == [10, 11, 12]
        tags = Repository[Unique](session)
        made, is_new = await tags.upsert({"name": "a", "note": "x"}, key=Unique.name)
        assert (made.note, is_new) == ("x", True)
        again, is_new = await tags.upsert({"name": "a"}, key=Unique.name)
        assert (again is made, again.note, is_new) == (True, "x", False)
        again, is_new = await tags.upsert({"name": "a", "note": "y"}, key="name")
        assert (again.note, is_new, await tags.count()) == ("y", False, 1)
        with pytest.raises(errors.ProtectedField):
            await tags.upsert({"name": "a", "id": 7}, key="name")


async def test_what_is_overridden_holds_for_the_rest(db: Database) -> None:
    async with db.write() as session:
        users = Users(session)
        await users.create({"email": "c@x.io"}, id=10)
        await Repository[User](session).create({"email": "d@y.io"}, id=11)
        assert [user.id for user in await users.list()] == [10, 1]
        assert await users.get(11) is None
        assert (await users.count(), await users.exists(User.id == 11)) == (2, False)
        for verb in (users.delete, users.purge):
            with pytest.raises(errors.NotFound):
                await verb(11)
        with pytest.raises(errors.NotFound):
            await users.patch(11, {"email": "e@x.io"})


async def test_children_are_made_with_their_parent(empty: Database) -> None:
    body = UserIn(email="n@x.io", posts=[PostIn(title="a"), PostIn(title="b")])
    async with empty.write() as session:
        with pytest.raises(errors.ProtectedField):
            await session.create(User, body, id=20)
        user = await session.create(User, body, id=20, posts=body.posts)
        assert [post.title for post in user.posts] == ["a", "b"]
        twin = body.model_copy(update={"email": "m@x.io"})
        other = await session.one(User, New(User, twin, id=21, posts=body.posts))
        assert [post.title for post in other.posts] == ["a", "b"]
        answered = [{}, Comment(answers=[Comment()])]
        post = await session.create(Post, {"title": "c"}, author=user, comments=answered)
        assert (post.author_id, len(post.comments)) == (20, 2)
    async with empty.read() as session:
        assert await session.count(select(Post).where(Post.author_id.in_([20, 21]))) == 5


async def test_what_is_wrong_with_a_child_is_named(empty: Database) -> None:
    async with empty.write() as session:
        with pytest.raises(errors.InvalidValue) as refused:
            await session.create(User, {"email": "x" * 81}, id=20, posts=[PostIn(title="a"), PostIn(title="b" * 81)])
        assert refused.value.fields == ("email", "posts.1.title")
        with pytest.raises(errors.ProtectedField):
            await session.create(User, {"email": "x"}, id=20, posts=[{"id": 7, "title": "a"}])
        assert await session.count(select(User).where(User.id == 20)) == 0


async def test_relations_are_written_as_a_difference(db: Database) -> None:
    async with db.write() as session:
        posts = Repository[Post](session)
        session.add_all([Tag(id=key, name=str(key)) for key in (3, 4, 5)])
        done = await posts.connect(1, Post.tags, [1, 3, 3])
        assert (done.added, done.removed) == ((3,), ())
        post = await posts.one(1)
        three = await session.get_one(Tag, 3)
        done = await posts.set(post, Post.tags, [three, 4, 5])
        assert (set(done.added), set(done.removed)) == ({4, 5}, {1, 2})
        done = await posts.disconnect(post, Post.tags, [4, 1])
        assert (done.added, done.removed) == ((), (4,))
        assert await posts.set(post, Post.tags, [3, 5]) == type(done)((), ())
        (loaded,) = await session.all(Post, select(Post).where(Post.id == 1).options(selectinload(Post.tags)))
        assert [tag.id for tag in loaded.tags] == [3, 5]
        await posts.set(loaded, Post.tags, [])
        assert loaded.tags == []
        assert (await session.execute(select(tagging))).all() == []


async def test_a_key_that_leads_nowhere_changes_nothing(db: Database) -> None:
    async with db.write() as session:
        posts = Repository[Post](session)
        bare = await posts.create({"title": "bare"}, id=9, author_id=1)
        # The second tag is deleted, so it leads nowhere as well.
        for wrong in ([1, 99], [99], [2, 98]):
            before = (await session.execute(select(tagging))).all()
            with pytest.raises(errors.InvalidValue, match="lead to no Tag") as refused:
                await posts.set(bare if wrong[0] == 2 else 1, Post.tags, wrong)
            assert refused.value.fields == ("tags",)
            assert (await session.execute(select(tagging))).all() == before


async def test_mistakes(db: Database) -> None:
    async with db.write() as session:
        posts = Repository[Post](session)
        for attribute in (Post.comments, Post.title, User.posts):
            with pytest.raises(errors.ConfigurationError, match="many-to-many"):
                await posts.connect(1, attribute, [1])
        with pytest.raises(errors.ConfigurationError, match="1 parts"):
            await posts.connect(1, Post.tags, [(1, 2)])
        with pytest.raises(errors.ConfigurationError, match="key of 1 columns"):
            await posts.get((1, 2))
        with pytest.raises(errors.ConfigurationError, match="Name the class"):
            Repository(session)
    with pytest.raises(errors.ConfigurationError, match="not a mapped class"):
        Repository[int]

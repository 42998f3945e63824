"""Random histories of deleting, restoring and purging, against a plain model of what ought to live."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from anyio import from_thread, to_thread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from crosslet import Database, only_deleted, purging, with_deleted
from reads.club import Base, Comment, Post, User


class CommentOut(BaseModel):
    id: int
    answers: list["CommentOut"]


class AnswerOut(BaseModel):
    id: int


class TopOut(BaseModel):
    id: int
    answers: list[AnswerOut]


class PostOut(BaseModel):
    id: int
    comments: list[TopOut]


class UserOut(BaseModel):
    id: int
    posts: list[PostOut]


# Two users with two posts each; below each post a comment with an answer. A row is its path.
Path = tuple[int, ...]
PATHS: list[Path] = [(u,) for u in (1, 2)]
PATHS += [(u, p) for u in (1, 2) for p in (1, 2)]
PATHS += [(u, p, 1) for u in (1, 2) for p in (1, 2)]
PATHS += [(u, p, 1, 1) for u in (1, 2) for p in (1, 2)]
MODELS: dict[int, Any] = {1: User, 2: Post, 3: Comment, 4: Comment}


def key_of(path: Path) -> int:
    return int("".join(map(str, path)))


@dataclass
class Expected:
    """What there is: the number of the deletion that a row went with, None while it lives."""

    rows: dict[Path, int | None] = field(default_factory=lambda: dict.fromkeys(PATHS))
    deletions: int = 0

    def below(self, path: Path) -> list[Path]:
        return [one for one in self.rows if one[: len(path)] == path]

    def delete(self, path: Path) -> None:
        if self.rows.get(path, 0) is not None:
            return
        self.deletions += 1
        self._delete(path)

    def _delete(self, path: Path) -> None:
        self.rows[path] = self.deletions
        # What is deleted already is not gone through: below it the living stay where they are.
        for one in self.below(path):
            if len(one) == len(path) + 1 and self.rows[one] is None:
                self._delete(one)

    def restore(self, path: Path) -> None:
        number = self.rows.get(path)
        if number is not None:
            self._restore(path, number)

    def _restore(self, path: Path, number: int) -> None:
        self.rows[path] = None
        for one in self.below(path):
            if len(one) == len(path) + 1 and self.rows[one] == number:
                self._restore(one, number)

    def purge(self, path: Path) -> None:
        for one in self.below(path):
            del self.rows[one]

    def living(self, length: int) -> list[int]:
        return sorted(key_of(path) for path, number in self.rows.items() if len(path) == length and number is None)

    def tree(self, path: Path = ()) -> list[Any]:
        found = []
        for one in sorted(self.rows):
            if len(one) == len(path) + 1 and one[:-1] == path and self.rows[one] is None:
                found.append((key_of(one), self.tree(one)))
        return found


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["delete", "statement", "restore", "purge", "orphan"]), st.sampled_from(PATHS)),
    min_size=1,
    max_size=12,
)


async def fill(db: Database) -> None:
    async with db.write() as session:
        for model in (Comment, Post, User):
            if model is Comment:
                await session.execute(purging(delete(Comment).where(Comment.parent_id.is_not(None))))
            await session.execute(purging(delete(model)))
        for path in PATHS:
            if len(path) == 1:
                session.add(User(id=key_of(path), email=f"{path}"))
            elif len(path) == 2:
                session.add(Post(id=key_of(path), title="t", author_id=key_of(path[:1])))
            else:
                name = "post_id" if len(path) == 3 else "parent_id"
                session.add(Comment(id=key_of(path), **{name: key_of(path[:-1])}))
            await session.flush()


async def act(db: Database, action: str, path: Path) -> bool:
    """Do one thing in a unit of its own; tell whether there was a row to do it to."""
    model, key = MODELS[len(path)], key_of(path)
    async with db.write() as session:
        if action == "statement":
            return bool((await session.execute(delete(model).where(model.id == key))).rowcount)
        if action == "orphan" and model is Post:
            user = await session.first(User, select(User).where(User.id == key // 10).options(selectinload(User.posts)))
            found = [post for post in user.posts if post.id == key] if user is not None else []
            for post in found:
                user.posts.remove(post)
            return bool(found)
        row = await session.first(model, with_deleted(select(model).where(model.id == key)))
        if row is None or (action in {"delete", "orphan"} and row.deleted_at is not None):
            return False
        await (session.delete(row) if action in {"delete", "orphan"} else getattr(session, action)(row))
    return True


def nodes(found: list[Any], names: tuple[str, ...]) -> list[Any]:
    if not names:
        return [(one.id, []) for one in found]
    return [(one.id, nodes(getattr(one, names[0]), names[1:])) for one in sorted(found, key=lambda row: row.id)]


async def check(db: Database, expected: Expected) -> None:
    names = ("posts", "comments", "answers")
    everything = selectinload(User.posts).selectinload(Post.comments).selectinload(Comment.answers)
    async with db.read() as session:
        assert nodes(await session.all(UserOut, select(User)), names) == expected.tree()
        assert nodes(await session.all(User, select(User).options(everything)), names) == expected.tree()
        for length, model in ((1, User), (2, Post)):
            living = expected.living(length)
            assert sorted(await session.scalars(select(model.id))) == living
            assert await session.count(model) == len(living)
            for path in PATHS:
                if len(path) == length:
                    assert (await session.get(model, key_of(path)) is not None) == (key_of(path) in living)
        assert sorted(await session.scalars(select(Comment.id))) == expected.living(3) + expected.living(4)
        all_posts = [key_of(path) for path in expected.rows if len(path) == 2]
        assert sorted(await session.scalars(with_deleted(select(Post.id)))) == sorted(all_posts)
        deleted = await session.scalar(only_deleted(select(func.count(Post.id))))
        assert deleted == len(all_posts) - len(expected.living(2))
        joined = select(Post.id).join(Post.author)
        authors = {key // 10 for key in expected.living(2)} & set(expected.living(1))
        assert sorted(await session.scalars(joined)) == [key for key in expected.living(2) if key // 10 in authors]


@pytest.mark.slow
async def test_what_lives_is_what_the_history_says(url: str) -> None:
    async with Database(url, metadata=Base) as db:
        await db.create_all()

        async def one(actions: list[tuple[str, Path]]) -> None:
            await fill(db)
            expected = Expected()
            for action, path in actions:
                if await act(db, action, path):
                    getattr(expected, action if action in {"restore", "purge"} else "delete")(path)
                    await check(db, expected)

        @settings(
            max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(ACTIONS)
        def examples(actions: list[tuple[str, Path]]) -> None:
            from_thread.run(one, actions)

        await to_thread.run_sync(examples)

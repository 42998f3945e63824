"""The model of the example means the same on every driver: its constraints, its indexes, its relationships."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, inspect, select
from sqlalchemy.orm import selectinload

from crosslet import Database, errors
from user_model import Post, Role, User, UserIn, UserOut, UserPatch, follows

Person = Callable[..., dict[str, Any]]


def described(connection: Connection) -> dict[str, Any]:
    """Ask the database what is there, by the names that it gives back in errors."""
    catalogue = inspect(connection)
    tables = catalogue.get_table_names()
    return {
        "tables": set(tables),
        "uniques": {item["name"] for table in tables for item in catalogue.get_unique_constraints(table)},
        "checks": {item["name"] for table in tables for item in catalogue.get_check_constraints(table)},
        "foreign": {
            item["name"]: item["options"].get("ondelete")
            for table in tables
            for item in catalogue.get_foreign_keys(table)
        },
        "indexes": {
            item["name"]: item["column_names"]
            for table in tables
            for item in catalogue.get_indexes(table)
            if not item["unique"]
        },
    }


async def test_every_constraint_and_index_is_there_by_the_same_name(db: Database) -> None:
    engine = await db.engine()
    async with engine.connect() as connection:
        found = await connection.run_sync(described)
    assert found["tables"] == {"users", "roles", "posts", "user_roles", "follows"}
    assert found["uniques"] >= {"uq_users_email", "uq_users_username", "uq_roles_name"}
    assert found["checks"] >= {"ck_users_username_not_empty", "ck_follows_not_oneself"}
    assert found["foreign"] == dict.fromkeys(
        (
            "fk_posts_author_id",
            "fk_user_roles_user_id",
            "fk_user_roles_role_id",
            "fk_follows_follower_id",
            "fk_follows_followed_id",
        ),
        "CASCADE",
    )
    assert found["indexes"] == {
        "ix_users_is_active_created_at": ["is_active", "created_at"],
        "ix_posts_author_id_created_at": ["author_id", "created_at"],
        "ix_posts_pinned_order": ["pinned_order"],
        "ix_user_roles_role_id": ["role_id"],
        "ix_follows_followed_id": ["followed_id"],
    }


async def test_broken_rules_are_the_same_errors_with_the_same_facts(db: Database, ada: User, person: Person) -> None:
    taken = person("bob", email=ada.email)
    for values, kind, columns in (
        (taken, errors.UniqueViolation, ("email",)),
        (person("ada", email="x@example.com"), errors.UniqueViolation, ("username",)),
        (person("", email="x@example.com"), errors.CheckViolation, None),
    ):
        with pytest.raises(kind) as caught:
            async with db.write() as session:
                await session.create(User, None, **values)
        assert caught.value.table == "users"
        assert columns is None or caught.value.columns == columns
    with pytest.raises(errors.ForeignKeyViolation):
        async with db.write() as session:
            await session.create(Post, title="x", author_id=uuid4())
    with pytest.raises(errors.CheckViolation):
        async with db.write() as session:
            await session.execute(follows.insert().values(follower_id=ada.id, followed_id=ada.id))
    async with db.read() as session:
        assert await session.count(User) == 1
        assert not await session.exists(Post)


async def test_relationships_are_followed_and_cascades_are_the_databases(
    db: Database, ada: User, person: Person
) -> None:
    async with db.write() as session:
        user = await session.one(User, select(User).options(selectinload(User.roles), selectinload(User.following)))
        bob = await session.create(User, None, **person("bob"))
        user.roles.append(Role(name="admin"))
        user.following.append(bob)
        await session.create(Post, title="Hello", author_id=ada.id)
    async with db.read() as session:
        loading = select(User).where(User.username == "bob").options(selectinload(User.followers))
        assert [follower.id for follower in (await session.one(User, loading)).followers] == [ada.id]
    async with db.write() as session:
        await session.delete(await session.one(User, ada))
    async with db.read() as session:
        assert [user.username for user in await session.all(User)] == ["bob"]
        assert await session.count(Role) == 1
        assert not await session.exists(Post)
        assert not await session.exists(select(follows))


def test_schemas_and_model_agree() -> None:
    assert set(UserIn.model_fields) | set(UserPatch.model_fields) <= set(inspect(User).columns.keys())
    assert "password_hash" not in UserOut.model_fields


async def test_protected_columns_are_the_codes_alone(db: Database, ada: User) -> None:
    for name in ("is_admin", "password_hash", "id", "created_at"):
        with pytest.raises(errors.ProtectedField):
            async with db.write() as session:
                await session.patch(await session.one(User, ada), {name: "x"})

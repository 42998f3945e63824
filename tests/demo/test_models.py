"""The demo's tables are what they claim to be on every driver: constraints, indexes and cascades, by the same names."""

from typing import Any

from sqlalchemy import Connection, inspect

from crosslet import Database

CHECKS = {
    "ck_users_latitude_in_range",
    "ck_users_longitude_in_range",
    "ck_follows_not_oneself",
    "ck_accounts_never_overdrawn",
    "ck_transfers_positive",
    "ck_transfers_between_two",
}
UNIQUES = {
    "uq_users_email": ["email"],
    "uq_roles_name": ["name"],
    "uq_accounts_owner_id_name": ["owner_id", "name"],
    "uq_transfers_token": ["token"],
}
FOREIGN_KEYS = {
    "fk_user_roles_user_id": "CASCADE",
    "fk_user_roles_role_id": "CASCADE",
    "fk_follows_follower_id": "CASCADE",
    "fk_follows_followed_id": "CASCADE",
    "fk_posts_author_id": "CASCADE",
    "fk_comments_post_id": "CASCADE",
    "fk_comments_author_id": "SET NULL",
    "fk_accounts_owner_id": "RESTRICT",
    "fk_transfers_source_id": "RESTRICT",
    "fk_transfers_target_id": "RESTRICT",
}
INDEXES = {
    "ix_users_is_active_created_at": ["is_active", "created_at"],
    "ix_user_roles_role_id": ["role_id"],
    "ix_follows_followed_id": ["followed_id"],
    "ix_posts_author_id_created_at": ["author_id", "created_at"],
    "ix_posts_published_at": ["published_at"],
    "ix_comments_post_id": ["post_id"],
    "ix_comments_author_id": ["author_id"],
    "ix_transfers_source_id": ["source_id"],
    "ix_transfers_target_id": ["target_id"],
}


def described(connection: Connection) -> dict[str, list[Any]]:
    catalogue = inspect(connection)
    readers = {
        "checks": catalogue.get_check_constraints,
        "uniques": catalogue.get_unique_constraints,
        "foreign_keys": catalogue.get_foreign_keys,
        "indexes": catalogue.get_indexes,
    }
    tables = catalogue.get_table_names()
    return {kind: [item for table in tables for item in read(table)] for kind, read in readers.items()}


async def test_every_constraint_and_index_is_there_by_its_name(database: Database) -> None:
    await database.create_all()
    engine = await database.engine()
    async with engine.connect() as connection:
        found = await connection.run_sync(described)
    assert {item["name"] for item in found["checks"]} >= CHECKS
    assert {item["name"]: item["column_names"] for item in found["uniques"]} == UNIQUES
    # MariaDB reports no RESTRICT, which is what it does where nothing is said.
    actions = {item["name"]: item["options"].get("ondelete", "RESTRICT") for item in found["foreign_keys"]}
    assert actions == FOREIGN_KEYS
    indexes = {item["name"]: item for item in found["indexes"] if not item["unique"]}
    assert {name: item["column_names"] for name, item in indexes.items()} == INDEXES


async def test_the_index_of_published_posts_is_partial_where_the_database_can(database: Database) -> None:
    await database.create_all()
    engine = await database.engine()
    async with engine.connect() as connection:
        found = await connection.run_sync(described)
    (index,) = [item for item in found["indexes"] if item["name"] == "ix_posts_published_at"]
    conditions = [str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")]
    assert ["published_at IS NOT NULL" in condition for condition in conditions] == (
        [] if engine.dialect.name in {"mysql", "mariadb"} else [True]
    )

"""The index of what is unique while it lives, as each database has it."""

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, UniqueConstraint
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateIndex, DropIndex

from crosslet import Portable, SoftDelete, UniqueAlive, errors

PARTIAL = "CREATE UNIQUE INDEX uq_users_tenant_email_alive ON users (tenant, email) WHERE deleted_at IS NULL"
GENERATED = (
    "ALTER TABLE users ADD COLUMN uq_users_tenant_email_alive_on TINYINT "
    "GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN 1 END) VIRTUAL INVISIBLE, "
    "ADD UNIQUE INDEX uq_users_tenant_email_alive (tenant, email, uq_users_tenant_email_alive_on)"
)
DROPPED = "ALTER TABLE users DROP INDEX uq_users_tenant_email_alive, DROP COLUMN uq_users_tenant_email_alive_on"


class Base(Portable, DeclarativeBase):
    pass


class User(SoftDelete, Base):
    __tablename__ = "users"
    __table_args__ = (UniqueAlive("tenant", "email"), Index("plain", "email"))
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant: Mapped[int]
    email: Mapped[str] = mapped_column(String(80))


INDEXES = {str(index.name): index for index in User.metadata.tables["users"].indexes}
INDEX = INDEXES["uq_users_tenant_email_alive"]


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (postgresql.dialect(), PARTIAL),
        (sqlite.dialect(), PARTIAL),
        (mysql.dialect(), GENERATED),
        (mysql.dialect(is_mariadb=True), GENERATED),
    ],
)
def test_the_index_of_each_database(dialect: Dialect, expected: str) -> None:
    assert str(CreateIndex(INDEX).compile(dialect=dialect)) == expected


def test_other_indexes_are_made_and_dropped_as_ever() -> None:
    dialect = mysql.dialect()
    assert str(CreateIndex(INDEXES["plain"]).compile(dialect=dialect)) == "CREATE INDEX plain ON users (email)"
    assert str(DropIndex(INDEXES["plain"]).compile(dialect=dialect)).strip() == "DROP INDEX plain ON users"
    assert str(DropIndex(INDEX).compile(dialect=dialect)) == DROPPED


def test_a_table_without_soft_delete_has_no_living_rows() -> None:
    with pytest.raises(errors.ConfigurationError, match="SoftDelete"):
        Table("t", MetaData(), Column("id", Integer, primary_key=True), UniqueAlive("id"))
    with pytest.raises(errors.ConfigurationError, match="email"):
        UniqueAlive()


def test_it_has_a_name_of_ones_own() -> None:
    table = Table("t", MetaData(), Column("x", Integer), Column("deleted_at", Integer), UniqueAlive("x", name="mine"))
    assert {str(index.name) for index in table.indexes} == {"mine"}
    assert not [one for one in table.constraints if isinstance(one, UniqueConstraint)]

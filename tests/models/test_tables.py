"""The DDL that models become, as golden text a dialect, and the names in it.

CROSSLET_REWRITE_CASES=1 rewrites the files under tests/cases/models; review the difference as text.
"""

import os
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateIndex, CreateTable

from crosslet.models import BigIntKey, ExactDecimal, Portable, Timestamps, UUIDKey

CASES = Path(__file__).parent.parent / "cases" / "models"
DIALECTS: dict[str, Dialect] = {
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
    "mysql": mysql.dialect(),  # type: ignore[no-untyped-call]
    "mariadb": MariaDBDialect(),
    "sqlite": sqlite.dialect(),
}
LONG = "a_table_whose_name_is_as_long_as_the_names_of_tables_may_be"


class Base(Portable, Timestamps, DeclarativeBase):
    pass


class Account(UUIDKey, Base):
    """One column of each kind, and each kind of constraint and index."""

    __tablename__ = "accounts"
    email: Mapped[str] = mapped_column(String(255), unique=True)
    balance: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))
    settings: Mapped[dict[str, Any] | None]
    biography: Mapped[str | None]
    portrait: Mapped[bytes | None]
    ratio: Mapped[float]
    active: Mapped[bool]
    born: Mapped[date | None]
    wakes: Mapped[time | None]
    seen_at: Mapped[datetime | None] = mapped_column(index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)

    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_positive"),
        CheckConstraint("ratio > 0"),
        UniqueConstraint("owner_id", "born"),
        Index(None, "active", "created_at"),
    )


class Event(BigIntKey, Base):
    __tablename__ = "events"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class Long(BigIntKey, Base):
    __tablename__ = LONG
    first_column: Mapped[int] = mapped_column(unique=True)
    second_column: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (CheckConstraint("first_column > 0", name="first_column_is_positive"),)


friends = Table(
    "friends",
    Base.metadata,
    Column("left_id", ForeignKey("accounts.id"), primary_key=True),
    Column("right_id", ForeignKey("accounts.id"), primary_key=True),
    CheckConstraint("left_id <> right_id", name="not_self"),
)


class Legacy(BigIntKey, Base):
    __tablename__ = "legacy"
    name: Mapped[str] = mapped_column(String(20))
    __table_args__ = {"mysql_engine": "MyISAM", "mysql_charset": "latin1", "mariadb_collate": "utf8mb4_bin"}  # noqa: RUF012


def ddl(table: Table, dialect: Dialect) -> str:
    statements = [CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))]
    texts = (str(statement.compile(dialect=dialect)).strip() for statement in statements)
    return "\n".join(line.rstrip() for text in texts for line in f"{text};".splitlines()) + "\n"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", ["accounts", "events", "friends", "legacy", "long_names"])
def test_ddl_is_as_reviewed(case: str, dialect: str) -> None:
    made = ddl(Base.metadata.tables[LONG if case == "long_names" else case], DIALECTS[dialect])
    file = CASES / case / f"{dialect}.sql"
    if os.environ.get("CROSSLET_REWRITE_CASES") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    assert made == file.read_text()


def names_of(table: Table) -> set[str]:
    return {str(item.name) for item in (*table.constraints, *table.indexes) if item.name is not None}


def test_long_names_are_cut_to_one_length_and_stay_apart() -> None:
    names = names_of(Base.metadata.tables[LONG])
    assert all(len(name.encode()) <= 63 for name in names)
    assert len(names) == 4  # unique, index, foreign key, check
    texts = [ddl(Base.metadata.tables[LONG], dialect) for dialect in DIALECTS.values()]
    assert all(name in text for name in names for text in texts)


def test_two_unnamed_checks_differ_by_their_text() -> None:
    class Own(Portable, DeclarativeBase):
        pass

    table = Table("t", Own.metadata, Column("n", Integer), CheckConstraint("n > 1"), CheckConstraint("n > 5"))
    assert len(names_of(table)) == 2


def test_an_index_on_an_expression_is_named_after_its_columns() -> None:
    class Own(Portable, DeclarativeBase):
        pass

    table = Table("t", Own.metadata, Column("email", String(5)), Column("n", Integer))
    Index(None, func.lower(table.c.email))
    Index(None, table.c.n.desc())
    Index(None, table.c.email, table.c.n)
    assert names_of(table) == {"ix_t_email_expr", "ix_t_n_expr", "ix_t_email_n"}


def test_a_convention_of_the_users_own_is_kept() -> None:
    class Own(Portable, BigIntKey, DeclarativeBase):
        metadata = MetaData(naming_convention={"uq": "%(table_name)s_%(column_0_name)s_key"})

    class Row(Own):
        __tablename__ = "rows"
        code: Mapped[str] = mapped_column(String(5), unique=True)

    assert "rows_code_key" in names_of(Row.__table__)
    assert Row.__table__.kwargs["mysql_engine"] == "InnoDB"


def test_tables_of_another_base_are_left_alone() -> None:
    table = Table("t", MetaData(), Column("n", String(5), unique=True))
    assert not table.kwargs
    assert names_of(table) == set()


def test_a_copied_table_keeps_its_options_and_each_constraint_once() -> None:
    copy = Base.metadata.tables["accounts"].to_metadata(MetaData())
    assert ddl(copy, DIALECTS["sqlite"]).count("typeof") == 1
    assert copy.kwargs == Base.metadata.tables["accounts"].kwargs


async def test_every_table_can_be_made_and_dropped(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)


async def test_text_is_compared_exactly(engine: AsyncEngine) -> None:
    class Words(Portable, BigIntKey, DeclarativeBase):
        pass

    class Word(Words):
        __tablename__ = "words"
        text: Mapped[str] = mapped_column(String(20), unique=True)

    spellings = ["acb", "ACB", "acb ", "äcb", "😀"]
    async with engine.begin() as connection:
        await connection.run_sync(Words.metadata.create_all)
    async with engine.begin() as connection:
        await connection.execute(insert(Word), [{"text": text} for text in spellings])
        for text in spellings:
            assert (await connection.scalars(select(Word.text).where(Word.text == text))).all() == [text]
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(insert(Word).values(text="acb"))

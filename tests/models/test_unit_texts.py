"""A CHECK or a default that is text means the same amount on every database, or is refused on SQLite."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, literal, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

import crosslet.models  # noqa: F401 - teaches the compiler
from crosslet import Database, ExactDecimal, errors


def table(*checks: CheckConstraint, default: Any = None) -> Table:
    return Table(
        "accounts",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("balance", ExactDecimal(12, 2), server_default=default),
        Column("credit", ExactDecimal(12, 2)),
        Column("rate", ExactDecimal(12, 4)),
        Column("count", Integer),
        *checks,
    )


def ddl(made: Table, dialect: Any = sqlite) -> str:
    return str(CreateTable(made).compile(dialect=dialect.dialect()))


@pytest.mark.parametrize(
    "sql",
    [
        "balance >= 0",
        "accounts.balance > 0.00",
        "balance >= credit AND balance IS NOT NULL",
        "balance BETWEEN 0 AND credit",
        "count <= 100",
    ],
)
def test_text_that_means_the_same_in_any_unit(sql: str) -> None:
    assert f"CHECK ({sql})" in ddl(table(CheckConstraint(sql)))


@pytest.mark.parametrize(
    "sql", ["balance <= 100", "balance > -1", "balance >= rate", "balance < count", "abs(balance) >= 0"]
)
def test_text_that_would_mean_another_amount(sql: str) -> None:
    made = table(CheckConstraint(sql, name="limit"))
    with pytest.raises(errors.ConfigurationError, match="smallest unit"):
        ddl(made)
    assert sql in ddl(made, postgresql)


def test_the_advice_for_a_check_works() -> None:
    balance = Column("balance", ExactDecimal(12, 2))
    made = Table(
        "limits", MetaData(), Column("id", Integer, primary_key=True), balance, CheckConstraint(balance <= 100)
    )
    assert "balance <= 10000" in ddl(made)
    assert "balance <= 100" in ddl(made, postgresql)


@pytest.mark.parametrize("default", ["0", "0.00", text("0"), text("NULL")])
def test_a_default_of_nothing(default: Any) -> None:
    assert "DEFAULT" in ddl(table(default=default))


@pytest.mark.parametrize("default", ["5", "5.00", text("1 + 1")])
def test_a_default_that_would_be_another_amount(default: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="literal"):
        ddl(table(default=default))


async def test_the_advice_for_a_default_works(url: str) -> None:
    made = table(default=literal(Decimal("5.00"), ExactDecimal(12, 2)))
    async with Database(url, metadata=made.metadata) as db:
        await db.create_all()
        async with db.write() as session:
            await session.execute(made.insert().values(id=1))
            assert await session.scalar(made.select().with_only_columns(made.c.balance)) == Decimal("5.00")

"""ExactDecimal: the same exact answers on every driver, or a refusal."""

from collections.abc import AsyncIterator
from decimal import Decimal, localcontext
from typing import Any

import pytest
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    CheckConstraint,
    Column,
    Executable,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    case,
    cast,
    column,
    create_engine,
    func,
    insert,
    literal,
    null,
    select,
    text,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.schema import CreateTable

from crosslet.errors import ConfigurationError, InvalidValue
from crosslet.models import BigIntKey, ExactDecimal, Portable

BALANCES = [Decimal("0.10"), Decimal("0.20"), Decimal("0.30"), None]


class Base(Portable, BigIntKey, DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    balance: Mapped[Decimal | None] = mapped_column(ExactDecimal(12, 2))
    rate: Mapped[Decimal] = mapped_column(ExactDecimal(9, 4), default=Decimal("0.0001"))
    size: Mapped[int] = mapped_column(default=2)


balance = Account.balance


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add_all(Account(balance=amount) for amount in BALANCES)
        await session.commit()
        yield session


ONE = Account.id == 1
ANSWERS: dict[str, tuple[Any, Any]] = {
    "column": (select(balance).where(ONE), "0.10"),
    "sum": (select(func.sum(balance)), "0.60"),
    "empty-sum": (select(func.coalesce(func.sum(balance), 0)).where(Account.id < 0), "0.00"),
    "coalesce-decimal": (select(func.coalesce(balance, Decimal("7.25"))).where(Account.id == 4), "7.25"),
    "min": (select(func.min(balance)), "0.10"),
    "max": (select(func.max(balance)), "0.30"),
    "window": (select(func.sum(balance).over(order_by=Account.id)).order_by(Account.id).offset(1).limit(1), "0.30"),
    "count": (select(func.count(balance)), 3),
    "add": (select(balance + Decimal("1.50")).where(ONE), "1.60"),
    "add-int": (select(balance + 1).where(ONE), "1.10"),
    "add-many": (select(balance + balance + Decimal("0.01") + balance).where(ONE), "0.31"),
    "subtract": (select(balance - Decimal("0.30")).where(ONE), "-0.20"),
    "subtract-from": (select(1 - balance).where(ONE), "0.90"),
    "literal-first": (select(literal(5) - balance).where(ONE), "4.90"),
    "negate": (select(-balance).where(ONE), "-0.10"),
    "times-int": (select(balance * 3).where(ONE), "0.30"),
    "int-times": (select(3 * balance).where(ONE), "0.30"),
    "times-column": (select(balance * Account.size).where(ONE), "0.20"),
    "case": (select(func.sum(case((balance > Decimal("0.10"), balance), else_=0))), "0.50"),
    "case-else-decimal": (select(case((balance > 1, balance), else_=Decimal("9.99"))).where(ONE), "9.99"),
    "case-null": (select(func.sum(case((balance > Decimal("0.1"), balance), else_=null()))), "0.50"),
    "abs": (select(func.abs(-balance, type_=ExactDecimal(12, 2))).where(ONE), "0.10"),
    "lag": (
        select(func.lag(balance, 1, type_=ExactDecimal(12, 2)).over(order_by=Account.id))
        .order_by(Account.id)
        .offset(1)
        .limit(1),
        "0.10",
    ),
    "cast": (select(cast(Decimal("1.5"), ExactDecimal(12, 2))), "1.50"),
    "equal": (select(func.count()).where(balance == Decimal("0.1")), 1),
    "greater": (select(func.count()).where(balance > Decimal("0.10")), 2),
    "between": (select(func.count()).where(balance.between(Decimal("0.1"), Decimal("0.20"))), 2),
    "in": (select(func.count()).where(balance.in_([Decimal("0.1"), Decimal("0.30")])), 2),
    "in-select": (select(func.count()).where(balance.in_(select(func.max(balance)))), 1),
    "is-null": (select(func.count()).where(balance.is_(None)), 1),
    "having": (select(func.sum(balance)).having(func.sum(balance) == Decimal("0.60")), "0.60"),
    "subquery": (select(Account.id).where(balance == select(func.max(balance)).scalar_subquery()), 3),
    "derived": (select(func.sum(select((balance + 1).label("b")).subquery().c.b)), "3.60"),
    "union": (select(func.sum(union_all(select(balance), select(balance)).subquery().c.balance)), "1.20"),
    "other-scale": (select(Account.rate).where(ONE), "0.0001"),
    "beyond-the-precision": (select(func.count()).where(balance < 10**12), 3),
}


def shown(found: Any) -> Any:
    """Show a decimal with its places, which count here."""
    return str(found) if isinstance(found, Decimal) else found


EXPECTED = {question: expected for question, (_, expected) in ANSWERS.items()}


async def test_sql_is_exact(session: AsyncSession) -> None:
    for _ in range(2):  # the second time from the statement cache
        found = {question: shown(await session.scalar(statement)) for question, (statement, _) in ANSWERS.items()}
        assert found == EXPECTED


async def test_is_distinct_from_counts_null(session: AsyncSession) -> None:
    assert await session.scalar(select(func.count()).where(balance.is_distinct_from(Decimal("0.10")))) == 3


async def test_a_cached_statement_takes_the_next_number(session: AsyncSession) -> None:
    for number in (Decimal("7.25"), 3, Decimal("0.01")):
        fallback = select(func.coalesce(balance, number)).where(Account.id == 4)
        assert await session.scalar(fallback) == number


async def test_sql_is_exact_with_its_numbers_written_out(session: AsyncSession) -> None:
    found = {}
    for question, (statement, _) in ANSWERS.items():
        written = statement.compile(session.bind, compile_kwargs={"literal_binds": True})
        plain = text(str(written).replace(":", "\\:"))
        answer = plain.columns(*(column("answer", part.type) for part in statement.selected_columns))
        found[question] = shown(await session.scalar(answer))
    assert found == EXPECTED


async def test_an_update_in_sql_is_exact(session: AsyncSession) -> None:
    enough = balance >= Decimal("0.15")
    result = await session.execute(update(Account).where(enough).values(balance=balance - Decimal("0.15")))
    assert result.rowcount == 2  # type: ignore[attr-defined]
    account = await session.get_one(Account, 1)
    account.balance = balance + Decimal("99.9")
    await session.commit()
    assert (await session.scalars(select(balance).order_by(Account.id))).all() == [
        Decimal("100.00"), Decimal("0.05"), Decimal("0.15"), None
    ]  # fmt: skip


async def test_a_result_outside_the_precision_is_refused_by_the_database(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError):
        await session.execute(update(Account).values(balance=balance + Decimal("9999999999.99")))
    await session.rollback()
    assert await session.scalar(select(func.sum(balance))) == Decimal("0.60")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.1, "wrong_type"),
        ("0.1", "wrong_type"),
        (True, "wrong_type"),
        (Decimal("NaN"), "not_finite"),
        (Decimal("-Infinity"), "not_finite"),
        (Decimal("1.005"), "too_many_decimal_places"),
        (Decimal("9999999999.995"), "too_many_decimal_places"),
        (Decimal(10) ** 10, "out_of_range"),
        (-(10**10), "out_of_range"),
        (Decimal("1e400"), "out_of_range"),
    ],
)
async def test_nothing_is_rounded(session: AsyncSession, value: Any, code: str) -> None:
    with pytest.raises(StatementError) as caught:
        await session.execute(insert(Account.__table__).values(balance=value))
    assert isinstance(caught.value.orig, InvalidValue)
    assert [problem.code for problem in caught.value.orig.problems] == [code]
    assert str(value) not in str(caught.value.orig)


@pytest.mark.parametrize("limit", [Decimal("0.005"), 0.5])
async def test_numbers_to_compare_with_are_held_to_the_scale(session: AsyncSession, limit: Any) -> None:
    with pytest.raises(StatementError) as caught:
        await session.scalars(select(balance).where(balance > limit))
    assert isinstance(caught.value.orig, InvalidValue)


MONEY = st.decimals(min_value=Decimal(-(10**10)) + 1, max_value=Decimal(10**10) - 1, places=2)


@given(MONEY, MONEY)
def test_units_go_there_and_back(first: Decimal, second: Decimal) -> None:
    column_type, dialect = ExactDecimal(12, 2), sqlite.dialect()
    units = [column_type.process_bind_param(number, dialect) for number in (first, second)]
    assert all(type(unit) is int for unit in units)
    assert [column_type.process_result_value(unit, dialect) for unit in units] == [first, second]
    assert (units[0] < units[1]) is (first < second)
    assert column_type.process_result_value(units[0] + units[1], dialect) == first + second


def test_the_applications_decimal_context_changes_nothing() -> None:
    column_type, dialect = ExactDecimal(18, 2), sqlite.dialect()
    with localcontext(prec=3):
        unit = column_type.process_bind_param(Decimal("1234567890123456.78"), dialect)
        assert unit == 123456789012345678
        assert str(column_type.process_result_value(unit, dialect)) == "1234567890123456.78"


@pytest.mark.parametrize(("precision", "scale"), [(19, 2), (0, 0), (2, 3), (5, -1)])
def test_a_precision_that_cannot_be_kept_is_refused(precision: int, scale: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot be exact everywhere"):
        ExactDecimal(precision, scale)


REFUSED_ANYWHERE = {
    "divide": lambda: balance / 2,
    "divide-by": lambda: 2 / balance,
    "floor-divide": lambda: balance // 2,
    "modulo": lambda: balance % 2,
    "times-decimal": lambda: balance * Decimal("1.19"),
    "times-float": lambda: 1.19 * balance,
    "times-itself": lambda: balance * balance,
    "concatenate": lambda: balance.concat("x"),
    "like": lambda: balance.like("1%"),
}


@pytest.mark.parametrize("operation", REFUSED_ANYWHERE)
def test_what_databases_round_differently_is_refused_anywhere(operation: str) -> None:
    with pytest.raises(ConfigurationError, match="ExactDecimal"):
        REFUSED_ANYWHERE[operation]()


REFUSED_ON_SQLITE: dict[str, Select[Any]] = {
    "avg": select(func.avg(balance)),
    "round": select(func.round(balance, 1)),
    "untyped-abs": select(func.abs(balance)),
    "json": select(func.json_object("balance", balance)),
    "cast": select(cast(balance, Float)),
    "cast-integer": select(cast(Account.size, ExactDecimal(12, 2))),
    "integer-plus": select(Account.size + balance),
    "plus-integer": select(balance + Account.size),
    "integer-less": select(Account.id).where(Account.size < balance),
    "chained": select(Account.size + Account.size + balance),
    "other-scale": select(balance + Account.rate),
    "compare-other-scale": select(Account.id).where(balance == Account.rate),
    "coalesce-integer": select(func.coalesce(balance, Account.size)),
    "case-integer": select(case((Account.id > 1, balance), else_=Account.size)),
    "case-integer-first": select(case((Account.id > 1, Account.size), else_=balance)),
    "bit-operator": select(balance.op("|")(1)),
}


@pytest.mark.parametrize("question", REFUSED_ON_SQLITE)
def test_what_would_mix_units_is_refused_on_sqlite(question: str) -> None:
    statement = REFUSED_ON_SQLITE[question]
    with pytest.raises(ConfigurationError, match="smallest unit"):
        statement.compile(dialect=sqlite.dialect())
    statement.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]


ASSIGNED: dict[str, Executable] = {
    "integer": update(Account).values(balance=Account.size),
    "integer-by-column": update(Account).values({Account.balance: Account.size + 1}),
    "literal": update(Account).values(balance=literal(5)),
    "other-scale": update(Account.__table__).values(balance=Account.__table__.c.rate),
    "insert": insert(Account).values(balance=select(func.max(Account.size)).scalar_subquery()),
}


@pytest.mark.parametrize("question", ASSIGNED)
def test_an_expression_of_another_unit_is_not_stored_on_sqlite(question: str) -> None:
    with pytest.raises(ConfigurationError, match="storing this expression"):
        ASSIGNED[question].compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]


def test_an_objects_attribute_may_not_become_another_unit() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        account = Account(balance=Decimal(1))
        session.add(account)
        session.flush()
        account.balance = Account.size * 2
        with pytest.raises(ConfigurationError, match="storing this expression"):
            session.flush()
    engine.dispose()


def test_an_expression_in_a_check_is_scaled_too() -> None:
    table = Table("t", MetaData(), Column("price", ExactDecimal(6, 2)))
    table.append_constraint(CheckConstraint(table.c.price >= Decimal("1.5"), name="minimum"))
    assert "CHECK (price >= 150)" in str(CreateTable(table).compile(dialect=sqlite.dialect()))
    assert "CHECK (price >= 1.50)" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def test_alembic_makes_the_range_check_on_sqlite_and_writes_it_nowhere() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        script = render_python_code(produce_migrations(context, Base.metadata).upgrade_ops)  # type: ignore[arg-type]
        assert "ExactDecimal(precision=12, scale=2)" in script
        assert "typeof" not in script
        operations = Operations(context)
        operations.create_table("t", Column("id", Integer, primary_key=True), Column("price", ExactDecimal(6, 2)))
        with operations.batch_alter_table("t", recreate="always") as batch:
            batch.add_column(Column("tax", ExactDecimal(6, 2)))
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 't'"))
        assert "typeof(price)" in made
        assert "typeof(tax)" in made
    engine.dispose()


def test_units_may_be_asked_for_by_name() -> None:
    statement = select(func.avg(type_coerce(balance, Integer)))
    assert "avg(accounts.balance)" in str(statement.compile(dialect=sqlite.dialect()))


def test_a_number_that_is_no_whole_unit_is_reported_and_not_guessed() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(ConfigurationError, match=r"no whole count of 0\.01"):
        connection.execute(text("SELECT 1.5 AS balance").columns(balance=ExactDecimal(12, 2))).scalar()
    engine.dispose()

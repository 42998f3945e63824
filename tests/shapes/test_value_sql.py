"""The SQL around each kind of column, as golden text a dialect: MySQL's, too, which no other test runs.

CROSSLET_REWRITE_CASES=1 rewrites the files under tests/cases/shapes/values; review the difference as text.
"""

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Dialect, Integer, MetaData, Numeric, String, Table, Text, TypeDecorator, func, select
from sqlalchemy.dialects import mysql, oracle, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased
from sqlalchemy.types import PickleType, TypeEngine, UserDefinedType

from crosslet.errors import ConfigurationError
from crosslet.models import BigIntKey, Portable
from crosslet.shapes.kinds import kind_of
from crosslet.shapes.values import Target, value_of
from shapes.value_cases import Case, cases_of

CASES = Path(__file__).parent.parent / "cases" / "shapes" / "values"
DIALECTS: dict[str, Dialect] = {
    "postgresql": asyncpg.dialect(),  # type: ignore[no-untyped-call]
    "mysql": mysql.dialect(),  # type: ignore[no-untyped-call]
    "mariadb": MariaDBDialect(),
    "sqlite": sqlite.dialect(),
}


def sql_of(case: Case, target: Target, *, exact: bool) -> str:
    value = value_of(case.type, kind_of(case.annotation, case.config), target, exact=exact)
    if value is None or value.same is not exact:
        return "rows"
    return str(value.write(Column("v", case.type)).compile(dialect=target.dialect))


def golden(database: str) -> str:
    target = Target(DIALECTS[database])
    found: dict[str, list[str]] = {}
    for case in cases_of(database):
        ways = {way: sql_of(case, target, exact=way == "same") for way in ("same", "read")}
        type_ = " ".join(case.type.compile(target.dialect).split())
        head = f"-- {case.name}: {type_} -> {getattr(case.annotation, '__name__', case.annotation)}"
        shared = ways["same"] == ways["read"]
        found[head] = [ways["same"]] if shared else [f"{sql}  -- {way}" for way, sql in ways.items()]
    return "".join(f"{head}\n" + "".join(f"{line}\n" for line in lines) for head, lines in found.items())


@pytest.mark.parametrize("database", DIALECTS)
def test_the_sql_is_what_was_reviewed(database: str) -> None:
    file, made = CASES / f"{database}.sql", golden(database)
    if os.environ.get("CROSSLET_REWRITE_CASES") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    assert made == file.read_text()


class Upper(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value.upper() if value is not None else None


class Wrapped(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return func.decrypt(column)


class Named(TypeDecorator[str]):
    """Has no code for what is read."""

    impl = String(5)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value


class Point(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self) -> str:
        return "POINT"


@pytest.mark.parametrize("database", DIALECTS)
@pytest.mark.parametrize("type_", [Upper(), Wrapped(), Point(), PickleType(), Text().with_variant(Upper(), *DIALECTS)])
def test_python_code_in_a_type_needs_rows(type_: TypeEngine[Any], database: str) -> None:
    for exact in (True, False):
        assert value_of(type_, kind_of(str), Target(DIALECTS[database]), exact=exact) is None
        assert value_of(type_, kind_of(Any), Target(DIALECTS[database]), exact=exact) is None


@pytest.mark.parametrize("database", DIALECTS)
def test_a_type_without_code_for_reading_is_what_it_decorates(database: str) -> None:
    value = value_of(Named(), kind_of(str), Target(DIALECTS[database]), exact=True)
    assert value is not None
    assert value.same


def test_a_custom_format_on_sqlite_needs_rows() -> None:
    odd = sqlite.DATE(storage_format="%(month)02d/%(day)02d/%(year)04d", regexp=r"(\d+)/(\d+)/(\d+)")
    assert value_of(odd, kind_of(date), Target(DIALECTS["sqlite"]), exact=True) is None


class Base(Portable, DeclarativeBase):
    pass


class Person(BigIntKey, Base):
    __tablename__ = "people"
    name: Mapped[str]


def test_text_is_not_converted_where_the_model_says_it_is_utf8() -> None:
    target = Target(DIALECTS["mariadb"])
    value = value_of(String(), kind_of(str), target, exact=True)
    assert value is not None
    other = Table("other", MetaData(), Column("name", String), mysql_charset="latin1")
    for column, converted in ((Person.name, False), (aliased(Person).name, False), (other.c.name, True)):
        text = str(value.write(column.__clause_element__()).compile(dialect=target.dialect))
        assert ("CONVERT" in text) is converted


def test_an_expression_stands_in_parentheses_and_percents_are_doubled_for_drivers_that_format() -> None:
    target = Target(DIALECTS["mysql"])
    value = value_of(mysql.DATETIME(fsp=3), kind_of(datetime), target, exact=True)
    assert value is not None
    column = Column("v", mysql.DATETIME(fsp=3))
    text = str(value.write(column + Column("w", Integer)).compile(dialect=target.dialect))
    assert text == "REPLACE(DATE_FORMAT((v + w), '%%Y-%%m-%%dT%%H:%%i:%%s.%%f'), '.000000', '')"


def test_cache_keys_tell_columns_and_sql_apart() -> None:
    column = Column("v", Numeric(20, 10))
    keys = set()
    for scale in (7, 8):
        value = value_of(Numeric(20, scale), kind_of(Decimal), Target(DIALECTS["mariadb"]), exact=True)
        assert value is not None
        keys |= {select(value.write(one))._generate_cache_key().key for one in (column, Column("w", Numeric(20, 10)))}
        assert select(value.write(column))._generate_cache_key().key in keys
    assert len(keys) == 4


def test_other_databases_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="oracle"):
        value_of(Text(), kind_of(str), Target(oracle.dialect()), exact=True)

"""Column types that mean the same on every database: times and JSON. Exact decimals are in decimals.py."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Boolean, ColumnElement, DateTime, Dialect
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from crosslet.errors import InvalidValue, Problem

_NAIVE: Final = Problem("value", "needs a time zone, such as datetime.now(UTC)", "naive_datetime")


class UTCDateTime(TypeDecorator[datetime]):
    """Store a moment in UTC with microseconds, and give it back aware, in UTC.

    TIMESTAMP WITH TIME ZONE on PostgreSQL, DATETIME(6) on MySQL and MariaDB, text of fixed width on SQLite: order
    and comparison are the same. Sums with a timedelta are made in Python, not in SQL (`>= now - timedelta(days=1)`).

    Raises:
        InvalidValue: A datetime without a time zone, or another type, was given.
    """

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return the type of the values."""
        return datetime

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no time zone, and turn the rest to UTC."""
        if value is None:
            return None
        if problem := moment_problem(value):
            raise InvalidValue([problem])
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Make the answer aware; PostgreSQL's drivers give the session's time zone or UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment_problem(value: object) -> Problem | None:
    """Say why a value is no moment in time, None if it is one."""
    if not isinstance(value, datetime):
        return Problem("value", "must be a date and time", "wrong_type")
    if value.tzinfo is UTC:
        return None
    if value.tzinfo is None or value.utcoffset() is None:
        return _NAIVE
    try:
        value.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar, seen from another time zone
        return Problem("value", "is outside the calendar", "out_of_range")
    return None


class utc_now(FunctionElement[datetime]):  # noqa: N801 - it is written and read as a SQL function
    """Ask the database for the time, in UTC: a server default, or a value inside a statement.

    PostgreSQL answers with the start of the transaction, MySQL and MariaDB with that of the statement. SQLite
    knows milliseconds only.
    """

    type = UTCDateTime()
    inherit_cache = True


@compiles(utc_now, "postgresql")
def _now_on_postgresql(element: utc_now, compiler: SQLCompiler, **kw: Any) -> str:
    return "now()"


@compiles(utc_now, "mysql", "mariadb")
def _now_on_mysql(element: utc_now, compiler: SQLCompiler, **kw: Any) -> str:
    return "utc_timestamp(6)"


@compiles(utc_now, "sqlite")
def _now_on_sqlite(element: utc_now, compiler: SQLCompiler, **kw: Any) -> str:
    # As wide as what SQLAlchemy stores, or text comparison would go wrong.
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


class _JSONBoolean(FunctionElement[bool]):
    """True, false or NULL at a path; SQLAlchemy's own answers false on MySQL where there is nothing."""

    type = Boolean()
    inherit_cache = True


@compiles(_JSONBoolean)
def _boolean(element: _JSONBoolean, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(_JSONBoolean, "mysql", "mariadb")
def _boolean_on_mysql(element: _JSONBoolean, compiler: SQLCompiler, **kw: Any) -> str:
    path = next(iter(element.clauses))
    place = ", ".join(compiler.process(side, **kw) for side in (path.left, path.right))
    return f"CASE JSON_EXTRACT({place}) WHEN 'null' THEN NULL WHEN true THEN true WHEN false THEN false END"


class _JSONComparator(TypeDecorator.Comparator[Any], JSON.Comparator[Any]):
    __slots__ = ()

    def as_boolean(self) -> ColumnElement[bool]:
        return _JSONBoolean(super().as_boolean())  # type: ignore[no-untyped-call]


class PortableJSON(TypeDecorator[Any]):
    """Store JSON: JSONB on PostgreSQL, JSON elsewhere. None is SQL's NULL.

    Paths are read and filtered alike on every database:
    `User.settings["theme"]["dark"].as_boolean()`, `User.settings["tags"][0].as_string() == "new"`.
    A change inside the value is not seen: assign a new one (`user.settings = user.settings | {"theme": "dark"}`).
    """

    impl = JSON
    cache_ok = True
    hashable = False
    comparator_factory = _JSONComparator

    def __init__(self) -> None:
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Leave the types of keys and of compared values to JSON itself."""
        return self.impl_instance.coerce_compared_value(op, value)

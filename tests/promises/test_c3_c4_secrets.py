"""C3, C4: values and passwords stay out of answers, logs, texts and tracebacks, whatever goes wrong."""

import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import Database, PoolSettings, Session, errors
from crosslet.web import Writer, install
from fix_databases import Target
from promises.databases import usual
from promises.serving import ask
from promises.tables import Item

SECRET = "s3cr3t-4711"
TARGET_LOGGERS = ("crosslet", "sqlalchemy", "asyncpg", "psycopg", "asyncmy", "aiomysql", "uvicorn", "fastapi")


class Base(DeclarativeBase):
    metadata = MetaData()


class Person(Base):
    """Every kind of constraint that a value can break."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(60), unique=True)
    age: Mapped[int] = mapped_column(default=1)
    price: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    token: Mapped[Any] = mapped_column(Uuid, nullable=True)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    friend_id: Mapped[str | None] = mapped_column(ForeignKey("person.email"))
    __table_args__ = (CheckConstraint("age < 200", name="person_age"),)


class Name(Base):
    """A unique expression: PostgreSQL then repeats the value in another form."""

    __tablename__ = "name"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


Index("name_lower", func.lower(Name.name), unique=True).ddl_if(dialect="postgresql")

INSERT = text("INSERT INTO person (email, age, friend_id) VALUES (:email, :age, :friend)")


def insert(**values: Any) -> Callable[[Session], Awaitable[Any]]:
    given = {"email": SECRET, "age": 1, "friend": None} | values

    async def step(session: Session) -> None:
        await session.execute(INSERT, given)

    return step


def orm(**values: Any) -> Callable[[Session], Awaitable[Any]]:
    async def step(session: Session) -> None:
        session.add(Person(**{"email": SECRET, "age": 1} | values))
        await session.flush()

    return step


def sql(statement: str, **values: Any) -> Callable[[Session], Awaitable[Any]]:
    async def step(session: Session) -> None:
        await session.execute(text(statement), values)

    return step


async def twice(session: Session) -> None:
    await insert()(session)
    await insert()(session)


async def twice_by_orm(session: Session) -> None:
    await orm()(session)
    await orm()(session)


async def expression(session: Session) -> None:
    for _ in range(2):
        session.add(Name(name=f"({SECRET.replace('-', '_')})=({SECRET})"))
        await session.flush()


FAULTS: dict[str, Callable[[Session], Awaitable[Any]]] = {
    "unique": twice,
    "unique by orm": twice_by_orm,
    "unique expression": expression,
    "missing reference": insert(friend=SECRET + "x"),
    "check": insert(age=1000),
    "null": insert(email=None, friend=SECRET),
    "text for a number": insert(age=SECRET),
    "text for a number by orm": orm(age=SECRET),
    "text for a decimal by orm": orm(price=SECRET),
    "text for a uuid by orm": orm(token=SECRET),
    "number for bytes by orm": orm(photo=SECRET),
    "an object by orm": orm(price=[SECRET]),
    "a dict for text": insert(email={SECRET: SECRET}),
    "not a date": sql("SELECT CAST(:value AS DATE) FROM person WHERE id = CAST(:value AS INTEGER)", value=SECRET),
    "no such table": sql("SELECT * FROM no_such_table WHERE name = :value", value=SECRET),
    "no such column": sql("SELECT nothing FROM person WHERE email = :value", value=SECRET),
    "syntax": sql("SELEKT :value", value=SECRET),
    "a surrogate": insert(email=SECRET + "\ud800"),
    "a nul byte": insert(email=SECRET + "\0"),
    "too long": insert(email=SECRET * 30),
    "too large": insert(age=2**70, friend=SECRET),
    "a name in a value": insert(email="x", age=f"x' for column `{SECRET}` y"),
    "too few values": sql("SELECT :value, :other", value=SECRET),
}


@asynccontextmanager
async def people(url: str, **options: Any) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base, **options) as db:
        await db.create_all()
        yield db


def texts_of(error: BaseException) -> str:
    """Write down everything that a log or a careless handler would."""
    shown = [str(error), repr(error), "".join(traceback.format_exception(error))]
    if isinstance(error, errors.DatabaseError):
        facts = [error.constraint, error.table, error.columns, error.sqlstate, error.statement, error.args, error.code]
        shown += [repr(facts), repr(getattr(error, "params", None))]
    return "\n".join(shown)


def without_sources(shown: str) -> str:
    """Leave out the lines of source code in a traceback: they are the program's, and hold no values."""
    return "\n".join(line for line in shown.splitlines() if not line.startswith("    "))


def records_of(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
    records = [record for record in caplog.records if record.name.partition(".")[0] in TARGET_LOGGERS]
    return "\n".join(formatter.format(record) + repr(record.__dict__.get("args")) for record in records)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Keep what is logged: crosslet's own at its lowest level, the others' as a curious operator would set them."""
    caplog.set_level(logging.INFO)
    for name in TARGET_LOGGERS:
        caplog.set_level(logging.INFO, logger=name)
    caplog.set_level(logging.DEBUG, logger="crosslet")
    return caplog


async def test_the_usual_text_of_an_error_is_full_of_values(url: str) -> None:
    async with usual(url) as data, data.session() as session:
        session.add_all([Item(name=SECRET), Item(name=SECRET)])
        with pytest.raises(Exception, match=SECRET):
            await session.flush()


async def test_no_error_says_a_value(url: str, logged: pytest.LogCaptureFixture) -> None:
    async with people(url, echo=True) as db:
        for name, fault in FAULTS.items():
            caught: BaseException | None = None
            try:
                async with db.write() as session:
                    await fault(session)
                    raise errors.NotFound("fault")
            except Exception as error:
                caught = error
            assert caught is not None
            assert SECRET not in without_sources(texts_of(caught)), name
            assert SECRET.replace("-", "_") not in without_sources(texts_of(caught)), name
            assert SECRET not in records_of(logged), name


async def test_the_values_can_be_shown_for_development(url: str, logged: pytest.LogCaptureFixture) -> None:
    """So that the tests around are known to see what they look for."""
    async with people(url, echo=True, show_values=True) as db:
        with pytest.raises(errors.UniqueViolation):
            async with db.write() as session:
                await twice(session)
        assert SECRET in records_of(logged)


async def test_no_answer_says_a_value(url: str, logged: pytest.LogCaptureFixture) -> None:
    async with people(url) as db:
        app = FastAPI()
        install(app, db)

        @app.post("/faults/{name}")
        async def run(name: str, session: Writer, careless: bool = False) -> None:
            try:
                await FAULTS[name](session)
            except Exception as error:
                if careless:
                    raise HTTPException(400, f"{error} {error!r} {error.__cause__}") from error
                raise

        for name in FAULTS:
            for careless in ("false", "true"):
                path = f"/faults/{name.replace(' ', '%20')}?careless={careless}&token={SECRET}"
                answer = await ask(app, "POST", path.replace("%20", " "))
                shown = answer.body.decode() + json.dumps(answer.headers)
                assert SECRET not in shown, (name, careless)
                assert SECRET.replace("-", "_") not in shown, (name, careless)
                raised = without_sources(texts_of(answer.raised)) if answer.raised else ""
                assert SECRET not in raised, name
        assert SECRET not in records_of(logged)


# --- the URL -----------------------------------------------------------------------------------------

PASSWORD = "p4ss-0815"


def with_password(url: str) -> str:
    return url.replace("crosslet@", f"crosslet:{PASSWORD}@")


async def test_a_refused_login_does_not_show_the_password(
    target: Target, url: str, logged: pytest.LogCaptureFixture
) -> None:
    if target.server is None:
        pytest.skip("SQLite has no login")
    wrong = f"{with_password(url)}_missing"
    for options in ({}, {"pool": "serverless"}, {"echo": True}):
        async with Database(wrong, **options) as db:  # type: ignore[arg-type]
            with pytest.raises(errors.CannotConnect) as caught:
                await db.ping()
            shown = [
                *map(repr, (db, db.settings, await db.engine(), caught.value)),
                str(db),
                db.url,
                records_of(logged),
            ]
            shown += [without_sources(texts_of(caught.value)), repr((await db.engine()).url)]
            assert PASSWORD not in "\n".join(shown)
            assert "***" in db.url


def test_nothing_listens_and_the_text_has_no_password() -> None:
    db = Database(f"postgresql+asyncpg://crosslet:{PASSWORD}@127.0.0.1:1/x", pool=PoolSettings())
    assert PASSWORD not in f"{db!r} {db} {db.url} {db.settings!r}"


@pytest.mark.parametrize("name", ["password", "passwd", "PASSWORD", "sslpassword", "api_token", "pwd"])
@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "mysql+aiomysql", "mariadb+asyncmy"])
def test_a_password_in_the_query_is_refused_without_being_shown(scheme: str, name: str) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        Database(f"{scheme}://crosslet@localhost/x?{name}={PASSWORD}")
    assert PASSWORD not in without_sources(texts_of(caught.value))
    assert name in str(caught.value)


BROKEN = [
    f"postgresql://crosslet:{PASSWORD}",
    f"postgresql://crosslet:{PASSWORD}@localhost:port/x",
    f"postgresql//crosslet:{PASSWORD}@localhost/x",
    f"nosuch://crosslet:{PASSWORD}@localhost/x",
    f"postgresql+nosuch://crosslet:{PASSWORD}@localhost/x",
    f"crosslet:{PASSWORD}@localhost/x",
    f"postgresql://crosslet:a@{PASSWORD}@localhost/x",
    f"postgresql://crosslet:a/b{PASSWORD}@[::1/x",
    f" {PASSWORD}",
]


@pytest.mark.parametrize("broken", range(len(BROKEN)))
def test_a_broken_url_is_not_repeated(broken: int) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        Database(BROKEN[broken])
    assert PASSWORD not in without_sources(texts_of(caught.value))


async def test_a_select_of_values_logs_none(url: str, logged: pytest.LogCaptureFixture) -> None:
    async with people(url, echo=True) as db, db.read() as session:
        await session.execute(select(Person).where(Person.email == SECRET))
        assert "SELECT person.id" in records_of(logged)
        assert SECRET not in records_of(logged)

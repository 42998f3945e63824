"""From a URL to dialect and driver, and what a URL may not carry."""

import pytest
from sqlalchemy import URL, make_url

from crosslet.dialects import Dialect, MariaDB, MySQL, PostgreSQL, SQLite, dialect_of, lookup, parse_url
from crosslet.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://h/d", "postgresql+asyncpg"),
        ("postgres://h/d", "postgresql+asyncpg"),
        ("postgres+psycopg://h/d", "postgresql+psycopg"),
        ("mysql://h/d", "mysql+asyncmy"),
        ("mariadb://h/d", "mariadb+asyncmy"),
        ("mysql+aiomysql://h/d", "mysql+aiomysql"),
        ("sqlite://", "sqlite+aiosqlite"),
        ("sqlite:///x.db", "sqlite+aiosqlite"),
    ],
)
def test_a_bare_url_gets_the_preferred_driver(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


def test_the_rest_of_a_url_is_kept() -> None:
    url = parse_url("postgres://app:p%40ss@db.example:6432/shop?application_name=x")
    assert (url.username, url.password, url.host, url.port, url.database, dict(url.query)) == (
        "app",
        "p@ss",
        "db.example",
        6432,
        "shop",
        {"application_name": "x"},
    )


def test_a_url_object_will_do() -> None:
    assert parse_url(URL.create("sqlite", database="x.db")) == make_url("sqlite+aiosqlite:///x.db")


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("", "cannot be read"),
        ("localhost/shop", "cannot be read"),
        ("postgresql://app:s3cret@h:port/d", "cannot be read"),
        ("oracle://h/d", "oracle:// is not a database crosslet knows"),
        ("postgresql+psycopg2://h/d", r"write postgresql\+asyncpg, postgresql\+psycopg, or leave it out"),
        ("postgresql+aiopg://h/d", "aiopg has no dialect for SQLAlchemy 2"),
        ("mysql+pymysql://h/d", r"write mysql\+asyncmy, mysql\+aiomysql"),
        ("sqlite+pysqlite://", r"write sqlite\+aiosqlite"),
        ("postgresql://h/d?password=s3cret", r"\?password=, which logs and errors would show"),
        ("mysql://h/d?PASSWD=s3cret", r"\?PASSWD="),
        ("postgresql://h/d?sslpassword=s3cret", r"\?sslpassword="),
        ("postgresql://h/d?auth_token=s3cret", r"\?auth_token="),
    ],
)
def test_what_cannot_work_is_refused_with_advice_and_without_secrets(given: str, advice: str) -> None:
    with pytest.raises(ConfigurationError, match=advice) as caught:
        parse_url(given)
    shown: BaseException | None = caught.value
    while shown is not None:
        assert "s3cret" not in str(shown)
        shown = shown.__cause__ or (None if shown.__suppress_context__ else shown.__context__)


@pytest.mark.parametrize("url", ["postgresql://h/d", "postgresql+asyncpg://h/d"])
def test_a_driver_that_is_not_installed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="pip install"):
        parse_url(url)


def test_the_second_driver_is_taken_where_the_first_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "find_spec", lambda name: None if name == "asyncpg" else object())
    assert parse_url("postgresql://h/d").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "kind"),
    [("postgres://h/d", PostgreSQL), ("mysql://h/d", MySQL), ("mariadb://h/d", MariaDB), ("sqlite://", SQLite)],
)
def test_the_dialect_of_a_url(url: str, kind: type[Dialect]) -> None:
    dialect = dialect_of(url)
    assert (type(dialect), dialect.version) == (kind, ())
    assert dialect.with_version([8, 4]).version == (8, 4)


@pytest.mark.parametrize("url", ["sqlite://app.db", "sqlite+aiosqlite://localhost/app.db"])
def test_a_host_for_a_file_is_refused_with_the_right_spelling(url: str) -> None:
    with pytest.raises(ConfigurationError, match="sqlite:///path"):
        parse_url(url)


def test_half_of_a_password_is_never_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_url("postgresql://u:p@ss/w@localhost:1/db")
    assert "ss" not in str(caught.value).replace("password", "")


def test_blanks_around_a_url_do_not_count() -> None:
    assert parse_url(" sqlite:///app.db\n").database == "app.db"

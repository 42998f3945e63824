"""From a URL to the dialect and driver that serve it; what a URL may not carry."""

from importlib.util import find_spec

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from crosslet.dialects.base import Dialect
from crosslet.dialects.mariadb import MariaDB
from crosslet.dialects.mysql import MySQL
from crosslet.dialects.postgresql import PostgreSQL
from crosslet.dialects.sqlite import SQLite
from crosslet.errors import ConfigurationError

_DIALECTS: dict[str, Dialect] = {
    "postgresql": PostgreSQL(),
    "mysql": MySQL(),
    "mariadb": MariaDB(),
    "sqlite": SQLite(),
}
# Heroku and others hand out this spelling; SQLAlchemy dropped it in 1.4.
_OTHER_NAMES = {"postgres": "postgresql"}
# A secret in the query string is shown by every repr of the URL, which masks the password's slot only.
_SECRETS = ("password", "passwd", "pwd", "secret", "token")

_UNREADABLE = (
    "The database URL cannot be read. Write `dialect://user:password@host:port/database`, with special characters of "
    "the password percent-encoded (urllib.parse.quote); for a file `sqlite:///path`."
)


def parse_url(url: str | URL) -> URL:
    """Read a database URL and give it an installed async driver.

    `postgresql://`, `postgres://`, `mysql://`, `mariadb://` and `sqlite://` get the first installed driver of
    theirs: asyncpg, psycopg · asyncmy, aiomysql · aiosqlite. A driver that the URL names is kept.

    Raises:
        ConfigurationError: No URL, an unknown database, a driver that is not async or not installed,
            or a secret in the query string. The text never shows the URL's password.
    """
    try:
        parsed = make_url(url.strip() if isinstance(url, str) else url)
    except (ArgumentError, ValueError):
        # SQLAlchemy's message repeats the text, password and all.
        raise ConfigurationError(_UNREADABLE) from None
    backend = _OTHER_NAMES.get(parsed.get_backend_name(), parsed.get_backend_name())
    dialect = _dialect_named(backend)
    _refuse_places(parsed, dialect)
    _refuse_secrets(parsed)
    driver = parsed.drivername.partition("+")[2] or _installed_driver(dialect)
    _refuse_driver(dialect, driver)
    return parsed.set(drivername=f"{backend}+{driver}")


def dialect_of(url: str | URL) -> Dialect:
    """Return the dialect that serves a URL, its version not known yet.

    Raises:
        ConfigurationError: As `parse_url`.
    """
    return _dialect_named(parse_url(url).get_backend_name())


def _dialect_named(name: str) -> Dialect:
    if name not in _DIALECTS:
        raise ConfigurationError(f"{name}:// is not a database crosslet knows: use one of {', '.join(_DIALECTS)}.")
    return _DIALECTS[name]


def _installed_driver(dialect: Dialect) -> str:
    for driver in dialect.drivers:
        if find_spec(driver) is not None:
            return driver
    raise ConfigurationError(
        f"No async driver for {dialect.name} is installed: `pip install 'crosslet[{dialect.extra}]'` brings "
        f"{dialect.drivers[0]}."
    )


def _refuse_driver(dialect: Dialect, driver: str) -> None:
    if driver == "aiopg":
        raise ConfigurationError(
            "aiopg has no dialect for SQLAlchemy 2: write postgresql+asyncpg or postgresql+psycopg."
        )
    if driver not in dialect.drivers:
        raise ConfigurationError(
            f"{driver} is not an async driver for {dialect.name}: write {dialect.name}+"
            f"{f', {dialect.name}+'.join(dialect.drivers)}, or leave it out."
        )
    if find_spec(driver) is None:
        raise ConfigurationError(f"The URL names {driver}, which is not installed: `pip install {driver}`.")


def _refuse_places(url: URL, dialect: Dialect) -> None:
    """Refuse a host where there is none, and what looks like a half of a password that was not encoded."""
    if dialect.has_server:
        if "@" in (url.host or "") or "@" in (url.database or ""):
            raise ConfigurationError(_UNREADABLE)
    elif url.host:
        raise ConfigurationError(
            f"A {dialect.name} URL names no host: write {dialect.name}:///path for a file of the working directory, "
            f"{dialect.name}:////path for an absolute one."
        )


def _refuse_secrets(url: URL) -> None:
    for name in url.query:
        if any(word in name.lower() for word in _SECRETS):
            raise ConfigurationError(
                f"The URL's query string holds ?{name}=, which logs and errors would show. Put the password "
                "before the host: `dialect://user:password@host/database`."
            )

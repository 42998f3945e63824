"""The first contact: which step failed, in words that hold no secret; TLS as asked for; MariaDB behind mysql://."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from connections.relay import relay
from crosslet import Database, Deadlines, Tls, errors
from crosslet.dialects import MariaDB
from crosslet.testing.servers import ProgramMissing, Server, start_postgresql
from fix_databases import Target

SECRET = "s3cret-word"


async def reason(url: object, **options: object) -> str:
    """Return why the connection failed; the error itself may show neither user nor password."""
    async with Database(url, **options) as db:  # type: ignore[arg-type]
        with pytest.raises(errors.CannotConnect) as caught:
            await db.ping()
    assert SECRET not in f"{caught.value} {caught.value!r} {caught.value.__cause__}"
    return caught.value.reason


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Give a port that nobody else can have and where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.needs("has_server")
async def test_nothing_listens(url: str, closed_port: int) -> None:
    away = make_url(url).set(port=closed_port, username=SECRET, password=SECRET)
    assert await reason(away) == f"nothing listens at 127.0.0.1:{closed_port}"


@pytest.mark.needs("has_server")
async def test_something_listens_and_says_nothing(url: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        away = make_url(url).set(port=silent.getsockname()[1], password=SECRET)
        assert (await reason(away, deadlines=Deadlines(connect=0.2))).startswith("no answer in time")


@pytest.mark.needs("has_server")
async def test_something_else_listens(url: str) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as stranger:
        away = make_url(url).set(port=stranger.sockets[0].getsockname()[1], password=SECRET)
        assert await reason(away, deadlines=Deadlines(connect=2))


@pytest.mark.needs("has_server")
async def test_a_host_that_cannot_be(url: str) -> None:
    away = make_url(url).set(host="a..b", password=SECRET)
    assert (await reason(away, tls="off")).startswith("the host name is not known")


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("name", ["certificates", "user_roles", "ssl_data", "passwords", "hotels"])
async def test_the_names_in_a_url_do_not_choose_the_reason(url: str, name: str) -> None:
    assert (await reason(make_url(url).set(database=name))).startswith("the database does not exist")


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("name", ["certificates", "database", "ssl_app"])
async def test_an_account_that_does_not_exist(url: str, name: str) -> None:
    found = await reason(make_url(url).set(username=name, password=SECRET))
    # PostgreSQL with trust knows no user; MariaDB never says which of the two was wrong.
    assert found.split(" at ")[0] in {
        "the server does not know the user",
        "the server refused the account",
        "the server refused user or password",
    }


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """Give a PostgreSQL server that asks some for a password and lets some in from nowhere."""
    try:
        server = start_postgresql()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with server:
        server.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE stranger LOGIN; CREATE DATABASE x")
        rules = server.execute("SHOW hba_file").strip()
        with open(rules, "r+") as file:
            before = file.read()
            file.seek(0)
            file.write(f"host all guarded all scram-sha-256\nhost all stranger all reject\n{before}")
        server.execute("SELECT pg_reload_conf()")
        yield server


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
async def test_a_wrong_password(guarded: Server, driver: str) -> None:
    url = make_url(guarded.url(driver, "x")).set(username="guarded", password=SECRET)
    assert (await reason(url)).startswith("the server refused user or password")
    async with Database(url.set(password="right")) as db:
        await db.ping()
        assert "right" not in db.url


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
async def test_an_account_that_may_not_come_from_here(guarded: Server, driver: str) -> None:
    url = make_url(guarded.url(driver, "x")).set(username="stranger")
    assert (await reason(url)).startswith("the server refused the account")


@pytest.mark.needs("has_server")
async def test_mariadb_behind_a_mysql_url(target: Target, url: str) -> None:
    if not isinstance(target.dialect, MariaDB):
        pytest.skip("it is about MariaDB")
    async with Database(make_url(url).set(drivername=f"mysql+{target.driver}")) as db:
        assert not db.dialect.can_return_inserted
        async with db.write() as session:
            await session.execute(text("CREATE TABLE t (x INT)"))
            returned = await session.scalar(text("INSERT INTO t VALUES (7) RETURNING x"))
        assert (type(db.dialect), returned) == (MariaDB, 7)
        assert db.url.startswith(f"mariadb+{target.driver}://")


# --- TLS ---------------------------------------------------------------------------------------------------


async def encrypted(database: Database) -> bool:
    engine = await database.engine()
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        return database.connections.driver.is_encrypted(raw)


def ca_file(target: Target) -> str:
    assert target.server is not None
    return str(target.server.ca_file)


async def test_tls_as_asked_for(tls_target: Target) -> None:
    url = await tls_target.make_url()
    modes = {"off": Tls(mode="off"), "require": Tls(mode="require"), "verify": Tls(ca_file=ca_file(tls_target))}
    found = {}
    for mode, tls in modes.items():
        async with Database(url, tls=tls) as db:
            found[mode] = await encrypted(db)
    assert found == {"off": False, "require": True, "verify": True}


async def test_a_certificate_of_an_unknown_authority(tls_target: Target) -> None:
    url = await tls_target.make_url()
    assert "certificate could not be verified" in await reason(url, tls="verify")


async def test_a_certificate_for_another_host(tls_target: Target) -> None:
    """127.0.0.2 leads to the same server, and is no name of its certificate."""
    url = make_url(await tls_target.make_url())
    with relay(url.port or 0, listen="127.0.0.2") as port:
        away, tls = url.set(host="127.0.0.2", port=port), ca_file(tls_target)
        assert "certificate could not be verified" in await reason(away, tls=Tls(ca_file=tls))
        async with Database(away, tls=Tls(mode="require", ca_file=tls)) as db:
            assert await encrypted(db)


@pytest.mark.needs("has_server")
async def test_a_server_without_tls_is_refused(url: str) -> None:
    found = await reason(make_url(url).set(password=SECRET), tls="require")
    assert "TLS" in found or "tls" in found


@pytest.mark.needs("has_server")
async def test_an_unknown_option_of_the_url_is_named(target: Target, url: str) -> None:
    option = "&no_such_option=1" if "?" in url else "?no_such_option=1"
    async with Database(url + option) as db:
        with pytest.raises(errors.ConfigurationError, match="no_such_option"):
            await db.ping()

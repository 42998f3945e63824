"""`crosslet check` on every driver: what it finds, and how it ends."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from sqlalchemy import URL, make_url

from connections.relay import relay
from crosslet import Database
from crosslet.dialects import MariaDB, PostgreSQL
from crosslet.testing.servers import ProgramMissing, Server, start_mariadb, start_postgresql
from fix_databases import Target

Command = Callable[..., Any]
# The suite's servers are made for speed.
EXPECTED_CODES = {"commits-not-durable"}


def envelope_of(result: Any) -> dict[str, Any]:
    """Return the envelope that `--json` printed; nothing else may be there."""
    assert result.stderr == ""
    envelope: dict[str, Any] = json.loads(result.stdout)
    assert list(envelope) == ["schema", "ok", "data", "diagnostics"]
    assert envelope["schema"] == "crosslet.check/1"
    assert envelope["ok"] is (result.exit_code == 0)
    for diagnostic in envelope["diagnostics"]:
        assert list(diagnostic) == ["code", "severity", "message", "fix"]
        assert diagnostic["severity"] in {"error", "warning", "note"}
    return envelope


def codes_of(envelope: dict[str, Any]) -> set[str]:
    return {diagnostic["code"] for diagnostic in envelope["diagnostics"]}


# --- what it finds -------------------------------------------------------------------------------------------


@pytest.mark.needs("has_server")
def test_the_facts_about_a_server(crosslet: Command, target: Target, url: str) -> None:
    assert target.server is not None
    envelope = envelope_of(crosslet("check", url, "--json"))
    data = envelope["data"]
    assert data["url"] == url
    assert data["server"]["version"].startswith(target.server.version)
    assert data["server"]["read_only"] is False
    assert data["driver"]["name"] == target.driver
    assert data["round_trip_ms"] > 0
    assert data["tls"] == {"mode": "off", "encrypted": False, "verified": False, "version": None, "cipher": None}
    assert data["time_zone"]["session"] in {"UTC", "+00:00"}
    assert data["isolation"] in target.dialect.isolation_levels
    assert data["encoding"] in {"UTF8", "utf8mb4"}
    assert data["pooler"] == {"state": "none seen", "signs": []}
    assert data["reader_refuses_writes"] is True
    assert codes_of(envelope) == EXPECTED_CODES


@pytest.mark.needs("has_server")
def test_the_servers_own_time_zone_is_told(crosslet: Command, target: Target, url: str) -> None:
    data = envelope_of(crosslet("check", url, "--json"))["data"]
    if target.source in {"postgresql-embedded", "mariadb"}:
        assert data["time_zone"]["server"] in {"Asia/Kathmandu", "+05:45"}
        assert "the server's default: " in crosslet("check", url).stdout


@pytest.mark.needs("has_server")
def test_the_sum_of_connections(crosslet: Command, url: str) -> None:
    connections = envelope_of(crosslet("check", url, "--json", "--processes", 3))["data"]["connections"]
    room = connections.pop("server")
    assert connections == {"processes": 3, "per_process": 15, "writers": 5, "readers": 10}
    assert room["left"] == room["max_connections"] - room["reserved"] - room["others"]
    assert room["account_limit"] is None


@pytest.mark.needs("has_server")
def test_too_many_processes(crosslet: Command, url: str) -> None:
    result = crosslet("check", url, "--processes", 40)
    assert result.exit_code == 1
    assert "error [pool-too-large] 40 x 15 = 600 connections may be opened" in result.stderr
    assert "Keep CROSSLET_POOL_WRITERS + CROSSLET_POOL_READERS at " in result.stderr
    assert "pool-too-large" not in crosslet("check", url, "--processes", 20, "--pool", "worker").stderr


@pytest.mark.needs("has_server")
def test_connections_of_others_are_subtracted(crosslet: Command, target: Target, url: str) -> None:
    """Those to another database are somebody else's; a second copy of the application is not."""
    assert target.server is not None

    def others() -> int:
        room = envelope_of(crosslet("check", url, "--json"))["data"]["connections"]["server"]
        return int(room["others"])

    before = others()
    with open_connection(make_url(url)):
        assert others() == before
    with open_connection(make_url(target.take_url())):
        assert others() == before + 1


@contextmanager
def open_connection(url: URL) -> Iterator[None]:
    """Keep a connection open, from a thread of its own, while the block runs."""
    with start_blocking_portal() as portal:
        database = Database(url)
        portal.call(database.ping)
        yield
        portal.call(database.close)


@pytest.mark.needs("has_server")
def test_the_columns_for_people(crosslet: Command, target: Target, url: str) -> None:
    result = crosslet("check", url)
    labels = [line.split("  ")[0] for line in result.stdout.splitlines()]
    assert labels == [
        *("url", "server", "driver", "round trip", "tls", "time zone", "isolation", "encoding", "settings"),
        *("pooler", "reader", "connections"),
    ]
    assert {len(line) - len(line.split("  ", 1)[1].lstrip()) for line in result.stdout.splitlines()} == {13}
    assert result.stdout.isascii()
    assert f"driver       {target.driver} " in result.stdout


def test_mariadb_behind_a_mysql_url(crosslet: Command, target: Target, url: str) -> None:
    if not isinstance(target.dialect, MariaDB):
        pytest.skip("it is about MariaDB")
    mysql = make_url(url).set(drivername=f"mysql+{target.driver}")
    data = envelope_of(crosslet("check", mysql.render_as_string(), "--json"))["data"]
    assert (data["server"]["product"], data["url"]) == ("MariaDB", url)


def test_what_check_leaves_behind(crosslet: Command, target: Target, url: str) -> None:
    """Nothing: neither a table nor an open connection."""
    crosslet("check", url)
    if isinstance(target.dialect, PostgreSQL):
        assert target.server is not None
        tables = "SELECT count(*) FROM pg_class WHERE relname LIKE 'crosslet%'"
        assert target.server.execute(tables, make_url(url).database).strip() == "0"
        mine = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{make_url(url).database}'"
        assert target.server.execute(mine).strip() == "0"


# --- TLS -----------------------------------------------------------------------------------------------------


def elsewhere(url: str) -> str:
    """Spell the loopback address so that it passes for another machine's."""
    return make_url(url).set(host="127.1").render_as_string()


def test_a_verified_connection(crosslet: Command, tls_target: Target) -> None:
    assert tls_target.server is not None
    url, ca_file = tls_target.take_url(), tls_target.server.ca_file
    tls = envelope_of(crosslet("check", url, "--tls", "verify", "--ca-file", ca_file, "--json"))["data"]["tls"]
    assert (tls["mode"], tls["encrypted"], tls["verified"]) == ("verify", True, True)
    assert tls["version"].startswith("TLSv1.")
    assert tls["cipher"]
    assert f"{tls['version']} {tls['cipher']}, server verified" in crosslet("check", url, "--ca-file", ca_file).stdout


def test_an_unverified_connection_to_another_machine(crosslet: Command, tls_target: Target) -> None:
    envelope = envelope_of(crosslet("check", elsewhere(tls_target.take_url()), "--tls", "require", "--json"))
    assert codes_of(envelope) == {"tls-unverified", *EXPECTED_CODES}
    assert (envelope["data"]["tls"]["encrypted"], envelope["data"]["tls"]["verified"]) == (True, False)


@pytest.mark.needs("has_server")
def test_plain_text_to_another_machine(crosslet: Command, url: str) -> None:
    result = crosslet("check", elsewhere(url), "--tls", "off")
    assert result.exit_code == 1
    assert "error [tls-off] Password and data cross the network in plain text." in result.stderr


@pytest.mark.needs("has_server")
def test_another_machine_is_verified_unasked(crosslet: Command, url: str) -> None:
    result = crosslet("check", elsewhere(url))
    assert result.exit_code == 4
    assert "The database cannot be reached: TLS failed" in result.stderr


# --- something in between ------------------------------------------------------------------------------------


def another_session(piece: bytes) -> bytes:
    """Change the session's number that a server announces at login, as poolers do."""
    key, greeting = piece.find(b"K\x00\x00\x00\x0c"), piece.find(b"\x00", 5)
    if key >= 0:  # PostgreSQL's BackendKeyData.
        return piece[: key + 5] + b"\x7f\x00\x00\x01" + piece[key + 9 :]
    if b"mysql_native_password" in piece:  # MySQL's greeting: protocol 10, version, number.
        return piece[: greeting + 1] + b"\x7f\x7f\x00\x00" + piece[greeting + 5 :]
    return piece


@pytest.mark.needs("has_server")
def test_a_forwarded_port_may_be_a_pooler(crosslet: Command, url: str) -> None:
    own = make_url(url).port or 0
    with relay(own) as port:
        envelope = envelope_of(crosslet("check", make_url(url).set(port=port).render_as_string(), "--json"))
    assert envelope["data"]["pooler"] == {
        "state": "possible",
        "signs": [f"the server's own port is {own}, the URL's is {port}"],
    }
    assert codes_of(envelope) == EXPECTED_CODES


@pytest.mark.needs("has_server")
def test_a_login_that_somebody_else_answered(crosslet: Command, url: str) -> None:
    with relay(make_url(url).port or 0, edit=another_session) as port:
        away = make_url(url).set(port=port).render_as_string()
        people, envelope = crosslet("check", away), envelope_of(crosslet("check", away, "--json"))
        expected = envelope_of(crosslet("check", away, "--pool", "pgbouncer", "--json"))
    assert envelope["data"]["pooler"]["state"] == "seen"
    assert "pooler-not-expected" in codes_of(envelope)
    assert "pooler       seen: the session announced at login is not the one that answers" in people.stdout
    assert "the pooler's own limits count" in people.stdout
    assert "pooler-not-expected" not in codes_of(expected)


def test_a_pooler_that_is_expected_and_not_there(crosslet: Command, target: Target, url: str) -> None:
    if not isinstance(target.dialect, PostgreSQL):
        pytest.skip("PgBouncer is PostgreSQL's")
    envelope = envelope_of(crosslet("check", url, "--pool", "pgbouncer", "--json"))
    assert codes_of(envelope) == {"pooler-not-seen", *EXPECTED_CODES}


# --- servers as they should be, and not ----------------------------------------------------------------------


@pytest.fixture(scope="module", params=[start_postgresql, start_mariadb], ids=["postgresql", "mariadb"])
def durable(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give a server that keeps its commits."""
    try:
        server = request.param(durable=True)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with server:
        server.create_database("shop")
        yield server


def url_on(server: Server) -> str:
    return server.url(next(iter(server.schemes)), "shop")


def test_a_server_as_it_should_be(crosslet: Command, durable: Server) -> None:
    result = crosslet("check", url_on(durable))
    assert (result.exit_code, result.stderr) == (0, "")
    assert envelope_of(crosslet("check", url_on(durable), "--json"))["diagnostics"] == []


def test_a_note_leaves_the_exit_code_alone(crosslet: Command, durable: Server) -> None:
    if durable.kind != "postgresql":
        pytest.skip("PgBouncer is PostgreSQL's")
    result = crosslet("check", url_on(durable), "--pool", "pgbouncer")
    assert result.exit_code == 0
    assert result.stderr.startswith("note [pooler-not-seen] ")


def test_a_server_that_is_not_strict(crosslet: Command, durable: Server) -> None:
    if durable.kind != "mariadb":
        pytest.skip("PostgreSQL always is")
    durable.execute("SET GLOBAL sql_mode = ''")
    try:
        result = crosslet("check", url_on(durable))
    finally:
        durable.execute("SET GLOBAL sql_mode = DEFAULT")
    assert result.exit_code == 1
    assert "warning [server-not-strict] crosslet's sessions are strict" in result.stderr


def test_a_server_that_takes_no_writes(crosslet: Command, durable: Server) -> None:
    if durable.kind != "mariadb":
        pytest.skip("a PostgreSQL replica needs a primary")
    durable.execute("SET GLOBAL read_only = 1")
    try:
        result = crosslet("check", url_on(durable))
    finally:
        durable.execute("SET GLOBAL read_only = 0")
    assert result.exit_code == 1
    assert "error [read-only-server] The server takes no writes" in result.stderr


def test_an_account_without_rights_or_room(crosslet: Command, durable: Server) -> None:
    """Asking needs no special right, and an account's own limit counts."""
    durable.execute(
        "CREATE ROLE guest LOGIN CONNECTION LIMIT 9"
        if durable.kind == "postgresql"
        else "CREATE USER guest WITH MAX_USER_CONNECTIONS 9; GRANT SELECT ON shop.* TO guest"
    )
    url = make_url(url_on(durable)).set(username="guest").render_as_string()
    if durable.kind == "postgresql":
        durable.execute('GRANT CONNECT ON DATABASE "shop" TO guest')
    envelope = envelope_of(crosslet("check", url, "--json"))
    assert envelope["data"]["reader_refuses_writes"] is True
    assert envelope["data"]["connections"]["server"]["account_limit"] == 9
    assert codes_of(envelope) == {"pool-too-large"}


# --- SQLite --------------------------------------------------------------------------------------------------


def test_a_file(crosslet: Command, tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    result = crosslet("check", "sqlite:///shop.db")
    assert (result.exit_code, result.stderr) == (0, "")
    data = envelope_of(crosslet("check", "sqlite:///shop.db", "--json", "--processes", 9))["data"]
    assert data["settings"] == {
        "journal_mode": "wal",
        "synchronous": "full",
        "busy_timeout_ms": "10000",
        "foreign_keys": "on",
    }
    assert (data["connections"]["server"], data["connections"]["writers"]) == (None, 1)
    assert (data["server"]["product"], data["reader_refuses_writes"]) == ("SQLite", True)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory(crosslet: Command, url: str) -> None:
    assert crosslet("check", url).exit_code == 0


def test_a_file_that_is_not_there_is_not_made(crosslet: Command, tmp_path: Path) -> None:
    result = crosslet("check")
    assert result.exit_code == 1
    assert f"warning [no-database-file] There is no file {tmp_path}/crosslet.db" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///none/shop.db", "opening the file failed, the file cannot be opened"),
        ("sqlite:///letter.db", "opening the file failed, the file is not an SQLite database"),
    ],
)
def test_a_file_that_cannot_be(crosslet: Command, tmp_path: Path, url: str, sentence: str) -> None:
    (tmp_path / "letter.db").write_text("This is a letter, not a database. " * 50)
    result = crosslet("check", url)
    assert (result.exit_code, result.stdout) == (4, "")
    assert sentence in result.stderr

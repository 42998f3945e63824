"""How `crosslet check` ends when it cannot do its work: one sentence, a code, no traceback, no secret."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import make_url

from fix_databases import Target

Command = Callable[..., Any]
SECRET = "s3cret-word"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Give a port that is open and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Give a port that nobody else can have and where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def refused(result: Any, code: int, sentence: str) -> None:
    assert (result.exit_code, result.stdout) == (code, "")
    assert sentence in result.stderr
    assert SECRET not in result.stderr
    assert 1 <= len(result.stderr.splitlines()) <= 2


def spelled(url: str, **parts: Any) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)


@pytest.mark.needs("has_server")
def test_nothing_listens(crosslet: Command, url: str, closed_port: int) -> None:
    result = crosslet("check", spelled(url, port=closed_port, password=SECRET))
    refused(result, 4, f"opening the connection failed, nothing listens at 127.0.0.1:{closed_port}.")
    assert "Start the server, or correct host and port in the URL." in result.stderr


@pytest.mark.needs("has_server")
def test_no_answer(crosslet: Command, url: str, silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLET_CONNECT_TIMEOUT", "0.2")
    result = crosslet("check", spelled(url, port=silent_port, password=SECRET))
    refused(result, 4, f"waiting for an answer failed, no answer in time at 127.0.0.1:{silent_port}.")


@pytest.mark.needs("has_server")
def test_no_such_host(crosslet: Command, url: str) -> None:
    refused(crosslet("check", spelled(url, host="a..b"), "--tls", "off"), 4, "looking up the host failed")


@pytest.mark.needs("has_server")
@pytest.mark.parametrize("name", ["nowhere", "TLS", "certificate", "closed"])
def test_no_such_database(crosslet: Command, target: Target, url: str, name: str) -> None:
    refused(crosslet("check", spelled(url, database=name)), 4, "choosing the database failed, the database does not")


@pytest.mark.needs("has_server")
def test_no_such_account(crosslet: Command, url: str) -> None:
    refused(crosslet("check", spelled(url, username="nobody_here", password=SECRET)), 4, "the login failed, the server")


@pytest.mark.needs("has_server")
def test_no_tls(crosslet: Command, url: str) -> None:
    result = crosslet("check", url, "--tls", "require")
    refused(result, 4, "The database cannot be reached: TLS failed")
    assert "Switch TLS on at the server." in result.stderr


def test_a_certificate_of_an_unknown_authority(crosslet: Command, tls_target: Target) -> None:
    result = crosslet("check", tls_target.take_url(), "--tls", "verify")
    refused(result, 4, "TLS failed, the server's certificate could not be verified")
    assert "--ca-file" in result.stderr


@pytest.mark.needs("has_server")
def test_unreachable_as_json(crosslet: Command, url: str, closed_port: int) -> None:
    result = crosslet("check", spelled(url, port=closed_port, password=SECRET), "--json")
    assert (result.exit_code, result.stderr) == (4, "")
    envelope = json.loads(result.stdout)
    assert (envelope["ok"], envelope["data"], len(envelope["diagnostics"])) == (False, {}, 1)
    assert (envelope["diagnostics"][0]["code"], envelope["diagnostics"][0]["severity"]) == ("cannot-connect", "error")
    assert SECRET not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["oracle://h/d"], "oracle:// is not a database crosslet knows"),
        (["nothing"], "The database URL cannot be read."),
        (["postgresql+psycopg2://h/d"], "psycopg2 is not an async driver for postgresql"),
        (["postgresql+aiopg://h/d"], "aiopg has no dialect for SQLAlchemy 2"),
        ([f"postgresql://h/d?password={SECRET}"], "holds ?password=, which logs and errors would show"),
        ([f"postgresql://u:{SECRET}@h:port/d"], "The database URL cannot be read."),
        (["postgresql://h/d?sslmode=prefer"], "may connect in plain text"),
        (["postgresql://h/d?sslmode=require", "--tls", "off"], "TLS is set twice"),
        (["sqlite://", "--pool", "huge"], "pool='huge' is not a preset: choose web, worker, serverless, pgbouncer"),
        (["sqlite://", "--tls", "maybe"], "tls='maybe' is not one of off, require, verify"),
        (["postgresql+asyncpg://h/d", "--ca-file", "/no/such.pem"], "a certificate or key file cannot be read"),
    ],
)
def test_what_cannot_work(crosslet: Command, arguments: list[str], sentence: str) -> None:
    refused(crosslet("check", *arguments), 3, sentence)
    envelope = json.loads(crosslet("check", *arguments, "--json").stdout)
    assert [item["code"] for item in envelope["diagnostics"]] == ["configuration-error"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CROSSLET_POOL", "huge"),
        ("CROSSLET_STATEMENT_TIMEOUT", "soon"),
        ("CROSSLET_POOL_READERS", "inf"),
        ("CROSSLET_NONSENSE", "1"),
        ("DATABASE_URL", "oracle://h/d"),
    ],
)
def test_what_the_environment_says_wrong(
    crosslet: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = crosslet("check")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("error [configuration-error] ")


def test_options_come_before_the_environment(crosslet: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "oracle://h/d")
    monkeypatch.setenv("CROSSLET_POOL", "huge")
    assert crosslet("check", "sqlite://", "--pool", "worker").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["chekc"],
        ["check", "--nonsense"],
        ["check", "--processes", "0"],
        ["check", "--processes", "many"],
        ["check", "a", "b"],
    ],
)
def test_a_command_line_that_cannot_be_read(crosslet: Command, arguments: list[str]) -> None:
    result = crosslet(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert result.stderr.isascii()

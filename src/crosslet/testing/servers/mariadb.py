"""MariaDB from the system's packages."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from crosslet.testing.servers.base import ACCOUNT, Server, start_on_free_port
from crosslet.testing.servers.certificates import make_certificates
from crosslet.testing.servers.process import Job, ServerProcess
from crosslet.testing.servers.programs import ProgramMissing, find_program, new_folder, unprivileged, version_of

_PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb")
_PLACES = ("usr/sbin", "usr/libexec", "usr/local/sbin", "opt/homebrew/opt/mariadb*/bin", "usr/local/opt/mariadb*/bin")
_SMALL = {
    "innodb-buffer-pool-size": "32M",
    "innodb-log-file-size": "16M",
    "key-buffer-size": "1M",
    "max-connections": "150",
    "performance-schema": "OFF",
    # The programs' own default is latin1; every distribution's configuration says this.
    "character-set-server": "utf8mb4",
    "innodb-fast-shutdown": "2",
}
_NOT_DURABLE = {"innodb-flush-log-at-trx-commit": "0", "innodb-doublewrite": "0"}
# A line is a statement. The anonymous accounts would win over one that may come from anywhere.
_ACCOUNTS = """\
DELETE FROM mysql.global_priv WHERE User = '';
FLUSH PRIVILEGES;
CREATE USER {account} IDENTIFIED BY '';
GRANT ALL PRIVILEGES ON *.* TO {account} WITH GRANT OPTION;
"""
# A connection may end by itself between being listed and being killed: error 1094.
_END_CONNECTIONS = """
DELIMITER //
BEGIN NOT ATOMIC
    DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
    FOR one IN (SELECT id FROM information_schema.processlist WHERE db = {name}) DO
        EXECUTE IMMEDIATE CONCAT('KILL CONNECTION ', one.id);
    END FOR;
END //
DELIMITER ;
"""


class MariaDBServer(Server):
    """A throw-away MariaDB server; the account may do everything on it, from any host and without a password."""

    kind = "mariadb"
    schemes: ClassVar = {"asyncmy": "mariadb+asyncmy", "aiomysql": "mariadb+aiomysql"}

    def execute(self, sql: str, database: str | None = None) -> str:
        """Run SQL with the mariadb client; see `Server.execute`."""
        options = {"protocol": "socket", "socket": str(self.folder / "socket"), "user": ACCOUNT}
        options["default-character-set"] = "utf8mb4"
        command = [*_command(_find()["mariadb"], options), "--batch", "--skip-column-names"]
        if database is not None:
            command.append(f"--database={database}")
        done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"mariadb: {done.stderr.strip()}")
        return done.stdout

    def create_database(self, name: str) -> None:
        """Create an empty database."""
        self.execute(f"CREATE DATABASE {_quote(name)}")

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the connections that use it."""
        self.execute(f"{_end_connections(name)}DROP DATABASE IF EXISTS {_quote(name)}")

    def empty_database(self, name: str) -> None:
        """Drop a database and create it again, ending the connections that use it."""
        quoted = _quote(name)
        self.execute(f"{_end_connections(name)}DROP DATABASE IF EXISTS {quoted}; CREATE DATABASE {quoted}")


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _end_connections(database: str) -> str:
    literal = database.replace("\\", "\\\\").replace("'", "''")
    return _END_CONNECTIONS.format(name=f"'{literal}'")


def start_mariadb(
    *,
    tls: bool = False,
    tls_names: Sequence[str] = ("localhost", "127.0.0.1"),
    durable: bool = False,
    settings: Mapping[str, str] | None = None,
) -> MariaDBServer:
    """Start the MariaDB of this machine (10.6 or newer).

    Args:
        tls: Offer TLS, with a certificate of an authority made for this server alone (`ca_file`).
        tls_names: Host names and addresses that the certificate is for.
        durable: Write every commit through to the disk: for measuring writes.
        settings: More server settings, such as `{"max-connections": "10"}`.

    Raises:
        ProgramMissing: No MariaDB here; the text says how to get it.
        ServerNotStarted: It did not start; the text ends with its log.
    """
    chosen = (_SMALL if durable else _SMALL | _NOT_DURABLE) | dict(settings or {})
    return start_on_free_port(lambda port: _start(port, tls_names if tls else (), chosen))


def mariadb_version() -> str:
    """Return the version that `start_mariadb` would start, such as `10.11.19`.

    Raises:
        ProgramMissing: As `start_mariadb`.
    """
    return version_of(_find()["mariadbd"])


def _find() -> dict[str, Path]:
    folders = [folder for place in _PLACES for folder in Path("/").glob(place)]
    found = {name: path for name in _PROGRAMS if (path := find_program(name, folders)) is not None}
    missing = [name for name in _PROGRAMS if name not in found]
    if missing:
        raise ProgramMissing(
            f"MariaDB's programs are not all on this machine ({', '.join(missing)} not found). Debian and Ubuntu: "
            "`apt-get install mariadb-server`. macOS: `brew install mariadb`."
        )
    return found


def _start(port: int, tls_names: Sequence[str], settings: dict[str, str]) -> MariaDBServer:
    programs = _find()
    account = unprivileged("mysql")
    with new_folder(account) as folder:
        accounts = folder / "accounts.sql"
        accounts.write_text(_ACCOUNTS.format(account=f"'{ACCOUNT}'@'%'"))
        accounts.chmod(0o644)
        options = {
            "datadir": str(folder / "data"),
            "port": str(port),
            "bind-address": Server.host,
            "skip-networking": "0",
            "skip-name-resolve": "1",
            "socket": str(folder / "socket"),
            "pid-file": str(folder / "pid"),
            "tmpdir": str(folder),
            "init-file": str(accounts),
            "ssl": "0",
        }
        ca_file = None
        if tls_names:
            made = make_certificates(folder / "tls", tls_names, account)
            options |= {"ssl": "1", "ssl-ca": str(made.authority), "ssl-cert": str(made.certificate)}
            options["ssl-key"] = str(made.key)
            ca_file = made.authority
        job = Job(
            prepare=[_install_command(programs["mariadb-install-db"], options | settings)],
            command=_command(programs["mariadbd"], options | settings),
            ready_line="ready for connections",
            folder=folder,
            account=account,
        )
        process = ServerProcess(job, patience=60)
        version = version_of(programs["mariadbd"])
        return MariaDBServer(process, version=version, port=port, folder=folder, ca_file=ca_file)


def _install_command(program: Path, options: Mapping[str, str]) -> list[str]:
    shared = {name: options[name] for name in ("datadir", "innodb-log-file-size", "tmpdir")}
    return [*_command(program, shared), "--skip-test-db", "--auth-root-authentication-method=normal"]


def _command(program: Path, options: Mapping[str, str]) -> list[str]:
    # --no-defaults comes first, or is not understood.
    return [str(program), "--no-defaults", *(f"--{name}={value}" for name, value in options.items())]

"""What a Database is told: pool, deadlines, TLS, retry. Small frozen groups, no behaviour of a database.

All times are seconds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, get_args

from crosslet.errors import ConfigurationError

PoolPreset = Literal["web", "worker", "serverless", "pgbouncer"]
TlsMode = Literal["off", "require", "verify"]


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ConfigurationError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How many connections one process may hold, and for how long.

    Readers and writers have a pool each, so that a reader's connections can be read-only for
    good, with nothing to send before a read. The process holds at most `writers + readers`.

    Args:
        writers: Connections for units that write; SQLite always has one, since it has one writer.
        readers: Connections for reads.
        wait: Seconds to wait for a free connection before PoolTimeout.
        lifetime: Seconds after which a connection is replaced when it is next taken.
        ping_after: Seconds of rest after which a connection is tested before use; a younger one is not.
        keep: False closes each connection after use (for functions that are frozen between calls); nothing then
            limits their number, so one unit at a time is assumed.
        transaction_pooler: True behind PgBouncer in transaction mode: no named prepared statements, and
            nothing is set on the session, which other clients share; limits are set inside each transaction.
        spool_bytes: Room on disk (in the folder for temporary files) for what waits for slow readers of streams, so
            that they hold no connection; of all streams of a Database together.
    """

    writers: int = 5
    readers: int = 10
    wait: float = 5.0
    lifetime: float = 1800.0
    ping_after: float = 5.0
    keep: bool = True
    transaction_pooler: bool = False
    spool_bytes: int = 1 << 30

    def __post_init__(self) -> None:
        _require(self.writers >= 1 and self.readers >= 1, "PoolSettings: writers and readers must be at least 1.")
        _require(self.wait > 0 and self.lifetime > 0, "PoolSettings: wait and lifetime must be more than 0 seconds.")
        _require(self.ping_after >= 0, "PoolSettings: ping_after must not be negative.")
        _require(self.spool_bytes >= 0, "PoolSettings: spool_bytes must not be negative.")

    @property
    def size(self) -> int:
        """Count the most connections that one process can hold."""
        return self.writers + self.readers

    @classmethod
    def preset(cls, name: str) -> Self:
        """Return a named preset.

        `web`: a server process with many short requests. `worker`: a queue consumer with few tasks at once.
        `serverless`: no connection outlives its unit. `pgbouncer`: `web` behind PgBouncer in transaction mode.

        Raises:
            ConfigurationError: The name is none of these.
        """
        presets = {
            "web": cls(),
            "worker": cls(writers=2, readers=2, wait=30.0),
            "serverless": cls(writers=1, readers=1, keep=False),
            "pgbouncer": cls(transaction_pooler=True),
        }
        if name not in presets:
            raise ConfigurationError(f"pool={name!r} is not a preset: choose {', '.join(presets)}, or PoolSettings().")
        return presets[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The longest each step may take, in seconds. After it the step fails; none waits for ever.

    Args:
        connect: TCP, TLS, login and session settings together.
        ping: Testing a rested connection, and `Database.ping()`.
        statement: One statement. The server is told to stop it (PostgreSQL `statement_timeout`, MariaDB
            `max_statement_time`; MySQL `max_execution_time`, which it applies to SELECT only); half a second
            later the connection is cut from here, in case the server does not answer any more.
        lock: Waiting for a row or table lock; MySQL and MariaDB round up to whole seconds. SQLite: the busy timeout.
        idle: A transaction that sends nothing (PostgreSQL and MariaDB end it; others are not able to).
        commit: COMMIT; past it the outcome is unknown.
        close: Giving a connection back, or closing it.
        hold: How long the client of a streamed answer may keep a connection waiting, in all. What it has not read by
            then is moved to a temporary file, and the connection is free.
    """

    connect: float = 5.0
    ping: float = 2.0
    statement: float = 30.0
    lock: float = 10.0
    idle: float = 60.0
    commit: float = 10.0
    close: float = 2.0
    hold: float = 5.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            _require(getattr(self, name) > 0, f"Deadlines: {name} must be more than 0 seconds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How a connection is encrypted.

    Args:
        mode: `off`; `require` encrypts without knowing to whom; `verify` also checks certificate and host name.
        ca_file: Certificates to trust, PEM; the system's where None.
        cert_file: The client's certificate, PEM.
        key_file: The client's private key, PEM.
    """

    mode: TlsMode = "verify"
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None

    def __post_init__(self) -> None:
        _require(self.mode in get_args(TlsMode), f"tls={self.mode!r} is not one of off, require, verify.")
        _require(self.key_file is None or self.cert_file is not None, "Tls: key_file needs cert_file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How a whole unit of work is run again after a failure that may pass.

    The wait before repetition n is random between 0 and `min(ceiling, first * 2**(n - 1))` ("full jitter",
    Marc Brooker, AWS Architecture Blog, 2015). No attempt starts after the budget is spent.

    Args:
        attempts: The most runs of the unit, the first included.
        budget: Seconds from the first start after which no further attempt begins.
        first: Upper bound of the first wait, seconds.
        ceiling: Upper bound of any wait, seconds.
    """

    attempts: int = 20
    budget: float = 10.0
    first: float = 0.02
    ceiling: float = 1.0

    def __post_init__(self) -> None:
        _require(self.attempts >= 1, "Retry: attempts must be at least 1.")
        positive = self.budget > 0 and self.first > 0 and self.ceiling > 0
        _require(positive, "Retry: times must be more than 0 seconds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a Database is told beside its URL.

    Args:
        echo: Log each statement, with its parameters only where show_values is True.
        show_values: Leave values in logs and in the texts of driver errors. For development.
        secrets: Sign cursors; the first for new ones.
    """

    pool: PoolSettings = field(default_factory=PoolSettings)
    deadlines: Deadlines = field(default_factory=Deadlines)
    tls: Tls | None = None
    retry: Retry = field(default_factory=Retry)
    echo: bool = False
    show_values: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)


def settings_from(environment: Mapping[str, str]) -> tuple[str, Settings]:
    """Read URL and settings from environment variables.

    `DATABASE_URL` (else a SQLite file `crosslet.db` in the working directory), `CROSSLET_POOL` (a preset),
    `CROSSLET_POOL_WRITERS`, `CROSSLET_POOL_READERS`, `CROSSLET_TLS`, `CROSSLET_TLS_CA_FILE`, `CROSSLET_ECHO`,
    `CROSSLET_SHOW_VALUES`, `CROSSLET_SECRET` (several with spaces between: the first signs), and
    `CROSSLET_<NAME>_TIMEOUT` for each of the Deadlines, in seconds.

    Raises:
        ConfigurationError: A variable starts with `CROSSLET_` and is not known, or its value does not fit.
    """
    given = {name[9:].lower(): value for name, value in environment.items() if name.startswith("CROSSLET_")}
    deadlines = {name: _number(given, f"{name}_timeout") for name in Deadlines.__slots__ if f"{name}_timeout" in given}
    pool = PoolSettings.preset(given.pop("pool", "web"))
    sizes = {name: _whole(given, f"pool_{name}") for name in ("writers", "readers") if f"pool_{name}" in given}
    settings = Settings(
        pool=_replace(pool, sizes),
        deadlines=Deadlines(**deadlines),
        tls=_tls(given),
        echo=_flag(given, "echo"),
        show_values=_flag(given, "show_values"),
        secrets=tuple(given.pop("secret", "").split()),
    )
    if given:
        unknown = ", ".join(f"CROSSLET_{name.upper()}" for name in sorted(given))
        raise ConfigurationError(f"{unknown}: not a setting. See docs/reference/settings.md for those there are.")
    return environment.get("DATABASE_URL") or "sqlite:///crosslet.db", settings


def _replace(pool: PoolSettings, sizes: dict[str, int]) -> PoolSettings:
    values = {name: getattr(pool, name) for name in PoolSettings.__slots__}
    return PoolSettings(**{**values, **sizes})


def _tls(given: dict[str, str]) -> Tls | None:
    mode, ca_file = given.pop("tls", None), given.pop("tls_ca_file", None)
    if mode is None and ca_file is None:
        return None
    return Tls(mode=mode or "verify", ca_file=ca_file)  # type: ignore[arg-type]  # __post_init__ checks the word


def _number(given: dict[str, str], name: str) -> float:
    text = given.pop(name)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigurationError(f"CROSSLET_{name.upper()}={text!r} is not a number.")
    return number


def _whole(given: dict[str, str], name: str) -> int:
    number = _number(given, name)
    if number != int(number):
        raise ConfigurationError(f"CROSSLET_{name.upper()}={number:g} is not a whole number.")
    return int(number)


def _flag(given: dict[str, str], name: str) -> bool:
    text = given.pop(name, "0").lower()
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise ConfigurationError(f"CROSSLET_{name.upper()}={text!r}: write 1 or 0.")
    return text in {"1", "true", "yes"}

"""Redis from the system's packages: not a database of crosslet's, but where it can keep results."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from crosslet.testing.servers.base import start_on_free_port
from crosslet.testing.servers.process import Job, ServerProcess
from crosslet.testing.servers.programs import ProgramMissing, find_program, new_folder, unprivileged, version_of

_PROGRAMS = ("redis-server", "valkey-server")
_PLACES = [Path(place) for place in ("/usr/local/bin", "/opt/homebrew/bin", "/usr/sbin")]
_SMALL = {"save": "", "appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru", "databases": "16"}


class RedisServer:
    """A throw-away Redis on a free port of 127.0.0.1; nothing is stored, everyone is let in.

    It runs until `stop`, the end of its `with` block, or the end of the process that started it, however that ends.

    Attributes:
        version: Such as `7.0.15`.
        port: Free when the server started.
    """

    def __init__(self, process: ServerProcess, *, version: str, port: int) -> None:
        self.version = version
        self.port = port
        self._process = process

    @property
    def url(self) -> str:
        """Return its URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Return the server's process id, for tests that pause or kill it."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the server still runs."""
        return self._process.is_running

    def log(self) -> str:
        """Return what the server has logged so far."""
        return self._process.log()

    def stop(self) -> None:
        """Stop the server and remove its folder. Calling it again does nothing."""
        self._process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<RedisServer {self.version} on 127.0.0.1:{self.port}>"


def start_redis(*, port: int | None = None, settings: Mapping[str, str] | None = None) -> RedisServer:
    """Start the Redis (or Valkey) of this machine.

    Args:
        port: A free one without it; a test that starts a server again names that of the first.
        settings: More settings, such as `{"maxmemory": "1mb"}`.

    Raises:
        ProgramMissing: There is none here; the text says how to get it.
        ServerNotStarted: It did not start; the text ends with its log.
    """
    chosen = _SMALL | dict(settings or {})
    return _start(port, chosen) if port is not None else start_on_free_port(lambda free: _start(free, chosen))


def redis_version() -> str:
    """Return the version that `start_redis` would start.

    Raises:
        ProgramMissing: As `start_redis`.
    """
    return version_of(_find())


def _find() -> Path:
    for name in _PROGRAMS:
        found = find_program(name, _PLACES)
        if found is not None:
            return found
    raise ProgramMissing(
        "Redis is not on this machine. Debian and Ubuntu: `apt-get install redis-server`. macOS: `brew install redis`."
    )


def _start(port: int, settings: Mapping[str, str]) -> RedisServer:
    program = _find()
    account = unprivileged("redis")
    with new_folder(account) as folder:
        options = {"port": str(port), "bind": "127.0.0.1", "dir": str(folder), "protected-mode": "no"} | dict(settings)
        command = [str(program), *(word for name, value in options.items() for word in (f"--{name}", value))]
        job = Job(prepare=[], command=command, ready_line="Ready to accept connections", folder=folder, account=account)
        return RedisServer(ServerProcess(job, patience=30), version=version_of(program), port=port)

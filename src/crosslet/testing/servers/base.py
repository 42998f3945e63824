"""What every throw-away server can do, whatever its kind."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal, Self, TypeVar

from sqlalchemy import URL

from crosslet.testing.servers.process import ServerNotStarted, ServerProcess, free_port

ACCOUNT = "crosslet"
_PORT_TAKEN = ("Address already in use", "could not bind", "Can't start server: Bind on TCP/IP port")
_Started = TypeVar("_Started")


class Server(ABC):
    """A database server on a free port of 127.0.0.1, for tests: every local client is let in, nothing is durable.

    It runs until `stop`, the end of its `with` block, or the end of the process that started it, however that ends.
    A process that was forked off keeps it running too.

    Attributes:
        kind: The database's name, as SQLAlchemy calls it.
        version: Such as `15.18`.
        host: Always the loopback address.
        port: Free when the server started.
        folder: Data, log and Unix socket; removed at the end.
        ca_file: The authority that signed the server's certificate; None without TLS.
    """

    kind: ClassVar[Literal["postgresql", "mariadb"]]
    # The URL's scheme by driver.
    schemes: ClassVar[dict[str, str]]
    host: ClassVar[str] = "127.0.0.1"

    def __init__(self, process: ServerProcess, *, version: str, port: int, folder: Path, ca_file: Path | None) -> None:
        self.version = version
        self.port = port
        self.folder = folder
        self.ca_file = ca_file
        self._process = process

    @property
    def pid(self) -> int:
        """Return the server's process id, for tests that pause or kill it."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the server still runs."""
        return self._process.is_running

    def url(self, driver: str, database: str) -> str:
        """Write the URL of a database, as an account that may do everything and has no password.

        Args:
            driver: `asyncpg`, `psycopg`, `asyncmy` or `aiomysql`; or a whole scheme such as `mysql+asyncmy`.
            database: Need not exist.
        """
        scheme = self.schemes.get(driver, driver)
        url = URL.create(scheme, username=ACCOUNT, host=self.host, port=self.port, database=database)
        return url.render_as_string(hide_password=False)

    def log(self) -> str:
        """Return what the server has logged so far."""
        return self._process.log()

    def stop(self) -> None:
        """Stop the server and remove its folder. Calling it again does nothing."""
        self._process.stop()

    @abstractmethod
    def execute(self, sql: str, database: str | None = None) -> str:
        """Run SQL with the server's own command-line client, past every Python driver.

        Returns:
            The rows: a line each, columns separated by tabs.

        Raises:
            RuntimeError: The server refused it; the text says why.
        """

    @abstractmethod
    def create_database(self, name: str) -> None:
        """Create an empty database."""

    @abstractmethod
    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the connections that use it."""

    @abstractmethod
    def empty_database(self, name: str) -> None:
        """Drop all that a database holds, ending the connections that use it: cheaper than a new one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.version} on {self.host}:{self.port}>"


def start_on_free_port(start: Callable[[int], _Started]) -> _Started:
    """Start a server, once more on another port where somebody else took the first one meanwhile."""
    attempts = 5
    for attempt in range(1, attempts + 1):
        try:
            return start(free_port())
        except ServerNotStarted as failure:
            if attempt == attempts or not any(text in str(failure) for text in _PORT_TAKEN):
                raise
    raise AssertionError("the loop above returns or raises")

"""What a driver has to do for crosslet, and what it is handed. The drivers themselves are in drivers.py."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from crosslet.connections.copy_binary import copy_data
from crosslet.connections.json_text import dump_json
from crosslet.errors import ConfigurationError
from crosslet.settings import PoolSettings, Tls


class Fetched(NamedTuple):
    """What a reading statement brought: its rows, as the driver makes them, and how many warnings it raised.

    MariaDB cuts a JSON text that grows too long, and says so in a warning only. Other databases have none.
    """

    rows: Sequence[Sequence[Any]]
    warnings: int = 0


@dataclass(slots=True, eq=False)
class CopyIn:
    """Rows on their way into a table, past the parser.

    Attributes:
        oids: PostgreSQL's number of each column's type; without them the rows are sent as text.
        values: Those of each column, as for an INSERT.
    """

    schema: str | None
    table: str
    columns: Sequence[str]
    oids: Sequence[int]
    values: Sequence[Sequence[Any]]
    _data: bytes | None = None
    _is_encoded: bool = False

    @property
    def rows(self) -> Iterator[Sequence[Any]]:
        """Return the values of each row."""
        return zip(*self.values, strict=True)

    @property
    def statement(self) -> str:
        """Return the statement that opens the stream."""
        table = ".".join(map(_quoted, filter(None, (self.schema, self.table))))
        return f"COPY {table} ({', '.join(map(_quoted, self.columns))}) FROM STDIN"

    def encoded(self) -> bytes | None:
        """Return the rows in binary form, texts as UTF-8; None where a value is one for the driver to look at."""
        if not self._is_encoded:
            self._data = copy_data(self.oids, list(map(_unwrapped, self.values))) if self.oids else None
            self._is_encoded = True
        return self._data


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unwrapped(values: Sequence[Any]) -> Sequence[Any]:
    """Return the text of what SQLAlchemy marks as JSON for psycopg."""
    if not {kind.__name__ for kind in set(map(type, values))} <= {"Json", "Jsonb", "NoneType"}:
        return values
    return [None if value is None else dump_json(value.obj) for value in values]


class Driver(ABC):
    """One driver."""

    name: ClassVar[str]
    # Whether a connection can be used again after a task was cancelled in the middle of a statement: asyncmy and
    # aiomysql have lost their place in the server's answer then.
    survives_cancel: ClassVar[bool] = True

    def arguments(self, tls: Tls, pool: PoolSettings) -> dict[str, Any]:
        """Return the arguments for the driver's connect and for SQLAlchemy's adapter around it."""
        return {}

    @abstractmethod
    async def connect(self, *args: Any, **options: Any) -> Any:
        """Open a connection with the driver."""

    @abstractmethod
    async def run(self, connection: Any, statement: str) -> Any:
        """Run one statement without parameters, in no transaction; return its first row, if it has one."""

    @abstractmethod
    async def fetch(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        """Run one reading statement, in no transaction, and fetch all its rows: one round trip.

        Args:
            connection: The driver's own.
            statement: In the driver's parameter style.
            parameters: A sequence or a mapping, whichever that style asks for; empty, not None, where there are none.
        """

    async def send(self, connection: Any, statement: str) -> None:
        """Run a statement that returns nothing, in whatever transaction is open.

        PostgreSQL takes several with semicolons between them.
        """
        await self.run(connection, statement)

    async def change(self, connection: Any, statement: str, parameters: Any) -> Fetched:
        """Run one statement that changes rows, fetch the rows that it returns, and commit it.

        The connection is in no transaction before and after. One round trip where the statement's own end commits it;
        asyncmy's and aiomysql's connections need a COMMIT behind it, which stays away where there were warnings.
        """
        return await self.fetch(connection, statement, parameters)

    def messages(self, connection: Any, channel: str) -> AsyncGenerator[str, None]:
        """Yield an empty text once the server sends a channel's messages, then those; fail when it is lost."""
        raise ConfigurationError(f"{self.name}: the database has no messages.")

    def warning_count(self, connection: Any) -> int:
        """Return how many warnings the last statement raised; servers that have none raise errors."""
        return 0

    def has_unread_rows(self, connection: Any) -> bool:
        """Tell whether rows of a statement wait in the connection, which would be lost with the next."""
        return False

    async def copy(self, connection: Any, what: CopyIn) -> None:
        """Send rows into a table, inside the transaction that is open; for databases that `can_copy`.

        A value that cannot be sent is the driver's own DataError: the server has aborted the transaction by then.
        """
        raise TypeError(f"{self.name} has no COPY")

    async def execute_many(self, connection: Any, statement: str, records: Sequence[Sequence[Any]]) -> bool:
        """Run a statement once a record, faster than by `executemany`; tell whether it could be, and else do nothing.

        An error leaves the records before it stored, as `executemany` may; what is around has to roll back.
        """
        return False

    @abstractmethod
    def cut(self, connection: Any) -> None:
        """Break the connection now, from the event loop's thread, without waiting."""

    @abstractmethod
    def is_encrypted(self, connection: Any) -> bool:
        """Tell whether the connection uses TLS."""

    def version_text(self, connection: Any) -> str:
        """Return the server's own words for its version; empty where it takes a statement to learn."""
        return ""

    def backend_id(self, connection: Any) -> int | None:
        """Return the server's number for its side of the connection; None where there is no server."""
        return None

    def commit_obstacle(self, connection: Any) -> str | None:
        """Say why a COMMIT would not store the transaction although the server would not complain."""
        return None

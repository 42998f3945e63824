"""What a server says about itself: version, settings, room for connections. Gathered, not judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import errors
from crosslet.dialects import Dialect
from crosslet.facts.questions import Questions, questions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many connections a server takes.

    Attributes:
        max_connections: The server's own limit.
        reserved: Kept for administrators.
        others: Open now, by another account or to another database.
        account_limit: The lower of the account's and the database's own limit; None where neither has one.
    """

    max_connections: int
    reserved: int
    others: int
    account_limit: int | None

    @property
    def left(self) -> int:
        """Count what one application may open, all its processes together."""
        free = max(0, self.max_connections - self.reserved - self.others)
        return free if self.account_limit is None else min(free, self.account_limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """One server, as seen by one session on it.

    Attributes:
        product: Such as `MariaDB`.
        version: In the server's own words.
        time_zone: Of the session; None where the database knows none (SQLite).
        server_time_zone: What a session gets that does not ask for another.
        isolation: Of a transaction that does not ask for another.
        encoding: In which text is stored.
        is_read_only: The server takes no writes: a replica.
        port: On which the server itself listens; None for a Unix socket, or no server.
        tls_version: Of the connection that the server sees, such as `TLSv1.3`; None in plain text.
        tls_cipher: Of the same.
        settings: Settings that decide what a commit is worth, by their own names.
        room: None where connections are not counted (SQLite).
    """

    product: str
    version: str
    time_zone: str | None
    server_time_zone: str | None
    isolation: str
    encoding: str
    is_read_only: bool
    port: int | None
    tls_version: str | None
    tls_cipher: str | None
    settings: Mapping[str, str]
    room: Room | None


async def server_of(session: AsyncSession, dialect: Dialect) -> ServerFacts:
    """Ask the server behind a session about itself.

    Raises:
        DatabaseError: It refused to answer.
    """
    questions = questions_of(dialect)
    row = dict((await session.execute(text(questions.server))).mappings().one())
    status = await _status(session, questions)
    return ServerFacts(
        product=questions.product,
        version=str(row["version"]),
        time_zone=row.get("time_zone"),
        server_time_zone=row.get("server_time_zone"),
        isolation=str(row["isolation"]),
        encoding=str(row["encoding"]),
        is_read_only=_is_on(row.get("is_read_only")),
        port=row.get("port"),
        tls_version=row.get("tls_version") or status.get("Ssl_version") or None,
        tls_cipher=row.get("tls_cipher") or status.get("Ssl_cipher") or None,
        settings={name: str(row[name]) for name in questions.settings},
        room=_room(row, status),
    )


async def _status(session: AsyncSession, questions: Questions) -> dict[str, str]:
    if not questions.status:
        return {}
    return {str(name): str(value) for name, value in await session.execute(text(questions.status))}


def _is_on(value: Any) -> bool:
    # MySQL's variables are numbers, MariaDB 11's are words.
    return value not in {None, False, "0", "OFF"}


def _room(row: Mapping[str, Any], status: Mapping[str, str]) -> Room | None:
    if "max_connections" not in row:
        return None
    others = row["others"] if "others" in row else max(0, int(status["Threads_connected"]) - int(row["own"]))
    return Room(
        max_connections=int(row["max_connections"]),
        reserved=int(row.get("reserved", 0)),
        others=int(others),
        account_limit=row["account_limit"] if row["account_limit"] is None else int(row["account_limit"]),
    )


async def refuses_writes(session: AsyncSession, dialect: Dialect) -> bool:
    """Try to write through a session that should only read; nothing remains if that succeeds.

    Raises:
        DatabaseError: The write failed for another reason.
    """
    questions = questions_of(dialect)
    table = f"crosslet_check_{uuid4().hex}"
    try:
        await session.execute(text(questions.write(table)))
    except errors.ReadOnlySession:
        return True
    if questions.undo_write is not None:
        await session.execute(text(questions.undo_write(table)))
    return False

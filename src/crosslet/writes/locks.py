"""Locks that a program takes by name, and rows that are locked as they are read."""

import asyncio
from time import monotonic
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Select, text
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError, LockTimeout

S = TypeVar("S", bound=Select[Any])
# Between two attempts: twice as long each time, up to the last.
_FIRST, _LONGEST = 0.005, 0.25


def for_update(statement: S, *, wait: bool | Literal["skip"] = True) -> S:
    """Let a `select()` lock the rows that it finds, until the unit ends.

    SQLite has no locks on rows and needs none: a unit that writes has the whole file.

    Args:
        statement: Read it in a unit that writes.
        wait: True waits for rows that others have locked, as long as the lock deadline says. False raises LockTimeout
            at once. `"skip"` leaves them out: for queues, where each worker takes what no other has.

    Raises:
        ConfigurationError: There is no such way of waiting.
    """
    if wait not in (True, False, "skip"):
        raise ConfigurationError(f"for_update(wait={wait!r}): True, False or 'skip'.")
    return statement.with_for_update(nowait=wait is False, skip_locked=wait == "skip")


async def lock(session: AsyncSession, dialect: Dialect, name: str, *, wait: float) -> None:
    """Take a lock by its name, until the unit ends.

    Raises:
        LockTimeout: Somebody else has had it for so long.
    """
    until, pause = monotonic() + wait, _FIRST
    while not await try_lock(session, dialect, name):
        left = until - monotonic()
        if left <= 0:
            raise LockTimeout
        await asyncio.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST)


async def try_lock(session: AsyncSession, dialect: Dialect, name: str) -> bool:
    """Take a lock by its name if nobody else has it, and tell whether it was had."""
    if not name:
        raise ConfigurationError("A lock has a name: `session.lock('invoices')`.")
    taking = dialect.named_lock(name)
    if taking is None:
        # The first statement of a unit takes the one lock there is.
        await session.execute(text("SELECT 1"))
        return True
    statement, key = taking
    taken = bool(await session.scalar(text(statement), {"key": key}))
    if taken and not dialect.ends_named_locks_with_transaction:
        # The lock is the connection's, which is closed when it comes back to its pool: every end of a unit leads there.
        await (await session.connection()).run_sync(_close_afterwards)
    return taken


def _close_afterwards(connection: Connection) -> None:
    # Another user's unit would hold the lock otherwise. Of a record's callbacks there is no public name.
    record: Any = connection.connection._connection_record
    record.finalize_callback.append(lambda _: record.invalidate())

"""The way to the server: driver, time of a round trip, encryption, and whose session the client believes to hold."""

from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crosslet.connections import Driver, ping
from crosslet.dialects import Dialect
from crosslet.facts.questions import questions_of

# An odd number has a median that was measured.
_PINGS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One connection of a driver.

    Attributes:
        driver: The driver's package.
        driver_version: Its version.
        round_trip_ms: The median of some pings: network, server and driver, without SQLAlchemy.
        is_encrypted: What the driver knows of its own socket; behind a pooler the server knows another one.
        announced_id: The session's number that was announced at login; None where there are no sessions (SQLite).
        session_ids: The number that the server itself gave, in two transactions one after the other. Through a
            pooler it is not the announced one, and in transaction mode the two may differ.
    """

    driver: str
    driver_version: str
    round_trip_ms: float
    is_encrypted: bool
    announced_id: int | None
    session_ids: tuple[int, ...]


async def link_of(engine: AsyncEngine, driver: Driver, dialect: Dialect, seconds: float) -> Link:
    """Look at a connection of an engine, in no transaction of its own.

    Args:
        engine: Where to take it from.
        driver: The driver of that engine.
        dialect: The database behind it.
        seconds: The longest a ping may take.

    Raises:
        Unavailable: There was none to be had.
        TimeoutError: A ping was not answered in time; the connection is cut.
    """
    async with engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        return Link(
            driver=driver.name,
            driver_version=version(driver.name),
            round_trip_ms=median([await _timed_ping(driver, raw, seconds) for _ in range(_PINGS)]),
            is_encrypted=driver.is_encrypted(raw),
            announced_id=_announced_id(raw),
            session_ids=await _session_ids(connection, dialect),
        )


async def _timed_ping(driver: Driver, raw: Any, seconds: float) -> float:
    start = perf_counter()
    await ping(driver, raw, seconds)
    return (perf_counter() - start) * 1000


async def _session_ids(connection: AsyncConnection, dialect: Dialect) -> tuple[int, ...]:
    question = questions_of(dialect).session_id
    if question is None:
        return ()
    numbers = []
    for _ in range(2):
        numbers.append(int((await connection.execute(text(question))).scalar_one()))
        await connection.rollback()
    return tuple(numbers)


def _announced_id(raw: Any) -> int | None:
    """Read the session's number by whichever name the driver has for it."""
    if hasattr(raw, "get_server_pid"):
        return int(raw.get_server_pid())
    if hasattr(raw, "thread_id"):
        return int(raw.thread_id())
    info = getattr(raw, "info", None)
    return int(info.backend_pid) if info is not None else None

"""A Database read directly: statements compiled, handed to the driver, failures explained as a session would."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import MetaData, event, text

from crosslet import Database
from crosslet.connections import DirectReads, Fetched
from crosslet.shapes.texts import direct_text
from crosslet.transactions import ConstraintNames, explain_reads, fetch_directly
from sample import Sample

SLEEP = {"postgresql": "SELECT pg_sleep({})", "mariadb": "SELECT SLEEP({})"}
# The bound of a test that may hang, far above what it takes on a busy machine.
HANG = 30.0
Read = Callable[..., Awaitable[Fetched]]


async def direct_of(db: Database) -> DirectReads:
    """Return the direct reads of the running loop."""
    direct = (await db.connections.pair()).direct
    assert direct is not None
    return direct


def reader_of(db: Database, *metadata: MetaData) -> Read:
    """Return what reads a statement directly, in a unit of its own."""
    names = ConstraintNames(lambda: [Sample.metadata, *metadata])

    async def read(statement: Any, /, **values: Any) -> Fetched:
        pair = await db.connections.pair()
        explain = explain_reads(db.dialect, names, show_values=False)
        executable = text(statement) if isinstance(statement, str) else statement
        handed = direct_text(executable.compile(dialect=pair.reader.dialect), values)
        assert handed is not None
        async with db.read() as session:
            return await fetch_directly(session.unit, await direct_of(db), explain, *handed)

    return read


async def pool_of(db: Database) -> Any:
    """Return the readers' pool."""
    return (await db.connections.pair()).reader.pool


async def is_whole(db: Database) -> bool:
    """Tell whether every reader's connection is back in its pool, once cancelled reads have ended."""
    await (await direct_of(db)).settle()
    pool = await pool_of(db)
    return bool(pool.checkedout() == 0 and pool.overflow() == pool.checkedin() - pool.size())


async def opened(db: Database) -> list[Any]:
    """Return the driver's connections that the readers' pool has ever opened, still open or not."""
    found: list[Any] = []
    event.listen((await db.connections.pair()).reader.sync_engine.pool, "connect", lambda made, _: found.append(made))
    return found

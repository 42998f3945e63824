"""Reads of a unit that go past the engine: when they may, and the unit's own checks around them."""

from typing import Any

from crosslet.connections import DirectReads, Explain, Fetched
from crosslet.transactions.unit import Unit


def may_read_directly(unit: Unit, direct: DirectReads | None) -> bool:
    """Tell whether a unit's next read may go past the engine without anybody noticing a difference.

    It must only read, hold no connection (a second one could wait for the first), and nobody may listen.
    """
    return (
        direct is not None
        and unit.read_only
        and unit.connection is None
        and not unit.opening
        and not unit.streaming
        and direct.is_unobserved()
    )


async def fetch_directly(unit: Unit, direct: DirectReads, explain: Explain, statement: str, parameters: Any) -> Fetched:
    """Run one reading statement of a unit past the engine; see `DirectReads.fetch`.

    Raises:
        SessionClosed: The unit has ended.
        WrongTask: Another task owns it.
        DatabaseError: The same as through the session.
    """
    unit.check()
    return await direct.fetch(statement, parameters, seconds=unit.deadlines.statement, explain=explain)

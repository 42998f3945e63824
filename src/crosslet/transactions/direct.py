"""Statements of a unit that go past the engine: when they may, and the unit's own checks around them."""

from typing import Any

from crosslet.connections import GRACE, DirectReads, DirectWrites, Explain, Fetched, asked_from
from crosslet.errors import CommitOutcomeUnknown, DatabaseError, RetryableError
from crosslet.loading import call_site
from crosslet.transactions.commit import to_its_end
from crosslet.transactions.ledger import about_to_commit, has_committed, has_ended
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


def may_change_directly(unit: Unit, direct: DirectWrites) -> bool:
    """Tell whether a unit's next statement may be committed with its own end: nothing was sent, nobody listens."""
    if unit.ledger is not None and unit.ledger.must_ride:
        return False
    return not unit.read_only and unit.connection is None and not unit.opening and direct.is_unobserved()


async def change_directly(
    unit: Unit, direct: DirectWrites, explain: Explain, statement: str, parameters: Any
) -> Fetched:
    """Run one statement of a unit past the engine, and commit the unit with it.

    Like a COMMIT it is awaited to its end, also where the calling task is cancelled meanwhile.

    Raises:
        CommitOutcomeUnknown: The connection or the deadline was lost on the way.
        DatabaseError: The database refused; nothing is stored, and the unit can only roll back.
    """
    unit.check()
    unit.check_poison()
    seconds = unit.deadlines.statement

    async def change() -> Fetched:
        await about_to_commit(unit)
        unknown = True
        try:
            fetched = await direct.change(statement, parameters, seconds=seconds, explain=explain)
            # Where MariaDB warned, the driver has rolled back.
            if not fetched.warnings:
                unit.commits += 1
                await has_committed(unit)
            unknown = False
            return fetched
        except DatabaseError as error:
            unknown = isinstance(error, CommitOutcomeUnknown)
            raise
        finally:
            has_ended(unit, unknown=unknown)

    try:
        if direct.observers.count:
            with asked_from(call_site()):
                return await to_its_end(change(), seconds + GRACE)
        return await to_its_end(change(), seconds + GRACE)
    except DatabaseError as error:
        unit.spoil(error.code, retryable=isinstance(error, RetryableError), savepoint=None)
        raise

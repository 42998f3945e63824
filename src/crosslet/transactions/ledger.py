"""Who is told of every commit that changes rows, before it is sent and after it has ended.

The unit gathers what it has changed; here stand the moments. What is done with it is the ledger's.
"""

from typing import Any, Protocol

from sqlalchemy import Executable

from crosslet.transactions.unit import Unit


class Ledger(Protocol):
    """Keeps what was read from tables until they change. None of its methods raises: a commit never fails for it."""

    @property
    def must_ride(self) -> bool:
        """Tell whether a unit must carry a statement of the ledger's before its COMMIT."""
        ...

    def rider(self, tags: frozenset[str]) -> Executable:
        """Return that statement."""
        ...

    async def begin(self, tags: frozenset[str], seconds: float) -> Any:
        """Note that a commit is about to be sent which will end within some seconds; return what `end` takes."""
        ...

    async def end(self, doubt: Any, tags: frozenset[str]) -> None:
        """Note that it was confirmed: no read that begins after this may be given what was read before."""
        ...

    def lose(self, doubt: Any, *, unknown: bool) -> None:
        """Note that it failed, or that nobody knows whether it did and it may still come."""
        ...


async def about_to_commit(unit: Unit) -> None:
    """Tell the ledger that a unit's commit is about to be sent."""
    ledger: Ledger | None = unit.ledger
    if ledger is not None and unit.written and unit.doubt is None:
        unit.doubt = await ledger.begin(frozenset(unit.written), unit.deadlines.commit)


async def has_committed(unit: Unit) -> None:
    """Tell the ledger that a unit's commit was confirmed."""
    ledger: Ledger | None = unit.ledger
    doubt, unit.doubt = unit.doubt, None
    if ledger is not None and unit.written:
        tags = frozenset(unit.written)
        unit.written.clear()
        await ledger.end(doubt, tags)


def has_ended(unit: Unit, *, unknown: bool) -> None:
    """Tell the ledger of a commit that was never confirmed, where one was sent."""
    ledger: Ledger | None = unit.ledger
    doubt, unit.doubt = unit.doubt, None
    if ledger is not None and doubt is not None:
        ledger.lose(doubt, unknown=unknown)
    unit.written.clear()

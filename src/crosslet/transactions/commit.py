"""The end of a unit: COMMIT is awaited to its confirmation, whatever happens to the task that asked for it.

A cancelled COMMIT has an unknown outcome, and drivers differ in what they do about it (measured: the
row is there on MySQL and not on PostgreSQL). So COMMIT runs in a task of its own, bounded by its deadline.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sqlalchemy.util import greenlet_spawn

from crosslet import errors
from crosslet.connections import Watch, asked_from
from crosslet.loading import call_site
from crosslet.transactions.guards import UnitSession
from crosslet.transactions.unit import Unit

T = TypeVar("T")

_EAGER: dict[str, Any] = {"eager_start": True} if sys.version_info >= (3, 12) else {}

# After its socket was cut a driver fails at once; this is for one that does not notice.
_LAST_WAIT = 1.0


async def commit(session: UnitSession) -> None:
    """Commit a session's transaction and return once the database has confirmed it.

    If the calling task is cancelled meanwhile, the commit is still awaited, then the cancellation goes on.

    Raises:
        UnitPoisoned: An error inside the unit was swallowed; it is rolled back.
        CommitOutcomeUnknown: The connection or the deadline was lost on the way.
        DatabaseError: The database refused, for example a deferred constraint; nothing is stored.
    """
    unit = session.unit
    unit.check()
    unit.check_poison()
    if not session.in_transaction():
        return
    if session.new or session.dirty or session.deleted:
        # In the caller's task still: an error of a flush is an ordinary one, not one of COMMIT.
        await greenlet_spawn(session.flush)
    await _bounded(unit, session.commit, unit.deadlines.commit, errors.CommitOutcomeUnknown)


async def roll_back(session: UnitSession) -> None:
    """Roll a session's transaction back, within the close deadline; past it the connection is cut."""
    await _bounded(session.unit, session.rollback, session.unit.deadlines.close, errors.ConnectionLost)


async def close(session: UnitSession) -> None:
    """End a unit: roll back what is open, give the connection back, refuse any further use."""
    unit = session.unit
    if unit.closed:
        return
    try:
        if unit.connection is None and not session.in_transaction():
            session.close()
        elif unit.read_only and not unit.opening and not unit.streaming:
            # Nothing is open on the server: giving the connection back sends nothing, so nothing can hang.
            await greenlet_spawn(session.close)
        else:
            await _bounded(unit, session.close, unit.deadlines.close, errors.ConnectionLost)
    except errors.DatabaseError:
        # Where the connection is gone the server rolls back by itself; what broke it is the error to report.
        unit.cut()
    finally:
        unit.closed = True


async def _bounded(unit: Unit, step: Callable[[], None], seconds: float, late: type[errors.DatabaseError]) -> None:
    # What a hook of a flush sends is asked for from here: the task has no stack that would tell.
    with asked_from(call_site()) if unit.observers.count else contextlib.nullcontext():
        task = asyncio.get_running_loop().create_task(greenlet_spawn(step), name="crosslet: end of a unit")
    unit.committer = task
    watch = Watch(unit.cut, seconds)
    try:
        cancelled = await _outlast(task, seconds + _LAST_WAIT)
        if not task.done():
            _abandon(task)
            raise late()
        if cancelled is not None:
            _log_lost_error(task)
            raise cancelled
        _result(task, watch, late)
    finally:
        watch.stop()
        unit.committer = None


async def to_its_end(step: Coroutine[Any, Any, T], seconds: float) -> T:
    """Await a step that commits, whatever happens to the calling task; a cancellation goes on afterwards.

    Raises:
        CommitOutcomeUnknown: It did not end in time.
    """
    loop = asyncio.get_running_loop()
    # Begun at once where Python can: a task that first waits for its turn costs a read's worth of time.
    task = asyncio.Task(step, loop=loop, **_EAGER)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError as cancelled:
        again = await _outlast(task, seconds + _LAST_WAIT)
        if not task.done():
            _abandon(task)
            raise errors.CommitOutcomeUnknown from None
        _log_lost_error(task)
        raise again or cancelled from None


def _result(task: "asyncio.Task[Any]", watch: Watch, late: type[errors.DatabaseError]) -> None:
    error = task.exception()
    if error is None:
        return
    if watch.fired and not isinstance(error, late):
        raise late() from error
    raise error


async def _outlast(task: "asyncio.Task[Any]", seconds: float) -> asyncio.CancelledError | None:
    """Wait for a task, however often the waiting one is cancelled; return the cancellation, if there was any."""
    cancelled: asyncio.CancelledError | None = None
    end = asyncio.get_running_loop().time() + seconds
    with _shield_from_anyio():
        while not task.done() and (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait({task}, timeout=left)
            except asyncio.CancelledError as error:
                cancelled = error
    return cancelled


def _shield_from_anyio() -> Any:
    # A cancelled anyio scope repeats its cancellation until the task gives in. Where anyio was never
    # imported no such scope can exist, and crosslet's core does not depend on it.
    anyio = sys.modules.get("anyio")
    return anyio.CancelScope(shield=True) if anyio is not None else contextlib.nullcontext()


def _abandon(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    task.add_done_callback(_log_lost_error)


def _log_lost_error(task: "asyncio.Task[Any]") -> None:
    """Retrieve an error that nobody will hear of, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()

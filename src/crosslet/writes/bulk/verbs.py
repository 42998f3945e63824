"""The bulk verbs as a session calls them."""

from typing import Any

from sqlalchemy import Delete, Select

from crosslet.transactions import Unit
from crosslet.writes.bulk.delete import delete_keys, delete_matching
from crosslet.writes.bulk.held import refresh_held
from crosslet.writes.bulk.insert import Insertion
from crosslet.writes.bulk.plans import BulkPlan, plan_of
from crosslet.writes.bulk.results import BulkResult
from crosslet.writes.bulk.rows import Rows
from crosslet.writes.bulk.running import OnError, Progress, run
from crosslet.writes.bulk.update import Updating
from crosslet.writes.bulk.upsert import Upsert


async def _plan(session: Any, model: Any) -> BulkPlan:
    # The engine knows its server after the first connection only.
    return plan_of(model, (await session.connection()).dialect)


async def insert_many(
    session: Any,
    unit: Unit,
    model: Any,
    rows: Rows,
    *,
    on_error: OnError = "stop",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> BulkResult:
    """Insert rows; see `Session.insert_many`."""
    verb = Insertion(session, unit, await _plan(session, model))
    return await run(verb, rows, on_error=on_error, chunk=chunk, progress=progress)


async def upsert_many(
    session: Any, unit: Unit, model: Any, rows: Rows, *, key: Any, update: Any = None, **options: Any
) -> BulkResult:
    """Insert rows, or change those that have their key; see `Session.upsert_many`."""
    plan = await _plan(session, model)
    result = await run(Upsert(session, unit, plan, plan.key_of(key), update), rows, **options)
    await refresh_held(session, plan)
    return result


async def update_many(
    session: Any, unit: Unit, model: Any, rows: Rows, *, key: Any = None, **options: Any
) -> BulkResult:
    """Change rows; see `Session.update_many`."""
    plan = await _plan(session, model)
    result = await run(Updating(session, unit, plan, plan.key_of(key)), rows, **options)
    await refresh_held(session, plan)
    return result


async def delete_many(
    session: Any, model: Any, which: Any, *, chunk: int | None = None, progress: Progress | None = None
) -> int:
    """Delete rows; see `Session.delete_many`."""
    plan = await _plan(session, model)
    await session.flush()
    if isinstance(which, Delete | Select):
        removed = await delete_matching(session, plan, which)
    else:
        removed = await delete_keys(session, plan, which, chunk=chunk, progress=progress)
    await refresh_held(session, plan)
    return removed

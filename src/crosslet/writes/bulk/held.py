"""Objects that a session holds of rows that a bulk verb has changed: they take the new values, or leave."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet.shapes import key_of, matching
from crosslet.writes.bulk.plans import BulkPlan

_MANY = 500


async def refresh_held(session: AsyncSession, plan: BulkPlan) -> None:
    """Read the rows of held objects of a class again; an object whose row is gone is taken out of the session."""
    kind = plan.mapper.class_
    held = [one for one in session.sync_session.identity_map.values() if isinstance(one, kind)]
    for start in range(0, len(held), _MANY):
        await _refresh(session, plan, held[start : start + _MANY])


async def _refresh(session: AsyncSession, plan: BulkPlan, held: list[Any]) -> None:
    kind = plan.mapper.class_
    keys = [inspect(one).identity for one in held]
    reading = select(kind).where(matching(key_of(kind), keys)).execution_options(populate_existing=True)
    there = set(map(id, (await session.scalars(reading)).unique()))
    for one in held:
        if id(one) not in there:
            session.expunge(one)

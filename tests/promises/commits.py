"""A COMMIT that fails, by the means that each database has."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fix_databases import Target
from promises.databases import ask_server
from promises.tables import Order


def can_defer(target: Target) -> bool:
    """Tell whether the database has constraints that are looked at by COMMIT. MySQL and MariaDB have none."""
    return target.dialect_name in {"postgresql", "sqlite"}


async def spoil_commit(session: AsyncSession, target: Target, url: str) -> None:
    """Make the session's COMMIT fail although every statement has succeeded."""
    if can_defer(target):
        session.add(Order(item_id=-1))
        await session.flush()
        return
    # The server ends the connection, and the transaction with it, before COMMIT comes.
    number: Any = await session.scalar(text("SELECT CONNECTION_ID()"))
    await ask_server(url, f"KILL {int(number)}")

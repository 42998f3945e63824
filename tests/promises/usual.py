"""The usual way: the engine, the session and the dependency that tutorials show. Here to fail, next to crosslet.

Nothing in it is a straw man: `expire_on_commit=False`, `pool_pre_ping` and foreign keys on are what careful people set.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine


class Usual:
    """An engine and its sessions."""

    def __init__(self, url: str, **options: object) -> None:
        self.engine: AsyncEngine = create_async_engine(url, pool_pre_ping=True, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _switch_foreign_keys_on)
        self.session = async_sessionmaker(self.engine, expire_on_commit=False)

    async def get_session(self) -> AsyncIterator[AsyncSession]:
        """Give a route its session; commit when it is done."""
        async with self.session() as session:
            try:
                yield session
                await session.commit()
            except Exception:
                await session.rollback()
                raise

    async def close(self) -> None:
        """Close the pool, and let SQLite's threads end: they answer to this loop until then."""
        await self.engine.dispose()
        for thread in threading.enumerate():
            if "_connection_worker_thread" in thread.name:
                await asyncio.to_thread(thread.join, 10)

    def close_with(self, app: FastAPI) -> None:
        """Close the pool when an application stops."""
        app.router.on_shutdown.append(self.close)


def _switch_foreign_keys_on(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")

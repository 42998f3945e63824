"""The world on every driver."""

from collections.abc import AsyncIterator

import pytest

from crosslet import Database
from reads.world import World, people


@pytest.fixture
async def world(url: str) -> AsyncIterator[Database]:
    """Give a Database with people in it."""
    async with Database(url, metadata=World) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all(people())
        yield db

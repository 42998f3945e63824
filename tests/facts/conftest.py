"""A database with the shelves of this folder."""

from collections.abc import AsyncIterator

import pytest

from crosslet import Database
from facts.shelves import Shelf, fill


@pytest.fixture
async def shelves(url: str) -> AsyncIterator[Database]:
    """Give a Database with three authors."""
    async with Database(url, metadata=Shelf) as db:
        await db.create_all()
        await fill(db)
        yield db

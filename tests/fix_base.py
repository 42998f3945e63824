"""A Database with the sample tables, on every driver."""

from collections.abc import AsyncIterator

import pytest

from crosslet import Database
from sample import Sample


@pytest.fixture
async def base(url: str) -> AsyncIterator[Database]:
    """Give a Database whose sample tables exist and are empty."""
    database = Database(url, metadata=Sample)
    await database.create_all()
    yield database
    await database.close()

"""An engine of plain SQLAlchemy on each driver: the models room must work without the floors above it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    """Give an engine on an empty database, disposed of afterwards."""
    engine = create_async_engine(url)
    yield engine
    await engine.dispose()

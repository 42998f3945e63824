"""The library on every driver."""

from collections.abc import AsyncIterator

import pytest

from crosslet import Database
from loading.library import Count, filled


@pytest.fixture
async def library(url: str) -> AsyncIterator[tuple[Database, Count]]:
    """Give a filled library, and the count of its statements."""
    async for given in filled(url):
        yield given

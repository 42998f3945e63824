"""A Database with the tables of stock.py."""

from collections.abc import AsyncIterator

import pytest

from bulk.stock import Counted, Stock
from crosslet import Database


@pytest.fixture
async def stock(url: str) -> AsyncIterator[Database]:
    database = Database(url, metadata=[Stock, Counted])
    await database.create_all()
    yield database
    await database.close()

"""What a user writes, and no more."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import shop

from crosslet import Database
from crosslet.testing import Schema, client_of


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def crosslet_database() -> Database:
    return shop.db


@pytest.fixture(scope="session")
def crosslet_schema() -> Schema:
    async def schema(db: Database) -> None:
        await db.create_all()
        async with db.write() as session:
            await session.create(shop.Item, name="always here")

    return schema


@pytest.fixture
async def client(sandbox: Database) -> AsyncIterator[Any]:
    async with client_of(shop.app) as client:
        yield client

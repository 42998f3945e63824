"""The examples' tables on an empty database of each driver."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from crosslet import Database
from user_model import Base, User


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """Give a Database that has the tables of user_model."""
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


@pytest.fixture
def person() -> Callable[..., dict[str, Any]]:
    """Give a maker of a user's values."""

    def make(name: str, **values: Any) -> dict[str, Any]:
        return {"email": f"{name}@example.com", "username": name, "password_hash": "!", **values}

    return make


@pytest.fixture
async def ada(db: Database, person: Callable[..., dict[str, Any]]) -> User:
    """Give a stored user."""
    async with db.write() as session:
        return await session.create(User, None, **person("ada"))

"""A row as tests of single trips want it back, and the database that they start from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from crosslet import Database
from sample import Sample, User


class UserRow(BaseModel):
    email: str
    name: str | None
    visits: int
    balance: Decimal
    settings: dict[str, Any] | None


@asynccontextmanager
async def with_ada(url: str) -> AsyncIterator[Database]:
    """Give a database with one user."""
    async with Database(url, metadata=Sample) as db:
        await db.create_all()
        async with db.write() as session:
            await session.create(User, {"email": "ada@example.com"}, balance=Decimal("12.50"))
        yield db

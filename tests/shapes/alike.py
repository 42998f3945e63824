"""What trees are held against: the ORM loads, Pydantic makes objects and bytes; and the number of statements."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import select

from crosslet import Database
from shapes.company import Company, rows
from shapes.test_trees import Statements


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


@asynccontextmanager
async def company_at(url: str) -> AsyncIterator[Database]:
    """Open a database with the whole company in it."""
    async with Database(url, metadata=Company) as db:
        await db.create_all()
        async with db.write() as session:
            session.add_all(rows())
        yield db


async def by_orm(db: Database, shape: Any, statement: Any) -> tuple[list[Any], Any]:
    """Return the objects, and their JSON parsed."""
    adapter: TypeAdapter[Any] = TypeAdapter(list[shape])

    def load(session: Any) -> Any:
        return adapter.validate_python(session.scalars(statement).unique().all(), from_attributes=True)

    async with db.write() as session:
        found = await session.run_sync(load)
    return found, json.loads(adapter.dump_json(found, by_alias=True))


def told_apart(value: Any) -> Any:
    """Return JSON in which true is not 1."""
    if isinstance(value, list):
        return [told_apart(item) for item in value]
    if isinstance(value, dict):
        return {name: told_apart(item) for name, item in value.items()}
    return str(value) if isinstance(value, bool) else value


async def assert_alike(
    db: Database, shape: Any, statement: Any, *, way: str = "json", typed: str | None = None
) -> list[Any]:
    """Hold a read of objects and one of bytes against the ORM's; `way` is that of bytes, `typed` that of objects.

    Where JSON carries the shape each is one statement.
    """
    wanted, parsed = await by_orm(db, shape, statement)
    told = await db.explain_shape(shape, statement)
    assert told.way == way, told.reasons
    async with db.read() as session:
        await session.execute(select(1))
        statements = await Statements().follow(db)
        assert await session.all(shape, statement) == wanted
        if (typed or way) != "rows":
            assert len(statements.sent) == 1
        statements.sent.clear()
        assert told_apart(json.loads(await session.json(list[shape], statement))) == told_apart(parsed)
        assert len(statements.sent) == told.statements
        # Of DISTINCT rows the columns are read; PostgreSQL orders them by what is selected only, such as the key.
        rows_of = statement.order_by(None).order_by(statement.column_descriptions[0]["expr"].id)
        assert await session.all(shape, rows_of.distinct()) == (await by_orm(db, shape, rows_of))[0]
    return wanted

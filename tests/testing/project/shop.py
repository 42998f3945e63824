"""An application as users write it: its Database is made when it is imported, and its routes commit."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crosslet import BigIntKey, Database, Model
from crosslet.web import Reader, Writer, install


class Item(BigIntKey, Model):
    __tablename__ = "items"
    name: Mapped[str] = mapped_column(String(40), unique=True)


# Wherever this leads, no test may come near it.
db = Database(os.environ.get("SHOP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/production"))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {"motto": "tea"}


app = FastAPI(lifespan=lifespan)
install(app, db, create_tables=True)


@app.post("/items/{name}", status_code=201)
async def create(name: str, session: Writer) -> str:
    return (await session.create(Item, name=name)).name


@app.get("/items")
async def count(session: Reader) -> int:
    return await session.count(Item)


@app.get("/motto")
async def motto(request: Request) -> str:
    return str(request.state.motto)

"""A1: work is acknowledged only when its commit is confirmed. Over a real socket, 100 requests."""

import asyncio
from typing import Annotated

import httpx2
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet import Database
from crosslet.web import Writer, install
from fix_databases import Target
from promises.commits import can_defer, spoil_commit
from promises.databases import database, names_in, usual
from promises.serving import served
from promises.tables import Base, Item
from promises.usual import Usual

REQUESTS = 100
# What fails after its answer closes the connection, and the next request on it would meet that.
ONCE = httpx2.Limits(max_keepalive_connections=0)


async def store(session: AsyncSession, target: Target, url: str, number: int) -> dict[str, str]:
    """Do what the route does: half of the units fail when they commit."""
    session.add(Item(name=f"item-{number:03}"))
    await session.flush()
    if number % 2:
        await spoil_commit(session, target, url)
    return {"name": f"item-{number:03}"}


def usual_app(target: Target, url: str) -> FastAPI:
    app, data = FastAPI(), Usual(url)
    data.close_with(app)

    @app.post("/items/{number}", status_code=201)
    async def create(number: int, session: Annotated[AsyncSession, Depends(data.get_session)]) -> dict[str, str]:
        return await store(session, target, url, number)

    return app


def crosslet_app(target: Target, url: str) -> FastAPI:
    app = FastAPI()
    install(app, Database(url, metadata=Base))

    @app.post("/items/{number}", status_code=201)
    async def create(number: int, session: Writer) -> dict[str, str]:
        return await store(session, target, url, number)

    return app


async def answers(app: FastAPI) -> dict[str, int]:
    """Send the requests, a few at a time; return the status by name of the item."""
    with served(app) as address:
        async with httpx2.AsyncClient(base_url=address, timeout=30, limits=ONCE) as client:
            found: dict[str, int] = {}

            async def post(numbers: list[int]) -> None:
                for number in numbers:
                    found[f"item-{number:03}"] = (await client.post(f"/items/{number}")).status_code

            await asyncio.gather(*(post(list(range(start, REQUESTS, 4))) for start in range(4)))
    return found


async def test_the_usual_dependency_acknowledges_what_is_lost(target: Target, url: str) -> None:
    async with usual(url):
        found = await answers(usual_app(target, url))
        stored = set(await names_in(url))
    acknowledged = {name for name, status in found.items() if status == 201}
    assert len(found) == len(acknowledged) == REQUESTS
    assert len(acknowledged - stored) == REQUESTS // 2


async def test_crosslet_acknowledges_what_is_stored(target: Target, url: str) -> None:
    async with database(url):
        found = await answers(crosslet_app(target, url))
        stored = await names_in(url)
    acknowledged = sorted(name for name, status in found.items() if status == 201)
    assert acknowledged == stored
    assert len(stored) == REQUESTS // 2
    refused = {status for status in found.values() if status != 201}
    assert refused == ({409} if can_defer(target) else {503})

"""A client that talks to an application in this process, its lifespan running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient


@asynccontextmanager
async def client_of(app: FastAPI, *, raises: bool = False) -> AsyncIterator[AsyncClient]:
    """Start an application and yield a client; a server error is a 500, as it is on a socket, or raised here."""
    transport = ASGITransport(app=app, raise_app_exceptions=raises)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://test") as client:
        yield client

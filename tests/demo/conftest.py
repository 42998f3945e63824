"""The demo on an empty database of each driver, called without a socket; test_server.py has one with."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from crosslet import Database
from demo.app import make_app
from demo.models import Base


@dataclass
class Api:
    """A client that knows how to make what a test needs, and insists on the status of each answer."""

    http: AsyncClient
    made: int = 0

    async def send(self, method: str, path: str, *, body: Any = None, **options: Any) -> Response:
        """Send a request. Its body may be what JSON cannot say well: NaN, half of a surrogate pair."""
        if body is not None:
            options |= {"content": json.dumps(body), "headers": {"content-type": "application/json"}}
        return await self.http.request(method, path, **options)

    async def call(self, method: str, path: str, *, expect: int, **options: Any) -> Any:
        """Send a request; return the JSON of its answer, None if it has no body."""
        answer = await self.send(method, path, **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def problem(self, method: str, path: str, *, expect: int, **options: Any) -> Any:
        """Send a request that is to fail; return its problem document."""
        answer = await self.send(method, path, **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == expect
        return answer.json()

    async def user(self, **fields: Any) -> Any:
        """Create a user."""
        self.made += 1
        body = {"email": f"someone{self.made}@example.com", "name": "Someone", **fields}
        return await self.call("POST", "/users", expect=201, body=body)

    async def post(self, user_id: str, **fields: Any) -> Any:
        """Write a post."""
        body = {"title": "A title", "text": "Some text.", **fields}
        return await self.call("POST", f"/users/{user_id}/posts", expect=201, body=body)

    async def account(self, owner_id: str, name: str = "everyday", balance: str = "100.00") -> Any:
        """Open an account."""
        body = {"owner_id": owner_id, "name": name, "balance": balance}
        return await self.call("POST", "/accounts", expect=201, body=body)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Give a Database that knows the demo's tables, and has none yet."""
    async with Database(url, metadata=Base) as database:
        yield database


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Give a client of the running demo."""
    app = make_app(database)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://demo") as http:
        yield Api(http)

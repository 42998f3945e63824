"""The demo behind a real server and a real socket: what a client on the network sees."""

import asyncio
import socket
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import uvicorn
from httpx2 import AsyncClient

from crosslet import Database
from demo.app import make_app
from demo.models import Transfer, User


@pytest.fixture
async def http(database: Database) -> AsyncIterator[AsyncClient]:
    """Serve the demo with uvicorn and give a client of it."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(database), log_level="critical", timeout_graceful_shutdown=5))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    # The socket listens already: the first request waits in its queue until the application has started.
    async with AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as http:
        yield http
    server.should_exit = True
    await serving
    listener.close()


async def test_whatever_was_acknowledged_is_there_at_once(http: AsyncClient, database: Database) -> None:
    async def create_and_look(number: int) -> None:
        made = await http.post("/users", json={"email": f"someone{number}@example.com", "name": "Someone"})
        assert made.status_code == 201
        # By another connection than the one that wrote: what is seen here was committed.
        async with database.read() as session:
            assert await session.exists(User.__table__.select().where(User.email == f"someone{number}@example.com"))

    await asyncio.gather(*(create_and_look(number) for number in range(50)))


async def test_one_of_many_equal_requests_wins(http: AsyncClient, database: Database) -> None:
    body = {"email": "ada@example.com", "name": "Ada"}
    answers = await asyncio.gather(*(http.post("/users", json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    owner = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    numbers = []
    for name in ("one", "two"):
        made = await http.post("/accounts", json={"owner_id": owner, "name": name, "balance": "1.00"})
        numbers.append(made.json()["id"])
    order = {"token": str(uuid4()), "source_id": numbers[0], "target_id": numbers[1], "amount": "0.10"}
    answers = await asyncio.gather(*(http.post("/transfers", json=order) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    async with database.read() as session:
        assert await session.count(Transfer) == 1
    balances = [(await http.get(f"/accounts/{number}")).json()["balance"] for number in numbers]
    assert balances == ["0.90", "1.10"]


async def test_health_and_documentation_are_served(http: AsyncClient) -> None:
    assert (await http.get("/health/live")).json() == {"status": "ok", "reason": None}
    assert (await http.get("/health/ready")).json() == {"status": "ok", "reason": None}
    assert (await http.get("/docs")).status_code == 200
    assert (await http.get("/openapi.json")).json()["info"]["title"] == "crosslet demo"

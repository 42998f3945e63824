"""Ways to ask an application: over a real socket, and in this loop with a trace of what it sent when."""

import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Run an application under uvicorn in a thread, on a free port; give its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, loop="asyncio", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="uvicorn")
    started = threading.Event()
    startup = server.startup

    async def announce(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = announce  # type: ignore[method-assign]
    thread.start()
    try:
        assert started.wait(20), "uvicorn did not start"
        assert server.servers, "the application did not start"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@dataclass
class Answer:
    """What an application sent.

    Attributes:
        at_start: What `look` returned when the response's first message was about to leave; None without one.
        raised: What came out of the application after, or instead of, its answer.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    at_start: Any = None
    raised: BaseException | None = None

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


async def ask(
    app: Any,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    content_type: str = "application/json",
    look: Callable[[], Awaitable[Any]] | None = None,
) -> Answer:
    """Send one request to an ASGI application, in this task, as a server would."""
    answer = Answer()
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            answer.at_start = await look() if look is not None else None
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    raw_path, _, query = path.partition("?")
    headers = [(b"host", b"test"), (b"content-type", content_type.encode())]
    headers.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": raw_path,
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
        "state": {},
    }
    try:
        await app(scope, receive, send)
    except Exception as error:
        answer.raised = error
    return answer

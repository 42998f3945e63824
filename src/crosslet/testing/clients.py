"""A client for the tests of an application, in the event loop of the test: no socket, no thread."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from crosslet.errors import ConfigurationError

_Message = MutableMapping[str, Any]
_CLIENTS = ("httpx2", "httpx")


@asynccontextmanager
async def client_of(
    app: Any, *, base_url: str = "http://test", raises: bool = True, **options: Any
) -> AsyncIterator[Any]:
    """Start an application, give a client of it, and stop it.

    Its start and stop run in the test's own task and event loop, as its routes do: there a sandbox can be used. Enter
    the sandbox first.

    Args:
        app: A FastAPI or Starlette application.
        base_url: What the application sees as its own address.
        raises: Let what no error handler of the application catches through to the test; else the client gets a 500.
        **options: For `httpx2.AsyncClient` (or httpx's, where only that is installed), which is what it gives.

    Raises:
        ConfigurationError: The application has no lifespan that could be run, or there is no httpx2.
    """
    lifespan = getattr(getattr(app, "router", None), "lifespan_context", None)
    if lifespan is None:
        raise ConfigurationError(
            "client_of() takes a FastAPI or Starlette application, not what is wrapped around one."
        )
    httpx = _httpx()
    async with lifespan(app) as state:
        transport = httpx.ASGITransport(_with_state(app, state or {}), raise_app_exceptions=raises)
        async with httpx.AsyncClient(transport=transport, base_url=base_url, **options) as client:
            yield client


def _httpx() -> Any:
    for name in _CLIENTS:
        if find_spec(name) is not None:
            return import_module(name)
    raise ConfigurationError("client_of() needs httpx2: `pip install httpx2`.")


def _with_state(app: Any, state: MutableMapping[str, Any]) -> Callable[..., Awaitable[None]]:
    """Hand what the lifespan has yielded to each request, as servers do."""

    async def with_state(scope: _Message, receive: Any, send: Any) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return with_state

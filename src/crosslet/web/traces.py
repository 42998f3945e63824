"""A trace for each request of an application: handed to a function when the request has ended, and told to the client.

What is wrong with a trace is said by `crosslet.rules`; nothing is judged or kept here.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosslet.database import Database
from crosslet.errors import ConfigurationError
from crosslet.facts import Detail, Trace, route_of, trace

logger = logging.getLogger("crosslet.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedRequest:
    """One request that has ended, with its background tasks.

    Attributes:
        route: Method and path of the route, such as `GET /users/{id}`; of the request where there is no route.
        status: Of the answer; None where none was sent.
        trace: What it has sent to the database.
    """

    route: str
    status: int | None
    trace: Trace


def trace_requests(
    app: FastAPI,
    db: Database,
    on_request: Callable[[TracedRequest], object] | None = None,
    *,
    detail: Detail = "production",
    header: bool = False,
) -> None:
    """Trace each request of an application on which `install` was called. Call it before the application starts.

    Args:
        app: The application.
        db: Its database.
        on_request: Called when a request has ended. An error in it is logged. It must not wait for anything.
        detail: As for `crosslet.facts.trace`; `sites` is for development.
        header: Tell the client how many statements there were before the answer began, and how long they took: in a
            `Server-Timing` header, which browsers show beside the request. For development.

    Raises:
        ConfigurationError: Neither `on_request` nor `header` is given, so nobody would learn of anything.
    """
    if on_request is None and not header:
        raise ConfigurationError("trace_requests() needs on_request= or header=True: who should learn of it?")
    app.add_middleware(TraceMiddleware, database=db, on_request=on_request, detail=detail, header=header)


class TraceMiddleware:
    """Pure ASGI middleware that traces each request; see `trace_requests`."""

    def __init__(
        self,
        app: ASGIApp,
        database: Database,
        on_request: Callable[[TracedRequest], object] | None,
        *,
        detail: Detail,
        header: bool,
    ) -> None:
        self.app = app
        self._database = database
        self._on_request = on_request
        self._detail = detail
        self._header = header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; leave everything else alone."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status: list[int] = []
        route: list[str] = []

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
                route.append(route_of(scope))
                if self._header:
                    message = {**message, "headers": [*message.get("headers", ()), _timing(found)]}
            await send(message)

        with trace(self._database, detail=self._detail) as found:
            try:
                await self.app(scope, receive, noting)
            finally:
                self._tell(route[0] if route else route_of(scope), status[0] if status else None, found)

    def _tell(self, route: str, status: int | None, found: Trace) -> None:
        if self._on_request is None:
            return
        try:
            self._on_request(TracedRequest(route=route, status=status, trace=found))
        except Exception:
            # The answer is out, and it was a good one.
            logger.exception("on_request of trace_requests() failed after %s", route)


def _timing(found: Trace) -> tuple[bytes, bytes]:
    elapsed = sum(total.total_ms for total in found.totals)
    count = f"{found.count} statement{'' if found.count == 1 else 's'}"
    return b"server-timing", f'db;dur={elapsed:.1f};desc="{count}"'.encode()

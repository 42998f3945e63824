"""Attributes that wait for the database by themselves in `async def` routes: for a whole application, or a router.

The portal (see loading/portals.py) stands inside all middleware: one that runs the application in a task of its own, as
Starlette's BaseHTTPMiddleware does, stands outside of it and does no harm.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from crosslet.loading import close_portal, portal


class ImplicitIORoute(APIRoute):
    """Route class in whose handlers a plain `user.posts` waits for the database, and in their responses as well.

    `APIRouter(route_class=ImplicitIORoute)`; for all routes `install(app, db, implicit_io=True)`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler: dependencies, endpoint, and the writing of the response."""
        handler = super().get_route_handler()

        async def run(request: Request) -> Response:
            return await portal(handler(request))

        return run


async def explicit_io() -> None:
    """Let attributes raise NotLoaded in this route, where others may wait: `dependencies=[Depends(explicit_io)]`."""
    close_portal()


class _Portals:
    """What a router runs, in a portal for each request and websocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            await portal(self._run(scope, receive, send))
        else:
            await self._app(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def open_portals(app: FastAPI) -> None:
    """Run each request of an application in a portal, once it has passed all middleware."""
    app.router.middleware_stack = _Portals(app.router.middleware_stack)

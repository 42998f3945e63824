"""A route that runs its whole handler again: fresh dependencies, fresh session, the same request.

FastAPI keeps the exit stacks of dependencies in the request's scope under two private names; they and
Starlette's cached form are read in this file alone, and tests/web proves that they are what they were.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from crosslet.transactions import run_again
from crosslet.web.units import RequestUnits, units_of

_REQUEST_STACK = "fastapi_inner_astack"
_FUNCTION_STACK = "fastapi_function_astack"

Handler = Callable[[Request], Awaitable[Response]]


class RetryRoute(APIRoute):
    """Route class whose handlers are run again, from their dependencies on, after a failure that may pass.

    `APIRouter(route_class=RetryRoute)`, or `install(app, db, retry=True)` for routes declared on the
    application afterwards. How often and how long: the Database's `retry` settings.

    Not repeated: a route that has consumed `request.stream()`, one of whose units was committed already,
    or whose commit's outcome is unknown. What the handler does beside the database happens again, so move
    it to `session.after_commit` or a background task: those of a failed attempt are dropped.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handler = super().get_route_handler()

        async def run(request: Request) -> Response:
            return await _repeated(handler, request)

        return run


async def _repeated(handler: Handler, request: Request) -> Response:
    units = units_of(request)
    committed = units.committed
    attempts = 0

    async def attempt() -> Response:
        nonlocal attempts
        attempts += 1
        if attempts > 1:
            await units.close_readers()
            await _rewind(request)
        return await _attempt(handler, request)

    return await run_again(attempt, units.database.settings.retry, lambda: _may_repeat(request, units, committed))


async def _attempt(handler: Handler, request: Request) -> Response:
    """Run the handler with exit stacks of its own; on success its request-scoped part goes on to the end."""
    outer: AsyncExitStack = request.scope[_REQUEST_STACK]
    outer_function = request.scope[_FUNCTION_STACK]
    try:
        async with AsyncExitStack() as request_stack:
            request.scope[_REQUEST_STACK] = request_stack
            async with AsyncExitStack() as function_stack:
                request.scope[_FUNCTION_STACK] = function_stack
                response = await handler(request)
            outer.push_async_exit(request_stack.pop_all())
            return response
    finally:
        request.scope[_REQUEST_STACK] = outer
        request.scope[_FUNCTION_STACK] = outer_function


def _may_repeat(request: Request, units: RequestUnits, committed: int) -> bool:
    streamed = getattr(request, "_stream_consumed", False)
    kept = hasattr(request, "_body") or getattr(request, "_form", None) is not None
    return units.committed == committed and (kept or not streamed)


async def _rewind(request: Request) -> None:
    form = getattr(request, "_form", None)
    for _, value in form.multi_items() if form is not None else ():
        if isinstance(value, UploadFile):
            await value.seek(0)

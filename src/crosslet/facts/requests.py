"""Which request the running task serves, by number and route. The room of the web says when it begins and ends."""

from contextvars import ContextVar
from itertools import count
from typing import Any, Final

# ASGI's scope of the request that is being served.
current_scope: Final[ContextVar[Any]] = ContextVar("crosslet_scope", default=None)
_KEY: Final = "crosslet.request"
_numbers = count(1)


class Request:
    """One request, for as long as somebody keeps what it sent.

    Attributes:
        number: In this process.
    """

    __slots__ = ("_name", "_scope", "number")

    def __init__(self, scope: Any) -> None:
        self.number = next(_numbers)
        self._scope = scope
        self._name = ""

    @property
    def route(self) -> str:
        """Return method and path: the route's where it is known, which may be after the first statement."""
        return self._name or _name_of(self._scope)

    def learn(self, *, at_last: bool = False) -> None:
        """Take the route's name as soon as there is one, and let go of the scope: it holds the whole request."""
        if not self._name and (at_last or "route" in self._scope):
            self._name, self._scope = _name_of(self._scope), None


def route_of(scope: Any) -> str:
    """Return method and path of a request's route; while none is known, those of the request itself."""
    found: Request | None = scope.get(_KEY)
    # What was learnt while the route was running is surer than what the scope says after an error.
    return _name_of(scope) if found is None else found.route


def _name_of(scope: Any) -> str:
    route = scope.get("route")
    # Of a router that was included, only what FastAPI puts here knows the whole path.
    included = scope.get("fastapi", {}).get("effective_route_context")
    if getattr(included, "original_route", None) is route:
        route = included
    path = getattr(route, "path", None)
    if path is None:
        path = scope["path"]
    elif "app_root_path" in scope:
        # A mounted application's routes do not know where it is mounted; what is before that is the server's.
        path = scope["root_path"].removeprefix(scope["app_root_path"]) + path
    return f"{scope.get('method', scope['type'].upper())} {path}"


def request_here() -> Request | None:
    """Return the request that the running task serves."""
    scope = current_scope.get()
    if scope is None:
        return None
    found: Request | None = scope.get(_KEY)
    if found is None:
        found = scope[_KEY] = Request(scope)
    if not found._name:
        found.learn()
    return found


def settle_request(scope: Any) -> None:
    """Note that a request's answer begins: its route is known by now, if there is one."""
    found: Request | None = scope.get(_KEY)
    if found is not None:
        found.learn(at_last=True)

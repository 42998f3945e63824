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
        """Return method and path, of the route where it is known: it may be found after the first statement."""
        return self._name or _name_of(self._scope)

    def settle(self) -> None:
        """Let go of the scope: it holds the whole request."""
        if not self._name:
            self._name, self._scope = _name_of(self._scope), None


def _name_of(scope: Any) -> str:
    path = getattr(scope.get("route"), "path", None)
    # A route of an application that is mounted knows nothing of the path before.
    path = scope["path"] if path is None else f"{scope.get('root_path', '')}{path}"
    return f"{scope.get('method', scope['type'].upper())} {path}"


def request_here() -> Request | None:
    """Return the request that the running task serves."""
    scope = current_scope.get()
    if scope is None:
        return None
    found: Request | None = scope.get(_KEY)
    if found is None:
        found = scope[_KEY] = Request(scope)
    return found


def settle_request(scope: Any) -> None:
    """Note that a request has ended."""
    found: Request | None = scope.get(_KEY)
    if found is not None:
        found.settle()

"""Units of a Database that go somewhere else for a while: what tests do with an application's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from crosslet.cache import Results
from crosslet.connections import Connections, Explain, Prepare
from crosslet.database.caching import results_of

C = TypeVar("C", bound=Connections)


class Elsewhere:
    """What a Database can be pointed at instead of its own connections."""

    is_fallback: bool
    _connections: Connections
    _results: Results
    _explain: Explain | None
    _explain_changes: Explain | None
    _guard: Prepare

    @contextmanager
    def through(self, connect: Callable[[Prepare], C]) -> Iterator[C]:
        """Let every unit that is opened meanwhile go over other connections, to another database even.

        Results are kept in a cache of that while's own. Closing the other connections is the caller's part.

        Args:
            connect: Makes them; called with what they call for each new engine.
        """
        before: tuple[Any, Any, bool] = self._connections, self._results, self.is_fallback
        made = connect(self._guard)
        self._connections, self._results = made, results_of(None, self._results.scope, made)
        self.is_fallback, self._explain, self._explain_changes = False, None, None
        try:
            yield made
        finally:
            self._connections, self._results, self.is_fallback = before
            self._explain = self._explain_changes = None

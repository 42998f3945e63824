"""Rows that are fetched as they are read: each fetch within the statement's deadline, by the unit's own task."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crosslet.connections import Watch
from crosslet.errors import StatementTimeout, Unavailable
from crosslet.transactions import Unit


class WatchedFetches:
    """Stands before SQLAlchemy's own strategy of fetching from a cursor.

    Args:
        strategy: What fetches.
        unit: Whose rows these are.
    """

    def __init__(self, strategy: Any, unit: Unit) -> None:
        self._strategy = strategy
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._strategy, name)

    def fetchone(self, *arguments: Any) -> Any:
        """Fetch a row."""
        return self._watched(self._strategy.fetchone, *arguments)

    def fetchmany(self, *arguments: Any) -> Any:
        """Fetch some rows."""
        return self._watched(self._strategy.fetchmany, *arguments)

    def fetchall(self, *arguments: Any) -> Any:
        """Fetch the rest."""
        return self._watched(self._strategy.fetchall, *arguments)

    def _watched(self, fetch: Any, *arguments: Any) -> Any:
        self._unit.check()
        with watched(self._unit):
            return fetch(*arguments)


@contextmanager
def watched(unit: Unit) -> Iterator[None]:
    """Cut the unit's connection when the block takes longer than a statement may.

    Raises:
        StatementTimeout: It did.
    """
    watch = Watch(unit.cut, unit.deadlines.statement)
    try:
        yield
    except Exception as error:
        watch.stop()
        if watch.fired and not isinstance(error, Unavailable):
            raise StatementTimeout from error
        raise
    # Where it was cancelled the watch goes on: closing the cursor on the server is still to come.
    else:
        watch.stop()


def watch_fetches(result: Any, unit: Unit) -> None:
    """Put a deadline on the fetches of a streamed result."""
    real = result._real_result
    cursor = getattr(real, "raw", real)
    cursor.cursor_strategy = WatchedFetches(cursor.cursor_strategy, unit)

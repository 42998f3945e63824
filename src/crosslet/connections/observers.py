"""Who is told of a database's statements, on both ways: through SQLAlchemy's engine and past it.

SQLAlchemy's own events will not do: who listens to them switches off the way past the engine, and with it what was to
be seen. While nobody observes, a statement pays for one look at a number.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from itertools import count
from typing import Any, Final, Protocol

_NUMBER: Final = "crosslet.number"
_numbers = count(1)
# Of the running task, and of all that are started from it.
HERE: Final[ContextVar[tuple["Observer", ...]]] = ContextVar("crosslet_observers", default=())


class Observer(Protocol):
    """Somebody who is told of statements. An error of theirs would be one of the statement: they raise none.

    Attributes:
        heeds_loads: Wants to hear of what the ORM loads, too.
        sums_up: Wants nothing but what `add` takes, which is quicker told: between two statements of an application
            each function that is called anew takes a microsecond.
    """

    heeds_loads: bool
    sums_up: bool

    def began(self, statement: str, parameters: Any, connection: Any, context: Any) -> Any:
        """Hear of a statement that is about to be sent; return what `ended` takes.

        Args:
            statement: In the driver's parameter style.
            parameters: As the driver is handed them.
            connection: What `number_of` takes.
            context: SQLAlchemy's execution context; None past the engine.
        """

    def ended(self, mark: Any, rows: int | None, error: BaseException | None, seconds: float | None) -> None:
        """Hear that it ended.

        Args:
            mark: What `began` returned.
            rows: How many it returned or changed; None where that is not known.
            error: Why it failed.
            seconds: How long the database was waited for, where that is not the time since `began`.
        """

    def add(self, statement: str, seconds: float, rows: int | None, error: BaseException | None) -> None:
        """Hear of a statement that has ended, where that is all; see `sums_up`."""

    def loading(self, state: Any) -> None:
        """Hear of a statement of the ORM before it is compiled; its `ORMExecuteState` may be changed."""


def number_of(connection: Any) -> int:
    """Return the number of a connection in this process: of SQLAlchemy's, or of what the pool holds it by."""
    info = connection.info
    number: int | None = info.get(_NUMBER)
    if number is None:
        number = info[_NUMBER] = next(_numbers)
    return number


class Observers:
    """Those who observe one database.

    Attributes:
        count: How many do: 0 is what to look at before anything else.
        heeding: How many of them heed what the ORM loads.
        sole: The only one there is, if it sums up; whoever tells it looks at `is_everywhere` or HERE first.
        is_everywhere: Somebody is told of what all tasks do.
    """

    __slots__ = ("_everywhere", "_now", "count", "heeding", "is_everywhere", "sole")

    def __init__(self) -> None:
        self.count = 0
        self.heeding = 0
        self.sole: Observer | None = None
        self.is_everywhere = False
        self._now: set[Observer] = set()
        self._everywhere: tuple[Observer, ...] = ()

    def add(self, observer: Observer, *, everywhere: bool) -> "Token[tuple[Observer, ...]] | None":
        """Let somebody observe what the running task does, and tasks that it starts; or whoever does it.

        Returns:
            What `remove` takes.
        """
        self._now.add(observer)
        if everywhere:
            self._everywhere = (*self._everywhere, observer)
        self._count()
        if everywhere:
            return None
        return HERE.set((*HERE.get(), observer))

    def remove(self, observer: Observer, token: "Token[tuple[Observer, ...]] | None") -> None:
        """Tell somebody of nothing any more."""
        self._now.discard(observer)
        self._everywhere = tuple(one for one in self._everywhere if one is not observer)
        self._count()
        if token is not None:
            # A fixture's first and second half may run in contexts of their own; no longer in `_now`, it is out.
            with suppress(ValueError):
                HERE.reset(token)

    def _count(self) -> None:
        self.count = len(self._now)
        self.is_everywhere = bool(self._everywhere)
        self.heeding = sum(one.heeds_loads for one in self._now)
        only = next(iter(self._now)) if self.count == 1 else None
        self.sole = only if only is not None and only.sums_up else None

    def _watching(self) -> list[Observer]:
        """Return who is to be told of what the running task does."""
        return [*(one for one in HERE.get() if one in self._now), *self._everywhere]

    def began(self, statement: str, parameters: Any, connection: Any, context: Any = None) -> Sequence[Any]:
        """Tell of a statement that is about to be sent; return what `ended` takes.

        Args:
            statement: In the driver's parameter style.
            parameters: As the driver is handed them.
            connection: SQLAlchemy's, or what the pool holds it by.
            context: SQLAlchemy's execution context, where there is one.
        """
        here = HERE.get()
        if len(here) == 1 and here[0] in self._now and not self._everywhere:
            # What is usual, at half the price.
            return ((here[0], here[0].began(statement, parameters, connection, context)),)
        return [(one, one.began(statement, parameters, connection, context)) for one in self._watching()]

    def ended(
        self,
        marks: Sequence[Any],
        rows: int | None,
        error: BaseException | None = None,
        seconds: float | None = None,
    ) -> None:
        """Tell of its end."""
        for observer, mark in marks:
            observer.ended(mark, rows, error, seconds)

    def loading(self, state: Any) -> None:
        """Tell of a statement of the ORM before it is compiled."""
        for observer in self._watching():
            if observer.heeds_loads:
                observer.loading(state)


_ASKED: Final[ContextVar[Any]] = ContextVar("crosslet_asked", default=None)


@contextmanager
def asked_from(place: Any) -> Iterator[None]:
    """Say from where the statements of the block are asked for, where tasks send them: those have no stack to tell."""
    token = _ASKED.set(place)
    try:
        yield
    finally:
        _ASKED.reset(token)


def asking_place() -> Any:
    """Return what `asked_from` was told; None where the stack itself tells."""
    return _ASKED.get()

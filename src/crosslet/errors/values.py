"""What a caller asked for that cannot be: values that cannot be stored, rows that are not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exc

from crosslet.errors.base import CrossletError


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that cannot be stored: which field, why, and a code that a client can switch on."""

    field: str
    reason: str
    code: str


class InvalidValue(CrossletError, ValueError):
    """One or more values cannot be stored as they are; nothing was sent to the database."""

    code = "invalid-value"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.reason}" for problem in problems))
        self.problems = tuple(problems)

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the fields at fault, in the order they were found."""
        return tuple(problem.field for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems,))


class NotFound(CrossletError, exc.NoResultFound):
    """No row matched where exactly one was asked for."""

    code = "not-found"

    def __init__(self, subject: str) -> None:
        super().__init__(f"No {subject} matches.")
        self.subject = subject


class MultipleRowsFound(CrossletError, exc.MultipleResultsFound):
    """Several rows matched where at most one was asked for."""

    code = "multiple-rows-found"

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"More than one {subject} matches. Narrow the statement to a unique key, or use `all()` or `first()`."
        )
        self.subject = subject


class StreamTooSlow(CrossletError, RuntimeError):
    """The reader of a stream was so slow that what waited for it had no more room on disk."""

    code = "stream-too-slow"

    def __init__(self) -> None:
        super().__init__(
            "A stream's reader kept its connection waiting for longer than Deadlines(hold=...), and there is no more "
            "room for the rest, PoolSettings(spool_bytes=...) for all streams of the Database together. The stream "
            "ends here, and is not complete."
        )


class InvalidCursor(CrossletError, ValueError):
    """A cursor that was not made here for this list, or that its row has left; the client starts again without one.

    Attributes:
        reason: Why, for the log.
    """

    code = "invalid-cursor"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This cursor leads nowhere: {reason}. Begin again with the first page.")
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.reason,))

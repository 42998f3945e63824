"""The programmer's mistakes: something in the code must change."""

from collections.abc import Sequence

from sqlalchemy import exc
from sqlalchemy.orm import exc as orm_exc

from crosslet.errors.base import CrossletError


class ConfigurationError(CrossletError, ValueError):
    """Settings, a URL, a model or a shape cannot work as written."""

    code = "configuration-error"


class SessionClosed(CrossletError, exc.InvalidRequestError):
    """The session's unit of work has ended; it cannot be used again."""

    code = "session-closed"

    def __init__(self) -> None:
        super().__init__(
            "This session's unit of work has ended. Background tasks, streams and code that runs after "
            "the response open a session of their own: `async with db.write() as session:`."
        )


class WrongTask(CrossletError, exc.InvalidRequestError):
    """A session that belongs to one task was touched by another."""

    code = "wrong-task"

    def __init__(self, owner: str, intruder: str) -> None:
        super().__init__(
            f"This session belongs to task {owner!r} and was used from task {intruder!r}. A transaction cannot be "
            "shared: open one session a task (`async with db.read() as session:`). To bound a statement in time use "
            "`asyncio.timeout()`; on Python 3.11 `asyncio.wait_for()` moves the call to a new task."
        )
        self.owner = owner
        self.intruder = intruder


class ReadOnlySession(CrossletError, exc.InvalidRequestError):
    """A statement tried to change data through a session opened for reading."""

    code = "read-only-session"

    def __init__(self) -> None:
        super().__init__(
            "This session was opened for reading. Use a `Writer` in the route, or `async with db.write() as session:`."
        )


class NotLoaded(CrossletError, exc.MissingGreenlet):
    """An attribute was touched that no statement had loaded, where nothing can be awaited.

    Attributes:
        owner: The name of the class.
        name: That of the attribute.
    """

    code = "not-loaded"

    def __init__(self, owner: str, name: str, advice: str) -> None:
        super().__init__(advice)
        self.owner = owner
        self.name = name


class DetachedNotLoaded(CrossletError, orm_exc.DetachedInstanceError):
    """The same, of an object whose session has ended.

    Attributes:
        owner: The name of the class.
        name: That of the attribute.
    """

    code = "detached-not-loaded"

    def __init__(self, owner: str, name: str, advice: str) -> None:
        super().__init__(advice)
        self.owner = owner
        self.name = name


class LoadRefused(CrossletError, exc.InvalidRequestError):
    """An attribute was touched that no statement had loaded, and the fetch mode refuses to load it now.

    Attributes:
        owner: The name of the class.
        name: That of the attribute.
    """

    code = "load-refused"

    def __init__(self, owner: str, name: str, advice: str) -> None:
        super().__init__(advice)
        self.owner = owner
        self.name = name


class StreamOpen(CrossletError, exc.InvalidRequestError):
    """A statement was to be sent on a connection that is sending the rows of a stream, and nothing beside them."""

    code = "stream-open"

    def __init__(self) -> None:
        super().__init__(
            "A stream of this session is not read to its end, and this database sends nothing else on its connection "
            "meanwhile: the rest of its rows would be lost. Read it to the end first, close it, or give it a "
            "connection in a stream of its own, `db.stream(...)`; load what its objects need with the statement."
        )


class UnitPoisoned(CrossletError, exc.InvalidRequestError):
    """A database error was swallowed inside the unit, which can now only roll back.

    PostgreSQL behaves so by itself; crosslet makes every database do it, because what a server
    undoes after an error differs (the statement, the transaction, or nothing).

    Attributes:
        cause: The code of the error that was swallowed.
        retryable: It was one that may pass, so the whole unit may be run again.
    """

    code = "unit-poisoned"

    def __init__(self, cause: str, *, retryable: bool = False) -> None:
        super().__init__(
            f"An earlier error in this unit of work ({cause}) was caught and not handled by a savepoint, so nothing of "
            "the unit may be stored. Put the part that may fail inside `async with session.begin_nested():`, or let "
            "the error leave the unit."
        )
        self.cause = cause
        self.retryable = retryable


class UncommittedResponse(CrossletError, RuntimeError):
    """A response was about to leave while its unit of work was still open."""

    code = "uncommitted-response"

    def __init__(self) -> None:
        super().__init__(
            "The response began before its unit of work was committed, so nothing was sent and nothing was stored. "
            "Take the session with crosslet.web.Writer, or write `async with db.write() as session`."
        )


class ProtectedField(CrossletError, ValueError):
    """A body names columns that a client may never set: key, timestamps, version, or unknown ones."""

    code = "protected-field"

    def __init__(self, model: str, fields: Sequence[str], reason: str) -> None:
        names = ", ".join(fields)
        super().__init__(
            f"{model} cannot take {names} from a body: {reason}. Leave the field out of the schema, or pass it by "
            "keyword where the code decides it."
        )
        self.fields = tuple(fields)


class SandboxRefused(CrossletError, RuntimeError):
    """A test's sandbox cannot do what was asked without telling a lie about it; it goes on."""

    code = "sandbox-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} Take the `database_copy` fixture for this test: there units commit for good, on connections of "
            "their own."
        )


class SandboxLost(CrossletError, RuntimeError):
    """The transaction around a test has ended before the test did; nothing more can be undone in it."""

    code = "sandbox-lost"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The transaction that this test's sandbox undoes at the end is gone: {reason}. Take the `database_copy` "
            "fixture for this test."
        )

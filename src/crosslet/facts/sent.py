"""One statement that was sent, and what all executions of one statement took together. Data only."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from reprlib import Repr
from typing import Any, Final

from crosslet.loading import Site

_LONGEST: Final = 10_000
_PLACE: Final = r"(?:\?|%s|\$\d+(?:::[\w ]+)?|%\(\w+\)s(?:::[\w ]+)?)"
# A list of values has a place for each of them, or one that SQLAlchemy fills in later.
_LIST: Final = re.compile(rf"\bIN \((?:__\[POSTCOMPILE_\w+\](?:::\w+)?|{_PLACE}(?:, {_PLACE})*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A statement of the application, as it was sent.

    Attributes:
        statement: With places for values; `IN (...)` for a list of any length. The text itself for SQL by hand.
        elapsed_ms: How long the database was waited for; None while it runs. Of a stream: all its fetches together,
            and through SQLAlchemy's engine only the first.
        rows: How many it returned or changed; None where that is not known. A page of JSON may come as one row.
        site: The line of your code that asked for it; None where there is none, or sites were not asked for.
        route: Such as `GET /users/{id}`; None outside of requests.
        request: The number of the request in this process.
        connection: The number of the connection in this process.
        parameters: Its values, masked unless the Database has `show_values`; None where they were not asked for.
        error: The class of the driver's error, where it failed.
        loads: The attribute that it loads for one object alone, such as `Author.books`.
    """

    statement: str
    elapsed_ms: float | None
    rows: int | None
    site: Site | None
    route: str | None
    request: int | None
    connection: int
    parameters: str | None
    error: str | None
    loads: str | None

    @property
    def fingerprint(self) -> str:
        """Return a short name of the statement, the same in every process."""
        return fingerprint_of(self.statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All executions of one statement.

    Attributes:
        statement: As of `Sent`.
        count: How many have ended.
        total_ms: How long they took together.
        max_ms: How long the longest took.
        rows: Of all, where they are known.
        failed: How many of them failed.
    """

    statement: str
    count: int
    total_ms: float
    max_ms: float
    rows: int
    failed: int

    @property
    def fingerprint(self) -> str:
        """Return a short name of the statement, the same in every process."""
        return fingerprint_of(self.statement)


def fingerprint_of(statement: str) -> str:
    """Return a short name of a statement's template."""
    return blake2s(statement.encode("utf-8", "replace"), digest_size=6).hexdigest()


def kept_text(statement: str) -> str:
    """Cut a text that is too long to be kept a thousand times."""
    return statement if len(statement) <= _LONGEST else f"{statement[:_LONGEST]}..."


@lru_cache(maxsize=1000)
def template_of(statement: str) -> str:
    """Return a statement with one form for lists of any length."""
    return _LIST.sub("IN (...)", statement) if " IN (" in statement else statement


_SHORT: Final = Repr()
_SHORT.maxtuple = _SHORT.maxdict = 30
_SHORT.maxlist = 3
_SHORT.maxstring = _SHORT.maxother = 60


class _Masked:
    """Stands for a value: what it is, and nothing of what it says."""

    def __init__(self, value: Any) -> None:
        size = f" of {len(value)}" if isinstance(value, str | bytes) else ""
        self._text = "None" if value is None else f"<{type(value).__name__}{size}>"

    def __repr__(self) -> str:
        return self._text


def parameters_text(parameters: Any, *, show_values: bool) -> str:
    """Write the values of a statement, of the first three rows where there are many; masked unless shown."""
    return _SHORT.repr(parameters if show_values else _masked(parameters))


def _masked(parameters: Any) -> Any:
    if isinstance(parameters, dict):
        return {name: _Masked(value) for name, value in parameters.items()}
    if isinstance(parameters, list) and parameters and isinstance(parameters[0], tuple | dict | list):
        return [_masked(row) for row in parameters[:3]] + ["..."] * (len(parameters) > 3)  # noqa: PLR2004
    return tuple(map(_Masked, parameters or ()))

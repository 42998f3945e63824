"""The version of a row on its way to the client and back: `ETag`, `If-None-Match`, `If-Match` (RFC 9110, 13)."""

import re
from typing import Annotated, Any, Final

from fastapi import Depends, Header, HTTPException, Response
from sqlalchemy import inspect

from crosslet.errors import ConfigurationError
from crosslet.web.problems import ProblemError

_TAG: Final = re.compile(r'(W/)?"([^"]*)"')


class Tagging:
    """What a route tags its answer with; take it as `ETag`."""

    def __init__(self, response: Response, if_none_match: str | None) -> None:
        self._response = response
        self._held = if_none_match

    def of(self, row: Any) -> None:
        """Set the `ETag` header; if the client holds this version already, answer 304 without a body.

        Args:
            row: An object of a class with Versioned, or a shape with its `version`.

        Raises:
            HTTPException: The 304.
            ConfigurationError: It has no version.
        """
        tag = f'"{version_of(row)}"'
        if self._held is not None and _matches(self._held, tag, weakly=True):
            raise HTTPException(304, headers={"ETag": tag})
        self._response.headers["ETag"] = tag


class Precondition:
    """What a client says it has seen; take it as `IfMatch`, or as `RequiredIfMatch`.

    Without the header `IfMatch` lets everything pass, and `RequiredIfMatch` answers 428.
    """

    def __init__(self, if_match: str | None) -> None:
        self._seen = if_match

    def check(self, row: Any) -> None:
        """Refuse to go on if the row is not as the client has seen it: 412.

        Check before changing it. Whoever changes the row between that and the commit is noticed by the flush, as a 409.

        Args:
            row: An object of a class with Versioned.

        Raises:
            ProblemError: It has another version.
            ConfigurationError: It has none.
        """
        version = version_of(row)
        if self._seen is not None and not _matches(self._seen, f'"{version}"', weakly=False):
            raise ProblemError(
                412, "precondition-failed", "It was changed by someone else in the meantime. Read it again."
            )


def version_of(row: Any) -> int:
    """Return the version of an object or a shape.

    Raises:
        ConfigurationError: It has none.
    """
    state = inspect(row, raiseerr=False)
    column = state.mapper.version_id_col if state is not None else None
    name = state.mapper.get_property_by_column(column).key if state is not None and column is not None else "version"
    version = getattr(row, name, None)
    if not isinstance(version, int):
        raise ConfigurationError(
            f"{type(row).__name__} has no version: derive its class from Versioned, and give the shape a field "
            "`version: int`."
        )
    return version


def _matches(header: str, tag: str, *, weakly: bool) -> bool:
    if header.strip() == "*":
        return True
    return any(f'"{found[2]}"' == tag and (weakly or not found[1]) for found in _TAG.finditer(header))


async def _seen(if_match: Annotated[str | None, Header()] = None) -> Precondition:
    return Precondition(if_match)


async def _must_be_seen(if_match: Annotated[str | None, Header()] = None) -> Precondition:
    if if_match is None:
        raise ProblemError(428, "precondition-required", "Say which version you have seen: send its ETag as If-Match.")
    return Precondition(if_match)


async def _tagging(response: Response, if_none_match: Annotated[str | None, Header()] = None) -> Tagging:
    return Tagging(response, if_none_match)


ETag = Annotated[Tagging, Depends(_tagging)]
IfMatch = Annotated[Precondition, Depends(_seen)]
RequiredIfMatch = Annotated[Precondition, Depends(_must_be_seen)]

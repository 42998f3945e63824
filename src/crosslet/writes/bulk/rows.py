"""From any iterable to lists of attribute names and values, a chunk at a time; never the whole of it."""

import dataclasses
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sized
from itertools import islice
from typing import Any

from pydantic import BaseModel
from sqlalchemy import inspect

from crosslet.errors import ConfigurationError
from crosslet.writes.fields import given_values

Rows = Iterable[Any] | AsyncIterable[Any]


def length_of(rows: Rows) -> int | None:
    """Return how many rows there will be, None where nobody knows before the end."""
    return len(rows) if isinstance(rows, Sized) else None


async def chunks_of(rows: Rows, size: int) -> AsyncIterator[list[Any]]:
    """Give the rows in lists of at most that size.

    Raises:
        ConfigurationError: It is no iterable of rows.
    """
    if isinstance(rows, Mapping | BaseModel | str | bytes):
        raise ConfigurationError("A bulk verb takes an iterable of rows: put a single one into a list.")
    if isinstance(rows, AsyncIterable):
        chunk: list[Any] = []
        async for row in rows:
            chunk.append(row)
            if len(chunk) == size:
                yield chunk
                chunk = []
        if chunk:
            yield chunk
        return
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def values_of(row: Any, *, only_set: bool) -> Mapping[str, Any]:
    """Read the values out of a row: a mapping, a Pydantic model, a dataclass.

    Args:
        row: The row.
        only_set: Of a Pydantic model, leave out what its sender did not send, defaults included; else a default other
            than None counts, as for `create`.

    Raises:
        ConfigurationError: It is none of these.
    """
    if type(row) is dict:
        return row
    if isinstance(row, BaseModel):
        return given_values(row, only_set=only_set)
    if isinstance(row, Mapping):
        return dict(row)
    if inspect(row, raiseerr=False) is not None:
        raise ConfigurationError("A bulk verb takes values, not ORM objects: for those there is `session.add_all`.")
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    raise ConfigurationError(f"A row is a mapping, a Pydantic model or a dataclass, not {type(row).__name__}.")

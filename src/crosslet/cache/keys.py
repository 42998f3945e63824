"""Under what a result is kept: exactly what the driver would be handed, and the database that it would go to.

Whatever makes a difference stands in the text or in the bound values: the statement, LIMIT, the criteria of named
filters and the values that a session gave them. So nobody can be given the rows of another tenant.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from sqlalchemy import URL

# Changes when the meaning of what is kept does.
_FORMAT: Final = b"crosslet-1"
# Values whose `repr` says all of them. 1, 1.0 and True are equal in Python and not in SQL: so the type goes along.
_PLAIN: Final = frozenset({bool, int, float, str, bytes, type(None), Decimal, dt.date, dt.time, dt.timedelta})
_ZONES: Final = (type(None), dt.timezone)


def identity_of(url: URL) -> bytes:
    """Return what tells a database and the account that reads it from others."""
    return blake2b(_FORMAT + repr(url.set(password=None)).encode(), digest_size=32).digest()


def key_of(identity: bytes, text: str, parameters: Any, scope: str | None = None) -> bytes | None:
    """Return a key that shows nothing of what it was made from.

    Args:
        identity: What tells the database from others.
        text: The SQL.
        parameters: Its values, as the driver takes them.
        scope: What the caller says of who reads.

    Returns:
        None where a value cannot be told for certain from another; then nothing is kept.
    """
    try:
        written = _written(parameters if scope is None else (scope, parameters))
    except _NoCertainText:
        return None
    return blake2b(written.encode("utf-8", "surrogatepass"), key=_of_text(identity, text), digest_size=24).digest()


@lru_cache(maxsize=4096)
def _of_text(identity: bytes, text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), key=identity, digest_size=32).digest()


class _NoCertainText(Exception):
    pass


def _written(value: Any) -> str:
    kind = type(value)
    if kind in _PLAIN:
        return f"{kind.__name__} {value!r}"
    if kind is tuple or kind is list:
        return f"[{','.join([_written(part) for part in value])}]"
    if isinstance(value, UUID):
        # asyncpg has a faster class of its own.
        return f"UUID {value}"
    if kind is dt.datetime and isinstance(value.tzinfo, _ZONES):
        return repr(value)
    if isinstance(value, Mapping):
        return f"{{{','.join([f'{_written(name)}:{_written(part)}' for name, part in value.items()])}}}"
    raise _NoCertainText

"""crosslet: the data layer for FastAPI. Async SQLAlchemy that never loses an acknowledged write.

The names of the quick start. Those for routes are in `crosslet.web`, errors in `crosslet.errors`.
Each is imported when it is first asked for, so that a command's `--help` does not wait for SQLAlchemy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosslet import errors
    from crosslet.cache import MemoryCache, RedisCache
    from crosslet.database import Database, Repository, Session, Stream
    from crosslet.loading import fetch
    from crosslet.models import (
        BigIntKey,
        ExactDecimal,
        Model,
        Portable,
        PortableJSON,
        SoftDelete,
        Timestamps,
        UniqueAlive,
        UTCDateTime,
        UUIDKey,
        Versioned,
    )
    from crosslet.reads import (
        CursorPage,
        Keyset,
        Offset,
        Page,
        RowFilter,
        cached,
        json_remove,
        json_set,
        json_value,
        only_deleted,
        purging,
        unscoped,
        with_deleted,
        without_filters,
    )
    from crosslet.settings import Deadlines, PoolSettings, Retry, Tls
    from crosslet.shapes import Count, Exists, From, Limit, New, OrderBy, Where
    from crosslet.writes import for_update

__version__ = "0.1.0"

__all__ = [
    "BigIntKey",
    "Count",
    "CursorPage",
    "Database",
    "Deadlines",
    "ExactDecimal",
    "Exists",
    "From",
    "Keyset",
    "Limit",
    "MemoryCache",
    "Model",
    "New",
    "Offset",
    "OrderBy",
    "Page",
    "PoolSettings",
    "Portable",
    "PortableJSON",
    "RedisCache",
    "Repository",
    "Retry",
    "RowFilter",
    "Session",
    "SoftDelete",
    "Stream",
    "Timestamps",
    "Tls",
    "UTCDateTime",
    "UUIDKey",
    "UniqueAlive",
    "Versioned",
    "Where",
    "cached",
    "errors",
    "fetch",
    "for_update",
    "json_remove",
    "json_set",
    "json_value",
    "only_deleted",
    "purging",
    "unscoped",
    "with_deleted",
    "without_filters",
]

_ROOMS = {
    **dict.fromkeys(("MemoryCache", "RedisCache"), "crosslet.cache"),
    **dict.fromkeys(("Database", "Repository", "Session", "Stream"), "crosslet.database"),
    "fetch": "crosslet.loading",
    "for_update": "crosslet.writes",
    **dict.fromkeys(("CursorPage", "Keyset", "Offset", "Page"), "crosslet.reads"),
    **dict.fromkeys(("Deadlines", "PoolSettings", "Retry", "Tls"), "crosslet.settings"),
    **dict.fromkeys(
        ("RowFilter", "cached", "only_deleted", "purging", "unscoped", "with_deleted", "without_filters"),
        "crosslet.reads",
    ),
    **dict.fromkeys(
        ("json_remove", "json_set", "json_value"),
        "crosslet.reads",
    ),
    **dict.fromkeys(("Count", "Exists", "From", "Limit", "New", "OrderBy", "Where"), "crosslet.shapes"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "errors":
        return import_module("crosslet.errors")
    return getattr(import_module(_ROOMS.get(name, "crosslet.models")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Python-side defaults of many rows at once: keys in one go, the time taken once.

A default of the application's own is called for each row; here is what crosslet knows of its own.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column
from sqlalchemy.sql.schema import CallableColumnDefault

from crosslet.models.keys import uuid7, uuid7s
from crosslet.models.timestamps import _now, _same_as_created


def batch_default(column: Column[Any]) -> Callable[[int], list[Any]] | None:
    """Return what makes the defaults of so many rows of a batch, None where each row has to be asked for."""
    made_by = _function(column.default)
    if made_by is uuid7:
        return uuid7s
    return _same_time if made_by is _now else None


def is_same_as_created(column: Column[Any]) -> bool:
    """Tell whether a column starts with the value of `created_at`, as `updated_at` of Timestamps does."""
    return _function(column.default) is _same_as_created


def _function(default: Any) -> Any:
    # SQLAlchemy wraps a function that takes no context in one that does.
    return getattr(default.arg, "__wrapped__", default.arg) if isinstance(default, CallableColumnDefault) else None


def _same_time(count: int) -> list[Any]:
    return [_now()] * count

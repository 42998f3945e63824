"""Functions that SQLite lacks, for its connections: values as Pydantic writes them in JSON, small letters.

Each takes what a column holds and answers NULL for NULL. What no column of the type can hold raises, as reading it
would. Those for paths into JSON are in sqlite_json.py.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json

from crosslet.dialects.sqlite_json import JSON_FUNCTIONS

_EPOCH: Final = datetime(1970, 1, 1)
_CONTEXT: Final = Context(prec=60)


def _float(value: float) -> str | None:
    return repr(float(value)) if math.isfinite(value) else None


def _wide_float(value: float) -> str:
    # Pydantic reads a number beyond all floats as infinity.
    return repr(float(value)) if math.isfinite(value) else "9e999" if value > 0 else "-9e999"


def _decimal(value: float, places: int) -> str:
    # SQLAlchemy makes decimals of SQLite's floats this way.
    return str(Decimal(f"{value:.{places}f}"))


def _units(value: int, places: int) -> str:
    if not isinstance(value, int):
        raise TypeError
    return str(Decimal(value).scaleb(-places, _CONTEXT))


def _uuid(value: str) -> str:
    return str(UUID(value))


def _time(value: str) -> str:
    return time.fromisoformat(value).isoformat().replace("+00:00", "Z")


def _datetime(value: str) -> str:
    return datetime.fromisoformat(value).isoformat().replace("+00:00", "Z")


def _utc(value: str) -> str:
    moment = datetime.fromisoformat(value)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def _duration(value: str) -> str:
    return str(json.loads(to_json(_delta(value))))


def _seconds(value: str) -> str:
    # As Pydantic counts, which is not as exact as total_seconds().
    return repr(float(_delta(value) // timedelta(microseconds=1)) / 1e6)


def _delta(value: str) -> timedelta:
    return datetime.fromisoformat(value) - _EPOCH


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _utf8(value: bytes) -> str:
    return value.decode()


def _lower(value: str) -> str:
    # Letter for letter, as servers do: a whole text's lower() looks at a letter's neighbours, too, and may be longer.
    if value.isascii():
        return value.lower()
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in value)


def _json(value: str) -> str:
    return to_json(json.loads(value), inf_nan_mode="null").decode()


def _or_null(function: Callable[..., str | None]) -> Callable[..., str | None]:
    def answer(value: Any, *rest: Any) -> str | None:
        return None if value is None else function(value, *rest)

    return answer


# By name, with the number of arguments.
SQLITE_FUNCTIONS: Final[Mapping[str, tuple[Callable[..., str | None], int]]] = {
    name: (_or_null(function), count)
    for name, function, count in (
        ("crosslet_float", _float, 1),
        ("crosslet_wide_float", _wide_float, 1),
        ("crosslet_decimal", _decimal, 2),
        ("crosslet_units", _units, 2),
        ("crosslet_uuid", _uuid, 1),
        ("crosslet_time", _time, 1),
        ("crosslet_datetime", _datetime, 1),
        ("crosslet_utc", _utc, 1),
        ("crosslet_duration", _duration, 1),
        ("crosslet_seconds", _seconds, 1),
        ("crosslet_base64", _base64, 1),
        ("crosslet_utf8", _utf8, 1),
        ("crosslet_json", _json, 1),
        ("crosslet_lower", _lower, 1),
    )
} | JSON_FUNCTIONS

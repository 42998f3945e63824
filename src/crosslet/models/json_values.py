"""What text and JSON must be like to be stored, and read back, alike on every database."""

import math
from typing import Any, Final

# MariaDB's parser goes no deeper (PostgreSQL, MySQL and SQLite do).
_MAX_DEPTH: Final = 31
_MIN_INTEGER: Final = -(1 << 63)
_MAX_INTEGER: Final = (1 << 64) - 1


def text_problem(value: str) -> tuple[str, str] | None:
    """Return a code and a reason why no database should hold a text: NUL, or half of a surrogate pair."""
    if "\0" in value:
        return "nul_character", "may not contain the NUL character"
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "not_unicode", "must be valid Unicode text"
    return None


def json_problem(value: Any) -> tuple[str, str] | None:
    """Return a code and a reason why a value is not JSON for all databases, None if it is."""
    return _problem(value, _MAX_DEPTH)


def _problem(value: Any, depth: int) -> tuple[str, str] | None:
    kind = type(value)
    if kind is str:
        return text_problem(value)
    if value is None or kind is bool:
        return None
    if kind is int:
        # Beyond 64 bits MySQL and SQLite make a float of it.
        in_range = _MIN_INTEGER <= value <= _MAX_INTEGER
        return None if in_range else ("out_of_range", "holds a whole number of more than 64 bits")
    if kind is float:
        return None if math.isfinite(value) else ("not_finite", "may not hold NaN or infinity")
    if kind is dict or kind is list or kind is tuple:
        return _container_problem(value, depth)
    return _subclass_problem(value, depth)


def _container_problem(value: Any, depth: int) -> tuple[str, str] | None:
    if not depth:
        return "too_deep", f"may be nested at most {_MAX_DEPTH} levels deep"
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                return "not_json", "has a key that is not text"
            if problem := text_problem(key):
                return problem
        value = value.values()
    for item in value:
        if problem := _problem(item, depth - 1):
            return problem
    return None


def _subclass_problem(value: Any, depth: int) -> tuple[str, str] | None:
    """Judge a subclass, such as a str enumeration or a TypedDict's ordered kin, as the encoder will see it."""
    for plain in (str, int, float):
        if isinstance(value, plain):
            return _problem(plain(value), depth)
    if isinstance(value, dict | list | tuple):
        return _container_problem(value, depth)
    return "not_json", "holds a value that is not text, number, true, false, null, list or object"

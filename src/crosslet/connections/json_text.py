"""JSON as it is sent to databases."""

import json
from typing import Any

# NaN and Infinity are not JSON: PostgreSQL and MariaDB refuse them, SQLite would store them.
_encoder = json.JSONEncoder(allow_nan=False, separators=(",", ":"), ensure_ascii=False)


def _c_encoder() -> Any:
    """Return the C part of an encoder; the module makes one for each call, half of the time of a small object."""
    module: Any = json.encoder
    if module.c_make_encoder is None:
        return None
    # What contains itself ends with the recursion limit; values of models are measured before.
    string = module.encode_basestring
    return module.c_make_encoder(None, _encoder.default, string, None, ":", ",", False, False, False)


_encode = _c_encoder() or (lambda value, level: _encoder.iterencode(value))


def dump_json(value: Any) -> str:
    """Write JSON; a function without a closure, which psycopg would make an adapter for each time."""
    return "".join(_encode(value, 0))

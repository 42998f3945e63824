"""Cursors: a place in an order as text that a client can hand back and cannot make or change.

A token is base64url of a version, a signature (HMAC-SHA256, its first 128 bits), and JSON: which list it is of, which
way it leads, and the values of the row it stands on, each with its type.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from crosslet.errors import ConfigurationError, InvalidCursor
from crosslet.reads.pages import MOST_CURSOR_CHARACTERS

_VERSION: Final = b"\x01"
_SIGNATURE: Final = 16
_LEAST_SECRET: Final = 16
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order, and which way to go from it.

    Attributes:
        values: What the row it stands on has for each term; or, where those are too long for a cursor, its key alone.
        backwards: The rows before it are meant.
        inclusive: The row it stands on is meant, too.
        by_key: The values are those of the key alone.
    """

    values: tuple[Any, ...]
    backwards: bool = False
    inclusive: bool = False
    by_key: bool = False


class Signer:
    """Sign cursors, and tell those it has signed from all others.

    Args:
        keys: The first signs; the others are taken as well, so that a secret can be changed.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def sealed(self, cursor: Cursor, mark: str) -> str | None:
        """Return a cursor as text; None if it would be too long.

        Args:
            cursor: The place.
            mark: Tells one list from another.

        Raises:
            ConfigurationError: One of its values is of a type that no cursor carries.
        """
        flags = cursor.backwards + 2 * cursor.inclusive + 4 * cursor.by_key
        content = [mark, flags, *map(_written, cursor.values)]
        payload = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
        token = _VERSION + _signature(self._keys[0], payload) + payload
        text = base64.urlsafe_b64encode(token).rstrip(b"=").decode()
        return text if len(text) <= MOST_CURSOR_CHARACTERS else None

    def opened(self, text: str, mark: str) -> Cursor:
        """Return the place that a client's text stands for.

        Raises:
            InvalidCursor: Nobody here has signed it, or it is of another list or of another version.
        """
        token = _bytes_of(text)
        if token[:1] != _VERSION or len(token) <= 1 + _SIGNATURE:
            raise InvalidCursor("it is none, or of another version")
        signature, payload = token[1 : 1 + _SIGNATURE], token[1 + _SIGNATURE :]
        if not any(hmac.compare_digest(signature, _signature(key, payload)) for key in self._keys):
            raise InvalidCursor("its signature is not ours")
        # What was signed here was written here.
        found, flags, *values = json.loads(payload.decode("utf-8", "surrogatepass"))
        if found != mark:
            raise InvalidCursor("it belongs to another list")
        return Cursor(tuple(map(_read, values)), bool(flags & 1), bool(flags & 2), bool(flags & 4))


def key_of_secret(secret: str) -> bytes:
    """Make the key that signs out of a secret.

    Raises:
        ConfigurationError: It is too short to be one.
    """
    if len(secret) < _LEAST_SECRET:
        raise ConfigurationError(
            f"secret= needs {_LEAST_SECRET} characters or more, all at random: `python -c 'import secrets; "
            "print(secrets.token_hex())'`. Several in CROSSLET_SECRET have spaces between them."
        )
    return hmac.digest(secret.encode(), b"crosslet cursor", "sha256")


def key_of_password(password: str, salt: str) -> bytes:
    """Make the key that signs out of a database password, slowly.

    Everybody who has a cursor may try passwords on its signature: scrypt (RFC 7914) makes each try cost a twentieth of
    a second.
    """
    return hashlib.scrypt(password.encode(), salt=f"crosslet cursor {salt}".encode(), n=2**14, r=8, p=1, dklen=32)


def _signature(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, _VERSION + payload, "sha256")[:_SIGNATURE]


def _bytes_of(text: str) -> bytes:
    if len(text) > MOST_CURSOR_CHARACTERS:
        raise InvalidCursor("it is too long")
    try:
        token = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InvalidCursor("it is none") from None
    # One place has one text: what else decodes to the same bytes was not written here.
    if base64.urlsafe_b64encode(token).rstrip(b"=").decode() != text:
        raise InvalidCursor("it is none")
    return token


def _written(value: Any) -> Any:  # noqa: PLR0911 - a table of types
    match value:
        case None | bool() | str():
            return str(value) if isinstance(value, str) else value
        case int():
            return int(value)
        case float():
            return ["f", value.hex()]
        case Decimal():
            return ["d", str(value)]
        case UUID():
            return ["u", value.hex]
        case bytes() | bytearray() | memoryview():
            return ["b", base64.b64encode(bytes(value)).decode()]
        case datetime():
            # `fold` is no part of ISO 8601; a column holds none.
            return ["t", value.isoformat()]
        case date():
            return ["D", value.isoformat()]
        case time():
            return ["T", value.isoformat()]
        case timedelta():
            return ["i", value // _MICROSECOND]
    raise ConfigurationError(
        f"A cursor cannot carry a {type(value).__name__}: order by an expression of a plain type, such as "
        "`cast(column, String)`."
    )


def _read(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, text = value
    return _READERS[kind](text)


_READERS: Final[dict[str, Any]] = {
    "f": float.fromhex,
    "d": Decimal,
    "u": UUID,
    "b": base64.b64decode,
    "t": datetime.fromisoformat,
    "D": date.fromisoformat,
    "T": time.fromisoformat,
    "i": lambda count: count * _MICROSECOND,
}

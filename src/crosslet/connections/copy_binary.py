"""Columns of values as PostgreSQL's binary COPY, made column by column: in a third of a driver's time for it.

The format is that of PostgreSQL's manual, "COPY", and of its types' receive functions. Whatever is not exactly of the
types that are known here is left to the driver, which says what is wrong with it: nothing is refused here.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal, Inexact
from itertools import repeat
from operator import add, attrgetter, sub
from types import NoneType
from typing import Any, Final
from uuid import UUID

# A piece of each row: the same for all, or one of its own.
Part = bytes | Sequence[bytes]
# Returns the pieces of a column's values, lengths included; None where one of them is not known here.
Encode = Callable[[Sequence[Any]], list[Part] | None]

_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_length: Final = struct.Struct(">i").pack
_WHOLE: Final[Mapping[int, struct.Struct]] = {2: struct.Struct(">ih"), 4: struct.Struct(">ii"), 8: struct.Struct(">iq")}
_FLOATS: Final[Mapping[int, struct.Struct]] = {4: struct.Struct(">if"), 8: struct.Struct(">id")}
_to_bytes: Final[Callable[[int, int, Any], bytes]] = int.to_bytes
_BOOLEANS: Final = {False: b"\0\0\0\1\0", True: b"\0\0\0\1\1"}
_EPOCH: Final = datetime(2000, 1, 1)
_FIRST_DAY: Final = date(2000, 1, 1).toordinal()
# Drivers read the ends of the calendar as infinity, each in its own way.
_YEARS: Final = range(2, 9999)
# Digits of a numeric come in groups of four.
_GROUP: Final = 10_000
_MOST_GROUPS: Final = 8
_EXACT: Final = Context(prec=4 * _MOST_GROUPS, traps=[Inexact])


def copy_data(oids: Sequence[int], columns: Sequence[Sequence[Any]]) -> bytes | None:
    """Return what COPY takes for rows, given by column; None where a value is not known here.

    Args:
        oids: PostgreSQL's number of each column's type.
        columns: The values of each, all as many.
    """
    lead = struct.pack(">h", len(columns))
    parts: list[Part] = []
    for oid, values in zip(oids, columns, strict=True):
        encode = _ENCODERS.get(oid)
        try:
            found = _encoded(values, encode) if encode is not None else None
        except (ValueError, OverflowError, ArithmeticError, struct.error, TypeError):
            return None
        if found is None:
            return None
        parts += found
    # Each row begins where the one before it ends, so that one piece does for both; the last has none after it.
    rows = b"".join(_rows(_merged([*parts, lead]), len(columns[0])))
    return b"".join((_HEAD, lead, memoryview(rows)[: -len(lead)], _TAIL))


def _encoded(values: Sequence[Any], encode: Encode) -> list[Part] | None:
    """Encode values of which some may be None."""
    if NoneType not in set(map(type, values)):
        return encode(values)
    there = [value for value in values if value is not None]
    found = encode(there) if there else []
    if found is None:
        return None
    whole = iter(_rows(found, len(there), joined=True))
    return [[_NULL if value is None else next(whole) for value in values]]


def _merged(parts: Sequence[Part]) -> list[Part]:
    """Join pieces that are the same for all rows and follow one another."""
    merged: list[Part] = []
    for part in parts:
        if merged and isinstance(part, bytes) and isinstance(merged[-1], bytes):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _rows(parts: Sequence[Part], count: int, *, joined: bool = False) -> list[bytes]:
    """Bring pieces into the order of the rows; each row as one text, if that is asked for."""
    pieces = [[part] * count if isinstance(part, bytes) else part for part in parts]
    if joined:
        return list(map(b"".join, zip(*pieces, strict=True)))
    flat = [b""] * (len(pieces) * count)
    for place, piece in enumerate(pieces):
        flat[place :: len(pieces)] = piece
    return flat


# --- types ---------------------------------------------------------------------------------------------------


def _are(values: Sequence[Any], kind: type) -> bool:
    return set(map(type, values)) == {kind}


def _packed(size: int, kind: type, packer: struct.Struct) -> Encode:
    pack = packer.pack
    return lambda values: [list(map(pack, repeat(size), values))] if _are(values, kind) else None


def _booleans(values: Sequence[Any]) -> list[Part] | None:
    return [list(map(_BOOLEANS.__getitem__, values))] if _are(values, bool) else None


def _texts(values: Sequence[Any]) -> list[Part] | None:
    return _sized(list(map(str.encode, values))) if _are(values, str) else None


def _bytes(values: Sequence[Any]) -> list[Part] | None:
    return _sized(values) if _are(values, bytes) else None


def _sized(contents: Sequence[bytes]) -> list[Part]:
    return [list(map(_length, map(len, contents))), contents]


def _documents(values: Sequence[Any]) -> list[Part] | None:
    """Encode JSONB: a version, then the text."""
    if not _are(values, str):
        return None
    contents = list(map(str.encode, values))
    return [list(map(_length, map(add, map(len, contents), repeat(1)))), b"\1", contents]


def _uuids(values: Sequence[Any]) -> list[Part] | None:
    if not _are(values, UUID):
        return None
    return [_length(16), list(map(_to_bytes, map(attrgetter("int"), values), repeat(16), repeat("big")))]


def _days(values: Sequence[Any]) -> list[Part] | None:
    if not _are(values, date) or not _is_within(values):
        return None
    pack = _WHOLE[4].pack
    return [[pack(4, value.toordinal() - _FIRST_DAY) for value in values]]


def _moments(zone: Any) -> Encode:
    epoch = _EPOCH.replace(tzinfo=zone)
    pack = _WHOLE[8].pack

    def encode(values: Sequence[Any]) -> list[Part] | None:
        if not _are(values, datetime) or not _is_within(values):
            return None
        # The rows of a batch share their timestamps.
        is_one = values.count(values[0]) == len(values)
        passed = map(sub, values[:1] if is_one else values, repeat(epoch))
        found = [pack(8, (one.days * 86_400 + one.seconds) * 1_000_000 + one.microseconds) for one in passed]
        return [found[0]] if is_one else [found]

    return encode


def _is_within(values: Sequence[Any]) -> bool:
    return min(values).year in _YEARS and max(values).year in _YEARS


def _numbers(values: Sequence[Any]) -> list[Part] | None:
    """Encode NUMERIC: groups of four digits, the first one's weight, a sign, the digits after the point.

    The server takes groups of zeros away at both ends, so all values of a column have as many as the largest.
    """
    first = values[0]
    if not _are(values, Decimal) or not first.is_finite() or not all(map(first.same_quantum, values)):
        return None
    scale = -first.as_tuple().exponent
    if not 0 <= scale <= 4 * (_MOST_GROUPS - 1):
        return None
    fraction = -(-scale // 4)
    is_signed = min(values) < 0
    sign: Part = [b"\x40\0" if value < 0 else b"\0\0" for value in values] if is_signed else b"\0\0"
    ends = map(_EXACT.multiply, map(_EXACT.abs, values) if is_signed else values, repeat(Decimal(10_000) ** fraction))
    groups = _groups(list(map(int, ends)), fraction + 1)
    head = struct.pack(">ihh", 8 + 2 * len(groups), len(groups), len(groups) - fraction - 1)
    return [head, sign, struct.pack(">h", scale), list(map(struct.Struct(f">{len(groups)}h").pack, *groups))]


def _groups(numbers: Sequence[int], least: int) -> list[Sequence[int]]:
    """Take numbers apart into groups of four digits, the highest first; as many groups for all."""
    found: list[Sequence[int]] = []
    most = max(numbers)
    while most >= _GROUP or len(found) < least - 1:
        found.append([number % _GROUP for number in numbers])
        numbers = [number // _GROUP for number in numbers]
        most //= _GROUP
    return [numbers, *reversed(found)]


_ENCODERS: Final[Mapping[int, Encode]] = {
    16: _booleans,
    17: _bytes,
    20: _packed(8, int, _WHOLE[8]),
    21: _packed(2, int, _WHOLE[2]),
    23: _packed(4, int, _WHOLE[4]),
    25: _texts,
    114: _texts,
    700: _packed(4, float, _FLOATS[4]),
    701: _packed(8, float, _FLOATS[8]),
    1042: _texts,
    1043: _texts,
    1082: _days,
    1114: _moments(None),
    1184: _moments(UTC),
    1700: _numbers,
    2950: _uuids,
    3802: _documents,
}

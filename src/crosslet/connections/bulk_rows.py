"""Many rows for one statement, faster than by `executemany`: MariaDB's bulk protocol, and groups of rows for SQLite.

COM_STMT_BULK_EXECUTE takes a statement that was prepared once, and the values of many rows in binary form: a third of
the time of the text that drivers write, and nothing to escape. SQLite's module takes and gives back Python's lock for
each row, which stops everything else in the process; with a hundred rows in a statement that is seldom.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from math import ceil
from types import NoneType
from typing import Any, Final
from uuid import UUID

Record = Sequence[Any]
# Bytes in one packet, about: what drivers keep to for their texts, below any `max_allowed_packet` that is in use.
_MOST_BYTES: Final = 1_000_000
_OTHER_BYTES: Final = 40
# What asyncmy sends as it is meant; it has no certain form for a negative timedelta.
_KNOWN: Final = frozenset({int, bool, float, str, bytes, Decimal, date, datetime, time, UUID})
_PLACE: Final = re.compile(r"%(.)")


def bulk_forms(statement: str, records: Sequence[Record]) -> list[tuple[str, Sequence[Record]]] | None:
    """Return statements with `?` for values, and the rows of each; None where the protocol has no form for a value.

    Args:
        statement: With `%s` for values.
        records: The values of each row.
    """
    if "?" in statement or not records:
        return None
    columns: list[Sequence[Any]] = list(zip(*records, strict=True))
    size = 0
    for place, column in enumerate(columns):
        kinds = set(map(type, column)) - {NoneType}
        if kinds == {UUID}:
            columns[place] = _texts_of(column)
        if len(kinds) > 1 or not kinds <= _KNOWN:
            return None
        if (kinds == {datetime} and _has_zones(column)) or (kinds == {int} and _has_unsigned(column)):
            return None
        size += _size(column, kinds)
    count = ceil(len(records) / max(1, ceil(size / _MOST_BYTES)))
    parts = ([column[start : start + count] for column in columns] for start in range(0, len(records), count))
    forms = [_form(statement, part) for part in parts]
    # A row of NULLs alone has no form.
    return forms if all(rows for _, rows in forms) else None


def _texts_of(column: Sequence[UUID | None]) -> list[str | None]:
    """Write UUIDs as their `str` does, in a third of the time."""
    digits = [None if value is None else f"{value.int:032x}" for value in column]
    return [one and f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in digits]


def _has_zones(column: Sequence[Any]) -> bool:
    return {value.tzinfo for value in column if value is not None} != {None}


def _has_unsigned(column: Sequence[Any]) -> bool:
    # asyncmy says of every whole number that it has a sign.
    return any(value >= 2**63 for value in column if value is not None)


def _size(column: Sequence[Any], kinds: set[type]) -> int:
    if kinds == {str}:
        return len("".join(filter(None, column)).encode("utf-8", "surrogatepass")) + 4 * len(column)
    return sum(map(len, filter(None, column))) + 4 * len(column) if kinds == {bytes} else _OTHER_BYTES * len(column)


def _form(statement: str, columns: Sequence[Sequence[Any]]) -> tuple[str, Sequence[Record]]:
    """Name no value for a column that is NULL in all rows: the protocol needs a type for each."""
    empty = [set(map(type, column)) == {NoneType} for column in columns]
    places = iter(empty)
    text = _PLACE.sub(lambda found: "%" if found[1] == "%" else "NULL" if next(places) else "?", statement)
    kept = [column for column, is_empty in zip(columns, empty, strict=True) if not is_empty]
    return text, list(zip(*kept, strict=True))


# Of SQLite, which has 32,766 parameters at the most, and 999 where it was built for less.
_GROUP: Final = 100
_MOST_PARAMETERS: Final = 999
_VALUES: Final = re.compile(r"\A(INSERT INTO [^?]*? VALUES )(\((?:\?, )*\?\))([^?]*)\Z", re.DOTALL)


def grouped(statement: str, records: Sequence[Record]) -> tuple[str, list[list[Any]], Sequence[Record]] | None:
    """Return an INSERT of many rows, the values of each group of them, and the rows that are left.

    Returns:
        None where the statement is no plain INSERT with a row's values and nothing else to bind, or rows are few.
    """
    found = _VALUES.match(statement)
    size = min(_GROUP, _MOST_PARAMETERS // max(1, len(records[0]))) if records else 0
    if found is None or size <= 1 or len(records) < size or found[2].count("?") != len(records[0]):
        return None
    whole = len(records) // size * size
    groups = [list(chain.from_iterable(records[start : start + size])) for start in range(0, whole, size)]
    text = f"{found[1]}{', '.join([found[2]] * size)}{found[3]}"
    return text, groups, records[whole:]

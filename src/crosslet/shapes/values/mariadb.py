"""JSON values on MariaDB; MySQL, in a file of its own, takes most of them over."""

from typing import Any, Final

from sqlalchemy import Column, ColumnElement

from crosslet.shapes.kinds import Kind
from crosslet.shapes.values.forms import Forms
from crosslet.shapes.values.held import Held
from crosslet.shapes.values.sql import PLAIN_PLACES, Sql, Write, as_is, quoted, writer

# A binary column is not text of some character set, and SQL that is JSON has none to convert.
_CHARSET: Final = "utf8mb4"


class MariaDBForms(Forms):
    """Values of MariaDB 10.6 and newer, for JSON_OBJECT."""

    def writer(self, sql: Sql, held: Held) -> Write:
        """Return what puts SQL around a column, and leaves out the conversion of text that needs none."""
        usual = writer(sql)
        if sql is not _in_utf8:
            return usual
        collated = writer(_collated)
        return lambda column: collated(column) if _is_utf8(column) else usual(column)

    def boolean(self, held: Held, *, exact: bool) -> Sql | None:
        """Return true or false: `v <> 0` comes out as 1 or 0 under some groupings, which Pydantic reads as well."""
        return _boolean if exact else lambda v: f"{v} <> 0"

    def integer(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a whole number; BIT would be raw bytes."""
        return as_is if held.is_native else lambda v: f"{v} + 0"

    def real(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the column: there is no NaN, and 4 bytes show the digits that the drivers read."""
        return as_is

    def decimal(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the digits as str(Decimal) has them."""
        scale = held.scale or 0
        return (lambda v: _collated(_with_small(v, scale))) if scale > PLAIN_PLACES else _as_text

    def text(self, held: Held, *, exact: bool) -> Sql | None:
        """Return text in utf8mb4: beside other character sets, or inside of an aggregate, others lose characters."""
        return _in_utf8

    def uuid(self, held: Held, *, exact: bool) -> Sql | None:
        """Return 36 characters."""
        if held.is_native:
            return as_is
        return _dashed if exact else _in_utf8

    def time(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the time of day, which is all that SQLAlchemy leaves of more than 24 hours, or fewer than none."""
        return _time

    def datetime(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a date and time, which has no zone here."""
        naive: Sql = _moment if held.fraction in (None, 0, 6) else _any_moment
        if not exact:
            naive = as_is
        return (lambda v: f"CONCAT({naive(v)}, 'Z')") if held.zone == "utc" else naive

    def duration(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return a duration from the moment after 1970 that stands for it."""
        return _seconds if exact and kind.style == "float" else _iso_duration

    def binary(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return hex or base64; for text, bytes that are none would silently become question marks."""
        if kind.style == "hex":
            return lambda v: f"LOWER(HEX({v}))"
        return _base64 if kind.style == "base64" else None

    def enumeration(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the value of the name."""
        return _labelled(held)


def _is_utf8(column: ColumnElement[Any]) -> bool:
    """Tell whether the model says that a column's text is in utf8mb4."""
    owners = [base for base in column.base_columns if isinstance(base, Column) and base.table is not None]
    return bool(owners) and all(_charset_of(owner) == _CHARSET for owner in owners)


def _charset_of(column: Column[Any]) -> str | None:
    if own := getattr(column.type, "charset", None):
        return str(own)
    if getattr(column.type, "collation", None):
        return None
    options = {key.lower(): value for key, value in column.table.kwargs.items()}
    names = ("charset", "default_charset", "character_set", "default_character_set")
    given = {options[f"{dialect}_{name}"] for dialect in ("mysql", "mariadb") for name in names
             if f"{dialect}_{name}" in options}  # fmt: skip
    return str(given.pop()) if len(given) == 1 else None


def _in_utf8(v: str) -> str:
    return _collated(f"CONVERT({v} USING utf8mb4)")


def _collated(v: str) -> str:
    # The collation that JSON has: JSON_OBJECT refuses text of two binary collations side by side (1271), and models'
    # tables have another than JSON.
    return f"{v} COLLATE utf8mb4_bin"


def _boolean(v: str) -> str:
    return f"JSON_EXTRACT(CASE {v} WHEN 0 THEN 'false' WHEN {v} THEN 'true' END, '$')"


def _as_text(v: str) -> str:
    return _collated(f"CAST({v} AS CHAR)")


def _with_small(v: str, scale: int) -> str:
    """Write zero and what is below 0.000001 with an exponent."""
    digits = f"TRIM(LEADING '0' FROM SUBSTR(ABS({v}), 3))"
    mantissa = f"LEFT({digits}, 1), IF(LENGTH({digits}) > 1, CONCAT('.', SUBSTR({digits}, 2)), '')"
    small = f"CONCAT(IF({v} < 0, '-', ''), {mantissa}, 'E-', {scale + 1} - LENGTH({digits}))"
    return f"CASE WHEN {v} = 0 THEN '0E-{scale}' WHEN ABS({v}) < 0.000001 THEN {small} ELSE CAST({v} AS CHAR) END"


def _dashed(v: str) -> str:
    return _in_utf8(f"LOWER(INSERT(INSERT(INSERT(INSERT({v}, 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'))")


def _time(v: str) -> str:
    return f"REPLACE(DATE_FORMAT(TIMESTAMP('2000-01-01', {v}), '%H:%i:%s.%f'), '.000000', '')"


def _moment(v: str) -> str:
    return f"REPLACE(REPLACE({v}, '.000000', ''), ' ', 'T')"


def _any_moment(v: str) -> str:
    return f"REPLACE(DATE_FORMAT({v}, '%Y-%m-%dT%H:%i:%s.%f'), '.000000', '')"


def _microseconds(v: str) -> str:
    return f"TIMESTAMPDIFF(MICROSECOND, '1970-01-01', {v})"


def _seconds(v: str) -> str:
    return f"CAST({_microseconds(v)} AS DOUBLE) / 1e6"


def _iso_duration(v: str) -> str:
    """Write a duration without a sub-select, which could not see the column from inside."""
    m = _microseconds(v)
    a = f"ABS({m})"
    parts = ", ".join(
        (
            f"IF({m} < 0, '-', '')",
            "'P'",
            f"CONCAT(NULLIF({a} DIV 31536000000000, 0), 'Y')",
            f"CONCAT(NULLIF({a} DIV 86400000000 MOD 365, 0), 'D')",
            f"IF({a} MOD 86400000000 > 0, 'T', '')",
            f"CONCAT(NULLIF({a} DIV 3600000000 MOD 24, 0), 'H')",
            f"CONCAT(NULLIF({a} DIV 60000000 MOD 60, 0), 'M')",
            f"CONCAT(NULLIF({a} DIV 1000000 MOD 60, 0), IF({a} MOD 1000000 > 0, '', 'S'))",
            f"IF({a} MOD 1000000 > 0, CONCAT(IF({a} MOD 60000000 < 1000000, '0', ''), '.', "
            f"TRIM(TRAILING '0' FROM LPAD({a} MOD 1000000, 6, '0')), 'S'), '')",
        )
    )
    return f"CASE WHEN {m} = 0 THEN 'PT0S' WHEN {v} IS NOT NULL THEN CONCAT_WS('', {parts}) END"


def _base64(v: str) -> str:
    # CHAR() alone is binary, and would make the whole object so.
    return f"REPLACE(REPLACE(REPLACE(TO_BASE64({v}), CHAR(10 USING utf8mb4), ''), '+', '-'), '/', '_')"


def _labelled(held: Held) -> Sql | None:
    """Return what turns stored names into values; what is stored in spite of the type stays as it is, to be seen.

    Collations compare names more loosely than Python: where two could be taken for one, only Python can tell.
    """
    kinds = {type(value) for _, value in held.labels}
    names = [stored for stored, _ in held.labels]
    if not kinds <= {str, int}:
        return None
    if all(stored == value for stored, value in held.labels):
        return _in_utf8
    if len({name.lower().rstrip() for name in names}) < len(names) or not all(map(str.isascii, names)):
        return None
    if kinds == {str}:
        pairs = " ".join(f"WHEN {_quoted(stored)} THEN {_quoted(value)}" for stored, value in held.labels)
        return lambda v: f"CASE {v} {pairs} ELSE {_in_utf8(v)} END"
    whens = " ".join(f"WHEN {_quoted(stored)} THEN {_literal(value)}" for stored, value in held.labels)
    return lambda v: f"JSON_EXTRACT(CASE {v} {whens} ELSE JSON_QUOTE({_in_utf8(v)}) END, '$')"


def _literal(value: str | int) -> str:
    return f"JSON_QUOTE({_quoted(value)})" if isinstance(value, str) else f"'{value}'"


def _quoted(text: str) -> str:
    return quoted(text.replace("\\", "\\\\"))

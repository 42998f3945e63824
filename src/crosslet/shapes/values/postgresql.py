"""JSON values on PostgreSQL, where row_to_json writes most types as Pydantic does.

asyncpg stores the first and the last moments of Python's calendar as infinities, and reads them back: whichever
driver reads, they are written as the moments that they stand for.
"""

from typing import Final

from crosslet.shapes.kinds import Kind
from crosslet.shapes.values.forms import Forms
from crosslet.shapes.values.held import Held
from crosslet.shapes.values.sql import PLAIN_PLACES, Sql, as_is, quoted

_LAST: Final = "9999-12-31"
_FIRST: Final = "0001-01-01"
_PATTERN: Final = 'YYYY-MM-DD"T"HH24:MI:SS.US'
_LAST_TIME: Final = "T23:59:59.999999"
_FIRST_TIME: Final = "T00:00:00"


class PostgreSQLForms(Forms):
    """Values of PostgreSQL 14 and newer, for row_to_json."""

    def boolean(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the column: row_to_json knows booleans."""
        return as_is

    def integer(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a whole number; an OID would be text."""
        return as_is if held.is_native else lambda v: f"CAST({v} AS bigint)"

    def real(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a float: asyncpg reads one of 4 bytes with the digits of 8. NaN is text unless `exact`."""
        widened = held.is_short and self.target.driver == "asyncpg"
        wide: Sql = (lambda v: f"CAST({v} AS double precision)") if widened else as_is
        return (lambda v: _finite(wide(v))) if exact else wide

    def number(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a number; only one without a declared scale can be infinite."""
        if not exact:
            return as_is
        return _finite if held.scale is None else lambda v: f"NULLIF({v}, 'NaN')"

    def decimal(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the digits as str(Decimal) has them."""
        scale = held.scale
        if held.sort == "units" and scale == 0:
            return _as_text
        if scale is not None and 0 < scale <= PLAIN_PLACES:
            return _as_text
        powers = self.target.driver == "asyncpg"
        if scale == 0:
            return _with_powers if powers else _as_text
        plain = _with_powers if powers and scale is None else _as_text
        return lambda v: _with_small(v, scale, plain)

    def uuid(self, held: Held, *, exact: bool) -> Sql | None:
        """Return 36 characters."""
        return as_is if held.is_native or not exact else lambda v: f"CAST({v} AS uuid)"

    def date(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a date."""
        return _day

    def time(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a time; Pydantic refuses the zone that row_to_json writes."""
        if held.zone:
            return lambda v: f"{_trimmed(f'CAST({v} AS time)', 'HH24:MI:SS.US')} || {_offset(v)}"
        return (lambda v: _trimmed(v, "HH24:MI:SS.US")) if exact else as_is

    def datetime(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a moment: sessions are in UTC, so asyncpg and psycopg read it in UTC."""
        return _moment_in_utc if held.zone else _moment if exact else _naive_moment

    def duration(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return a duration from its parts: extract(epoch) counts 365.25 days a year, Python's drivers 365."""
        if not held.is_native:
            return None
        return _seconds if exact and kind.style == "float" else _iso_duration

    def binary(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return hex or base64; text may hold NUL, and PostgreSQL's may not."""
        if kind.style == "hex":
            return lambda v: f"encode({v}, 'hex')"
        # encode() breaks lines.
        return (lambda v: f"translate(encode({v}, 'base64'), E'+/\\n', '-_')") if kind.style == "base64" else None

    def enumeration(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the value of the name."""
        return _labelled(held)

    def array(self, held: Held, item: Sql, *, exact: bool) -> Sql | None:
        """Return a list; unnest() would flatten one of more dimensions."""
        return as_is if item is as_is else lambda v: _each(v, item)

    def address(self, held: Held, *, exact: bool) -> Sql | None:
        """Return an address or network."""
        return as_is


def _day(v: str) -> str:
    return f"CASE {v} WHEN 'infinity' THEN DATE '{_LAST}' WHEN '-infinity' THEN DATE '{_FIRST}' ELSE {v} END"


def _as_text(v: str) -> str:
    return f"CAST({v} AS text)"


def _finite(v: str) -> str:
    return f"NULLIF(NULLIF(NULLIF({v}, 'NaN'), 'Infinity'), '-Infinity')"


def _with_small(v: str, scale: int | None, plain: Sql) -> str:
    """Write zero and what is below 0.000001 with an exponent, where there are more than six places."""
    places = f"scale({v})" if scale is None else str(scale)
    zero = f"CASE WHEN {places} > 6 THEN '0E-' || {places} ELSE {_as_text(v)} END" if scale is None else f"'0E-{scale}'"
    digits = f"(SELECT ltrim(CAST(abs({v}) AS text), '0.') AS d) AS q"
    mantissa = "left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END"
    small = f"(SELECT {_sign(v)} || {mantissa} || 'E-' || ({places} - length(d) + 1) FROM {digits})"  # noqa: S608
    return f"CASE WHEN {v} = 0 THEN {zero} WHEN abs({v}) < 0.000001 THEN {small} ELSE {plain(v)} END"


def _with_powers(v: str) -> str:
    """Write 10000 as 1E+4: asyncpg leaves out whole groups of four zeros where there are no decimal places."""
    digits = f"(SELECT CAST(abs({v}) AS text) AS t, regexp_replace(CAST(abs({v}) AS text), '(0000)+$', '') AS d) AS q"
    mantissa = "left(d, 1) || CASE WHEN length(d) > 1 THEN '.' || substr(d, 2) ELSE '' END"
    power = f"(SELECT {_sign(v)} || {mantissa} || 'E+' || (length(t) - 1) FROM {digits})"  # noqa: S608
    return f"CASE WHEN scale({v}) = 0 AND {v} <> 0 AND {v} % 10000 = 0 THEN {power} ELSE {_as_text(v)} END"


def _sign(v: str) -> str:
    return f"CASE WHEN {v} < 0 THEN '-' ELSE '' END"


def _trimmed(v: str, pattern: str) -> str:
    return f"replace(to_char({v}, '{pattern}'), '.000000', '')"


def _offset(v: str) -> str:
    """Write a time's zone as Z, or sign, hours and minutes."""
    seconds = f"CAST(extract(timezone FROM {v}) AS integer)"
    hours = f"to_char(make_interval(secs => abs({seconds})), 'HH24:MI')"
    return f"CASE {seconds} WHEN 0 THEN 'Z' ELSE CASE WHEN {seconds} < 0 THEN '-' ELSE '+' END || {hours} END"


def _moment(v: str) -> str:
    return _bounded(v, _trimmed(v, _PATTERN), "")


def _moment_in_utc(v: str) -> str:
    utc = f"{v} AT TIME ZONE 'UTC'"
    return _bounded(v, f"{_trimmed(utc, _PATTERN)} || 'Z'", "Z")


def _bounded(v: str, text: str, zone: str) -> str:
    """Write infinities, for which to_char() is null."""
    last, first = f"'{_LAST}{_LAST_TIME}{zone}'", f"'{_FIRST}{_FIRST_TIME}{zone}'"
    return f"coalesce({text}, CASE {v} WHEN 'infinity' THEN {last} WHEN '-infinity' THEN {first} END)"


def _naive_moment(v: str) -> str:
    last, first = f"TIMESTAMP '{_LAST}{_LAST_TIME}'", f"TIMESTAMP '{_FIRST}{_FIRST_TIME}'"
    return f"CASE {v} WHEN 'infinity' THEN {last} WHEN '-infinity' THEN {first} ELSE {v} END"


def _microseconds(v: str) -> str:
    days = f"extract(year FROM {v}) * 365 + extract(month FROM {v}) * 30 + extract(day FROM {v})"
    hours = f"extract(hour FROM {v}) * 3600 + extract(minute FROM {v}) * 60"
    return f"CAST((({days}) * 86400 + {hours}) * 1000000 + extract(microseconds FROM {v}) AS bigint)"


def _seconds(v: str) -> str:
    return f"CAST({_microseconds(v)} AS double precision) / 1000000"


def _iso_duration(v: str) -> str:
    parts = ", ".join(
        (
            "CASE WHEN m < 0 THEN '-' END",
            "'P'",
            "nullif(abs(m) / 31536000000000, 0) || 'Y'",
            "nullif(abs(m) / 86400000000 % 365, 0) || 'D'",
            "CASE WHEN m % 86400000000 <> 0 THEN 'T' END",
            "nullif(abs(m) / 3600000000 % 24, 0) || 'H'",
            "nullif(abs(m) / 60000000 % 60, 0) || 'M'",
            "nullif(trim_scale(abs(m) % 60000000 * 0.000001), 0) || 'S'",
        )
    )
    whole = f"CASE m WHEN 0 THEN 'PT0S' ELSE concat({parts}) END"
    return f"(SELECT {whole} FROM (SELECT {_microseconds(v)} AS m) AS q WHERE {v} IS NOT NULL)"  # noqa: S608


def _labelled(held: Held) -> Sql | None:
    """Return what turns stored names into values; what is stored in spite of the type stays as it is, to be seen."""
    kinds = {type(value) for _, value in held.labels}
    if not kinds <= {str, int}:
        return None
    if all(stored == value for stored, value in held.labels):
        return as_is
    if kinds == {str}:
        pairs = " ".join(f"WHEN {quoted(stored)} THEN {quoted(value)}" for stored, value in held.labels)
        return lambda v: f"CASE {_as_text(v)} {pairs} ELSE {_as_text(v)} END"
    whens = " ".join(f"WHEN {quoted(stored)} THEN to_json({_literal(value)})" for stored, value in held.labels)
    return lambda v: f"CASE {_as_text(v)} {whens} ELSE to_json({_as_text(v)}) END"


def _literal(value: str | int) -> str:
    return f"CAST({quoted(value)} AS text)" if isinstance(value, str) else f"CAST({value} AS numeric)"


def _each(v: str, item: Sql) -> str:
    items = f"coalesce(json_agg({item('e')} ORDER BY o), '[]')"
    return f"(SELECT {items} FROM unnest({v}) WITH ORDINALITY AS u(e, o) HAVING {v} IS NOT NULL)"  # noqa: S608

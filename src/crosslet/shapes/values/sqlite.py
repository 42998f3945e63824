"""JSON values on SQLite: what its own functions cannot do exactly, functions of crosslet's connections do.

Those are in dialects/sqlite_functions.py. SQLite keeps what it is given, so values written by other programs, in
other spellings that SQLAlchemy reads as well, go through them too.
"""

from crosslet.shapes.kinds import Kind
from crosslet.shapes.values.forms import Forms
from crosslet.shapes.values.held import Held
from crosslet.shapes.values.sql import Sql, as_is, quoted


class SQLiteForms(Forms):
    """Values of SQLite 3.38 and newer, for json_object."""

    def boolean(self, held: Held, *, exact: bool) -> Sql | None:
        """Return true or false; Pydantic reads 1 and 0 as well."""
        return _boolean if exact else lambda v: f"{v} <> 0"

    def real(self, held: Held, *, exact: bool) -> Sql:
        """Return all digits: SQLite itself writes 15 of them. Infinity is 9e999 unless `exact`."""
        name = "crosslet_float" if exact else "crosslet_wide_float"
        return lambda v: f"json({name}({v}))"

    def decimal(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the digits as str(Decimal) has them."""
        if held.sort == "units":
            return lambda v: f"crosslet_units({v}, {held.scale})"
        # SQLAlchemy makes this many of a float where the type does not say.
        places = 10 if held.scale is None else held.scale
        return lambda v: f"crosslet_decimal({v}, {places})"

    def number(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a number."""
        if held.sort == "number":
            return self.real(held, exact=exact)
        digits = self.decimal(held, exact=exact)
        return (lambda v: f"json({digits(v)})") if digits is not None else None

    def uuid(self, held: Held, *, exact: bool) -> Sql | None:
        """Return 36 characters."""
        return _dashed if exact else as_is

    def time(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a time."""
        return _time if exact else as_is

    def datetime(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a date and time."""
        if held.zone == "utc":
            return lambda v: _moment(v, exact=exact, zone="Z")
        return (lambda v: _moment(v, exact=True, zone="")) if exact else as_is

    def duration(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return a duration from the moment after 1970 that stands for it."""
        if exact and kind.style == "float":
            return lambda v: f"json(crosslet_seconds({v}))"
        return lambda v: f"crosslet_duration({v})"

    def binary(self, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
        """Return hex, base64 or, where it has to be text anyway, text."""
        if kind.style == "hex":
            return lambda v: f"CASE WHEN {v} IS NOT NULL THEN lower(hex({v})) END"
        name = "crosslet_base64" if kind.style == "base64" else "crosslet_utf8"
        return lambda v: f"{name}({v})"

    def enumeration(self, held: Held, *, exact: bool) -> Sql | None:
        """Return the value of the name; what is stored in spite of the type stays as it is, to be seen."""
        if not {type(value) for _, value in held.labels} <= {str, int}:
            return None
        if all(stored == value for stored, value in held.labels):
            return as_is
        pairs = " ".join(f"WHEN {quoted(stored)} THEN {_literal(value)}" for stored, value in held.labels)
        return lambda v: f"CASE {v} {pairs} ELSE {v} END"

    def json(self, held: Held, *, exact: bool) -> Sql | None:
        """Return JSON within JSON.

        A column called JSON turns a bare number into a float. SQLAlchemy stores NaN, which is no JSON, and older
        SQLite raises for it.
        """
        number = self.real(held, exact=exact)
        return lambda v: (
            f"CASE WHEN typeof({v}) = 'real' THEN {number(v)} "
            f"ELSE json(CASE WHEN json_valid({v}) THEN {v} ELSE crosslet_json({v}) END) END"
        )


def _boolean(v: str) -> str:
    return f"json(CASE {v} WHEN 0 THEN 'false' WHEN {v} THEN 'true' END)"


def _dashed(v: str) -> str:
    parts = " || '-' || ".join(
        f"substr({v}, {start}, {length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    )
    return f"CASE WHEN length({v}) = 32 THEN lower({parts}) ELSE crosslet_uuid({v}) END"


def _time(v: str) -> str:
    usual = f"CASE WHEN substr({v}, 9) = '.000000' THEN substr({v}, 1, 8) ELSE {v} END"
    return f"CASE WHEN length({v}) IN (8, 15) THEN {usual} ELSE crosslet_time({v}) END"


def _moment(v: str, *, exact: bool, zone: str) -> str:
    """Write the widths that SQLAlchemy and SQLite's own functions store; others may have a zone of their own."""
    short = f"CASE WHEN substr({v}, 20) = '.000000' THEN substr({v}, 1, 19) ELSE {v} END"
    usual = f"replace({short}, ' ', 'T')" if exact else v
    name, ending = ("crosslet_utc", " || 'Z'") if zone else ("crosslet_datetime", "")
    return f"CASE WHEN length({v}) IN (19, 26) THEN {usual}{ending} ELSE {name}({v}) END"


def _literal(value: str | int) -> str:
    return quoted(value) if isinstance(value, str) else str(value)

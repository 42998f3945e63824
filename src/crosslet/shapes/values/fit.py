"""Which column fits which field, and how: the one table of both, and the way from it to SQL."""

from typing import Any, Final

from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError
from crosslet.shapes.kinds import Kind
from crosslet.shapes.values.forms import Forms
from crosslet.shapes.values.held import Held, held_by
from crosslet.shapes.values.mariadb import MariaDBForms
from crosslet.shapes.values.mysql import MySQLForms
from crosslet.shapes.values.postgresql import PostgreSQLForms
from crosslet.shapes.values.sql import Sql, Value, as_is
from crosslet.shapes.values.sqlite import SQLiteForms
from crosslet.shapes.values.target import Target

_FORMS: Final[dict[str, type[Forms]]] = {
    "postgresql": PostgreSQLForms,
    "mariadb": MariaDBForms,
    "mysql": MySQLForms,
    "sqlite": SQLiteForms,
}

SAME, READ = "same", "read"
# What is held, the kind of the field, and what JSON does for the pair: "same" and "read" both, or one of them.
# What Python would refuse is not here, so that rows are read, and Pydantic says so.
_FITS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "bool": {"bool": (SAME, READ), "any": (SAME, READ)},
    "int": {
        **dict.fromkeys(("int", "any", "literal", "enum"), (SAME, READ)),
        **dict.fromkeys(("float", "decimal", "bool"), (READ,)),
    },
    "float": {"float": (SAME, READ), "any": (SAME,), "int": (READ,)},
    "decimal": {"decimal": (SAME, READ), "any": (SAME,), "float": (SAME, READ), "int": (SAME, READ)},
    "units": {"decimal": (SAME, READ), "any": (SAME,), "float": (SAME, READ), "int": (SAME, READ)},
    "number": {"float": (SAME, READ), "any": (SAME,)},
    "str": {
        **dict.fromkeys(("str", "any", "literal", "enum"), (SAME, READ)),
        **dict.fromkeys(("uuid", "date", "time", "datetime", "timedelta", "decimal", "int", "float", "bool"), (READ,)),
        "url": (READ,),
    },
    "uuid": {"uuid": (SAME, READ), "any": (SAME,)},
    "date": {"date": (SAME, READ), "any": (SAME,), "datetime": (READ,)},
    "time": {"time": (SAME, READ), "any": (SAME,)},
    "datetime": {"datetime": (SAME, READ), "any": (SAME,)},
    "interval": {"timedelta": (SAME, READ)},
    "bytes": {"bytes": (SAME, READ)},
    "enum": {"enum": (SAME, READ), "any": (SAME,)},
    "json": {
        **dict.fromkeys(("any", "json", "list", "str"), (SAME, READ)),
        **dict.fromkeys(("model", "int", "float", "bool", "uuid", "date", "time", "datetime"), (READ,)),
    },
    "list": dict.fromkeys(("list", "any"), (SAME, READ)),
    # An address may carry a mask, which JSON would be refused for. IPv6 has more than one spelling.
    "IPv4Address": {"ip": (SAME,)},
    "IPv4Network": {"ip": (SAME, READ)},
}
# A strict field reads these from text, as the exact form has them, like any other field.
_ALIKE: Final = frozenset({
    ("interval", "timedelta"), ("units", "decimal"), ("json", "any"), ("json", "json"), ("json", "list"),
})  # fmt: skip


def value_of(type_: TypeEngine[Any], kind: Kind, target: Target, *, exact: bool) -> Value | None:
    """Say how a column of a type is written into JSON for a field of a kind.

    Args:
        type_: The column's.
        kind: The field's.
        target: The database and driver.
        exact: Write what Pydantic would, where that can be done (then `same` is true); else what validate_json
            reads to what it would read from SQLAlchemy's value.

    Returns:
        None if rows have to be read.

    Raises:
        ConfigurationError: SQL for this database is not known.
    """
    if target.name not in _FORMS:
        raise ConfigurationError(f"crosslet writes no SQL for {target.name}.")
    held = held_by(type_, target)
    fits = _fits(held, kind) if held is not None else ()
    if held is None or not fits:
        return None
    forms = _FORMS[target.name](target)
    for way in (SAME, READ) if exact else (READ,):
        # Any and strict fields take nothing but the exact form.
        sql = _sql(forms, held, kind, exact=way == SAME or kind.is_strict or kind.name == "any")
        if way in fits and sql is not None:
            return Value(forms.writer(sql, held), same=way == SAME)
    return None


def _fits(held: Held, kind: Kind) -> tuple[str, ...]:
    ways = _FITS[held.sort].get(kind.name, ())
    if kind.is_strict and kind.name not in (held.sort, "any") and (held.sort, kind.name) not in _ALIKE:
        return ()
    allowed = {SAME: kind.is_plain and _is_same(held, kind), READ: kind.takes_json and _is_read(held, kind)}
    return tuple(way for way in ways if allowed[way])


def _is_same(held: Held, kind: Kind) -> bool:  # noqa: PLR0911 - a table of pairs
    match held.sort, kind.name:
        case ("int" | "str") as sort, "literal":
            return kind.style == sort
        case ("int" | "str") as sort, "enum":
            return _values_are(kind, sort)
        case "decimal" | "units", "int":
            return held.scale == 0
        case "enum", "enum":
            return held.enum is kind.enum
        case _, "ip":
            return kind.style == held.sort
        case "json", "json" | "list":
            return _is_any_json(kind)
    return True


def _is_read(held: Held, kind: Kind) -> bool:  # noqa: PLR0911 - a table of pairs
    match held.sort, kind.name:
        case "bytes", "bytes":
            return kind.style != "utf8"  # JSON cannot carry what is no text
        case "json", "list" | "json" | "model":
            return kind.takes_loaded
        case "float", "float":
            return True
        case _, "float":
            return not kind.is_strict
        case _, "ip":
            return kind.style == held.sort
        case (("int" | "str" | "enum" | "decimal" | "units"), _):
            return _is_same(held, kind)
    return True


def _values_are(kind: Kind, name: str) -> bool:
    return kind.enum is not None and {type(member.value).__name__ for member in kind.enum} == {name}


def _is_any_json(kind: Kind) -> bool:
    """Tell whether a kind leaves every JSON value of its form as it is."""
    if kind.name in ("list", "json"):
        return kind.item is not None and _is_any_json(kind.item)
    return kind.name in ("any", "str")


def _sql(forms: Forms, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
    match held.sort:
        case "bytes":
            return forms.binary(held, kind, exact=exact)
        case "interval":
            return forms.duration(held, kind, exact=exact)
        case "list":
            return _list_sql(forms, held, kind, exact=exact)
        case "decimal" | "units" if kind.name in ("float", "int"):
            return forms.number(held, exact=exact)
    return {
        "bool": forms.boolean,
        "int": forms.integer,
        "float": forms.real,
        "decimal": forms.decimal,
        "units": forms.decimal,
        "number": forms.number,
        "str": forms.text,
        "uuid": forms.uuid,
        "date": forms.date,
        "time": forms.time,
        "datetime": forms.datetime,
        "enum": forms.enumeration,
        "json": forms.json,
        "IPv4Address": forms.address,
        "IPv4Network": forms.address,
    }[held.sort](held, exact=exact)


def _list_sql(forms: Forms, held: Held, kind: Kind, *, exact: bool) -> Sql | None:
    inner, deep = kind.item, kind.name == "any"
    while inner is not None and inner.name == "list":
        inner, deep = inner.item, True
    inner = inner or Kind("any")
    if held.item is None or (SAME if exact else READ) not in _fits(held.item, inner):
        return None
    item = _sql(forms, held.item, inner, exact=exact or inner.is_strict or inner.name == "any")
    # Elements are written one by one in a list of one dimension only.
    return None if item is None or (deep and item is not as_is) else forms.array(held, item, exact=exact)

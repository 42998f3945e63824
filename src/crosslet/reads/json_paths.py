"""What stands at a path of a JSON column, as a value of one type; NULL where there is none or one of another type.

SQLAlchemy's `as_integer()` and its kin cast whatever is there, which on PostgreSQL ends the statement at the first
text among numbers.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, ColumnElement, Double, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError
from crosslet.reads.json_places import AtPlace, Place, Written, place_of

_SORTS: Final[Mapping[type, tuple[str, TypeEngine[Any]]]] = {
    bool: ("flag", Boolean()),
    str: ("text", String()),
    int: ("whole", BigInteger()),
    float: ("number", Double()),
}


class _AtPath(AtPlace):
    inherit_cache = True
    _traverse_internals = [*AtPlace._traverse_internals, ("sort", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, place: Place, sort: str, type_: TypeEngine[Any]) -> None:
        self.sort = sort
        self.type = type_
        super().__init__(place)


def json_value(path: Any, kind: type) -> ColumnElement[Any]:
    """Return the value at `Model.column["key"]` or `Model.column["key", "inner", 0]`: to select, filter or order by.

    It is NULL where the path leads nowhere, or to a value of another type. A key leads into an object, an index into
    a list, and neither into the other.

    Args:
        path: The path, in one pair of brackets.
        kind: `str`, `int`, `float` or `bool`. A number that is not whole is none for `int`.

    Raises:
        ConfigurationError: It is another type, or a path of paths.
        InvalidValue: A key of the path cannot be one on every database: it has a NUL in it, or begins with `-`.
    """
    if kind not in _SORTS:
        raise ConfigurationError(f"JSON holds no {kind.__name__}: take str, int, float or bool.")
    return _AtPath(place_of(path), *_SORTS[kind])


def _within(lists: list[str], found: str) -> str:
    """Look only into lists: to PostgreSQL and MySQL the first element of what is none can be that itself."""
    return f"(CASE WHEN {' AND '.join(lists)} THEN {found} END)" if lists else found


@compiles(_AtPath, "postgresql")
def _on_postgresql(element: _AtPath, compiler: SQLCompiler, **kw: Any) -> str:
    at = Written(element, compiler, kw)
    lists = [f"jsonb_typeof({_held(at, depth)}) = 'array'" for depth in range(at.depth) if at.is_index(depth)]
    return _within(lists, _found_on_postgresql(element.sort, _held(at, at.depth)))


def _held(at: Written, depth: int) -> str:
    steps = "".join(f" -> {at.step(before)}" for before in range(depth))
    return f"CAST(({at.document}{steps}) AS JSONB)"


def _found_on_postgresql(sort: str, value: str) -> str:
    kind = f"jsonb_typeof({value})"
    match sort:
        case "flag":
            return f"(CASE WHEN {kind} = 'boolean' THEN CAST({value} AS BOOLEAN) END)"
        case "text":
            return f"(CASE WHEN {kind} = 'string' THEN {value} #>> '{{}}' END)"
        case "number":
            return f"(CASE WHEN {kind} = 'number' THEN CAST(CAST({value} AS NUMERIC) AS DOUBLE PRECISION) END)"
    number = f"CAST({value} AS NUMERIC)"
    # One CASE in the other: PostgreSQL does not promise to look at the first of two conditions first.
    whole = f"CASE WHEN {number} = trunc({number}) AND abs({number}) < 9223372036854775808 THEN {number} END"
    return f"(CASE WHEN {kind} = 'number' THEN CAST({whole} AS BIGINT) END)"


@compiles(_AtPath, "sqlite")
def _on_sqlite(element: _AtPath, compiler: SQLCompiler, **kw: Any) -> str:
    at = Written(element, compiler, kw)
    place = f"{at.document}, {at.path(at.depth)}"
    if "q" in at.keys:
        place = f"crosslet_json_at({place}), '$'"
    kind, value = f"json_type({place})", f"json_extract({place})"
    match element.sort:
        case "flag":
            return f"(CASE {kind} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)"
        case "text":
            return f"(CASE WHEN {kind} = 'text' THEN {value} END)"
        case "number":
            return f"(CASE WHEN {kind} IN ('integer', 'real') THEN CAST({value} AS REAL) END)"
    # What JSON calls an integer may be one of more than 64 bits, which comes out as a float.
    whole = f"CASE WHEN {value} = CAST({value} AS INTEGER) THEN CAST({value} AS INTEGER) END"
    return f"(CASE WHEN {kind} IN ('integer', 'real') THEN {whole} END)"


@compiles(_AtPath, "mysql", "mariadb")
def _on_mysql(element: _AtPath, compiler: SQLCompiler, **kw: Any) -> str:
    at = Written(element, compiler, kw)
    found = _found_on_mysql(element.sort, f"JSON_EXTRACT({at.document}, {at.path(at.depth)})")
    holders = [_holder(at, depth) for depth in range(at.depth) if at.is_index(depth)]
    return _within([f"JSON_TYPE({holder}) = 'ARRAY'" for holder in holders], found)


def _holder(at: Written, depth: int) -> str:
    return f"JSON_EXTRACT({at.document}, {at.path(depth)})" if depth else at.document


def _found_on_mysql(sort: str, value: str) -> str:
    kind = f"JSON_TYPE({value})"
    plain = f"JSON_UNQUOTE({value})"
    numbers = "'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'"
    match sort:
        case "flag":
            return f"(CASE WHEN {kind} = 'BOOLEAN' THEN {plain} = 'true' END)"
        case "text":
            # A collation that does not ignore spaces at the end: MySQL's and MariaDB's names for it differ.
            collated = "/*!80017 COLLATE utf8mb4_0900_bin */ /*M! COLLATE utf8mb4_nopad_bin */"
            return f"(CASE WHEN {kind} = 'STRING' THEN CONVERT({plain} USING utf8mb4) {collated} END)"
        case "number":
            return f"(CASE WHEN {kind} IN ({numbers}) THEN CAST({plain} AS DOUBLE) END)"
    # As a float first: a number with an exponent is too wide for any DECIMAL, or becomes 0 in it.
    rough = f"CAST({plain} AS DOUBLE)"
    fits = f"abs({rough}) < 9.3e18 AND {rough} = truncate({rough}, 0)"
    number = f"CAST({plain} AS DECIMAL(65, 30))"
    held = f"{number} BETWEEN -9223372036854775808 AND 9223372036854775807"
    whole = f"CASE WHEN {number} = truncate({number}, 0) AND {held} THEN CAST({number} AS SIGNED) END"
    return f"(CASE WHEN {kind} IN ({numbers}) THEN CASE WHEN {fits} THEN {whole} END END)"

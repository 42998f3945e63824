"""What stands at a path of a JSON column, as a value of one type; NULL where there is none or one of another type.

SQLAlchemy's `as_integer()` and its kin cast whatever is there, which on PostgreSQL ends the statement at the first
text among numbers.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, ColumnElement, Double, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import json_getitem_op, json_path_getitem_op
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError

_SORTS: Final[Mapping[type, tuple[str, TypeEngine[Any]]]] = {
    bool: ("flag", Boolean()),
    str: ("text", String()),
    int: ("whole", BigInteger()),
    float: ("number", Double()),
}


class _AtPath(FunctionElement[Any]):
    inherit_cache = True
    _traverse_internals = [*FunctionElement._traverse_internals, ("sort", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, path: ColumnElement[Any], sort: str, type_: TypeEngine[Any]) -> None:
        super().__init__(path)
        self.sort = sort
        self.type = type_


def is_json_path(expression: Any) -> bool:
    """Tell whether an expression is `Model.column["key"]`, a path into JSON."""
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    operators = (json_getitem_op, json_path_getitem_op)
    return isinstance(element, BinaryExpression) and element.operator in operators


def json_value(path: Any, kind: type) -> ColumnElement[Any]:
    """Return the value at `Model.column["key"]` or `Model.column["key", "inner", 0]`.

    Args:
        path: The path, in one pair of brackets.
        kind: `str`, `int`, `float` or `bool`. A number that is not whole is none for `int`.

    Raises:
        ConfigurationError: It is another type, or a path of paths.
    """
    if kind not in _SORTS:
        raise ConfigurationError(f"JSON holds no {kind.__name__}: take str, int, float or bool.")
    if not is_json_path(path) or is_json_path(path.left):
        raise ConfigurationError('Write a path into JSON in one pair of brackets: Model.column["key", "inner"].')
    return _AtPath(path, *_SORTS[kind])


def _places(element: _AtPath, compiler: SQLCompiler, kw: dict[str, Any]) -> tuple[str, str]:
    path: Any = next(iter(element.clauses))
    return compiler.process(path.left, **kw), compiler.process(path.right, **kw)


@compiles(_AtPath, "postgresql")
def _on_postgresql(element: _AtPath, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)
    path: Any = next(iter(element.clauses))
    value = f"CAST({compiler.process(path, **kw)} AS JSONB)"
    kind = f"jsonb_typeof({value})"
    match element.sort:
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
    kw.pop("add_to_result_map", None)
    place = ", ".join(_places(element, compiler, kw))
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
    kw.pop("add_to_result_map", None)
    value = f"JSON_EXTRACT({', '.join(_places(element, compiler, kw))})"
    kind = f"JSON_TYPE({value})"
    plain = f"JSON_UNQUOTE({value})"
    numbers = "'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'"
    match element.sort:
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

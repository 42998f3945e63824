"""Change one place of a JSON document inside the database, without reading the document first.

Every database has a function for it, and no two agree: what is missing on the way is an error, a NULL document or
nothing at all; an index into a number makes a list of it; NULL for a value makes NULL of the document. So each step of
the path is looked at before the database's own function is let on it.
"""

import json
from typing import Any, Final

from sqlalchemy import BindParameter, Boolean, ColumnElement, Float, Integer, String, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

from crosslet.errors import ConfigurationError, InvalidValue, Problem
from crosslet.models import json_problem
from crosslet.reads.json_places import AtPlace, Place, Written, place_of

_COLUMNS: Final = (Integer, String, Boolean, Float)


def json_set(path: Any, value: Any) -> ColumnElement[Any]:
    """Return a document with another value at a path, for `values(settings=json_set(User.settings["theme"], "dark"))`.

    What is missing or null on the way is made: NULL for the document itself becomes an object, too. An index past the
    end of a list appends. Where the path leads through something else, a key into a list or any step into text, say,
    the document stays as it is.

    The result is a document again: `json_set(json_set(User.settings["a"], 1)["b"], 2)` sets two keys.

    Args:
        path: `Model.column["key"]` or `Model.column["key", "inner", 0]`, in one pair of brackets.
        value: What JSON holds, None as its null; it is bound. Or an SQL expression of a whole number, float, text or
            bool, such as `json_value(User.settings["visits"], int) + 1`, whose NULL becomes null.

    Raises:
        ConfigurationError: It is no path, or the type of the SQL expression is another.
        InvalidValue: JSON cannot hold the value or a key on every database.
    """
    place = place_of(path)
    if isinstance(value, ClauseElement) or hasattr(value, "__clause_element__"):
        return _Set(place, _checked_expression(value))
    return _Set(place, _AsJSON(_checked_value(place, value), "document"))


def json_remove(path: Any) -> ColumnElement[Any]:
    """Return a document without what is at a path: the same document if nothing is there.

    The elements after a removed one move up. `json_set(path, None)` leaves a null instead.

    Args:
        path: `Model.column["key"]` or `Model.column["key", "inner", 0]`, in one pair of brackets.

    Raises:
        ConfigurationError: It is no path.
        InvalidValue: A key cannot be one on every database.
    """
    return _Remove(place_of(path))


def _checked_value(place: Place, value: Any) -> BindParameter[Any]:
    whole = value
    for key in reversed(place.keys):
        whole = {key: whole} if isinstance(key, str) else [whole]
    # As deep in the document as it will be.
    if problem := json_problem(whole):
        raise InvalidValue([Problem(place.field, problem[1], problem[0])])
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return bindparam(None, text, Text(), unique=True)


def _checked_expression(value: Any) -> ColumnElement[Any]:
    element = value.__clause_element__() if hasattr(value, "__clause_element__") else value
    if not isinstance(getattr(element, "type", None), _COLUMNS):
        raise ConfigurationError(
            "json_set() takes SQL expressions of whole numbers, floats, text and bools. "
            "For what is at a path, write json_value(path, type); for others cast()."
        )
    return _AsJSON(element, "flag" if isinstance(element.type, Boolean) else "plain")


class _AsJSON(FunctionElement[Any]):
    """A value inside a document: text that is JSON, or an expression of a column's type."""

    inherit_cache = True
    _traverse_internals = [*FunctionElement._traverse_internals, ("sort", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, value: ColumnElement[Any], sort: str) -> None:
        super().__init__(value)
        self.sort = sort


class _Change(AtPlace):
    inherit_cache = True
    native = False

    def __init__(self, place: Place, *more: ColumnElement[Any]) -> None:
        # Before anything can ask for the comparator, which stays with the type that it found.
        self.type = place.document.type
        super().__init__(place, *more)


class _Set(_Change):
    inherit_cache = True


class _Remove(_Change):
    inherit_cache = True


def _flag(value: str) -> str:
    return f"(CASE WHEN {value} THEN 'true' WHEN NOT {value} THEN 'false' ELSE 'null' END)"


@compiles(_AsJSON, "sqlite")
def _json_on_sqlite(element: _AsJSON, compiler: SQLCompiler, **kw: Any) -> str:
    value = compiler.process(element.clause_expr, **kw)
    return {"document": value, "flag": _flag(value), "plain": f"json_quote({value})"}[element.sort]


@compiles(_Set, "sqlite")
def _set_on_sqlite(element: _Set, compiler: SQLCompiler, **kw: Any) -> str:
    at = Written(element, compiler, kw)
    return f"crosslet_json_set({at.document}, {at.path(at.depth)}, {at.of(at.more[0])})"


@compiles(_Remove, "sqlite")
def _remove_on_sqlite(element: _Remove, compiler: SQLCompiler, **kw: Any) -> str:
    at = Written(element, compiler, kw)
    return f"crosslet_json_remove({at.document}, {at.path(at.depth)})"


@compiles(_AsJSON, "postgresql")
def _json_on_postgresql(element: _AsJSON, compiler: SQLCompiler, **kw: Any) -> str:
    value = compiler.process(element.clause_expr, **kw)
    return f"CAST({value} AS JSONB)" if element.sort == "document" else f"coalesce(to_jsonb({value}), 'null')"


class _OnPostgreSQL(Written):
    """The parts of a change on PostgreSQL."""

    def __init__(self, element: _Change, compiler: SQLCompiler, kw: dict[str, Any]) -> None:
        super().__init__(element, compiler, kw)
        self.is_binary = isinstance(element.type._unwrapped_dialect_impl(compiler.dialect), postgresql.JSONB)
        if not self.is_binary:
            self.document = f"CAST({self.document} AS JSONB)"

    names = ("object", "array", "null")

    def kind(self, depth: int) -> str:
        steps = "".join(f" -> {self.step(before)}" for before in range(depth))
        return f"coalesce(jsonb_typeof({self.document}{steps}), 'null')"

    def put(self, depth: int, value: str) -> str:
        return f"jsonb_set({self.document}, {self.path(depth)}, {value})" if depth else value

    def wrap(self, depth: int, value: str) -> str:
        return (
            f"jsonb_build_array({value})"
            if self.is_index(depth)
            else f"jsonb_build_object({self.step(depth)}, {value})"
        )

    def removed(self) -> str:
        return f"{self.document} #- {self.path(self.depth)}"

    def whole(self, changed: str) -> str:
        return changed if self.is_binary else f"CAST({changed} AS JSON)"


class _OnMySQL(Written):
    """The parts of a change on MySQL and MariaDB."""

    names = ("OBJECT", "ARRAY", "NULL")

    def kind(self, depth: int) -> str:
        place = f"JSON_EXTRACT({self.document}, {self.path(depth)})" if depth else self.document
        return f"coalesce(JSON_TYPE({place}), 'NULL')"

    def put(self, depth: int, value: str) -> str:
        return f"JSON_SET({self.document}, {self.path(depth)}, {value})" if depth else value

    def wrap(self, depth: int, value: str) -> str:
        return f"JSON_ARRAY({value})" if self.is_index(depth) else f"JSON_OBJECT({self.step(depth)}, {value})"

    def removed(self) -> str:
        return f"JSON_REMOVE({self.document}, {self.path(self.depth)})"

    def whole(self, changed: str) -> str:
        return changed


@compiles(_AsJSON, "mysql", "mariadb")
def _json_on_mysql(element: _AsJSON, compiler: SQLCompiler, **kw: Any) -> str:
    value = compiler.process(element.clause_expr, **kw)
    # MariaDB has no CAST(... AS JSON); what JSON_EXTRACT returns is JSON to both.
    texts = {"document": f"JSON_EXTRACT({value}, '$')", "flag": f"JSON_EXTRACT({_flag(value)}, '$')"}
    return texts.get(element.sort, value)


def _set_of(at: _OnPostgreSQL | _OnMySQL) -> str:
    inner = value = at.of(at.more[0])
    made = [inner := at.wrap(depth, inner) for depth in reversed(range(at.depth))]
    cases = []
    for depth, new in enumerate(reversed(made)):
        kind = at.kind(depth)
        cases.append(f"WHEN {kind} = '{at.names[2]}' THEN {at.put(depth, new)}")
        cases.append(f"WHEN {kind} <> '{at.names[at.is_index(depth)]}' THEN {at.document}")
    return at.whole(f"(CASE {' '.join(cases)} ELSE {at.put(at.depth, value)} END)")


def _remove_of(at: _OnPostgreSQL | _OnMySQL) -> str:
    steps = [f"{at.kind(depth)} = '{at.names[at.is_index(depth)]}'" for depth in range(at.depth)]
    return at.whole(f"(CASE WHEN {' AND '.join(steps)} THEN {at.removed()} ELSE {at.document} END)")


@compiles(_Set, "postgresql")
def _set_on_postgresql(element: _Set, compiler: SQLCompiler, **kw: Any) -> str:
    return _set_of(_OnPostgreSQL(element, compiler, kw))


@compiles(_Remove, "postgresql")
def _remove_on_postgresql(element: _Remove, compiler: SQLCompiler, **kw: Any) -> str:
    return _remove_of(_OnPostgreSQL(element, compiler, kw))


@compiles(_Set, "mysql", "mariadb")
def _set_on_mysql(element: _Set, compiler: SQLCompiler, **kw: Any) -> str:
    return _set_of(_OnMySQL(element, compiler, kw))


@compiles(_Remove, "mysql", "mariadb")
def _remove_on_mysql(element: _Remove, compiler: SQLCompiler, **kw: Any) -> str:
    return _remove_of(_OnMySQL(element, compiler, kw))

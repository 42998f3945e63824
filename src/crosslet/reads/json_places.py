"""Paths into JSON, as each database is told of them: always bound, never a part of the SQL.

SQLAlchemy's own paths put keys between quotation marks or braces as they are, so that on one database or another
a key with a quotation mark, a comma or a brace leads to another place, or ends the statement.
"""

import json
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Dialect, Integer, String, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import json_getitem_op, json_path_getitem_op
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine

from crosslet.errors import ConfigurationError, InvalidValue, Problem
from crosslet.models import json_problem

_HOW: Final = 'Write a path into JSON in one pair of brackets: Model.column["key", "inner"].'
# PostgreSQL's are of 32 bits.
_MAX_INDEX: Final = (1 << 31) - 1


class Place(NamedTuple):
    """A path taken apart: the document, and the keys and indexes that lead through it."""

    document: ColumnElement[Any]
    keys: tuple[str | int, ...]

    @property
    def field(self) -> str:
        """Name the document to whoever gave a value for it."""
        return str(getattr(self.document, "key", None) or "json")


def is_json_path(expression: Any) -> bool:
    """Tell whether an expression is `Model.column["key"]`, a path into JSON."""
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    operators = (json_getitem_op, json_path_getitem_op)
    return isinstance(element, BinaryExpression) and element.operator in operators


def place_of(path: Any) -> Place:
    """Take a path apart.

    Raises:
        ConfigurationError: It is none, or one of SQL expressions or indexes that not every database has.
        InvalidValue: A key cannot be one on every database.
    """
    if not is_json_path(path) or is_json_path(path.left) or not isinstance(path.right, BindParameter):
        raise ConfigurationError(_HOW)
    value: Any = path.right.value
    place = Place(path.left, tuple(value) if isinstance(value, tuple | list) else (value,))
    if not place.keys:
        raise ConfigurationError(_HOW)
    for key in place.keys:
        _check(key, place.field)
    return place


def _check(key: Any, field: str) -> None:
    if isinstance(key, str):
        if problem := json_problem(key):
            raise InvalidValue([Problem(field, f"a key {problem[1]}", problem[0])])
        if key.startswith("-"):
            raise InvalidValue([Problem(field, "no path of MariaDB leads to a key that begins with -", "not_a_path")])
    elif isinstance(key, bool) or not isinstance(key, int) or not 0 <= key <= _MAX_INDEX:
        raise ConfigurationError(f"A path into JSON is made of keys and indexes, 0 to {_MAX_INDEX}, not {key!r}.")


class _Keys(TypeDecorator[tuple[str | int, ...]]):
    """A whole path: a list on PostgreSQL, `$."key"[0]` elsewhere, or for functions of ours on SQLite a JSON list."""

    impl = Text
    cache_ok = True

    def __init__(self, *, native: bool) -> None:
        super().__init__()
        self.native = native

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return postgresql.ARRAY(Text()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: tuple[str | int, ...] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return [str(key) for key in value]
        if dialect.name == "sqlite" and not self.native:
            return json.dumps(value)
        return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{_quoted(key)}" for key in value)


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _sort_of(key: str | int) -> str:
    if isinstance(key, int):
        return "i"
    # SQLite's own paths cannot be trusted with others: see sqlite_json.py of the dialects.
    return "k" if key.isascii() and key.isprintable() and not {'"', "\\"} & set(key) else "q"


class AtPlace(FunctionElement[Any]):
    """What is said of a place in a document; each kind writes its own SQL.

    Attributes:
        keys: A letter for each step: `i` an index, `k` a key, `q` a key that not every path can hold.
    """

    inherit_cache = True
    native: ClassVar[bool] = True
    _traverse_internals = [*FunctionElement._traverse_internals, ("keys", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, place: Place, *more: ColumnElement[Any]) -> None:
        keys = place.keys
        self.keys = "".join(map(_sort_of, keys))
        native = self.native and "q" not in self.keys
        paths = [bindparam(None, keys[: n + 1], _Keys(native=native), unique=True) for n in range(len(keys))]
        steps = [bindparam(None, key, Integer() if isinstance(key, int) else String(), unique=True) for key in keys]
        super().__init__(place.document, *paths, *steps, *more)


class Written:
    """The parts of an AtPlace as SQL, to be put together.

    Attributes:
        document: The whole document.
        depth: How many steps the path has.
        more: What else was given to the AtPlace.
    """

    def __init__(self, element: AtPlace, compiler: SQLCompiler, kw: dict[str, Any]) -> None:
        # Only the whole expression stands for a column of the result.
        self._kw = {name: value for name, value in kw.items() if name != "add_to_result_map"}
        self._compiler, self.keys, self.depth = compiler, element.keys, len(element.keys)
        self._parts = list(element.clauses)
        self.more = self._parts[1 + 2 * self.depth :]
        self.document = self.of(self._parts[0])

    def of(self, part: ColumnElement[Any]) -> str:
        """Write one part."""
        return self._compiler.process(part, **self._kw)

    def path(self, depth: int) -> str:
        """Write the path of the first steps; of at least one."""
        return self.of(self._parts[depth])

    def step(self, depth: int) -> str:
        """Write the key or index that leads on from a depth."""
        return self.of(self._parts[1 + self.depth + depth])

    def is_index(self, depth: int) -> bool:
        """Tell whether an index leads on from a depth."""
        return self.keys[depth] == "i"

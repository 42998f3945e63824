"""What `composite()` makes of columns of one row, and whether the columns alone tell what that is.

A dataclass, or a class whose constructor keeps its parameters under their names, holds just what its columns hold. Of
anything else only the running code knows, so it is run: such composites are read from the columns of rows.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from types import FunctionType, MemberDescriptorType
from typing import Any, get_type_hints

from crosslet.errors import ConfigurationError
from crosslet.shapes.annotations import takes_none
from crosslet.shapes.attributes import Column, Composed, named


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """How SQLAlchemy makes an object of columns.

    Attributes:
        columns: What it is made of, in order, by the names that the object has for them.
        code: What of it only Python knows; None if the columns tell all.
        may_be_none: There may be none; None where nobody knows.
    """

    of: Callable[..., Any]
    columns: Mapping[str, Column]
    code: str | None
    may_be_none: bool | None
    none_on: Callable[..., bool] | None

    def object(self, values: Sequence[Any]) -> Any:
        """Make the object of a row's values, which may be None."""
        return None if self.none_on is not None and self.none_on(*values) else self.of(*values)


def made_by(at: str, composed: Composed) -> Made:
    """Say how a composite attribute's objects are made.

    Args:
        at: The field, for texts.
        composed: The attribute.

    Raises:
        ConfigurationError: It is made of anything but columns.
    """
    of: Any = composed.composite.composite_class
    none_on: Any = composed.composite.return_none_on
    none_on = none_on if callable(none_on) else None
    # `Mapped[Point | None]` gives a rule that is SQLAlchemy's own: there is no point where all columns are NULL.
    is_usual = none_on is not None and none_on.__module__ == "sqlalchemy.orm.descriptor_props"
    columns = _columns(at, composed, of)
    code = code_of(of, tuple(columns)) if none_on is None or is_usual else "return_none_on"
    if not is_usual:
        return Made(of, columns, code, False if none_on is None else None, none_on)
    known = {column.nullable for column in columns.values()}
    may_be_none = False if False in known else None if None in known else True
    within = {name: _within(name, column, of, alone=len(columns) == 1) for name, column in columns.items()}
    return Made(of, within, code, may_be_none, none_on)


def _columns(at: str, composed: Composed, of: Any) -> dict[str, Column]:
    names = [name for name, kind in _parameters(of) if kind in _PLACED]
    props = composed.composite.props
    if len(names) < len(props):
        raise ConfigurationError(
            f"{at}: the constructor behind {composed.name} takes {len(props)} values and does not name them all. Name "
            "its parameters."
        )
    columns: dict[str, Column] = {}
    for name, prop in zip(names, props, strict=False):
        column = named(composed.mapper, prop.key)
        if not isinstance(column, Column):
            raise ConfigurationError(f"{at}: {composed.name} is made of {prop.key}, which is no column.")
        columns[name] = column
    return columns


def _within(name: str, column: Column, of: Any, *, alone: bool) -> Column:
    """Say of a column whether it is NULL where there is an object.

    What the class promises, the table does not: nobody knows.
    """
    if alone:
        return replace(column, nullable=False)
    hint = _hints(of).get(name)
    promised = column.nullable and hint is not None and not takes_none(hint)
    return replace(column, nullable=None) if promised else column


_PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _parameters(of: Any) -> list[tuple[str, Any]]:
    try:
        return [(name, parameter.kind) for name, parameter in inspect.signature(of).parameters.items()]
    except (TypeError, ValueError):  # A class that is not written in Python.
        return []


@lru_cache(maxsize=1024)
def _hints(of: Any) -> dict[str, Any]:
    try:
        return get_type_hints(of)
    except Exception:  # A name in it may be known to type checkers only.
        return {}


@lru_cache(maxsize=1024)
def code_of(of: Any, names: tuple[str, ...]) -> str | None:
    """Name what stands between the columns and the object's attributes; None if nothing does."""
    if not isinstance(of, type):
        return str(getattr(of, "__qualname__", of))
    for name in ("__new__", "__getattribute__", "__post_init__"):
        if getattr(of, name, None) is not getattr(object, name, None):
            return f"{of.__name__}.{name}"
    owner = next(base for base in of.__mro__ if "__init__" in vars(base))
    if type(of).__call__ is not type.__call__ or not (_is_generated(owner, names) or _keeps(owner, names)):
        return f"{of.__name__}.__init__"
    for name in names:
        held = inspect.getattr_static(of, name, None)
        if hasattr(held, "__set__") and not isinstance(held, MemberDescriptorType):
            return f"{of.__name__}.{name}"
    return None if _sets_plainly(of) else f"{of.__name__}.__setattr__"


def _is_generated(owner: type, names: tuple[str, ...]) -> bool:
    """Tell whether a class's constructor is a dataclass's own, which keeps what it is given in its fields."""
    parameters = vars(owner).get("__dataclass_params__")
    code = getattr(owner.__init__, "__code__", None)  # type: ignore[misc]
    if parameters is None or not parameters.init or getattr(code, "co_filename", "") != "<string>":
        return False
    return {field.name for field in fields(owner)}.issuperset(names)  # an InitVar is no field


def _sets_plainly(of: type) -> bool:
    owner = next(base for base in of.__mro__ if "__setattr__" in vars(base))
    if owner is object:
        return True
    # The one of a frozen dataclass refuses, and its constructor goes past it.
    parameters = vars(owner).get("__dataclass_params__")
    return parameters is not None and bool(parameters.frozen)


def _keeps(owner: type, names: tuple[str, ...]) -> bool:
    """Tell whether all that a constructor does is `self.x = x`."""
    function = vars(owner)["__init__"]
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        return False
    try:
        (written,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    if not isinstance(written, ast.FunctionDef) or written.decorator_list or not written.args.args:
        return False
    itself = written.args.args[0].arg
    kept = {_kept(line, itself) for line in written.body if not _is_text(line)}
    return kept == set(names)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def _kept(line: ast.stmt, itself: str) -> str | None:
    """Return x of `self.x = x`; None of anything else."""
    if isinstance(line, ast.Assign) and len(line.targets) == 1:
        target, value = line.targets[0], line.value
    elif isinstance(line, ast.AnnAssign) and line.value is not None:
        target, value = line.target, line.value
    else:
        return None
    if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and isinstance(value, ast.Name)):
        return None
    return target.attr if target.value.id == itself and target.attr == value.id else None

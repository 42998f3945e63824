"""Which shapes a route's handler reads from which mapped class, as far as its source shows.

`session.one(UserOut, select(User).where(...))`, with the statement in place, in a variable of the handler or kept
beside it; `session.one(UserOut, User, key)`; `New(User, body)`, and statements that change rows. What is put together
elsewhere is not seen, and is checked when it is first read.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

from sqlalchemy import Select

from crosslet.shapes import entity_of, is_shape, mapper_of

# After these the rows are no longer those of the class alone.
_OTHER_ROWS = frozenset({"with_only_columns", "add_columns", "union", "union_all", "subquery", "cte"})
_CHANGES = frozenset({"insert", "update", "delete", "New"})
# These say which rows, and leave what is selected as it is.
_AROUND = frozenset({"with_deleted", "only_deleted", "without_filters", "apply"})
_VERBS = frozenset({"one", "all", "first", "json", "stream", "page"})


def readings_of(endpoint: Callable[..., Any]) -> Iterator[tuple[Any, Any]]:
    """Yield shape and mapped class of each read that a handler's source shows."""
    function = inspect.unwrap(endpoint)
    tree = _tree_of(function)
    if tree is None:
        return
    names = _names_of(function)
    assigned = dict(_assignments(tree))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VERBS):
            continue
        if len(node.args) < 2:  # noqa: PLR2004 - shape and statement
            continue
        # With a third argument, a key, the second is the mapped class itself; of a page it may be.
        is_page = node.func.attr == "page"
        by_key = len(node.args) > 2 and not is_page  # noqa: PLR2004
        entity = None if by_key else _selected(node.args[1], names, assigned)
        if by_key or (is_page and entity is None):
            entity = _value(node.args[1], names)
        shape = _value(node.args[0], names)
        shape = get_args(shape)[0] if get_origin(shape) is list else shape
        if is_shape(shape) and mapper_of(shape) is None and entity is not None and mapper_of(entity) is not None:
            yield shape, entity


def _tree_of(function: Any) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # no source: made by exec, or a callable object
        return None


def _names_of(function: Any) -> dict[str, Any]:
    try:
        closure = inspect.getclosurevars(function)
    except (TypeError, ValueError):
        return {}
    return {**closure.builtins, **closure.globals, **closure.nonlocals}


def _assignments(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _selected(node: ast.expr, names: dict[str, Any], assigned: dict[str, ast.expr]) -> Any:
    """Follow `select(User).where(...)`, `PAGE.params(...)`, `params.apply(...)` and `New(User, body)` to `User`."""
    if isinstance(node, ast.Name) and node.id in assigned:
        return _selected(assigned[node.id], names, {})
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
        if node.func.attr in _OTHER_ROWS:
            return None
        node = node.func.value
    kept = _value(
        node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else node, names
    )
    if isinstance(kept, Select):
        return entity_of(kept)
    if not (isinstance(node, ast.Call) and node.args):
        return None
    called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if called in _AROUND:
        return _selected(node.args[0], names, assigned)
    is_whole = called in _CHANGES or (called == "select" and len(node.args) == 1)
    return _value(node.args[0], names) if is_whole else None


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """Look a name up: `UserOut`, `schemas.UserOut`, `list[UserOut]`. Nothing is called."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, names), node.attr, None)
    if isinstance(node, ast.Subscript) and _value(node.value, names) is list:
        inner = _value(node.slice, names)
        return list[inner] if inner is not None else None  # type: ignore[valid-type]
    return None

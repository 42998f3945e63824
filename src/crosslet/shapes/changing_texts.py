"""From a compiled INSERT, UPDATE or DELETE to what a driver is handed, with the values that columns give by themselves.

No I/O. SQLAlchemy makes defaults while it executes; here they are made beside the text.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler

from crosslet.shapes.texts import Hand, prepared

Maker = Callable[["Context"], Any]


class NeedsEngine(Exception):
    """Only the engine can send the statement."""


class Context:
    """What a column's default may ask of SQLAlchemy's execution context: the other values of the row."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.current_parameters = parameters

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """Return the row's values so far, by the names of their parameters."""
        return self.current_parameters

    def __getattr__(self, name: str) -> Any:
        raise NeedsEngine


def changing_hand_of(compiled: Compiled) -> Hand | None:
    """Return what makes text and parameters of a statement that changes rows.

    Returns:
        None where only the engine can send it: a default that the database has to make first, text that differs with
        each execution. The hand itself gives None where a default asks for more than the other values.
    """
    if not isinstance(compiled, SQLCompiler) or compiled.literal_execute_params or compiled.post_compile_params:
        return None
    if compiled.schema_translate_map:
        return None
    try:
        makers = _makers(compiled)
    except NeedsEngine:
        return None
    keys = {name: (parameter.key, parameter) for parameter, name in compiled.bind_names.items()}
    hand = prepared(compiled)

    def changing(values: Mapping[str, Any]) -> tuple[str, Any] | None:
        row = {name: values.get(key, parameter.effective_value) for name, (key, parameter) in keys.items()}
        context = Context(row)
        try:
            for name, make in makers:
                row[name] = make(context)
        except NeedsEngine:
            return None
        return hand({keys[name][0]: value for name, value in row.items()})

    return changing if makers else hand


def _makers(compiled: SQLCompiler) -> Sequence[tuple[str, Maker]]:
    """Return what makes the values of columns that Python gives a value, by the name of their parameter."""
    name_of = compiled._within_exec_param_key_getter
    inserted = [(name_of(column), _maker(column.default)) for column in compiled.insert_prefetch]
    return inserted + [(name_of(column), _maker(column.onupdate)) for column in compiled.update_prefetch]


def _maker(default: Any) -> Maker:
    if getattr(default, "is_scalar", False):
        return lambda context: default.arg
    if not getattr(default, "is_callable", False):
        raise NeedsEngine
    make: Maker = default.arg
    return make

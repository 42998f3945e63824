"""From a compiled statement to what a driver is handed: text and parameters, as SQLAlchemy itself would hand them.

No I/O, and nothing of crosslet's: only what SQLAlchemy does between compiling and sending.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import BindParameter
from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler


def direct_text(
    compiled: Compiled,
    parameters: Mapping[str, Any] | None = None,
    extracted: Sequence[BindParameter[Any]] | None = None,
) -> tuple[str, Any] | None:
    """Return the text of a reading statement and its bound values, in the driver's own parameter style.

    Args:
        compiled: The statement, compiled for the engine's dialect.
        parameters: Values by name, over those that the statement holds.
        extracted: The values of another statement with the same cache key (`CacheKey.bindparams`), in its order.

    Returns:
        None where only the engine can send it: it changes rows, its schema is chosen with each execution, or a value
        does not fit its column's type (the engine's way raises the error for it).
    """
    if not isinstance(compiled, SQLCompiler) or _needs_engine(compiled):
        return None
    try:
        values = compiled.construct_params(parameters, extracted_parameters=extracted, escape_names=False)
        return _bound(compiled, values)
    except Exception:
        return None


def _needs_engine(compiled: SQLCompiler) -> bool:
    changes = compiled.isinsert or compiled.isupdate or compiled.isdelete
    return changes or bool(compiled.schema_translate_map)


def _bound(compiled: SQLCompiler, values: Mapping[str, Any]) -> tuple[str, Any]:
    processors = cast("Mapping[str, Callable[[Any], Any]]", compiled._bind_processors)
    text, order = compiled.string, cast("Sequence[str] | None", compiled.positiontup)
    if compiled.literal_execute_params or compiled.post_compile_params:
        # IN lists and literal values are written into the text now.
        expanded = compiled._process_parameters_for_postcompile(cast("Any", values))
        text, order = expanded.statement, expanded.positiontup
        values = expanded.parameters
        processors = {**processors, **cast("Any", expanded.processors)}
    if compiled.positional:
        names = order or ()
        return text, tuple([processors[name](values[name]) if name in processors else values[name] for name in names])
    escaped = compiled.escaped_bind_names
    return text, {
        escaped.get(name, name): processors[name](value) if name in processors else value
        for name, value in values.items()
    }

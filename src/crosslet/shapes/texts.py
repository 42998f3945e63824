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


Hand = Callable[[Mapping[str, Any]], tuple[str, Any] | None]
# Fills a place of a statement from the values by key.
Slot = Callable[[Mapping[str, Any]], Any]
# Texts of one statement that differ in the values written into them.
_MOST_TEXTS = 128


def hand_of(compiled: Compiled) -> Hand:
    """Return what makes text and parameters of a statement's values, prepared as far as they do not matter.

    Where each execution makes a text of its own (IN lists), it is `direct_text`; where only values are written into
    the text, there is a text for each of them.
    """
    usual: Hand = lambda values: direct_text(compiled, values)  # noqa: E731 - one of two, of the same type
    if not isinstance(compiled, SQLCompiler) or _needs_engine(compiled) or compiled.post_compile_params:
        return usual
    return _with_literals(compiled, usual) if compiled.literal_execute_params else prepared(compiled)


def _with_literals(compiled: SQLCompiler, usual: Hand) -> Hand:
    """Keep the texts of statements that have values in them: page sizes, and there are not many."""
    literals = sorted({parameter.key for parameter in compiled.literal_execute_params})
    slots = _slots(compiled)
    texts: dict[tuple[Any, ...], Hand] = {}

    def hand(values: Mapping[str, Any]) -> tuple[str, Any] | None:
        if any(key not in values for key in literals):
            return usual(values)
        # True and 1 are equal, and written in two ways.
        written = tuple([(type(values[key]), values[key]) for key in literals])
        try:
            found = texts.get(written)
            if found is None:
                if len(texts) >= _MOST_TEXTS:
                    return usual(values)
                found = texts[written] = _written(compiled, values, slots)
        except Exception:
            return None
        return found(values)

    return hand


def _written(compiled: SQLCompiler, values: Mapping[str, Any], slots: Mapping[str, Slot]) -> Hand:
    given = compiled.construct_params(values, escape_names=False)
    expanded = compiled._process_parameters_for_postcompile(cast("Any", given))
    left = {name: slots[name] for name in expanded.parameters}
    return _filling(compiled, expanded.statement, left, expanded.positiontup)


def prepared(compiled: SQLCompiler) -> Hand:
    """Return what fills a text that is the same with each execution."""
    return _filling(compiled, compiled.string, _slots(compiled), cast("Sequence[str] | None", compiled.positiontup))


def _filling(compiled: SQLCompiler, text: str, slots: Mapping[str, Slot], places: Sequence[str] | None) -> Hand:
    order = [slots[name] for name in places or ()]
    named = [(compiled.escaped_bind_names.get(name, name), slot) for name, slot in slots.items()]
    positional = compiled.positional

    def hand(values: Mapping[str, Any]) -> tuple[str, Any] | None:
        try:
            if positional:
                return text, tuple([slot(values) for slot in order])
            return text, {name: slot(values) for name, slot in named}
        except Exception:
            return None

    return hand


def _slots(compiled: SQLCompiler) -> dict[str, Slot]:
    """Return what fills each place of a statement: a value by its key, as the driver wants it."""
    processors = cast("Mapping[str, Callable[[Any], Any]]", compiled._bind_processors)
    return {name: _slot(one.key, one, processors.get(name)) for one, name in compiled.bind_names.items()}


def _slot(key: str, parameter: BindParameter[Any], process: Callable[[Any], Any] | None) -> Slot:
    # `effective_value` takes longer than all the rest, and is hardly ever needed.
    if process is None:
        return lambda values: values[key] if key in values else parameter.effective_value  # noqa: SIM401
    return lambda values: process(values[key] if key in values else parameter.effective_value)  # noqa: SIM401

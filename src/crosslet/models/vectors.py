"""Check and bind the values of one column for many rows at once.

The answer is that of checks.py and of the type's own binding, value by value: here is only what proves quickly that a
whole column is fine. Where that does not succeed, each value is asked.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Dialect, types
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError, InvalidValue
from crosslet.models.checks import Answer, Check, check_of
from crosslet.models.decimals import ExactDecimal
from crosslet.models.json_values import json_problem, text_problem
from crosslet.models.types import PortableJSON, UTCDateTime
from crosslet.models.values import _is_sql

# Returns the bound values, or None where it cannot tell that all are fine.
Quick = Callable[[Sequence[Any], set[type]], Sequence[Any] | None]
Process = Callable[[Any], Any]

_UNFIT: Final = ("wrong_type", "cannot be stored in this column")
# What a type's own binding raises of a value that it cannot use; SQLAlchemy's Enum raises LookupError.
_REFUSALS: Final = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)


class Bound(NamedTuple):
    """Values as the driver takes them, and what is wrong: place, code and reason of each value that cannot be stored.

    Where something is wrong, the values at fault are None.
    """

    values: Sequence[Any]
    wrong: Sequence[tuple[int, str, str]] = ()


class Binder:
    """Checks and binds the values of a column type on one dialect."""

    __slots__ = ("_check", "_keeps_none", "_process", "_quick")

    def __init__(self, column_type: TypeEngine[Any], dialect: Dialect) -> None:
        self._check: Check | None = check_of(column_type)
        self._process: Process | None = column_type.dialect_impl(dialect).bind_processor(dialect)
        # JSON of SQLAlchemy's own stores Python's None as the JSON value null.
        self._keeps_none = bool(column_type.should_evaluate_none)
        self._quick: Quick | None = _quick_of(column_type, dialect, self._process)

    def bind(self, values: Sequence[Any]) -> Bound:
        """Check and bind values in their order; None stays None, SQL's NULL, unless the type makes more of it.

        Raises:
            ConfigurationError: One is an SQL expression.
        """
        kinds = set(map(type, values))
        if NoneType in kinds and not self._keeps_none:
            return self._bind_some(values)
        quick = self._quick(values, kinds) if self._quick is not None else None
        return Bound(quick) if quick is not None else self._bind_each(values)

    def _bind_some(self, values: Sequence[Any]) -> Bound:
        """Bind where some are None."""
        places = [place for place, value in enumerate(values) if value is not None]
        if not places:
            return Bound(values)
        found, wrong = self.bind([values[place] for place in places])
        bound: list[Any] = [None] * len(values)
        for place, value in zip(places, found, strict=True):
            bound[place] = value
        return Bound(bound, [(places[place], code, reason) for place, code, reason in wrong])

    def _bind_each(self, values: Sequence[Any]) -> Bound:
        bound: list[Any] = []
        wrong: list[tuple[int, str, str]] = []
        for place, value in enumerate(values):
            if isinstance(value, ClauseElement) or hasattr(value, "__clause_element__"):
                raise ConfigurationError(
                    "The rows of a bulk verb hold values, not SQL: use `session.execute(update(Model).values(...))`."
                )
            answer, made = self._bind_one(value)
            bound.append(made)
            if answer is not None:
                wrong.append((place, *answer))
        return Bound(bound, wrong)

    def _bind_one(self, value: Any) -> tuple[Answer, Any]:
        answer = self._check(value) if self._check is not None and not (value is None or _is_sql(value)) else None
        if answer is not None:
            return answer, None
        try:
            return None, self._process(value) if self._process is not None else value
        except InvalidValue as error:
            return (error.problems[0].code, error.problems[0].reason), None
        except _REFUSALS:
            return _UNFIT, None


def _quick_of(column_type: TypeEngine[Any], dialect: Dialect, process: Process | None) -> Quick | None:
    """Return what proves a column of this type fine; only for what is exactly of the types named here."""

    def processed(values: Sequence[Any]) -> Sequence[Any]:
        return values if process is None else [process(value) for value in values]

    if type(column_type) is UTCDateTime:
        return _quick_moments(processed, as_is=dialect.name == "postgresql")
    if isinstance(column_type, ExactDecimal):
        return lambda values, kinds: column_type.bound_values(values, dialect) if kinds == {Decimal} else None
    if isinstance(column_type, types.Enum):
        return None
    for known, make in _MAKERS:
        if isinstance(column_type, known):
            return make(column_type, processed)
    return None


Processed = Callable[[Sequence[Any]], Sequence[Any]]


def _quick_booleans(column_type: types.Boolean, processed: Processed) -> Quick:
    # Either booleans as they are, or 0 and 1.
    bound = {value: processed([value])[0] for value in (False, True)}
    return lambda values, kinds: list(map(bound.__getitem__, values)) if kinds == {bool} else None


def _quick_floats(column_type: Any, processed: Processed) -> Quick:
    return lambda values, kinds: processed(values) if kinds == {float} and all(map(math.isfinite, values)) else None


_HEX: Final = "%032x".__mod__
_ID: Final = UUID("0190d3a5-0000-7000-8000-00000000000f")


def _quick_uuids(column_type: types.Uuid[Any], processed: Processed) -> Quick | None:
    if not column_type.as_uuid:
        return None
    if processed([_ID]) == [_ID.hex]:
        return lambda values, kinds: list(map(_HEX, map(attrgetter("int"), values))) if kinds == {UUID} else None
    return lambda values, kinds: processed(values) if kinds == {UUID} else None


def _quick_moments(processed: Processed, *, as_is: bool) -> Quick:
    def quick(values: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        if kinds != {datetime} or {value.tzinfo for value in values} != {UTC}:
            return None
        if as_is:
            return values
        # The rows of a batch share their timestamps.
        first = values[0]
        return [*processed([first])] * len(values) if values.count(first) == len(values) else processed(values)

    return quick


def _quick_text(column_type: types.String, processed: Processed) -> Quick:
    limit = column_type.length or math.inf

    def quick(values: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        if kinds != {str} or max(map(len, values)) > limit:
            return None
        joined = "".join(values)
        if "\0" in joined:
            return None
        if not joined.isascii():
            try:
                joined.encode()
            except UnicodeEncodeError:
                return None
        return processed(values)

    return quick


def _quick_integers(column_type: types.Integer, processed: Processed) -> Quick:
    check = check_of(column_type)
    assert check is not None  # noqa: S101 - of whole numbers all is known

    def quick(values: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        fits = kinds == {int} and check(min(values)) is None and check(max(values)) is None
        return processed(values) if fits else None

    return quick


_FLAT: Final = frozenset({str, bool, int, float, NoneType})
# Everything in flat objects that two writers of JSON could write in two ways, floats apart.
_SAMPLE: Final = {'a"\\/\b\x01\x7f': "é\u2028\U0001f600", "n": -(2**70), "t": True, "f": False, "z": None, "": ""}


def _quick_json(column_type: Any, processed: Processed) -> Quick:
    """Prove by its text what the walk through a value would: most values are objects without a structure of theirs."""
    # The same text as the engine's own writer makes, in a third of the time.
    is_alike = processed([_SAMPLE]) == [to_json(_SAMPLE).decode()]

    def quick(values: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        found = _flat_types(values) if kinds == {dict} else None
        if found is None and any(map(json_problem, values)):
            return None
        try:
            plain = list(map(bytes.decode, map(to_json, values))) if found is not None and float not in found else None
            bound = plain if plain is not None and is_alike else processed(values)
        except ValueError:  # NaN, or half of a surrogate pair, which the writer refuses
            return None
        # psycopg gets objects that are written later.
        texts = bound if set(map(type, bound)) == {str} else plain
        if texts is None:
            return None
        joined = "".join(texts)
        return bound if "\\u0000" not in joined and text_problem(joined) is None else None

    return quick


def _flat_types(values: Sequence[dict[Any, Any]]) -> set[type] | None:
    """Return the types in objects of nothing but text, numbers that JSON has, and the like; no text is looked at."""
    if not {str}.issuperset(map(type, chain.from_iterable(values))):
        return None
    items = list(chain.from_iterable(map(dict.values, values)))
    found = set(map(type, items))
    if not found <= _FLAT:
        return None
    numbers = [item for item in items if type(item) is int] if int in found else []
    return None if numbers and (json_problem(min(numbers)) or json_problem(max(numbers))) else found


_MAKERS: Final[tuple[tuple[Any, Callable[[Any, Processed], Quick | None]], ...]] = (
    ((PortableJSON, types.JSON), _quick_json),
    (types.String, _quick_text),
    (types.Integer, _quick_integers),
    (types.Boolean, _quick_booleans),
    ((types.Double, types.Float), _quick_floats),
    (types.Uuid, _quick_uuids),
)

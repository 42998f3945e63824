"""Check the values of rows against their columns before any SQL, so that every database gives the same answer.

Which value goes wrong where is the business of checks.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Column, Table, inspect
from sqlalchemy.orm import InstanceState, Mapper
from sqlalchemy.sql import ClauseElement

from crosslet.errors import Problem
from crosslet.models.checks import Check, check_of

_ABSENT: Final = object()
_REQUIRED: Final = "may not be null"


class ColumnCheck(NamedTuple):
    """What is known of one column attribute.

    Attributes:
        required: None cannot be stored.
        filled: None in an INSERT is replaced: by a default, the database, or a relationship's key.
    """

    key: str
    check: Check | None
    required: bool
    filled: bool


_compiled: WeakKeyDictionary[Mapper[Any], dict[str, ColumnCheck]] = WeakKeyDictionary()


def checks_of(mapper: Mapper[Any]) -> Mapping[str, ColumnCheck]:
    """Return the checks of a mapped class by attribute, compiled at the first call."""
    found = _compiled.get(mapper)
    if found is None:
        found = _compiled[mapper] = {
            prop.key: _compile(prop.key, prop.columns[0])
            for prop in mapper.column_attrs
            if isinstance(prop.columns[0], Column) and isinstance(prop.columns[0].table, Table)
        }
    return found


def check_values(instance: object) -> list[Problem]:
    """List what keeps an object from being stored: all set attributes of a new one, the changed ones of another.

    Attributes that were not set, and SQL expressions, are left to the database. Sends and loads nothing.
    """
    state: InstanceState[Any] = inspect(instance)
    values = state.dict
    checks = checks_of(state.mapper)
    if state.key is None:
        return _problems(((check, values.get(key, _ABSENT)) for key, check in checks.items()), inserting=True)
    changed = [key for key in state.committed_state if key in checks]
    return _problems(((checks[key], values.get(key, _ABSENT)) for key in changed), inserting=False)


def check_mapping(mapper: Mapper[Any], values: Mapping[str, Any], *, inserting: bool = True) -> list[Problem]:
    """List what keeps a row given as attribute names and values from being stored.

    Names that are no column attributes are passed over. For rows that never become objects: bulk INSERT and
    UPDATE, and values that a statement compares with.

    Args:
        mapper: Of the class that the row belongs to.
        values: Attribute names and values.
        inserting: Whether None stands for a column's default.
    """
    checks = checks_of(mapper)
    return _problems(((checks[key], value) for key, value in values.items() if key in checks), inserting=inserting)


def _problems(pairs: Iterable[tuple[ColumnCheck, Any]], *, inserting: bool) -> list[Problem]:
    problems = []
    for (key, check, required, filled), value in pairs:
        if value is _ABSENT:
            continue
        if value is None:
            if required and not (filled and inserting):
                problems.append(Problem(key, _REQUIRED, "required"))
        elif check is not None and (answer := check(value)) is not None and not _is_sql(value):
            problems.append(Problem(key, answer[1], answer[0]))
    return problems


def _is_sql(value: Any) -> bool:
    return isinstance(value, ClauseElement) or hasattr(value, "__clause_element__") or value is JSON.NULL


def _compile(key: str, column: Column[Any]) -> ColumnCheck:
    # A foreign key may be None now and get its value from a relationship during the flush.
    filled = bool(column.default or column.server_default or column.foreign_keys or column.computed)
    filled = filled or column is column.table._autoincrement_column or column.identity is not None
    return ColumnCheck(key, check_of(column.type), not column.nullable and not column.foreign_keys, filled)

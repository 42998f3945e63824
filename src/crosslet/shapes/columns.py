"""From a shape and a statement to the statement to send and the reader of its rows: no I/O.

A shape here is an ORM class, `dict`, or anything with typed fields (Pydantic model, dataclass, TypedDict)
that is read from the columns of one row.
"""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_origin

from sqlalchemy import Delete, Executable, Insert, Result, Select, Update, inspect, select
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.orm import InstanceState, Mapper, RelationshipProperty

from crosslet.errors import ConfigurationError, InvalidValue, Problem
from crosslet.shapes.attributes import name_of
from crosslet.shapes.decode import objects_from_rows
from crosslet.shapes.fields import Field, fields_of
from crosslet.shapes.options import with_columns

T = TypeVar("T")
Changing = Insert | Update | Delete


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A statement to send, and how to make a shape of each row that comes back."""

    statement: Executable
    decode: Callable[[Result[Any]], list[T]]


def reading_of(shape: type[T], statement: Any = None) -> Reading[T]:
    """Plan how a shape is read.

    Args:
        shape: What to return.
        statement: A `select()`, `text()`, or a mapped object (its row is read by its key); None for all rows
            of an ORM class.

    Raises:
        ConfigurationError: The shape does not fit the statement.
    """
    entity = mapper_of(shape)
    if statement is None:
        if entity is None:
            raise ConfigurationError(f"{name_of(shape)} does not say which rows: give a statement, `select(User)`.")
        statement = select(shape)
    if not isinstance(statement, Executable):
        statement = row_statement(statement)
    _refuse_negative(statement)
    if entity is not None:
        return Reading(_entities_of(shape, statement), _decode_entities)
    if shape is dict or get_origin(shape) is dict:
        return Reading(statement, _decode_mappings)
    if isinstance(statement, Select):
        statement = narrowed(shape, statement)
    return Reading(statement, lambda result: _decode_fields(shape, result))


def _refuse_negative(statement: Any) -> None:
    """Refuse a negative LIMIT or OFFSET: PostgreSQL and MariaDB do, SQLite would return every row."""
    for name in ("limit", "offset"):
        value = getattr(getattr(statement, f"_{name}_clause", None), "value", None)
        if isinstance(value, int) and value < 0:
            raise InvalidValue([Problem(name, "may not be negative", "out_of_range")])


def mapper_of(shape: Any) -> Mapper[Any] | None:
    """Return the mapper of an ORM class; None for anything else."""
    try:
        found = inspect(shape)
    except NoInspectionAvailable:
        return None
    return found if isinstance(found, Mapper) else None


def row_statement(row: Any) -> Select[Any]:
    """Return the statement that reads one held object's row, by its key.

    Raises:
        ConfigurationError: It is not a mapped object, or has no row yet.
    """
    state = inspect(row, raiseerr=False)
    if not isinstance(state, InstanceState):
        raise ConfigurationError(
            f"{type(row).__name__} is not a statement: give `select(User).where(...)`, or an object of a mapped class."
        )
    if state.identity is None:
        raise ConfigurationError(f"This {type(row).__name__} has no row yet: flush it first.")
    keys = state.mapper.primary_key
    entity = state.mapper.class_
    return select(entity).where(*(key == value for key, value in zip(keys, state.identity, strict=True)))


def narrowed(shape: Any, statement: Select[Any]) -> Select[Any]:
    """Make a select of one entity fetch just the columns that a shape names.

    A statement that selects columns already is left as it is: its column names are the field names.

    Raises:
        ConfigurationError: A required field matches nothing the entity has.
    """
    entities = [item["expr"] for item in statement.column_descriptions if _is_entity(item)]
    if len(entities) != len(statement.column_descriptions):
        return statement
    if len(entities) != 1:
        raise ConfigurationError(f"{name_of(shape)} reads the columns of one entity; the statement selects several.")
    return with_columns(statement, *shape_columns(shape, entities[0]))


def entity_of(statement: Select[Any]) -> Any:
    """Return the one mapped class, or alias, that a statement selects; None if it selects columns or several."""
    described = statement.column_descriptions
    return described[0]["expr"] if len(described) == 1 and _is_entity(described[0]) else None


def shape_columns(shape: Any, entity: Any) -> Sequence[Any]:
    """List the columns of an entity that a shape names, labelled as the shape calls them."""
    return [getattr(entity, attribute).label(key) for key, attribute in _matches(shape, inspect(entity).mapper)]


@lru_cache(maxsize=1024)
def _matches(shape: Any, mapper: Mapper[Any]) -> tuple[tuple[str, str], ...]:
    matched = [(field.key, _attribute_of(shape, field, mapper)) for field in fields_of(shape)]
    return tuple((key, attribute) for key, attribute in matched if attribute is not None)


def _attribute_of(shape: Any, field: Field, mapper: Mapper[Any]) -> str | None:
    readable = [key for key, attribute in mapper.all_orm_descriptors.items() if _is_column(mapper, key, attribute)]
    for name in (field.name, field.key):
        if name in readable:
            return name
    if not field.is_required:
        return None
    entity = mapper.class_.__name__
    if field.name in mapper.relationships:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: {entity}.{field.name} is a relationship; a shape is read from the columns "
            "of one row. Read the related rows with a statement of their own."
        )
    near = difflib.get_close_matches(field.name, readable, n=1)
    raise ConfigurationError(
        f"{name_of(shape)}.{field.name} matches no column of {entity}. It has {', '.join(sorted(readable))}."
        + (f" Did you mean {near[0]}?" if near else "")
    )


def _is_column(mapper: Mapper[Any], key: str, attribute: Any) -> bool:
    return key not in mapper.composites and not isinstance(mapper.attrs.get(key), RelationshipProperty)


def _is_entity(described: Any) -> bool:
    entity = described.get("entity")  # missing where a column belongs to no mapped class
    return entity is not None and described["expr"] is entity


def _entities_of(shape: Any, statement: Executable) -> Executable:
    """Return a statement whose rows are objects of a mapped class: `text()` and unions give its columns."""
    if not isinstance(statement, Select):
        return select(shape).from_statement(statement)  # type: ignore[arg-type]
    first = statement.column_descriptions[0]
    if _is_entity(first) and issubclass(inspect(first["entity"]).mapper.class_, shape):
        return statement
    raise ConfigurationError(f"The statement does not select {name_of(shape)}: begin with `select({name_of(shape)})`.")


def _decode_entities(result: Result[Any]) -> list[Any]:
    # A join to many rows repeats the entity; the same object twice is never what is meant.
    return list(result.unique().scalars())


def _decode_mappings(result: Result[Any]) -> list[Any]:
    return [dict(row) for row in result.mappings()]


def _decode_fields(shape: Any, result: Result[Any]) -> list[Any]:
    return objects_from_rows(shape, [dict(row) for row in result.mappings()])

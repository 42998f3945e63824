"""Rows changed by `insert()`, `update()` or `delete()`: RETURNING where it exists, the same answer where not.

Without RETURNING the rows are locked, changed by their keys and read, in the same transaction. The
statement sees the same rows either way; it costs two or three round trips instead of one.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, get_origin

from sqlalchemy import Delete, Insert, Select, Update, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError, InvalidValue
from crosslet.models import SoftDelete, check_mapping
from crosslet.reads import is_purging, switches_of
from crosslet.shapes import Changing, Reading, key_of, mapper_of, matching, reading_of, shape_columns

T = TypeVar("T")

# Keys in one IN list: far below every driver's limit of parameters, also for keys of several columns.
_BATCH = 1000


async def changed_rows(session: AsyncSession, dialect: Dialect, shape: type[T], statement: Changing) -> list[T]:
    """Run a statement that changes rows and return those rows: as they are after it, or were before a delete.

    Raises:
        ConfigurationError: The statement is not about a mapped class, or has a RETURNING of its own.
    """
    mapper = _target(statement)
    _check_given(mapper, statement)
    if _returns(dialect, statement):
        rows = await _by_returning(session, shape, mapper, statement)
    elif isinstance(statement, Insert):
        rows = await _inserted(session, shape, mapper, statement)
    elif isinstance(statement, Update):
        rows = await _updated(session, shape, mapper, statement)
    else:
        rows = await _deleted(session, shape, mapper, statement)
    if isinstance(statement, Delete) and mapper_of(shape) is not None and not _is_marking(statement):
        _detach(session, rows)
    return rows


def check_statement(dialect: Dialect, statement: Changing) -> bool:
    """Check a statement as `changed_rows` does, and tell whether the database returns the rows that it changes.

    Raises:
        ConfigurationError: As for `changed_rows`.
        InvalidValue: A value cannot be stored.
    """
    _check_given(_target(statement), statement)
    return _returns(dialect, statement)


def _check_given(mapper: Mapper[Any], statement: Changing) -> None:
    """Check the values written into an insert or update, as a flush does for objects.

    Raises:
        InvalidValue: One cannot be stored.
    """
    given = getattr(statement, "_values", None) or {}
    rows = [given, *(row for rows in getattr(statement, "_multi_values", ()) for row in rows)]
    for row in rows:
        values = {_attribute(mapper, key): getattr(value, "value", value) for key, value in row.items()}
        if problems := check_mapping(mapper, values, inserting=isinstance(statement, Insert)):
            raise InvalidValue(problems)


def _attribute(mapper: Mapper[Any], key: Any) -> str:
    return str(key) if isinstance(key, str) else str(mapper.get_property_by_column(key).key)


def _target(statement: Changing) -> Mapper[Any]:
    entity = statement.entity_description.get("entity")
    mapper = inspect(entity, raiseerr=False) if entity is not None else None
    if not isinstance(mapper, Mapper):
        raise ConfigurationError("Name the mapped class in the statement: `update(User)`, not its table.")
    if statement.returning_column_descriptions:
        raise ConfigurationError("The shape says what to return: leave `.returning()` out of the statement.")
    return mapper


def _returns(dialect: Dialect, statement: Changing) -> bool:
    if isinstance(statement, Insert):
        return dialect.can_return_inserted
    if isinstance(statement, Update):
        return dialect.can_return_updated
    return dialect.can_return_deleted and not _is_marking(statement)


def _is_marking(statement: Delete) -> bool:
    """Tell whether a DELETE marks its rows as deleted: they are read before it like those of any DELETE."""
    return issubclass(_target(statement).class_, SoftDelete) and not is_purging(statement)


async def _by_returning(session: AsyncSession, shape: type[T], mapper: Mapper[Any], statement: Changing) -> list[T]:
    entity = mapper.class_
    if mapper_of(shape) is not None:
        # An object that the session holds already takes the new values, too.
        returning = statement.returning(entity).execution_options(populate_existing=True)
    elif _is_mapping(shape):
        returning = statement.returning(*_columns(mapper))
    else:
        returning = statement.returning(*shape_columns(shape, entity))
    reading = _as_read(shape, mapper)
    return reading.decode(await session.execute(returning))


def _columns(mapper: Mapper[Any]) -> list[Any]:
    return [getattr(mapper.class_, attribute.key).label(attribute.key) for attribute in mapper.column_attrs]


def _as_read(shape: type[T], mapper: Mapper[Any]) -> Reading[T]:
    return reading_of(shape, _rows(shape, mapper))


def _rows(shape: Any, mapper: Mapper[Any]) -> Select[Any]:
    return select(*_columns(mapper)) if _is_mapping(shape) else select(mapper.class_)


def _is_mapping(shape: Any) -> bool:
    return shape is dict or get_origin(shape) is dict


async def _read(session: AsyncSession, shape: type[T], statement: Select[Any]) -> list[T]:
    reading = reading_of(shape, statement.execution_options(populate_existing=True))
    return reading.decode(await session.execute(reading.statement))


async def _inserted(session: AsyncSession, shape: type[T], mapper: Mapper[Any], statement: Insert) -> list[T]:
    result = await session.execute(statement)
    keys = getattr(result, "inserted_primary_key", None)
    if keys is None or any(part is None for part in keys):
        raise ConfigurationError(
            "This database cannot return the rows of an insert of several; insert them one by one, or with `create`."
        )
    return await _read(session, shape, _rows(shape, mapper).where(_among(mapper, [tuple(keys)])))


async def _updated(session: AsyncSession, shape: type[T], mapper: Mapper[Any], statement: Update) -> list[T]:
    found: list[T] = []
    for keys in await _locked_keys(session, mapper, statement):
        await session.execute(statement.where(_among(mapper, keys)))
        found += await _read(session, shape, _changed(shape, mapper, statement, keys))
    return found


async def _deleted(session: AsyncSession, shape: type[T], mapper: Mapper[Any], statement: Delete) -> list[T]:
    found: list[T] = []
    for keys in await _locked_keys(session, mapper, statement):
        found += await _read(session, shape, _changed(shape, mapper, statement, keys))
        await session.execute(statement.where(_among(mapper, keys)))
    return found


async def _locked_keys(session: AsyncSession, mapper: Mapper[Any], statement: Update | Delete) -> list[list[Any]]:
    locking = select(*key_of(mapper.class_)).with_for_update().options(*switches_of(statement))
    if statement.whereclause is not None:
        locking = locking.where(statement.whereclause)
    keys = [tuple(row) for row in await session.execute(locking)]
    return [keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH)]


def _changed(shape: Any, mapper: Mapper[Any], statement: Update | Delete, keys: Sequence[Any]) -> Select[Any]:
    return _rows(shape, mapper).where(_among(mapper, keys)).options(*switches_of(statement))


def _among(mapper: Mapper[Any], keys: Sequence[Any]) -> Any:
    return matching(key_of(mapper.class_), keys)


def _detach(session: AsyncSession, rows: Sequence[Any]) -> None:
    # Their rows are gone: left in the session they would be taken for rows that exist.
    for row in rows:
        if row in session:
            session.expunge(row)

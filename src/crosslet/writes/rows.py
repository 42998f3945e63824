"""Create, patch and delete one row through the ORM, each flushed so that errors come where they belong."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from crosslet.errors import InvalidValue, Problem
from crosslet.models import check_mapping, check_values
from crosslet.writes.fields import given_values, refuse_protected

T = TypeVar("T")
_COLLECTIONS = (list, tuple, set, frozenset)


async def create(session: AsyncSession, model: type[T], body: BaseModel | Mapping[str, Any] | None, **extra: Any) -> T:
    """Insert one row and return its object, every column readable.

    Raises:
        ProtectedField: The body names key, timestamps, version, or no column.
        InvalidValue: A value cannot be stored; nothing was sent.
        IntegrityViolation: A constraint was broken.
    """
    related = _related(model, extra)
    # What the code gives as children is the body's no more.
    values = {name: value for name, value in given_values(body, only_set=False).items() if name not in related}
    refuse_protected(model, body, values)
    row = model(**{**values, **extra, **related})
    if problems := [*check_values(row), *_problems_of(related)]:
        raise InvalidValue(problems)
    session.add(row)
    await session.flush()
    await _complete(session, row)
    return row


def _related(model: Any, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the related rows among what the code gives, made of bodies where they are none yet."""
    relationships = _mapper_of(model).relationships
    return {
        name: _rows_of(relationships[name].mapper.class_, value)
        for name, value in extra.items()
        if name in relationships and value is not None
    }


def _rows_of(model: Any, given: Any) -> Any:
    if isinstance(given, BaseModel | Mapping):
        values = given_values(given, only_set=False)
        refuse_protected(model, given, values)
        return model(**values)
    return type(given)(_rows_of(model, one) for one in given) if isinstance(given, _COLLECTIONS) else given


def _problems_of(related: Mapping[str, Any]) -> Iterator[Problem]:
    for name, given in related.items():
        many = isinstance(given, _COLLECTIONS)
        for number, row in enumerate(given if many else [given]):
            path = f"{name}.{number}" if many else name
            if inspect(row).transient:
                yield from (replace(problem, field=f"{path}.{problem.field}") for problem in check_values(row))


def checked_values(model: Any, body: BaseModel | Mapping[str, Any] | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new row, checked as `create` checks them.

    Raises:
        ProtectedField: As for `create`.
        InvalidValue: As for `create`.
    """
    values = given_values(body, only_set=False)
    refuse_protected(model, body, values)
    if extra:
        values |= extra
    if problems := check_mapping(_mapper_of(model), values, inserting=True):
        raise InvalidValue(problems)
    return values


@lru_cache(maxsize=1024)
def _mapper_of(model: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(model)
    return mapper


async def patch(session: AsyncSession, row: T, body: BaseModel | Mapping[str, Any], **extra: Any) -> T:
    """Change the fields of a row that were sent, and no others; return the same object.

    Raises:
        ProtectedField: The body names key, timestamps, version, or no column.
        InvalidValue: A value cannot be stored; nothing was sent, and the object is as before.
        IntegrityViolation: A constraint was broken.
    """
    values = given_values(body, only_set=True)
    refuse_protected(type(row), body, values)
    changes = {**values, **extra}
    before = {name: inspect(row).dict[name] for name in changes if name in inspect(row).dict}
    for name, value in changes.items():
        setattr(row, name, value)
    if problems := check_values(row):
        for name in changes:
            _restore(row, name, before)
        raise InvalidValue(problems)
    await session.flush()
    await _complete(session, row)
    return row


def _restore(row: Any, name: str, before: Mapping[str, Any]) -> None:
    if name in before:
        setattr(row, name, before[name])
    else:
        inspect(row)._expire_attributes(inspect(row).dict, [name])


async def delete(session: AsyncSession, row: Any) -> None:
    """Delete a row now; children follow as the relationship's cascade says.

    Raises:
        ForeignKeyViolation: The row is still referenced.
    """
    await AsyncSession.delete(session, row)
    await session.flush()


async def _complete(session: AsyncSession, row: Any) -> None:
    """Load what the database made (computed columns, server defaults), so that no access does I/O."""
    state = inspect(row)
    deferred = {attribute.key for attribute in state.mapper.column_attrs if attribute.deferred}
    missing = state.unloaded & set(state.mapper.column_attrs.keys()) - deferred
    if missing:
        await session.refresh(row, sorted(missing))

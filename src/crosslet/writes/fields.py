"""Which columns a body may set: declared by the schema, never key, timestamps or version.

A body's own declaration is the developer's word and is checked loudly; fields that a client smuggles in
through an open schema are the client's, and answered as bad input.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError, InvalidValue, Problem, ProtectedField
from crosslet.models import Timestamps


def given_values(body: BaseModel | Mapping[str, Any] | None, *, only_set: bool) -> dict[str, Any]:
    """Read the values out of a body.

    Args:
        body: A Pydantic model or a mapping.
        only_set: Leave out what the sender did not send. Otherwise a default other than None counts as
            sent; an unsent None does not, so that the column's own default applies.
    """
    if body is None:
        return {}
    if not isinstance(body, BaseModel):
        return dict(body)
    # Fields are what an instance holds, and what it holds are fields; asked one by one they take three times as long.
    values, sent = body.__dict__, body.__pydantic_fields_set__
    declared = type(body).__pydantic_fields__
    chosen = {
        name: value
        for name, value in values.items()
        if name in declared and (name in sent or (not only_set and value is not None))
    }
    return chosen if body.__pydantic_extra__ is None else chosen | body.__pydantic_extra__


def refuse_protected(model: type[Any], body: BaseModel | Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
    """Refuse names that a body may not set.

    Raises:
        ProtectedField: The schema declares one, or one that is no column.
        InvalidValue: A client sent one that the schema does not declare.
    """
    writable = writable_fields(model)
    if values.keys() <= writable:
        return
    wrong = [name for name in values if name not in writable]
    declared = type(body).model_fields if isinstance(body, BaseModel) else values
    if smuggled := [name for name in wrong if name not in declared]:
        raise InvalidValue([Problem(name, "is not a field that can be set", "unknown_field") for name in smuggled])
    mapper: Mapper[Any] = inspect(model)
    protected = [name for name in wrong if name in mapper.attrs]
    reason = "a client may not set it" if protected else "it is not a column"
    raise ProtectedField(model.__name__, protected or wrong, reason)


def writable_fields(model: Any) -> frozenset[str]:
    """Name the attributes of a model that a body may set.

    Not among them: the primary key, the version counter, `created_at` and `updated_at` of Timestamps,
    computed columns, relationships, and columns declared with `info={"protected": True}`.

    Raises:
        ConfigurationError: The class is not mapped.
    """
    return _writable_fields(model)


@lru_cache(maxsize=1024)
def _writable_fields(model: Any) -> frozenset[str]:
    mapper = inspect(model, raiseerr=False)
    if not isinstance(mapper, Mapper):
        raise ConfigurationError(f"{model.__name__} is not a mapped class.")
    stamps = {"created_at", "updated_at"} if issubclass(mapper.class_, Timestamps) else set()
    return frozenset(
        attribute.key
        for attribute in mapper.column_attrs
        if attribute.key not in stamps and not any(_is_protected(mapper, column) for column in attribute.columns)
    )


def _is_protected(mapper: Mapper[Any], column: Any) -> bool:
    return (
        getattr(column, "table", None) is None  # an SQL expression, read only
        or getattr(column, "primary_key", False)
        or column is mapper.version_id_col
        or getattr(column, "computed", None) is not None
        or bool(getattr(column, "info", {}).get("protected"))
    )

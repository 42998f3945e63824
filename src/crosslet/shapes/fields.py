"""What fields a shape has: the same answer for Pydantic models, dataclasses and TypedDicts."""

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from typing_extensions import is_typeddict

from crosslet.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, the key it is validated by (its alias, if it has one), whether it needs a value."""

    name: str
    key: str
    is_required: bool


@lru_cache(maxsize=1024)
def fields_of(shape: Any) -> tuple[Field, ...]:
    """List the fields of a shape.

    Raises:
        ConfigurationError: It is no class with typed fields.
    """
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return tuple(
            Field(name, info.validation_alias if isinstance(info.validation_alias, str) else name, info.is_required())
            for name, info in shape.model_fields.items()
        )
    if isinstance(shape, type) and dataclasses.is_dataclass(shape):
        return tuple(
            Field(item.name, item.name, _has_no_default(item)) for item in dataclasses.fields(shape) if item.init
        )
    if is_typeddict(shape):
        return tuple(Field(name, name, name in shape.__required_keys__) for name in shape.__annotations__)
    raise ConfigurationError(
        f"{getattr(shape, '__name__', shape)!r} cannot be read: a shape is an ORM class, `dict`, a Pydantic model, "
        "a dataclass or a TypedDict."
    )


def _has_no_default(item: "dataclasses.Field[Any]") -> bool:
    return item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING

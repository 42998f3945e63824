"""What fields a shape has: the same answer for Pydantic models, dataclasses and TypedDicts."""

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, RootModel
from typing_extensions import is_typeddict

from crosslet.errors import ConfigurationError
from crosslet.shapes.markers import Marker


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Its own.
        key: What it is validated by: its alias, if it has one.
        written: What it is called in the JSON of an answer.
        is_required: It needs a value.
        is_hidden: It is left out of JSON.
        annotation: Its type, without `Annotated`.
        markers: What of crosslet's stands in its `Annotated`.
    """

    name: str
    key: str
    is_required: bool
    written: str = ""
    is_hidden: bool = False
    annotation: Any = None
    markers: tuple[Marker, ...] = ()


@lru_cache(maxsize=1024)
def fields_of(shape: Any) -> tuple[Field, ...]:
    """List the fields of a shape.

    Raises:
        ConfigurationError: It is no class with typed fields.
    """
    if isinstance(shape, type) and issubclass(shape, BaseModel) and not issubclass(shape, RootModel):
        return _of_model(shape)
    if isinstance(shape, type) and dataclasses.is_dataclass(shape):
        hints = get_type_hints(shape, include_extras=True)
        return tuple(
            _plain(item.name, hints[item.name], is_required=_has_no_default(item))
            for item in dataclasses.fields(shape)
            if item.init
        )
    if is_typeddict(shape):
        hints = get_type_hints(shape, include_extras=True)
        return tuple(_plain(name, hint, is_required=name in shape.__required_keys__) for name, hint in hints.items())
    raise ConfigurationError(
        f"{getattr(shape, '__name__', shape)!r} cannot be read: a shape is an ORM class, `dict`, a Pydantic model, "
        "a dataclass or a TypedDict."
    )


def is_shape(candidate: Any) -> bool:
    """Tell whether a type has fields of its own to be read."""
    return isinstance(candidate, type) and _has_fields(candidate)


@lru_cache(maxsize=1024)
def _has_fields(candidate: type[Any]) -> bool:
    is_model = issubclass(candidate, BaseModel) and not issubclass(candidate, RootModel)
    return is_model or dataclasses.is_dataclass(candidate) or is_typeddict(candidate)


def markers_in(annotation: Any) -> tuple[Marker, ...]:
    """Return what of crosslet's stands in an annotation's `Annotated`."""
    return _markers(get_args(annotation)[1:]) if get_origin(annotation) is Annotated else ()


def _of_model(shape: type[BaseModel]) -> tuple[Field, ...]:
    if not shape.__pydantic_complete__:
        shape.model_rebuild()
    return tuple(
        Field(
            name,
            info.validation_alias if isinstance(info.validation_alias, str) else name,
            info.is_required(),
            info.serialization_alias or name,
            bool(info.exclude),
            info.annotation,
            _markers(info.metadata),
        )
        for name, info in shape.model_fields.items()
    )


def _plain(name: str, hint: Any, *, is_required: bool) -> Field:
    bare, extras = hint, ()
    if get_origin(hint) is Annotated:
        bare, *rest = get_args(hint)
        extras = tuple(rest)
    return Field(name, name, is_required, name, False, bare, _markers(extras))


def _markers(metadata: Any) -> tuple[Marker, ...]:
    return tuple(item for item in metadata if isinstance(item, Marker))


def _has_no_default(item: "dataclasses.Field[Any]") -> bool:
    return item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING

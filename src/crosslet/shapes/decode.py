"""From what the database sent to shapes, or to the bytes of an answer."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import name_of
from crosslet.shapes.trees import STRANGER


def objects_of(shape: Any, texts: Sequence[str]) -> list[Any]:
    """Make a shape of each JSON text.

    Raises:
        ConfigurationError: A field cannot hold what its column holds.
    """
    try:
        return list(_adapter(shape).validate_json(array_of(texts), by_alias=True, by_name=True))
    except ValidationError as error:
        raise misfit(shape, error) from None


def objects_from_rows(shape: Any, rows: Sequence[Any]) -> list[Any]:
    """Make a shape of each mapping of Python values.

    Raises:
        ConfigurationError: A field cannot hold what its column holds.
    """
    try:
        return list(_adapter(shape).validate_python(rows, by_alias=True, by_name=True))
    except ValidationError as error:
        raise misfit(shape, error) from None


def refuse_strangers(shape: Any, texts: Sequence[str]) -> None:
    """Refuse JSON in which a row is of no class that a union knows.

    Raises:
        ConfigurationError: There is one.
    """
    if any(f'"{STRANGER}"' in text for text in texts):
        raise ConfigurationError(
            f"{name_of(shape)}: a related row is of no class that is mapped: what is stored in its polymorphic_on "
            "column is no class's polymorphic_identity. Map a class for it, or mend the row."
        )


def array_of(texts: Sequence[str]) -> bytes:
    """Join JSON texts to one array."""
    return f"[{','.join(texts)}]".encode()


def written(shape: Any, found: Any) -> bytes:
    """Write shapes as FastAPI would: by alias."""
    return _writer(shape).dump_json(found, by_alias=True)


def misfit(shape: Any, error: ValidationError) -> ConfigurationError:
    """Say which field cannot hold its column, without the value that pydantic would show."""
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return ConfigurationError(
        f"{name_of(shape)}.{field} cannot hold what the column holds: {first['type'].replace('_', ' ')}. "
        "Make the field's type as wide as the column's (nullable columns need `| None`)."
    )


@lru_cache(maxsize=1024)
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(list[shape])


@lru_cache(maxsize=1024)
def _writer(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)

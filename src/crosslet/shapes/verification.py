"""What is wrong with a shape over a mapped class, found before anything is read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import name_of
from crosslet.shapes.outline import Leaf, Outline, outline_of

# A value of each type that a column may hold. Only its type counts: a constraint may refuse it.
_SAMPLES: dict[type[Any], Any] = {
    bool: True,
    int: 1,
    float: 1.5,
    str: "a",
    bytes: b"a",
    Decimal: Decimal("1.5"),
    UUID: UUID(int=0),
    datetime: datetime(2000, 1, 2, 3, 4, 5, tzinfo=UTC),
    date: date(2000, 1, 2),
    time: time(1, 2, 3),
    timedelta: timedelta(seconds=1),
}
# Pydantic's words for "not of this type"; others are about the value.
_OF_TYPE = ("_type", "is_instance_of")


def verify(shape: Any, mapper: Mapper[Any]) -> Outline:
    """Outline a shape and try its fields against what their columns hold.

    Raises:
        ConfigurationError: A field matches nothing or cannot hold what it matches; the text names field, column and
            what to write.
    """
    outline = outline_of(shape, mapper)
    misfits = list(_misfits(outline))
    if misfits:
        raise ConfigurationError("\n".join(misfits))
    return outline


def _misfits(outline: Outline) -> Iterator[str]:
    for path, part in outline.walk():
        if isinstance(part, Leaf) and (held := _python_type(part.type)) is not None and not _takes(part, held):
            yield (
                f"{name_of(outline.shape)}.{path} cannot hold what {part.column.name} holds, which is {held.__name__}: "
                f"write `{part.field.name}: {part.around.format(held.__name__)}`."
            )


def _python_type(type_: TypeEngine[Any]) -> type[Any] | None:
    try:
        found = type_.python_type
    except NotImplementedError:
        return None
    return found if found in _SAMPLES else None


def _takes(leaf: Leaf, held: type[Any]) -> bool:
    try:
        TypeAdapter(leaf.field.annotation).validate_python(_SAMPLES[held])
    except ValidationError as error:
        return not any(item["type"].endswith(_OF_TYPE) for item in error.errors(include_url=False))
    except Exception:  # A validator of the field's own may want anything.
        return True
    return True

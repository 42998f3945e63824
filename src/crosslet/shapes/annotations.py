"""What an annotation says of related rows: which shapes, in which container."""

import types
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from crosslet.shapes.fields import is_shape

_CONTAINERS: dict[Any, type] = {
    list: list,
    set: set,
    frozenset: frozenset,
    tuple: tuple,
    Sequence: list,
    Collection: list,
    Iterable: list,
    AbstractSet: set,
}
_UNIONS = (Union, types.UnionType)


@dataclass(frozen=True, slots=True)
class Items:
    """What an annotation holds many of.

    Attributes:
        item: The annotation of one of them, with all that stands around it.
    """

    container: type
    item: Any


def items_in(annotation: Any) -> Items | None:
    """Find what `list[PostOut]` and the like hold; None if it is no container of one sort of things."""
    bare = without_none(annotation)
    container = _CONTAINERS.get(get_origin(bare))
    items = [item for item in get_args(bare) if item is not Ellipsis]
    return Items(container, items[0]) if container is not None and len(items) == 1 else None


def shapes_in(annotation: Any) -> tuple[Any, ...]:
    """Find the shape in `PostOut` or `PostOut | None`, several in a union of shapes; none if there is anything else."""
    bare = without_none(annotation)
    if get_origin(bare) not in _UNIONS:
        return (bare,) if is_shape(bare) else ()
    found = [shapes_in(item) for item in get_args(bare) if item is not type(None)]
    return tuple(shape for shapes in found for shape in shapes) if all(found) else ()


def without_none(annotation: Any) -> Any:
    """Take `Annotated`, `| None` and the names of type aliases away."""
    annotation = _bare(annotation)
    if get_origin(annotation) in _UNIONS:
        rest = [item for item in get_args(annotation) if item is not type(None)]
        if len(rest) == 1:
            return without_none(rest[0])
    return annotation


def takes_none(annotation: Any) -> bool:
    """Tell whether an annotation says that a value may be None."""
    annotation = _bare(annotation)
    if get_origin(annotation) in _UNIONS:
        return any(takes_none(item) for item in get_args(annotation))
    return annotation in (None, type(None), Any, object)


def _bare(annotation: Any) -> Any:
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif type(annotation).__name__ == "TypeAliasType":  # of typing, and of typing_extensions
            annotation = annotation.__value__
        else:
            return annotation

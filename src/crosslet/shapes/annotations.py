"""What an annotation says of related rows: which shape, in which container."""

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


@dataclass(frozen=True, slots=True)
class Related:
    """A shape of related rows.

    Attributes:
        container: What holds many of them; None for one.
    """

    shape: Any
    container: type | None


def related_in(annotation: Any) -> Related | None:
    """Find the shape in `PostOut`, `PostOut | None`, `list[PostOut]` and the like; None if there is none."""
    bare = without_none(annotation)
    if is_shape(bare):
        return Related(bare, None)
    container = _CONTAINERS.get(get_origin(bare))
    if container is None:
        return None
    items = [item for item in get_args(bare) if item is not Ellipsis]
    inside = without_none(items[0]) if len(items) == 1 else None
    return Related(inside, container) if is_shape(inside) else None


def without_none(annotation: Any) -> Any:
    """Take `Annotated` and `| None` away."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [item for item in get_args(annotation) if item is not type(None)]
        if len(rest) == 1:
            return without_none(rest[0])
    return annotation

"""From a shape and a mapped class to an outline: what is read of which row, the same for every database.

An outline holds no SQL of its own; `trees` writes it. What a field's name stands for is found in attributes.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Mapper
from sqlalchemy.types import NullType, String, TypeEngine

from crosslet.errors import ConfigurationError
from crosslet.shapes.annotations import Related, related_in
from crosslet.shapes.attributes import Column, Relation, found_for, name_of
from crosslet.shapes.fields import Field, fields_of
from crosslet.shapes.kinds import Kind, kinds_of
from crosslet.shapes.markers import Count, Exists, Limit, OrderBy, Where


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A field that is one value of the row.

    Attributes:
        column: Where it is read from.
        is_safe: What the column holds is never None where the field cannot take None.
    """

    field: Field
    kind: Kind
    column: Column
    is_safe: bool

    @property
    def type(self) -> TypeEngine[Any]:
        """Return the type of what is read; `func.substr(...)` and others say none, which for text does not matter."""
        return String() if isinstance(self.column.type, NullType) and self.kind.name == "str" else self.column.type


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A field that counts related rows, or tells whether there is one."""

    field: Field
    kind: Kind
    relationship: str
    criteria: tuple[Any, ...]
    is_count: bool


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A field that is a related row, or many.

    Attributes:
        outline: Of the related row.
        is_safe: It is never missing where the field cannot take None.
    """

    field: Field
    kind: Kind
    relationship: str
    many: bool
    container: type
    outline: "Outline"
    order_by: tuple[Any, ...] | None
    criteria: tuple[Any, ...]
    limit: int | None
    offset: int
    is_safe: bool


Part = Leaf | Tally | Branch


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What a shape reads of one mapped class.

    Attributes:
        parts: A field each; those that match nothing and have a default are left out.
        is_whole: Every field is read, and the shape computes none.
    """

    shape: Any
    mapper: Mapper[Any]
    parts: tuple[Part, ...]
    is_whole: bool

    def walk(self) -> Iterator[tuple[str, Part]]:
        """Go through all parts of the tree; each with its path of field names."""
        for part in self.parts:
            yield part.field.name, part
            if isinstance(part, Branch):
                for path, inner in part.outline.walk():
                    yield f"{part.field.name}.{path}", inner

    @property
    def depth(self) -> int:
        """Count the levels of the tree."""
        return 1 + max((part.outline.depth for part in self.parts if isinstance(part, Branch)), default=0)

    @property
    def is_flat(self) -> bool:
        """Tell whether all of it are values of one row."""
        return all(isinstance(part, Leaf) for part in self.parts)


@lru_cache(maxsize=1024)
def outline_of(shape: Any, mapper: Mapper[Any]) -> Outline:
    """Outline a shape over a mapped class.

    Raises:
        ConfigurationError: A field matches nothing, cannot hold what it matches, or marks what cannot be marked.
    """
    return _outline(shape, mapper, ())


def _outline(shape: Any, mapper: Mapper[Any], above: tuple[Any, ...]) -> Outline:
    if shape in above:
        raise ConfigurationError(
            f"{name_of(shape)} contains itself, so its depth is not known. Write the levels out: a class for each, the "
            "last one without the list."
        )
    kinds = kinds_of(shape)
    parts = [_part(shape, field, kinds[field.name], mapper, (*above, shape)) for field in fields_of(shape)]
    read = tuple(part for part in parts if part is not None)
    computes = isinstance(shape, type) and issubclass(shape, BaseModel) and bool(shape.model_computed_fields)
    return Outline(shape, mapper, read, is_whole=len(read) == len(parts) and not computes)


def _part(shape: Any, field: Field, kind: Kind, mapper: Mapper[Any], above: tuple[Any, ...]) -> Part | None:
    for marker in field.markers:
        if isinstance(marker, Count | Exists):
            return _tally(shape, field, kind, mapper, marker)
    found = found_for(shape, field, mapper)
    if isinstance(found, Relation):
        return _branch(shape, field, kind, found, above)
    if any(isinstance(marker, OrderBy | Where | Limit) for marker in field.markers):
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: OrderBy, Where and Limit are for related rows, and this is a value."
        )
    return _leaf(shape, field, kind, found) if found is not None else None


def _leaf(shape: Any, field: Field, kind: Kind, column: Column) -> Leaf:
    takes_none = kind.nullable or kind.name == "any" or not field.is_required
    if column.nullable and not takes_none:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name} cannot be None, but {column.name} can: its column is nullable. Write "
            f"`{field.name}: ... | None`, or make the column NOT NULL."
        )
    return Leaf(field, kind, column, is_safe=kind.nullable or kind.name == "any" or column.nullable is False)


def _tally(shape: Any, field: Field, kind: Kind, mapper: Mapper[Any], marker: Count | Exists) -> Tally:
    key = str(getattr(marker.relationship, "key", ""))
    if key not in mapper.relationships:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: {type(marker).__name__} takes a relationship of {mapper.class_.__name__}: "
            f"{', '.join(sorted(mapper.relationships.keys())) or 'it has none'}."
        )
    return Tally(field, kind, key, marker.criteria, is_count=isinstance(marker, Count))


def _branch(shape: Any, field: Field, kind: Kind, found: Relation, above: tuple[Any, ...]) -> Branch:
    related = _related(shape, field, found)
    order_by, criteria, limit = _marked(field)
    if not found.many and (order_by or limit):
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: OrderBy and Limit are for lists; {found.name} leads to one row at most."
        )
    if found.may_be_missing and not (found.many or kind.nullable or not field.is_required):
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name} cannot be None, but {found.name} can: its column is nullable. Write "
            f"`{field.name}: {name_of(related.shape)} | None`."
        )
    return Branch(
        field=field,
        kind=kind,
        relationship=found.key,
        many=found.many,
        container=related.container or list,
        outline=_outline(related.shape, found.target, above),
        order_by=order_by,
        criteria=criteria,
        limit=limit.count if limit else None,
        offset=limit.offset if limit else 0,
        is_safe=found.many or kind.nullable or (found.may_be_missing is False and not criteria),
    )


def _related(shape: Any, field: Field, found: Relation) -> Related:
    related = related_in(field.annotation)
    if related is None:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: {found.name} leads to {found.target.class_.__name__}, so the field needs "
            f"a shape of it: `{field.name}: {'list[...]' if found.many else '...'}` with a Pydantic model inside."
        )
    if found.many and related.container is None:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: {found.name} leads to many rows: write `list[{name_of(related.shape)}]`."
        )
    if not found.many and related.container is not None:
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: {found.name} leads to one row at most: write `{name_of(related.shape)}`."
        )
    return related


def _marked(field: Field) -> tuple[tuple[Any, ...] | None, tuple[Any, ...], Limit | None]:
    order_by: tuple[Any, ...] | None = None
    criteria: tuple[Any, ...] = ()
    limit: Limit | None = None
    for marker in field.markers:
        if isinstance(marker, OrderBy):
            order_by = marker.by
        elif isinstance(marker, Where):
            criteria += marker.criteria
        elif isinstance(marker, Limit):
            limit = marker
    return order_by, criteria, limit

"""From a shape and a mapped class to an outline: what is read of which row, the same for every database.

An outline holds no SQL of its own; `trees` writes it. What a field's name stands for is found in attributes.py, what
an outline is made of is in parts.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError
from crosslet.shapes.annotations import Items, items_in, shapes_in
from crosslet.shapes.attributes import Column, Composed, Found, Proxied, Relation, classes_named, found_for, name_of
from crosslet.shapes.composites import made_by
from crosslet.shapes.fields import Field, fields_of, markers_in
from crosslet.shapes.kinds import Kind, kind_of, kinds_of
from crosslet.shapes.markers import Count, Exists, Limit, OrderBy, Where
from crosslet.shapes.parts import Branch, Choice, Composite, Leaf, Option, Outline, Part, Tag, Tally
from crosslet.shapes.proxies import led_to
from crosslet.shapes.unions import Division, Member, divided, shown

__all__ = ["Branch", "Leaf", "Outline", "Part", "Tally", "outline_of"]


@lru_cache(maxsize=1024)
def outline_of(shape: Any, mapper: Mapper[Any]) -> Outline:
    """Outline a shape over a mapped class.

    Raises:
        ConfigurationError: A field matches nothing, cannot hold what it matches, or marks what cannot be marked.
    """
    return _outline(shape, mapper, ())


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where in a tree of shapes something stands.

    Attributes:
        above: The shapes that it stands in.
        written: How the field's annotation is written around what stands here.
    """

    shape: Any
    field: Field
    kind: Kind
    above: tuple[Any, ...]
    written: str = "{}"

    def __str__(self) -> str:
        return f"{name_of(self.shape)}.{self.field.name}"

    def advice(self, annotation: str) -> str:
        return f"`{self.field.name}: {self.written.format(annotation)}`"

    @property
    def takes_none(self) -> bool:
        return self.kind.nullable or self.kind.name == "any" or not self.field.is_required


def _outline(
    shape: Any, mapper: Mapper[Any], above: tuple[Any, ...], known: Mapping[str, Part] | None = None
) -> Outline:
    if shape in above:
        raise ConfigurationError(
            f"{name_of(shape)} contains itself, so its depth is not known. Write the levels out: a class for each, the "
            "last one without the list."
        )
    kinds, known = kinds_of(shape), known or {}
    parts = [
        known.get(field.name) or _part(_Place(shape, field, kinds[field.name], (*above, shape)), mapper)
        for field in fields_of(shape)
    ]
    return _whole(shape, mapper, parts)


def _whole(shape: Any, mapper: Mapper[Any], parts: list[Part | None]) -> Outline:
    read = tuple(part for part in parts if part is not None)
    computes = isinstance(shape, type) and issubclass(shape, BaseModel) and bool(shape.model_computed_fields)
    return Outline(shape, mapper, read, is_whole=len(read) == len(parts) and not computes)


def _part(at: _Place, mapper: Mapper[Any]) -> Part | None:
    for marker in at.field.markers:
        if isinstance(marker, Count | Exists):
            return _tally(at, mapper, marker)
    found = found_for(at.shape, at.field, mapper)
    return _part_of(at, found) if found is not None else None


def _part_of(at: _Place, found: Found) -> Part:
    if isinstance(found, Relation):
        return _branch(at, found)
    if isinstance(found, Proxied):
        relation, value = led_to(str(at), found)
        return _branch(at, relation, value)
    if any(isinstance(marker, OrderBy | Where | Limit) for marker in at.field.markers):
        raise ConfigurationError(f"{at}: OrderBy, Where and Limit are for related rows, and this is a value.")
    return _composite(at, found) if isinstance(found, Composed) else _leaf(at, found)


def _leaf(at: _Place, column: Column) -> Leaf:
    if column.nullable and not at.takes_none:
        raise ConfigurationError(
            f"{at} cannot be None, but {column.name} can: its column is nullable. Write {at.advice('... | None')}, or "
            "make the column NOT NULL."
        )
    is_safe = at.kind.nullable or at.kind.name == "any" or column.nullable is False
    return Leaf(at.field, at.kind, column, is_safe, at.written)


def _tally(at: _Place, mapper: Mapper[Any], marker: Count | Exists) -> Tally:
    key = str(getattr(marker.relationship, "key", ""))
    if key not in mapper.relationships:
        raise ConfigurationError(
            f"{at}: {type(marker).__name__} takes a relationship of {mapper.class_.__name__}: "
            f"{', '.join(sorted(mapper.relationships.keys())) or 'it has none'}."
        )
    classes = classes_named(mapper.relationships[key].mapper, marker.criteria)
    return Tally(at.field, at.kind, key, marker.criteria, isinstance(marker, Count), classes)


def _composite(at: _Place, found: Composed) -> Composite:
    made = made_by(str(at), found)
    shapes = shapes_in(at.field.annotation)
    if len(shapes) != 1:
        raise ConfigurationError(
            f"{at}: {found.name} is one object of {', '.join(made.columns)}, so the field needs a shape of it: "
            f"{at.advice('...')} with a Pydantic model inside."
        )
    (shape,) = shapes
    if made.may_be_none and not at.takes_none:
        raise ConfigurationError(
            f"{at} cannot be None, but {found.name} can: all of its columns are nullable. Write "
            f"{at.advice(f'{name_of(shape)} | None')}."
        )
    kinds = kinds_of(shape)
    places = [_Place(shape, field, kinds[field.name], at.above) for field in fields_of(shape)]
    outline = _whole(shape, found.mapper, [_of_composite(place, found, made.columns) for place in places])
    return Composite(at.field, at.kind, outline, made, is_safe=at.kind.nullable or made.may_be_none is False)


def _of_composite(at: _Place, found: Composed, columns: Mapping[str, Column]) -> Leaf | None:
    if at.field.markers:
        raise ConfigurationError(f"{at}: {found.name} is one object, and its fields have no markers.")
    column = columns.get(at.field.name) or columns.get(at.field.key)
    if column is None and at.field.is_required:
        raise ConfigurationError(f"{at} matches nothing of {found.name}, which is made of {', '.join(columns)}.")
    return _leaf(at, column) if column is not None else None


def _branch(at: _Place, found: Relation, value: Found | None = None) -> Branch:
    """Outline related rows, or what an association proxy reads of each."""
    items = items_in(at.field.annotation) if found.many or value is None else None
    shapes = shapes_in(items.item if items is not None else at.field.annotation) if value is None else ()
    _check_form(at, found, items, shapes, is_proxied=value is not None)
    order_by, criteria, limit = _marked(at, found)
    _check_missing(at, found, name_of(shapes[0]) if len(shapes) == 1 else "...")
    row = _row_place(at, items)
    outline, classes = _below(row, found, value, shapes, is_filtered=bool(criteria))
    is_never_missing = found.may_be_missing is False and not criteria
    return Branch(
        field=at.field,
        kind=at.kind,
        relationship=found.key,
        many=found.many,
        container=items.container if items is not None else list,
        outline=outline,
        order_by=order_by,
        criteria=criteria,
        limit=limit.count if limit else None,
        offset=limit.offset if limit else 0,
        is_safe=found.many or at.kind.nullable or at.kind.name == "any" or is_never_missing,
        is_value=outline.shape is None,
        # Conditions and order may name columns that only some of the rows have.
        classes=(*classes, *classes_named(found.target, (*criteria, *(order_by or ())))),
    )


def _row_place(at: _Place, items: Items | None) -> _Place:
    """Return the place of one related row in a field."""
    if items is None:
        return replace(at, field=replace(at.field, markers=()))
    field = replace(at.field, annotation=items.item, is_required=True, markers=markers_in(items.item))
    written = at.written.format(f"{items.container.__name__}[{{}}]")
    return replace(at, field=field, kind=at.kind.item or kind_of(items.item), written=written)


def _below(
    row: _Place, found: Relation, value: Found | None, shapes: tuple[Any, ...], *, is_filtered: bool
) -> tuple[Outline, tuple[Any, ...]]:
    """Outline a related row; beside it stand the classes that it may be of."""
    if value is not None:
        return Outline(None, found.target, (_part_of(row, value),), is_whole=True), ()
    if len(shapes) == 1:
        return _outline(shapes[0], found.target, row.above), ()
    division = divided(str(row), found.target, shapes, row.kind.tags)
    if division.missing and not is_filtered:
        raise ConfigurationError(
            f"{row}: rows of {found.name} may be {', '.join(map(shown, division.missing))}, and no member of the union "
            "stands for them. Add one for each, or say with Where() which rows are meant."
        )
    options = tuple(_option(row, division, member) for member in division.members)
    choice = Choice(row.field, row.kind, options, is_safe=not division.missing and not division.may_be_null)
    return Outline(None, found.target, (choice,), is_whole=True), division.classes


def _option(row: _Place, division: Division, member: Member) -> Option:
    kind = kinds_of(member.shape)[member.field.name]
    tag = Tag(member.field, kind, member.mapper, division.told_by, member.tags)
    return Option(tag, _outline(member.shape, member.mapper, row.above, {member.field.name: tag}))


def _check_form(at: _Place, found: Relation, items: Items | None, shapes: tuple[Any, ...], *, is_proxied: bool) -> None:
    if is_proxied:
        if found.many and items is None:
            raise ConfigurationError(f"{at} leads to many rows of {found.name}: write {at.advice('list[...]')}.")
        return
    name = " | ".join(map(name_of, shapes))
    if not shapes:
        raise ConfigurationError(
            f"{at}: {found.name} leads to {found.target.class_.__name__}, so the field needs a shape of it: "
            f"{at.advice('list[...]' if found.many else '...')} with a Pydantic model inside."
        )
    if found.many and items is None:
        raise ConfigurationError(f"{at}: {found.name} leads to many rows: write `list[{name}]`.")
    if not found.many and items is not None:
        raise ConfigurationError(f"{at}: {found.name} leads to one row at most: write `{name}`.")


def _check_missing(at: _Place, found: Relation, written: str) -> None:
    if found.may_be_missing and not found.many and not at.takes_none:
        raise ConfigurationError(
            f"{at} cannot be None, but {found.name} can: its column is nullable. Write "
            f"{at.advice(f'{written} | None')}."
        )


def _marked(at: _Place, found: Relation) -> tuple[tuple[Any, ...] | None, tuple[Any, ...], Limit | None]:
    order_by: tuple[Any, ...] | None = None
    criteria: tuple[Any, ...] = ()
    limit: Limit | None = None
    for marker in at.field.markers:
        if isinstance(marker, OrderBy):
            order_by = marker.by
        elif isinstance(marker, Where):
            criteria += marker.criteria
        elif isinstance(marker, Limit):
            limit = marker
    if not found.many and (order_by or limit):
        raise ConfigurationError(f"{at}: OrderBy and Limit are for lists; {found.name} leads to one row at most.")
    return order_by, criteria, limit

"""What a field's name stands for in a mapped class: a value of the row, or several, or related rows."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, ScalarSelect, SelectBase, inspect
from sqlalchemy import Column as TableColumn
from sqlalchemy.ext.associationproxy import AssociationProxy, AssociationProxyInstance
from sqlalchemy.orm import ColumnProperty, CompositeProperty, Mapper, QueryableAttribute, RelationshipProperty
from sqlalchemy.orm.interfaces import MANYTOONE
from sqlalchemy.types import TypeEngine

from crosslet.errors import ConfigurationError
from crosslet.shapes.fields import Field
from crosslet.shapes.markers import From
from crosslet.shapes.moving import moved
from crosslet.shapes.nullability import is_never_null


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A value of the row.

    Attributes:
        name: For texts.
        read: Gives its expression for the mapped class or an alias of it.
        type: Of the expression.
        nullable: None where nobody knows: of an expression.
    """

    name: str
    read: Callable[[Any], ColumnElement[Any]]
    type: TypeEngine[Any]
    nullable: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """Related rows.

    Attributes:
        may_be_missing: Of one row: True where its foreign key is nullable, None where nobody knows.
    """

    name: str
    key: str
    target: Mapper[Any]
    many: bool
    may_be_missing: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """Values of the row that are one object: `composite()`."""

    name: str
    mapper: Mapper[Any]
    composite: CompositeProperty[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Proxied:
    """What related rows have, in their place: `association_proxy()`."""

    name: str
    mapper: Mapper[Any]
    proxy: AssociationProxy[Any]


Found = Column | Relation | Composed | Proxied


def found_for(shape: Any, field: Field, mapper: Mapper[Any]) -> Found | None:
    """Find what a field is read from; None for one that matches nothing and has a default.

    Raises:
        ConfigurationError: A required field matches nothing.
    """
    for marker in field.markers:
        if isinstance(marker, From):
            return _from(shape, field, mapper, marker.expression)
    for name in (field.name, field.key):
        found = named(mapper, name)
        if found is not None:
            return found
    if field.is_required:
        raise _matches_nothing(shape, field, mapper)
    return None


def name_of(shape: Any) -> str:
    """Return what a shape is called in texts."""
    return str(getattr(shape, "__name__", shape))


def named(mapper: Mapper[Any], name: str) -> Found | None:
    """Find what a name stands for in a mapped class; None for what only Python knows."""
    synonym = mapper.synonyms.get(name)
    if synonym is not None:
        return named(mapper, synonym.name)
    if name in mapper.relationships:
        return _relation(mapper, mapper.relationships[name])
    called = f"{mapper.class_.__name__}.{name}"
    if name in mapper.composites:
        return Composed(called, mapper, mapper.composites[name])
    descriptor = mapper.all_orm_descriptors.get(name)
    if isinstance(descriptor, AssociationProxy):
        return Proxied(called, mapper, descriptor)
    type_ = getattr(getattr(mapper.class_, name), "type", None) if descriptor is not None else None
    if not isinstance(type_, TypeEngine):  # a hybrid that is no column
        return None
    return Column(called, lambda entity: getattr(entity, name), type_, _nullable(mapper, name))


def _nullable(mapper: Mapper[Any], name: str) -> bool | None:
    attribute = mapper.attrs.get(name)
    if isinstance(attribute, ColumnProperty) and isinstance(attribute.columns[0], TableColumn):
        return bool(attribute.columns[0].nullable)
    expression = attribute.columns[0] if isinstance(attribute, ColumnProperty) else getattr(mapper.class_, name)
    return _nullable_expression(expression)


def _nullable_expression(expression: Any) -> bool | None:
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    return False if is_never_null(element) else None


def _relation(mapper: Mapper[Any], relationship: RelationshipProperty[Any]) -> Relation:
    missing = None
    if relationship.direction is MANYTOONE:
        missing = any(column.nullable for column in relationship.local_columns if isinstance(column, TableColumn))
    return Relation(
        f"{mapper.class_.__name__}.{relationship.key}",
        relationship.key,
        relationship.mapper,
        bool(relationship.uselist),
        missing,
    )


def _from(shape: Any, field: Field, mapper: Mapper[Any], expression: Any) -> Found:
    name = _name_in(mapper, expression)
    found = named(mapper, name) if name is not None else None
    if found is not None:
        return found
    element = getattr(expression, "__clause_element__", lambda: expression)()
    if not isinstance(element, ColumnElement):
        raise ConfigurationError(
            f"{name_of(shape)}.{field.name}: From() takes an attribute of {mapper.class_.__name__} or an expression."
        )
    return Column(
        "this expression", lambda entity: moved(element, mapper, entity), element.type, _nullable_expression(element)
    )


def _name_in(mapper: Mapper[Any], expression: Any) -> str | None:
    """Return what an attribute is called in the mapped class; None for any other expression."""
    if isinstance(expression, AssociationProxyInstance):
        proxy: Any = expression.parent
        return next((str(name) for name, known in mapper.all_orm_descriptors.items() if known is proxy), None)
    if isinstance(expression, QueryableAttribute) and mapper.isa(inspect(expression.parent).mapper):
        return str(expression.key) if expression.key in mapper.attrs else None
    return None


def _matches_nothing(shape: Any, field: Field, mapper: Mapper[Any]) -> ConfigurationError:
    entity = mapper.class_.__name__
    names = sorted(name for name in {*mapper.all_orm_descriptors.keys(), *mapper.attrs.keys()} if named(mapper, name))
    near = difflib.get_close_matches(field.name, names, n=1)
    return ConfigurationError(
        f"{name_of(shape)}.{field.name} matches nothing of {entity}. It has {', '.join(names)}."
        + (f" Did you mean {near[0]}?" if near else "")
    )


def classes_named(mapper: Mapper[Any], expressions: Iterable[Any]) -> tuple[Any, ...]:
    """Return the subclasses whose own tables stand in expressions over a mapped class: these tables are to be joined.

    What a sub-select reads is its own affair.
    """
    tables = {column.table for expression in expressions for column in _columns_in(expression)}
    found = (one for one in mapper.self_and_descendants if not one.concrete and one.local_table in tables)
    return tuple(one.class_ for one in found if one.local_table not in mapper.tables)


def _columns_in(expression: Any) -> Iterator[TableColumn[Any]]:
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    if isinstance(element, TableColumn):
        yield element
    elif isinstance(element, ClauseElement) and not isinstance(element, SelectBase | ScalarSelect):
        for child in element.get_children():
            yield from _columns_in(child)

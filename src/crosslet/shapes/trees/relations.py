"""Which rows stand below a row: the relationship's own, under an alias, with what a field says of them."""

from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Mapper, RelationshipProperty, aliased, with_polymorphic
from sqlalchemy.sql import visitors

from crosslet.shapes.moving import adapted, moved
from crosslet.shapes.parts import Branch, Tally
from crosslet.shapes.trees.writer import Rows


def related_rows(part: Branch | Tally, entity: Any) -> Rows:
    """Return the rows that a field of an entity leads to, under an alias of their own."""
    attribute = getattr(entity, part.relationship)
    relationship: RelationshipProperty[Any] = attribute.property
    alias = _alias(relationship.mapper, part.classes)
    joined = attribute.of_type(alias).__clause_element__()
    condition = and_(joined, *[_moved(item, relationship, alias, joined) for item in part.criteria])
    if isinstance(part, Tally):
        return Rows(alias, condition)
    order_by = part.order_by if part.order_by is not None else tuple(relationship.order_by or ())
    ordered = tuple(_moved(item, relationship, alias, joined) for item in order_by) if part.many else ()
    return Rows(alias, condition, ordered, part.limit, part.offset)


def _alias(mapper: Mapper[Any], classes: tuple[Any, ...]) -> Any:
    if not classes:
        return aliased(mapper, flat=True)
    return with_polymorphic(mapper, [one for one in classes if one is not mapper.class_], aliased=True, flat=True)


def _moved(item: Any, relationship: RelationshipProperty[Any], alias: Any, condition: Any) -> Any:
    """Write an order or a condition over the aliases that the rows, and the table between, are read under."""
    element = item.__clause_element__() if hasattr(item, "__clause_element__") else item
    over_alias = moved(element, relationship.mapper, alias)
    between = _alias_of_secondary(relationship, condition)
    return adapted(over_alias, between) if between is not None else over_alias


def _alias_of_secondary(relationship: RelationshipProperty[Any], condition: Any) -> Any:
    if relationship.secondary is None:
        return None
    for element in visitors.iterate(condition):
        table = getattr(element, "table", None)
        if getattr(table, "element", None) is relationship.secondary:
            return table
    return None

"""What can be filtered and sorted by: a value of a row, or of rows that it leads to.

Data and nothing else; conditions are made of it in conditions.py, an order in sorting.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import RelationshipProperty, aliased
from sqlalchemy.orm.interfaces import MANYTOONE

from crosslet.errors import ConfigurationError


class Family(Enum):
    """Which questions a value answers; the operators of each are in operators.py."""

    TEXT = "text"
    ORDERED = "numbers, dates and times"
    CHOICE = "keys and members of an enumeration"
    FLAG = "true and false"
    ROWS = "whether there are related rows"


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """A step from a row to its related rows.

    Attributes:
        name: Of the step, for texts.
        reach: From a mapped class, or an alias, to an alias of the related one and the condition that joins both.
        many: It may lead to several rows.
    """

    name: str
    reach: Callable[[Any], tuple[Any, ColumnElement[bool]]]
    many: bool


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A value to filter and sort by.

    Attributes:
        name: What a client calls it.
        path: The steps to the row that has it. Terms of the same row share their Hops: that is how conditions on one
            related row are told from conditions on two.
        read: Gives its expression for that row's mapped class or an alias of it.
        family: Which questions it answers.
        nullable: It may be NULL, as far as anybody knows.
        by_name: Sort it as text: servers sort members of an ENUM in the order of their declaration.
    """

    name: str
    path: tuple[Hop, ...]
    read: Callable[[Any], Any]
    family: Family
    nullable: bool
    by_name: bool = False

    @property
    def is_single(self) -> bool:
        """Tell whether a row has at most one of it, so that rows can be sorted by it."""
        return not any(hop.many for hop in self.path) and self.family is not Family.ROWS


def relationship_hop(mapper: Any, key: str) -> Hop:
    """Make the step along a relationship.

    Raises:
        ConfigurationError: The mapped class has no such relationship.
    """
    if key not in mapper.relationships:
        raise ConfigurationError(f"{mapper.class_.__name__} has no relationship {key!r}.")
    relationship = mapper.relationships[key]

    def reach(entity: Any) -> tuple[Any, ColumnElement[bool]]:
        alias = aliased(relationship.mapper, flat=True)
        return alias, getattr(entity, key).of_type(alias).__clause_element__()

    return Hop(key, reach, bool(relationship.uselist))


def is_optional(relationship: RelationshipProperty[Any]) -> bool:
    """Tell whether a relationship may lead to no row: always, but for a foreign key that cannot be NULL."""
    columns = relationship.local_columns
    return relationship.direction is not MANYTOONE or any(getattr(column, "nullable", True) for column in columns)

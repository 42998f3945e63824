"""What an outline is made of: values of the row, and what stands beside and below it.

How it is found is in outline.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapper
from sqlalchemy.types import NullType, String, TypeEngine

from crosslet.shapes.attributes import Column
from crosslet.shapes.composites import Made
from crosslet.shapes.fields import Field
from crosslet.shapes.kinds import Kind


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A field that is one value of the row.

    Attributes:
        column: Where it is read from.
        is_safe: What the column holds is never None where the field cannot take None.
        around: How the field's annotation is written around the value's.
    """

    field: Field
    kind: Kind
    column: Column
    is_safe: bool
    around: str = "{}"

    @property
    def type(self) -> TypeEngine[Any]:
        """Return the type of what is read; `func.substr(...)` and others say none, which for text does not matter."""
        return String() if isinstance(self.column.type, NullType) and self.kind.name == "str" else self.column.type


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """A field that is an object made of values of the same row: `composite()`.

    Attributes:
        outline: Of those values.
        made: How SQLAlchemy makes the object.
        is_safe: It is never None where the field cannot take None.
    """

    field: Field
    kind: Kind
    outline: "Outline"
    made: Made
    is_safe: bool


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A field that counts related rows, or tells whether there is one.

    Attributes:
        classes: Subclasses whose columns the criteria name.
    """

    field: Field
    kind: Kind
    relationship: str
    criteria: tuple[Any, ...]
    is_count: bool
    classes: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A field that is a related row, or many.

    Attributes:
        outline: Of the related row.
        is_value: Its one part stands for the related row: a value in place of an object.
        classes: Where rows may be of several, the mapped classes whose columns are read or named.
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
    is_value: bool = False
    classes: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A field that tells which member of a union it stands in.

    Attributes:
        mapper: Of the class that its rows have in common.
        told_by: Gives the column that tells the classes apart, for the mapped class or an alias of it.
        tags: What it holds for each class, and what the shape calls that.
    """

    field: Field
    kind: Kind
    mapper: Mapper[Any]
    told_by: Callable[[Any], ColumnElement[Any]]
    tags: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One member of a union.

    Attributes:
        tag: Which rows it stands for.
        outline: Of the mapped class that these rows have in common.
    """

    tag: Tag
    outline: "Outline"


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What stands for a related row that may be of several classes: one of several shapes.

    Attributes:
        is_safe: There is an option for every row.
    """

    field: Field
    kind: Kind
    options: tuple[Option, ...]
    is_safe: bool


Part = Leaf | Tally | Branch | Composite | Choice | Tag


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
            # What stands for a related row is called as the row is.
            before = "" if isinstance(part, Branch) and part.is_value else f"{part.field.name}."
            for below in outlines_below(part):
                for path, inner in below.walk():
                    yield f"{before}{path}", inner

    @property
    def depth(self) -> int:
        """Count the levels of the tree."""
        return 1 + max((below.depth for part in self.parts for below in outlines_below(part)), default=0)

    @property
    def is_flat(self) -> bool:
        """Tell whether all of it are values of one row, a column each."""
        return all(isinstance(part, Leaf) for part in self.parts)


def outlines_below(part: Part) -> tuple[Outline, ...]:
    """Return the outlines that a part holds."""
    if isinstance(part, Branch | Composite):
        return (part.outline,)
    return tuple(option.outline for option in part.options) if isinstance(part, Choice) else ()

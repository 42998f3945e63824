"""Where in a row of columns the parts of an outline stand, and the dictionaries that Pydantic gets of it.

A list is put into its dictionary later, when its own statement has been read. What stands in place of an object (a
value, one of several shapes) is held in a dictionary of its own until then, so that there is a way to the lists in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosslet.shapes.composites import Made

Row = Sequence[Any]
Key = str | int


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One column."""

    key: Key
    place: int

    def read(self, row: Row) -> Any:
        """Return what stands in a row."""
        return row[self.place]

    def finished(self, held: Any) -> Any:
        """Return what is to stand for it once all lists are filled."""
        return held


@dataclass(frozen=True, slots=True, eq=False)
class RowCell(Cell):
    """The columns of a related row; at its place stands that row's key: where it is None there is no row.

    Attributes:
        is_value: Its one cell stands for the row.
    """

    inner: tuple[Cell, ...]
    is_value: bool

    def read(self, row: Row) -> Any:
        """Return a dictionary."""
        return dictionary(self.inner, row) if row[self.place] is not None else None

    def finished(self, held: Any) -> Any:
        """Return the dictionary, or the value in it."""
        return whole(self.inner, held, is_value=self.is_value) if held is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class CompositeCell(Cell):
    """The columns that an object is made of, from a place on; and its attributes, by the names that the shape wants."""

    made: Made
    attributes: tuple[tuple[str, str], ...]

    def read(self, row: Row) -> Any:
        """Return a dictionary of the attributes; None where the object is None."""
        found = self.made.object(row[self.place : self.place + len(self.made.columns)])
        if found is None:
            return None
        # A missing one is a missing field, and Pydantic says so.
        return {key: getattr(found, name) for key, name in self.attributes if hasattr(found, name)}


@dataclass(frozen=True, slots=True, eq=False)
class TagCell(Cell):
    """The column that tells classes apart, as the shape calls them."""

    tags: Mapping[Any, Any]

    def read(self, row: Row) -> Any:
        """Return the tag."""
        return self.tags.get(row[self.place])


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceCell(Cell):
    """One of several shapes, told by the column at its place.

    Attributes:
        tag: What the field that tells them apart is called.
        numbers: The option's number by what the column holds.
    """

    tag: str
    numbers: Mapping[Any, int]
    options: tuple[tuple[Cell, ...], ...]

    def read(self, row: Row) -> Any:
        """Return a dictionary under the option's number; for another row, one that is no member's."""
        number = self.numbers.get(row[self.place])
        return {-1: {self.tag: row[self.place]}} if number is None else {number: dictionary(self.options[number], row)}

    def finished(self, held: Any) -> Any:
        """Return the dictionary."""
        ((number, made),) = held.items()
        return whole(self.options[number], made, is_value=False) if number >= 0 else made


def dictionary(cells: Sequence[Cell], row: Row) -> dict[Any, Any]:
    """Make a dictionary of a row; the lists in it are missing as yet."""
    return {cell.key: cell.read(row) for cell in cells}


def whole(cells: Sequence[Cell], made: dict[Any, Any], *, is_value: bool) -> Any:
    """Return what stands for a row once the lists in its dictionary are filled."""
    for cell in cells:
        if type(cell) is not Cell:
            made[cell.key] = cell.finished(made[cell.key])
    return next(iter(made.values())) if is_value else made


def place_for(made: Mapping[Any, Any], path: Sequence[Key]) -> dict[Any, Any] | None:
    """Return the dictionary that a list belongs into; None where the row on the way is missing, or another one."""
    for name in path[:-1]:
        inner = made.get(name)
        if inner is None:
            return None
        made = inner
    return made  # type: ignore[return-value]

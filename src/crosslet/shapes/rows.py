"""The other way to a tree: columns, and a statement for each list below, where JSON cannot carry a value.

To-one relations are joined to the row's own statement; each list is one statement for all parents at once. No entity is
made: rows become dictionaries, and Pydantic makes the shapes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, select, tuple_
from sqlalchemy.orm import Mapper, aliased

from crosslet.shapes.cells import Cell, ChoiceCell, CompositeCell, Key, Row, RowCell, TagCell, dictionary, whole
from crosslet.shapes.options import with_columns
from crosslet.shapes.parts import Branch, Choice, Composite, Leaf, Outline, Part, Tag, Tally
from crosslet.shapes.trees import Rows, entity_for, related_rows

# Keys in one statement: far below every driver's limit of parameters, also for keys of several columns.
_BATCH = 500
_PLACE = "place"


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """A list that is read for all rows of a level at once.

    Attributes:
        path: The fields that lead to it.
        parent: The mapped class whose rows it belongs to.
        keys: Where the key of that row stands.
    """

    path: tuple[Key, ...]
    branch: Branch
    parent: Mapper[Any]
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One statement of a tree that is read as rows, and how its columns become dictionaries.

    Attributes:
        is_value: Its one cell stands for the row.
    """

    entity: Any
    columns: tuple[ColumnElement[Any], ...]
    joins: tuple[tuple[Any, Any, Any], ...]
    cells: tuple[Cell, ...]
    lists: tuple[Below, ...]
    is_value: bool

    def selecting(self, statement: Select[Any], *first: Any) -> Select[Any]:
        """Let a statement over the level's entity read its columns, behind some others."""
        for left, alias, condition in self.joins:
            statement = statement.outerjoin_from(left, alias, condition)
        # DISTINCT rows are those of the entity: whatever the shape leaves out, the key tells them apart.
        key = key_of(self.entity) if statement._distinct else ()
        return with_columns(statement, *first, *self.columns, *key)

    def dictionary(self, row: Row) -> dict[Any, Any]:
        """Make a dictionary of a row; the lists in it are missing as yet."""
        return dictionary(self.cells, row)

    def finished(self, made: dict[Any, Any]) -> Any:
        """Return what stands for a row, once the lists in its dictionary are filled."""
        return whole(self.cells, made, is_value=self.is_value)


def level_of(outline: Outline, entity: Any) -> Level:
    """Plan the statement that reads an outline's values and to-one relations."""
    found = _Collector()
    cells = found.cells(outline, entity, (), entity)
    return Level(
        entity, tuple(found.columns), tuple(found.joins), cells, tuple(found.lists), is_value=outline.shape is None
    )


class _Collector:
    def __init__(self) -> None:
        self.columns: list[ColumnElement[Any]] = []
        self.joins: list[tuple[Any, Any, Any]] = []
        self.lists: list[Below] = []

    def cells(self, outline: Outline, entity: Any, path: tuple[Key, ...], source: Any) -> tuple[Cell, ...]:
        """Collect the columns of one row.

        Args:
            outline: Of it.
            entity: What it is read from.
            path: Where it stands.
            source: What stands in FROM: of one class's part of a polymorphic alias, that alias.
        """
        cells = []
        for part in outline.parts:
            if isinstance(part, Branch) and part.many:
                keys = tuple(self._add(column) for column in key_of(entity))
                self.lists.append(Below((*path, part.field.key), part, outline.mapper, keys))
            else:
                cells.append(self._cell(part, entity, path, source))
        return tuple(cells)

    def _cell(self, part: Part, entity: Any, path: tuple[Key, ...], source: Any) -> Cell:
        key = part.field.key
        match part:
            case Leaf():
                return Cell(key, self._add(part.column.read(entity)))
            case Tally():
                return Cell(key, self._add(_told(part, entity)))
            case Tag():
                return TagCell(key, self._add(part.told_by(entity)), dict(part.tags))
            case Composite():
                return self._composite(part, entity)
            case Choice():
                return self._choice(part, entity, path)
        rows = related_rows(part, entity)
        self.joins.append((source, rows.source, rows.condition))
        place = self._add(key_of(rows.source)[0])
        inner = self.cells(part.outline, rows.source, (*path, key), rows.source)
        return RowCell(key, place, inner, part.is_value)

    def _composite(self, part: Composite, entity: Any) -> CompositeCell:
        first, *_ = [self._add(column.read(entity)) for column in part.made.columns.values()]
        wanted = ((leaf.field, leaf.column) for leaf in part.outline.parts if isinstance(leaf, Leaf))
        names = {id(column): name for name, column in part.made.columns.items()}
        attributes = tuple((field.key, names[id(column)]) for field, column in wanted)
        return CompositeCell(part.field.key, first, part.made, attributes)

    def _choice(self, part: Choice, entity: Any, path: tuple[Key, ...]) -> ChoiceCell:
        place = self._add(part.options[0].tag.told_by(entity))
        options = tuple(
            self.cells(option.outline, entity_for(option, entity), (*path, part.field.key, number), entity)
            for number, option in enumerate(part.options)
        )
        numbers = {held: number for number, option in enumerate(part.options) for held, _ in option.tag.tags}
        return ChoiceCell(part.field.key, place, part.options[0].tag.field.key, numbers, options)

    def _add(self, column: Any) -> int:
        self.columns.append(column.label(f"c{len(self.columns)}"))
        return len(self.columns) - 1


def _told(part: Tally, entity: Any) -> ColumnElement[Any]:
    counted = related_rows(part, entity).selecting(func.count()).scalar_subquery()
    return counted if part.is_count else counted > 0


def key_of(entity: Any) -> list[Any]:
    """Return the columns of an entity's primary key."""
    mapper: Mapper[Any] = inspect(entity).mapper
    return [getattr(entity, mapper.get_property_by_column(column).key) for column in mapper.primary_key]


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """How a list is read for many parents.

    Attributes:
        level: Of its rows; their columns stand behind the parents' keys.
        width: How many columns a parent's key has.
    """

    level: Level
    width: int
    statement: Select[Any]
    parent_key: tuple[Any, ...]
    branch: Branch
    rows: Rows

    def of(self, keys: Sequence[Row]) -> Select[Any]:
        """Return the statement for some parents."""
        chosen = self.statement.where(matching(self.parent_key, keys))
        if self.branch.limit is None and not self.branch.offset:
            return chosen.order_by(*self.rows.order_by)
        order = self.rows.order_by or tuple(key_of(self.rows.source))
        place = func.row_number().over(partition_by=self.parent_key, order_by=order).label(_PLACE)
        numbered = chosen.add_columns(place).subquery()
        kept = select(*(column for column in numbered.c if column.key != _PLACE))
        kept = kept.where(numbered.c[_PLACE] > self.branch.offset).order_by(numbered.c[_PLACE])
        if self.branch.limit is None:
            return kept
        return kept.where(numbered.c[_PLACE] <= self.branch.offset + self.branch.limit)


def listing_of(below: Below) -> Listing:
    """Plan how a list is read."""
    parent = aliased(below.parent.class_, flat=True)
    rows = related_rows(below.branch, parent)
    level = level_of(below.branch.outline, rows.source)
    keys = tuple(column.label(f"k{number}") for number, column in enumerate(key_of(parent)))
    statement = level.selecting(select(rows.source).select_from(parent).where(rows.condition), *keys)
    return Listing(level, len(keys), statement, tuple(key_of(parent)), below.branch, rows)


def batches(keys: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut keys into pieces that one statement can take."""
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def matching(columns: Sequence[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that the columns are one of some keys."""
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])  # type: ignore[no-any-return]
    return tuple_(*columns).in_(keys)

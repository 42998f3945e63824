"""From rows to records: columns are put together, filled, checked and bound one after the other, for a whole batch.

Rows that differ in what the database has to fill by itself become batches of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any, Final

from crosslet.connections import CopyIn
from crosslet.errors import InvalidValue, Problem
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan

_ABSENT: Final = object()


# A row's place in the iterable, and its values. Plain, because there is one for each row.
Row = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be stored."""

    index: int
    error: InvalidValue


@dataclass(slots=True)
class Batch:
    """Rows with the same columns, ready to be sent.

    Attributes:
        columns: In the order of the table.
        given: The attributes that the rows themselves give.
        values: The bound values of each column.
        rows: The rows that they were made of.
        copy: The whole of it on its way by COPY, where that was made ready before.
    """

    columns: tuple[BulkColumn, ...]
    given: frozenset[str]
    values: Sequence[Sequence[Any]]
    rows: Sequence[Row]
    copy: CopyIn | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def indexes(self) -> list[int]:
        """Return the places of its rows in the iterable."""
        return list(map(itemgetter(0), self.rows))

    @property
    def records(self) -> list[tuple[Any, ...]]:
        """Return the bound values of each row."""
        return list(zip(*self.values, strict=True))

    def part(self, places: slice) -> "Batch":
        """Return a part of it."""
        return Batch(self.columns, self.given, [column[places] for column in self.values], self.rows[places])

    def chosen(self, places: Sequence[int]) -> "Batch":
        """Return the rows at these places."""
        values = [[column[place] for place in places] for column in self.values]
        return Batch(self.columns, self.given, values, [self.rows[place] for place in places])


@dataclass(slots=True)
class Builder:
    """Makes batches of rows.

    Args:
        plan: Of the class.
        fills: Whether what is not given gets its default; else records hold what is given and no more.
        keeps_none: A None that was given means NULL, also where the column has a default.
    """

    plan: BulkPlan
    fills: bool = True
    keeps_none: bool = False
    bad: list[BadRow] = field(default_factory=list)

    def batches(self, rows: Sequence[Row]) -> list[Batch]:
        """Make batches; rows that cannot be stored are left in `bad`."""
        orders = set(map(tuple, map(itemgetter(1), rows)))
        if len(orders) == 1 and not self._free(next(iter(orders))):
            batch = self._batch(rows, frozenset(next(iter(orders))))
            return [batch] if batch else []
        return [batch for group in self._groups(rows, orders) if (batch := self._batch(group, None))]

    def take_bad(self) -> list[BadRow]:
        """Hand over what could not be stored, by index."""
        bad, self.bad = sorted(self.bad, key=attrgetter("index")), []
        return bad

    def _free(self, names: Iterable[str]) -> list[str]:
        """Name the attributes that the database fills in where a row has nothing for them."""
        return [] if self.keeps_none else [key for key in names if self.plan.columns[key].left_out]

    def _groups(self, rows: Sequence[Row], orders: set[tuple[str, ...]]) -> Iterable[Sequence[Row]]:
        if self.keeps_none:
            return _grouped(rows, [frozenset(values) for _, values in rows])
        free = self._free({name for order in orders for name in order})
        return _grouped(rows, [tuple(values.get(key) is not None for key in free) for _, values in rows])

    def _batch(self, rows: Sequence[Row], names: frozenset[str] | None) -> Batch | None:
        """Make a batch of rows; all of them name the same, where it is said what."""
        is_even = names is not None
        given = names if names is not None else _named(rows)
        values = self._values(rows, given, is_even=is_even)
        wrong: dict[int, list[Problem]] = {}
        columns, bound = [], []
        for key, column in self.plan.columns.items():
            if key in values:
                columns.append(column)
                bound.append(_bound(column, values[key], wrong))
        if wrong:
            self.bad += [BadRow(rows[place][0], InvalidValue(problems)) for place, problems in wrong.items()]
            kept = [place for place in range(len(rows)) if place not in wrong]
            return Batch(tuple(columns), given, bound, rows).chosen(kept) if kept else None
        return Batch(tuple(columns), given, bound, rows)

    def _values(self, rows: Sequence[Row], named: frozenset[str], *, is_even: bool) -> dict[str, Sequence[Any]]:
        """Return the values of each column, by attribute, with what Python fills in."""
        mappings = list(map(itemgetter(1), rows))
        found: dict[str, Sequence[Any]] = {}
        by_column: dict[str, Sequence[Any]] = {}
        late: list[tuple[BulkColumn, Sequence[Any], Sequence[int]]] = []
        for key, column in self.plan.columns.items():
            if key in named:
                got = map(itemgetter(key), mappings) if is_even else (m.get(key, _ABSENT) for m in mappings)
                values: Sequence[Any] = list(got)
            elif self.fills and (column.fill is not None or (column.required and not column.left_out)):
                values = [_ABSENT] * len(mappings)
            else:
                continue
            holes = self._holes(column, values, is_even=is_even) if key in named else range(len(mappings))
            if holes and column.left_out:
                continue  # Of a group like this one, nobody gives it.
            found[key] = values
            if holes:
                late.append((column, values, holes))
            else:
                by_column[str(column.column.key)] = values
        # In the order of the table, as SQLAlchemy calls them: a default may look at what stands before it.
        for column, values, holes in late:
            filled: Sequence[Any] = column.fill(by_column, holes) if column.fill is not None else [None] * len(holes)
            if len(holes) < len(values):
                whole = list(values)
                for place, value in zip(holes, filled, strict=True):
                    whole[place] = value
                filled = whole
            found[column.key] = by_column[str(column.column.key)] = filled
        return found

    def _holes(self, column: BulkColumn, values: Sequence[Any], *, is_even: bool) -> Sequence[int]:
        replaced = not self.keeps_none and (column.fill is not None or column.left_out)
        replaced = replaced and not column.column.type.should_evaluate_none
        if is_even and not (replaced and type(None) in set(map(type, values))):
            return ()
        return [place for place, value in enumerate(values) if value is _ABSENT or (replaced and value is None)]


def _named(rows: Sequence[Row]) -> frozenset[str]:
    return frozenset(name for order in set(map(tuple, map(itemgetter(1), rows))) for name in order)


def _grouped(rows: Sequence[Row], marks: Sequence[Any]) -> Iterable[Sequence[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row, mark in zip(rows, marks, strict=True):
        groups.setdefault(mark, []).append(row)
    return groups.values()


def _bound(column: BulkColumn, values: Sequence[Any], wrong: dict[int, list[Problem]]) -> Sequence[Any]:
    if column.required and type(None) in set(map(type, values)):
        for place, value in enumerate(values):
            if value is None:
                wrong.setdefault(place, []).append(Problem(column.key, "may not be null", "required"))
    bound = column.binder.bind(values)
    for place, code, reason in bound.wrong:
        wrong.setdefault(place, []).append(Problem(column.key, reason, code))
    return bound.values

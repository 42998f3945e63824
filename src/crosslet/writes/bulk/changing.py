"""What a row that exists gets: the values that were given, the time of the change, the next version; nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from crosslet.models import is_same_as_created
from crosslet.writes.bulk.batches import Batch
from crosslet.writes.bulk.filling import RowContext
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan, UniqueKey


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes that the rows of a batch make to rows that exist.

    Attributes:
        moved: Columns that take the row's own value.
        made: What the others take, by column: an expression of the table.
        stamps: The parameters in `made`, by name: column and value, the same for every row of the batch.
    """

    moved: tuple[BulkColumn, ...]
    made: Mapping[BulkColumn, Any]
    stamps: Mapping[str, tuple[BulkColumn, Any]]

    def __bool__(self) -> bool:
        return bool(self.moved)

    def parameters(self) -> dict[str, Any]:
        """Return the values of the parameters."""
        return {name: value for name, (_, value) in self.stamps.items()}

    def bound_parameters(self) -> tuple[Any, ...]:
        """Return them as the driver takes them, in their order."""
        return tuple(one.binder.bind([value]).values[0] for one, value in self.stamps.values())

    def values(self, new: Callable[[BulkColumn], Any]) -> dict[str, Any]:
        """Return what every column takes, by the column's key.

        Args:
            new: Gives the expression of a row's own value.
        """
        found = {str(one.column.key): new(one) for one in self.moved}
        own = {str(one.column.key): new(one) if what is None else what for one, what in self.made.items()}
        return found | own


def changes_of(plan: BulkPlan, batch: Batch, key: UniqueKey, updated: frozenset[str] | None) -> Changes:
    """Say what rows of a batch change.

    Args:
        plan: Of the class.
        batch: The rows.
        key: What they are found by.
        updated: The attributes that may change; None for all that are given, but the key and the stamps of creation.
    """
    allowed = batch.given - plan.stamps_of_creation() if updated is None else batch.given & updated
    moved = tuple(one for one in batch.columns if one.key in allowed - set(key.keys))
    if not moved:
        return Changes((), {}, {})
    made: dict[BulkColumn, Any] = {}
    stamps: dict[str, tuple[BulkColumn, Any]] = {}
    for one in plan.columns.values():
        if one in moved or one.key in key.keys:
            continue
        if one.key == plan.version and callable(plan.mapper.version_id_generator):
            made[one] = _next_version(one, plan.mapper.version_id_generator, batch, stamps)
        elif one.column.onupdate is not None:
            made[one] = _stamp(one, batch, stamps)
    return Changes(moved, made, stamps)


def _next_version(one: BulkColumn, generator: Any, batch: Batch, stamps: dict[str, tuple[BulkColumn, Any]]) -> Any:
    if isinstance(one.column.type, Integer):
        return one.column + 1
    return None if one in batch.columns else _parameter(one, generator(None), stamps)


def _stamp(one: BulkColumn, batch: Batch, stamps: dict[str, tuple[BulkColumn, Any]]) -> Any:
    """Return what a column takes at every change; None for the value that a new row would get."""
    default = one.column.onupdate
    if one in batch.columns and is_same_as_created(one.column) and "created_at" not in batch.given:
        return None
    if isinstance(default, CallableColumnDefault):
        return _parameter(one, default.arg(RowContext({}, 0)), stamps)  # type: ignore[arg-type]
    if isinstance(default, ScalarElementColumnDefault):
        return _parameter(one, default.arg, stamps)
    return getattr(default, "arg", default)


def _parameter(one: BulkColumn, value: Any, stamps: dict[str, tuple[BulkColumn, Any]]) -> Any:
    name = f"crosslet_{one.column.key}"
    stamps[name] = (one, value)
    return bindparam(name, type_=one.column.type)

"""Foreign keys that refuse a deleted row: `ForeignKey("users.id", info={"alive": True})`.

The row is asked for with a lock when the reference is flushed, so that it cannot be marked as deleted meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, event, inspect, select
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError, DeletedReference
from crosslet.models import SoftDelete
from crosslet.reads import without_filters
from crosslet.transactions import UnitSession, savepoint_of

# Keys in one IN list.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to a row which has to live.

    Attributes:
        attribute: Of the class that has the column.
        parent: The class that it refers to.
        target: The attribute there.
    """

    attribute: str
    column: str
    parent: Mapper[Any]
    target: str


@lru_cache(maxsize=1024)
def references_of(mapper: Mapper[Any]) -> tuple[Reference, ...]:
    """Return the references of a class that have to be to living rows.

    Raises:
        ConfigurationError: One refers to a table that no class with SoftDelete is mapped to.
    """
    return tuple(
        _reference(mapper, attribute.key, key)
        for attribute in mapper.column_attrs
        for column in attribute.columns
        for key in getattr(column, "foreign_keys", ())
        if key.info.get("alive")
    )


def _reference(mapper: Mapper[Any], attribute: str, key: ForeignKey) -> Reference:
    for parent in mapper.registry.mappers:
        if key.column.table in parent.tables and issubclass(parent.class_, SoftDelete):
            return Reference(attribute, key.parent.name, parent, parent.get_property_by_column(key.column).key)
    raise ConfigurationError(
        f"{mapper.class_.__name__}.{attribute}: info={{'alive': True}} is for a reference to a class with SoftDelete, "
        f"and {key.target_fullname} belongs to none."
    )


@event.listens_for(UnitSession, "after_flush")
def _refuse_deleted(session: UnitSession, context: Any) -> None:
    if not SoftDelete.__subclasses__():
        return
    wanted: dict[Reference, set[Any]] = defaultdict(set)
    for row in (*session.new, *session.dirty):
        for reference, value in _new_values(row):
            wanted[reference].add(value)
    for reference, values in wanted.items():
        refuse_deleted(session, reference, values)


def _new_values(row: Any) -> Iterator[tuple[Reference, Any]]:
    state = inspect(row)
    for reference in references_of(state.mapper):
        added = state.attrs[reference.attribute].history.added
        if added and added[0] is not None:
            yield reference, added[0]


def refuse_deleted(session: UnitSession, reference: Reference, values: set[Any]) -> None:
    """Refuse values of a reference whose rows are deleted; those that live are locked until the unit's end.

    Raises:
        DeletedReference: One is.
    """
    parent: Any = reference.parent.class_
    target = getattr(parent, reference.target)
    ordered = sorted(values, key=str)
    for start in range(0, len(ordered), _BATCH):
        some = ordered[start : start + _BATCH]
        asking = select(target, parent.deleted_at).where(target.in_(some)).with_for_update(read=True)
        if any(deleted_at is not None for _, deleted_at in session.execute(without_filters(asking))):
            # The rows that refer to it were sent: nothing of the unit may stay.
            session.unit.spoil(DeletedReference.code, retryable=False, savepoint=savepoint_of(session))
            raise DeletedReference(table=str(reference.parent.local_table), columns=[reference.column])

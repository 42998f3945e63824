"""Marking rows as deleted, and bringing them back; children follow as the relationship's delete cascade says.

Everything here runs on SQLAlchemy's own session, inside its greenlet. All rows that go together get the same time, and
by it they come back together.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Delete, event, inspect, select, update
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, RelationshipProperty, Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete
from crosslet.reads import without_filters
from crosslet.shapes import key_of, matching
from crosslet.transactions import UnitSession

# Keys in one IN list: far below every driver's limit of parameters, also for keys of several columns.
_BATCH = 1000
Key = tuple[Any, ...]


def mark_one(session: Session, row: Any) -> bool:
    """Mark an object of a class with SoftDelete as deleted, and its children; tell whether it is of one.

    Nothing happens to one that is marked already. A row that was never stored, or is to be purged, is not its matter.
    """
    state = inspect(row)
    if not isinstance(row, SoftDelete) or not state.persistent or session.info.get("purging"):
        return False
    if row.deleted_at is None:
        session.flush()
        stamp = datetime.now(UTC)
        _set_below(session, state.mapper, [_key_of(row)], None, stamp)
        row.deleted_at = stamp
        session.flush()
    return True


def restore_one(session: Session, row: Any) -> None:
    """Bring back a row, and the children that were deleted with it.

    Raises:
        ConfigurationError: Its class has no SoftDelete.
        UniqueViolation: A living row has its place.
    """
    if not isinstance(row, SoftDelete):
        raise ConfigurationError(f"{type(row).__name__} does not derive from SoftDelete: there is nothing to restore.")
    stamp = row.deleted_at
    if stamp is not None:
        row.deleted_at = None
        session.flush()
        _set_below(session, inspect(row).mapper, [_key_of(row)], stamp, None)


def purge_one(session: Session, row: Any) -> None:
    """Delete a row for good, with the children that its cascades name, deleted ones among them."""
    session.info["purging"] = True
    try:
        with session.filters.off(()):  # type: ignore[attr-defined]
            session.delete(row)
            session.flush()
    finally:
        del session.info["purging"]


def mark_rows(state: ORMExecuteState, statement: Delete) -> Any:
    """Run a DELETE on a class with SoftDelete as the UPDATE that it means, and return its result."""
    entity = statement.entity_description["entity"]
    mapper: Mapper[Any] = inspect(entity).mapper
    session, stamp = state.session, datetime.now(UTC)
    # What is marked already keeps its time, and with it those that went along.
    which = (*statement._where_criteria, entity.deleted_at.is_(None))
    if any(_cascades(mapper)):
        chosen = select(*key_of(mapper.class_)).where(*which).with_for_update()
        keys = [tuple(row) for row in session.execute(chosen.options(*statement._with_options), state.parameters)]
        _set_below(session, mapper, keys, None, stamp)
    marking = update(entity).where(*which).values(deleted_at=stamp)
    marking = marking.options(*statement._with_options).execution_options(**statement.get_execution_options())
    if statement._returning:
        marking = marking.returning(*statement._returning)
    return state.invoke_statement(marking)


@event.listens_for(UnitSession, "before_flush")
def _keep_orphans(session: Session, context: Any, instances: Any) -> None:
    """Mark what was taken out of a collection with delete-orphan: the flush would delete the row."""
    for parent in list(session.dirty) if SoftDelete.__subclasses__() else ():
        state = inspect(parent)
        for relationship in state.mapper.relationships:
            if relationship.cascade.delete_orphan and issubclass(relationship.mapper.class_, SoftDelete):
                for child in state.attrs[relationship.key].history.deleted or ():
                    _keep_orphan(session, state, relationship, child)


def _keep_orphan(
    session: Session, parent: InstanceState[Any], relationship: RelationshipProperty[Any], child: Any
) -> None:
    attribute: Any = parent.manager[relationship.key].impl
    state = inspect(child)
    if not state.persistent or child in session.deleted or attribute.hasparent(state):
        return
    # It stays where it was, so that it can come back: what its removal has changed about it is undone.
    attribute.sethasparent(state, parent, True)
    for reverse in relationship._reverse_property:
        if not reverse.uselist:
            set_committed_value(child, reverse.key, parent.obj())
    stamp = datetime.now(UTC)
    _set_below(session, state.mapper, [_key_of(child)], None, stamp)
    child.deleted_at = child.deleted_at or stamp


def _set_below(
    session: Session, mapper: Mapper[Any], keys: Sequence[Key], before: datetime | None, after: datetime | None
) -> None:
    """Change the time of all rows below some, level by level, where it is a certain one."""
    for relationship in _cascades(mapper):
        child = relationship.mapper
        for parents in _batches(keys):
            found = [tuple(row) for row in session.execute(without_filters(_below(relationship, parents, before)))]
            for some in _batches(found):
                changing = update(child.class_).where(matching(key_of(child.class_), some)).values(deleted_at=after)
                session.execute(without_filters(changing))
            _set_below(session, child, found, before, after)


def _below(relationship: RelationshipProperty[Any], parents: Sequence[Key], before: datetime | None) -> Any:
    parent, child = aliased(relationship.parent.class_), aliased(relationship.mapper.class_)
    reading = select(*key_of(child)).select_from(parent).join(getattr(parent, relationship.key).of_type(child))
    is_before = child.deleted_at.is_(None) if before is None else child.deleted_at == before
    return reading.where(matching(key_of(parent), parents), is_before).distinct()


def _cascades(mapper: Mapper[Any]) -> Iterator[RelationshipProperty[Any]]:
    """Yield the relationships along which a deletion goes on, to classes with SoftDelete; those of subclasses too."""
    seen = {one: None for some in mapper.self_and_descendants for one in some.relationships}
    for one in seen:
        if one.cascade.delete and not one.viewonly and issubclass(one.mapper.class_, SoftDelete):
            yield one


def _key_of(row: Any) -> Key:
    return tuple(inspect(row).identity or ())


def _batches(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]

"""Changes that are committed with their own statement, whose rows come back as trees: one round trip in all.

Where that is not to be had, nothing happens here, and the session runs the change, reads the row and commits.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert

from crosslet import writes
from crosslet.connections import DirectWrites, Explain
from crosslet.database.trees import last
from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError
from crosslet.reads import Filters
from crosslet.shapes import (
    Change,
    Keyed,
    Mode,
    New,
    Plans,
    change_for,
    has_related,
    insertion_for,
    is_shape,
    mapper_of,
    plans_of,
)
from crosslet.transactions import Unit, change_directly, hears_changes, may_change_directly, written_by


async def committed(
    session: Any, direct: DirectWrites | None, explain: Explain | None, shape: Any, statement: Any, wanted: Mode
) -> tuple[Change, list[str]] | None:
    """Run a change as the whole of a unit, and return the JSON of each row with what it is good for.

    Returns:
        None where the unit has sent something already, somebody listens, or the rows cannot come back as trees:
        nothing was sent then.

    Raises:
        CommitOutcomeUnknown: The connection or the deadline was lost on the way.
        DatabaseError: The database refused; nothing is stored.
    """
    unit: Unit = session.unit
    if direct is None or explain is None or not is_shape(shape):
        return None
    if not may_change_directly(unit, direct) or _has_more(session):
        return None
    dialect = direct.dialect
    if dialect.name != "sqlite" and dialect.server_version_info is None:
        return None
    found = _planned(unit.dialect, plans_of(dialect), session._filters, shape, statement, wanted)
    handed = found[0].hand(found[1]) if found is not None else None
    if found is None or handed is None:
        return None
    if unit.ledger is not None:
        unit.written |= written_by(found[0].compiled, handed[0])
    fetched = await change_directly(unit, direct, explain, *handed)
    return None if fetched.warnings else (found[0], last(fetched.rows))


def _is_filtered(filters: Filters, statement: Any) -> bool:
    """Tell whether it changes rows that are filtered: then it is the session's, which knows what that means."""
    if isinstance(statement, Insert):
        return False
    entity = statement.entity_description.get("entity")
    mapper = mapper_of(entity) if entity is not None else None
    return mapper is not None and any(one.is_for(mapper.class_) for one in filters.known)


def _planned(
    dialect: Dialect, plans: Plans, filters: Filters, shape: Any, statement: Any, wanted: Mode
) -> tuple[Change, Mapping[str, Any]] | None:
    if not isinstance(statement, New):
        returns = writes.check_statement(dialect, statement)
        if not returns or _is_filtered(filters, statement):
            return None
        return change_for(plans, shape, filters.on(statement) if filters.known else statement, wanted)
    mapper = mapper_of(statement.model)
    if not dialect.can_return_inserted or (mapper is not None and writes.references_of(mapper)):
        return None
    values = writes.checked_values(statement.model, statement.body, statement.extra)
    new = Keyed(statement.model, ())
    return insertion_for(plans, shape, new.with_options(filters.of()) if filters.known else new, values, wanted)


def _has_more(session: Any) -> bool:
    """Tell whether the unit consists of more than the statement: held objects that a flush would write."""
    made = session._made
    return (made is not None and bool(made.new or made.dirty or made.deleted)) or hears_changes(session)


async def changed(session: Any, shape: Any, statement: Any) -> Sequence[Any]:
    """Run a change within a unit and return its rows as shapes.

    Raises:
        ConfigurationError: Shape and statement do not fit.
    """
    if isinstance(statement, New):
        row = await writes.create(session, statement.model, statement.body, **statement.extra)
        return [row if mapper_of(shape) is not None else await session.one(shape, row)]
    if not has_related(shape, statement):
        return await writes.changed_rows(session, session.unit.dialect, shape, statement)
    # Their own columns come back with the change, related rows are read after it.
    if isinstance(statement, Delete):
        raise ConfigurationError(
            "A deleted row has no related rows any more: read the shape first, then delete, or return its columns."
        )
    entity: Any = statement.entity_description["entity"]
    rows = await writes.changed_rows(session, session.unit.dialect, entity, statement)
    return [await session.one(shape, row) for row in rows]

"""`delete_many`: one DELETE a chunk of keys, or one for a statement; no SELECT first."""

from collections.abc import Sequence
from inspect import isawaitable
from typing import Any, Final

from sqlalchemy import Delete, Select, delete, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete
from crosslet.writes.bulk.plans import BulkPlan
from crosslet.writes.bulk.rows import Rows, chunks_of, length_of
from crosslet.writes.bulk.running import Progress

# Keys in one statement: below every driver's limit of parameters, also for keys of several columns.
_KEYS: Final = 1_000
_QUIET: Final = {"synchronize_session": False}


def removal_of(plan: BulkPlan, *criteria: Any) -> Any:
    """Return the statement that removes the rows of a class that meet criteria; with SoftDelete it marks them."""
    return delete(plan.mapper.class_).where(*criteria)


async def delete_matching(session: AsyncSession, plan: BulkPlan, statement: Delete | Select[Any]) -> int:
    """Remove the rows that a `delete(Model)` or `select(Model)` names, by one statement.

    Raises:
        ConfigurationError: It names them by more than conditions.
    """
    _refuse_orm_cascades(plan.mapper)
    entity = statement.entity_description["entity"] if isinstance(statement, Delete) else _entity(statement)
    if entity is not plan.mapper.class_ or (isinstance(statement, Select) and _has_more(statement)):
        raise ConfigurationError(
            f"delete_many({plan.name}, ...) takes `select({plan.name}).where(...)` or a `delete({plan.name})` like it, "
            "without joins, limits and groups: put those into a sub-select of the condition."
        )
    criteria = [statement.whereclause] if statement.whereclause is not None else []
    done: Any = await session.execute(removal_of(plan, *criteria), execution_options=_QUIET)
    return int(done.rowcount)


def _entity(statement: Select[Any]) -> Any:
    described = statement.column_descriptions
    return described[0].get("entity") if len(described) == 1 else None


def _has_more(statement: Select[Any]) -> bool:
    parts = ("_limit_clause", "_offset_clause", "_fetch_clause", "_group_by_clauses", "_having_criteria", "_distinct")
    return any(_is_set(getattr(statement, part, None)) for part in parts) or bool(statement._setup_joins)


def _is_set(part: Any) -> bool:
    return part is not None and not (isinstance(part, tuple | bool) and not part)


async def delete_keys(
    session: AsyncSession, plan: BulkPlan, keys: Rows, *, chunk: int | None, progress: Progress | None
) -> int:
    """Remove the rows with these primary keys; return how many there were.

    Raises:
        ConfigurationError: A key has not as many parts as the primary key.
    """
    _refuse_orm_cascades(plan.mapper)
    most = max(1, _KEYS // len(plan.primary))
    total, done, removed = length_of(keys), 0, 0
    async for some in chunks_of(keys, min(chunk or most, most)):
        result: Any = await session.execute(removal_of(plan, _among(plan, some)), execution_options=_QUIET)
        removed += int(result.rowcount)
        done += len(some)
        if progress is not None and isawaitable(told := progress(done, total)):
            await told
    return removed


def _among(plan: BulkPlan, keys: Sequence[Any]) -> Any:
    columns = [getattr(plan.mapper.class_, name) for name in plan.primary]
    if len(columns) == 1:
        return columns[0].in_(keys)
    if any(not isinstance(key, tuple | list) or len(key) != len(columns) for key in keys):
        raise ConfigurationError(f"A key of {plan.name} is a tuple of {', '.join(plan.primary)}.")
    return tuple_(*columns).in_([tuple(key) for key in keys])


def _refuse_orm_cascades(mapper: Mapper[Any]) -> None:
    """Refuse where children would stay that `session.delete` takes along; a soft delete takes them itself."""
    if issubclass(mapper.class_, SoftDelete):
        return
    for relationship in mapper.relationships:
        if not relationship.cascade.delete or relationship.viewonly:
            continue
        rules = {pair.foreign_keys and next(iter(pair.foreign_keys)).ondelete for pair in relationship.remote_side}
        if {str(rule).upper() for rule in rules if rule is not None} != {"CASCADE"}:
            raise ConfigurationError(
                f"{relationship} is deleted by the ORM alone, which a DELETE of many rows goes past. Give its foreign "
                'key ondelete="CASCADE", or delete the objects one by one with `session.delete`.'
            )

"""`update_many`: other values for each row, through a temporary table and one UPDATE a chunk.

The UPDATE is the ORM's, so that what a session adds to statements holds for it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from crosslet.transactions import Unit
from crosslet.writes.bulk.batches import Batch, Builder, Row
from crosslet.writes.bulk.changing import Changes, changes_of
from crosslet.writes.bulk.copying import CopyTarget, ask_target
from crosslet.writes.bulk.keys import is_exact, rounds_of
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan, UniqueKey
from crosslet.writes.bulk.results import Outcome, RowError
from crosslet.writes.bulk.running import Verb, refused
from crosslet.writes.bulk.staging import PLACE, Stage, stage_of

STAGE_FROM: Final = 20
_QUIET: Final = {"synchronize_session": False}


class Updating(Verb):
    """Rows that exist and get the values that are given.

    Args:
        key: The unique key that rows are found by.
    """

    def __init__(self, session: AsyncSession, unit: Unit, plan: BulkPlan, key: UniqueKey) -> None:
        super().__init__(session, unit, plan)
        self.key = key
        self._is_exact = is_exact(plan, key)
        self._stages: dict[Any, Stage] = {}
        self._target: CopyTarget | None = None

    def may_name(self, row: Any, name: str) -> bool:
        """Let rows name their key."""
        return name in self.key.keys or super().may_name(row, name)

    def batches(self, rows: Sequence[Row]) -> tuple[list[Batch], list[RowError]]:
        """Make batches of rows that give the same columns, each key once."""
        builder = Builder(self.plan, fills=False, keeps_none=True)
        rounds, bad = rounds_of(rows, self.key, is_exact=self._is_exact)
        found = [batch for some in rounds for batch in builder.batches(some)]
        return found, bad + refused(builder)

    async def prepare(self, batch: Batch) -> None:
        """Make the temporary table, where rows go through one."""
        mark = batch.columns
        if len(batch) < STAGE_FROM or mark in self._stages:
            return
        connection = await self.session.connection()
        if self.unit.dialect.can_copy and self._target is None:
            self._target = await ask_target(connection, self.plan)
        self._stages[mark] = stage_of(self.plan, batch.columns, self._target)
        await self._stages[mark].create(connection)

    def anticipate(self, batch: Batch) -> None:
        """Write what COPY will take."""
        if batch.columns in self._stages:
            self._stages[batch.columns].anticipate(batch)

    async def finish(self) -> None:
        """Take the temporary tables away."""
        for stage in self._stages.values():
            await stage.drop(await self.session.connection())

    async def store(self, batch: Batch) -> None:
        """Send a batch."""
        changes = changes_of(self.plan, batch, self.key, batch.given)
        if batch.columns in self._stages:
            await self._by_stage(await self.session.connection(), batch, changes)
        else:
            await self._one_by_one(batch, changes)

    async def _by_stage(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        stage = self._stages[batch.columns]
        await stage.fill(self.unit, connection, batch)
        entity = self.plan.mapper.class_
        same = [
            getattr(entity, name) == stage.table.c[str(self.plan.columns[name].column.key)] for name in self.key.keys
        ]
        if changes:
            values = changes.values(lambda one: stage.table.c[str(one.column.key)])
            statement = update(entity).where(*same).values(self._by_attribute(values))
            await self.session.execute(statement, changes.parameters(), execution_options=_QUIET)
        there = select(stage.table.c[PLACE]).where(exists(select(entity).where(*same).correlate(stage.table)))
        found = set(await self.session.scalars(there))
        await stage.empty(connection)
        self._note(batch, [place in found for place in range(len(batch))], changes)

    async def _one_by_one(self, batch: Batch, changes: Changes) -> None:
        entity = self.plan.mapper.class_
        found = []
        for _, given in batch.rows:
            same = [getattr(entity, name) == given[name] for name in self.key.keys]
            values = changes.values(partial(_given, given))
            if changes:
                statement = update(entity).where(*same).values(self._by_attribute(values))
                done: Any = await self.session.execute(statement, changes.parameters(), execution_options=_QUIET)
                found.append(bool(done.rowcount))
            else:
                found.append(bool(await self.session.scalar(select(exists(select(entity).where(*same))))))
        self._note(batch, found, changes)

    def _by_attribute(self, values: dict[str, Any]) -> dict[Any, Any]:
        names = {str(one.column.key): key for key, one in self.plan.columns.items()}
        return {names[key]: value for key, value in values.items()}

    def _note(self, batch: Batch, found: Sequence[bool], changes: Changes) -> None:
        there: Outcome = "updated" if changes else "unchanged"
        self.result.outcomes.choose(batch.indexes, found, there, "missing")


def _given(values: Mapping[str, Any], one: BulkColumn) -> Any:
    return bindparam(None, values[one.key], one.column.type)

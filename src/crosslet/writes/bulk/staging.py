"""A temporary table that rows are sent to first, so that one statement can compare them with those that exist.

Its columns are of exactly the types of the table's own; on PostgreSQL it ends with the transaction.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crosslet.models import Binder
from crosslet.transactions import WRITES, Unit
from crosslet.writes.bulk.batches import Batch
from crosslet.writes.bulk.copying import CopyTarget, copy_batch, copy_of
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan
from crosslet.writes.bulk.texts import text_of

# Counts the rows of a batch from 0.
PLACE: Final = "crosslet_place"
# A temporary table is nobody else's: making and dropping it ends no results.
_OWN: Final[dict[str, Any]] = {WRITES: frozenset()}


@dataclass(slots=True, eq=False)
class Stage:
    """A temporary table with some columns of a class's table."""

    plan: BulkPlan
    columns: tuple[BulkColumn, ...]
    table: Table
    target: CopyTarget | None

    async def create(self, connection: AsyncConnection) -> None:
        """Create it; what a broken-off call has left is taken away first."""
        dialect = self.plan.dialect
        quoted = dialect.identifier_preparer.format_table(self.table)
        source = select(*[one.column for one in self.columns]).limit(0)
        text = str(source.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        text = text.replace("SELECT ", f"SELECT 0 AS {PLACE}, ", 1)
        ends = " ON COMMIT DROP" if self.target is not None else ""
        await self.drop(connection)
        await connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {quoted}{ends} AS {text}", None, _OWN)

    def anticipate(self, batch: Batch) -> None:
        """Write what COPY will take of a batch, where it is sent by that."""
        target = self._target_of(batch)
        if target is not None:
            batch.copy = copy_of(self.table, self._staged(batch), target)
            batch.copy.encoded()

    async def fill(self, unit: Unit, connection: AsyncConnection, batch: Batch) -> None:
        """Send a batch into it."""
        target = self._target_of(batch)
        if target is not None:
            staged = batch if batch.copy is not None else self._staged(batch)
            await copy_batch(unit, connection, self.table, staged, target)
            return
        names = [PLACE, *(str(one.column.key) for one in batch.columns)]
        text = text_of(self.table.insert(), self.plan.dialect, names)
        await text.run_many(unit, connection, self._staged(batch).records)

    def _staged(self, batch: Batch) -> Batch:
        place = BulkColumn(PLACE, self.table.c[PLACE], Binder(Integer(), self.plan.dialect), None, False, False)
        values = [list(range(len(batch))), *batch.values]
        return Batch((place, *batch.columns), batch.given, values, batch.rows)

    def _target_of(self, batch: Batch) -> CopyTarget | None:
        target = self.target
        if target is None or not target.takes(batch.columns, self.plan.dialect):
            return None
        return CopyTarget(True, {**target.oids, PLACE: 23})

    async def empty(self, connection: AsyncConnection) -> None:
        """Take its rows out; PostgreSQL would read over them until the end of the transaction."""
        if self.target is None:
            await connection.execute(self.table.delete())
        else:
            quoted = self.plan.dialect.identifier_preparer.format_table(self.table)
            await connection.exec_driver_sql(f"TRUNCATE {quoted}", None, _OWN)

    async def drop(self, connection: AsyncConnection) -> None:
        """Take it away."""
        quoted = self.plan.dialect.identifier_preparer.format_table(self.table)
        temporary = "" if self.target is not None or self.plan.dialect.name == "sqlite" else "TEMPORARY "
        await connection.exec_driver_sql(f"DROP {temporary}TABLE IF EXISTS {quoted}", None, _OWN)


def stage_of(plan: BulkPlan, columns: Sequence[BulkColumn], target: CopyTarget | None) -> Stage:
    """Describe the stage for some columns of a class; its name says which, as drivers keep statements by their text."""
    oids = [target.oids.get(str(one.column.name)) if target is not None else None for one in columns]
    structure = repr((plan.table.fullname, [one.column.name for one in columns], oids))
    name = f"crosslet_stage_{hashlib.sha256(structure.encode()).hexdigest()[:12]}"
    own = [Column(str(one.column.name), one.column.type, key=str(one.column.key)) for one in columns]
    table = Table(name, MetaData(), Column(PLACE, Integer, autoincrement=False), *own)
    return Stage(plan, tuple(columns), table, target)

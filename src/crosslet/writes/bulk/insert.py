"""`insert_many`: COPY where the database has it and it means the same as INSERT, else the driver's `executemany`."""

from collections.abc import Sequence
from typing import Final

from crosslet.writes.bulk.batches import Batch, Builder, Row
from crosslet.writes.bulk.copying import CopyTarget, ask_target, copy_batch, copy_of
from crosslet.writes.bulk.results import RowError
from crosslet.writes.bulk.running import Verb, refused
from crosslet.writes.bulk.texts import insert_plainly

# From so many rows on COPY is faster than `executemany`, the question about the table included.
COPY_FROM: Final = 50


class Insertion(Verb):
    """Rows that are new."""

    only_set = False
    _target: CopyTarget | None = None

    def batches(self, rows: Sequence[Row]) -> tuple[list[Batch], list[RowError]]:
        """Make batches with every default that is Python's."""
        builder = Builder(self.plan)
        return builder.batches(rows), refused(builder)

    def anticipate(self, batch: Batch) -> None:
        """Write what COPY will take."""
        target = self._target
        if target is not None and self._may_copy(batch) and target.serves(batch.columns, self.plan.dialect):
            batch.copy = copy_of(self.plan.table, batch, target)
            batch.copy.encoded()

    async def store(self, batch: Batch) -> None:
        """Insert a batch."""
        connection = await self.session.connection()
        if await self._can_copy(batch) and self._target is not None:
            await copy_batch(self.unit, connection, self.plan.table, batch, self._target)
        else:
            await insert_plainly(self.unit, connection, self.plan, batch)
        first, last = batch.rows[0][0], batch.rows[-1][0]
        if last - first + 1 == len(batch):
            self.result.outcomes.change(first, "inserted", len(batch))
        else:
            self.note(batch.rows, "inserted")

    async def _can_copy(self, batch: Batch) -> bool:
        if not self._may_copy(batch):
            return False
        if self._target is None:
            self._target = await ask_target(await self.session.connection(), self.plan)
        return self._target.serves(batch.columns, self.plan.dialect)

    def _may_copy(self, batch: Batch) -> bool:
        is_worth_it = bool(batch.columns) and len(batch) >= COPY_FROM
        return self.unit.dialect.can_copy and is_worth_it and not self._has_sql(batch)

    def _has_sql(self, batch: Batch) -> bool:
        """Tell whether a default has to be evaluated that stands in the INSERT and not in the table."""
        sent = {column.key for column in batch.columns}
        return any(column.has_sql_default and key not in sent for key, column in self.plan.columns.items())

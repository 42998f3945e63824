"""`upsert_many`: rows are inserted, or change the row that has their key; other columns are never touched.

PostgreSQL gets them by COPY into a temporary table and one INSERT ... ON CONFLICT a chunk, which also tells which rows
are new. Elsewhere `executemany` sends them, and the keys say it, read in the same transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import case, func, literal_column, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from crosslet.errors import ConfigurationError
from crosslet.shapes import matching
from crosslet.transactions import Unit
from crosslet.writes.bulk.batches import Batch, Builder, Row
from crosslet.writes.bulk.changing import Changes, changes_of
from crosslet.writes.bulk.copying import CopyTarget, ask_target
from crosslet.writes.bulk.keys import is_exact, key_values, rounds_of
from crosslet.writes.bulk.plans import BulkPlan, UniqueKey
from crosslet.writes.bulk.results import Outcome, RowError
from crosslet.writes.bulk.running import Verb, refused
from crosslet.writes.bulk.staging import PLACE, Stage, stage_of
from crosslet.writes.bulk.texts import Text, insert_plainly, place_of, text_of

# From so many rows on the temporary table is worth its making.
STAGE_FROM: Final = 20
# Keys in one IN list.
_KEYS: Final = 500
_INSERTS: Final = {"postgresql": postgresql.insert, "sqlite": sqlite.insert, "mysql": mysql.insert}


class Upsert(Verb):
    """Rows that are new, or change the one that has their key.

    Args:
        key: The unique key that rows are found by.
        updated: The attributes that may change; None for those that are given.
    """

    def __init__(
        self, session: AsyncSession, unit: Unit, plan: BulkPlan, key: UniqueKey, updated: Iterable[str] | None
    ) -> None:
        super().__init__(session, unit, plan)
        self.key = key
        self.updated = None if updated is None else _attributes(plan, key, updated)
        self._is_exact = is_exact(plan, key)
        self._stages: dict[Any, tuple[Stage, Any]] = {}
        self._target: CopyTarget | None = None

    def may_name(self, row: Any, name: str) -> bool:
        """Let rows name their key."""
        return name in self.key.keys or super().may_name(row, name)

    def batches(self, rows: Sequence[Row]) -> tuple[list[Batch], list[RowError]]:
        """Make batches of rows that give the same columns, each key once."""
        builder = Builder(self.plan, keeps_none=True)
        rounds, bad = rounds_of(rows, self.key, is_exact=self._is_exact)
        found = [batch for some in rounds for batch in builder.batches(some)]
        return found, bad + refused(builder)

    def anticipate(self, batch: Batch) -> None:
        """Write what COPY will take."""
        stage, _ = self._stages.get(self._mark(batch), (None, None))
        if stage is not None:
            stage.anticipate(batch)

    async def prepare(self, batch: Batch) -> None:
        """Make the temporary table, where rows go through one."""
        if not self._is_staged(batch) or self._mark(batch) in self._stages:
            return
        connection = await self.session.connection()
        self._target = self._target or await ask_target(connection, self.plan)
        stage = stage_of(self.plan, batch.columns, self._target)
        await stage.create(connection)
        self._stages[self._mark(batch)] = (stage, None)

    async def finish(self) -> None:
        """Take the temporary tables away."""
        for stage, _ in self._stages.values():
            await stage.drop(await self.session.connection())

    async def store(self, batch: Batch) -> None:
        """Send a batch."""
        connection = await self.session.connection()
        changes = changes_of(self.plan, batch, self.key, self.updated)
        if self._mark(batch) in self._stages:
            await self._by_stage(connection, batch, changes)
        elif self.unit.dialect.can_copy and changes:
            await self._one_by_one(connection, batch, changes)
        elif self.unit.dialect.can_name_conflict or not self.plan.others(self.key, batch.given):
            await self._by_executemany(connection, batch, changes)
        else:
            await self._apart(connection, batch, changes)

    def _is_staged(self, batch: Batch) -> bool:
        if not self.unit.dialect.can_copy or len(batch) < STAGE_FROM:
            return False
        return bool(changes_of(self.plan, batch, self.key, self.updated))

    def _mark(self, batch: Batch) -> Any:
        return batch.given, batch.columns

    # --- roads -----------------------------------------------------------------------------------

    async def _by_stage(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        stage, statement = self._stages[self._mark(batch)]
        if statement is None:
            statement = self._from_stage(stage, batch, changes)
            self._stages[self._mark(batch)] = (stage, statement)
        await stage.fill(self.unit, connection, batch)
        created = str(await connection.scalar(statement, changes.parameters()))
        await stage.empty(connection)
        self._note(batch, [one == "1" for one in created])

    def _from_stage(self, stage: Stage, batch: Batch, changes: Changes) -> Any:
        """Return the statement that tells of each row of the stage, in their order, whether it is new."""
        names = [str(one.column.key) for one in batch.columns]
        source = select(*[stage.table.c[name] for name in names]).order_by(stage.table.c[PLACE])
        inserting: Any = postgresql.insert(self.plan.table).from_select(names, source)
        done = self._on_conflict(inserting, changes).returning(_IS_NEW).cte("done")
        return select(func.string_agg(case((done.c.is_new, "1"), else_="0"), ""))

    async def _one_by_one(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        text = self._text("returning", batch, changes, returning=True)
        stamps = changes.bound_parameters()
        found = [(await text.run(connection, (*record, *stamps))).scalar_one() for record in batch.records]
        self._note(batch, found)

    async def _by_executemany(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        makes_key = self._makes_key(batch)
        before = None if makes_key else await self._existing(connection, batch)
        text = self._text("upsert", batch, changes)
        stamps = changes.bound_parameters()
        await text.run_many(
            self.unit, connection, [(*record, *stamps) for record in batch.records] if stamps else batch.records
        )
        new = [key not in before for key in self._keys(batch)] if before is not None else None
        self._note(batch, new if new is not None else await self._own(connection, batch), is_changed=bool(changes))

    async def _apart(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        """Insert new rows, update the others: where an upsert would also change what meets it by another key."""
        before = await self._existing(connection, batch)
        new = [key not in before for key in self._keys(batch)]
        fresh = batch.chosen([place for place, is_new in enumerate(new) if is_new])
        known = batch.chosen([place for place, is_new in enumerate(new) if not is_new])
        await insert_plainly(self.unit, connection, self.plan, fresh)
        if changes:
            await self._update(connection, known, changes)
        self._note(batch, new, is_changed=bool(changes))

    async def _update(self, connection: AsyncConnection, batch: Batch, changes: Changes) -> None:
        columns = [self.plan.columns[name] for name in self.key.keys]
        statement = update(self.plan.table).values(changes.values(place_of))
        for one in columns:
            statement = statement.where(one.column == place_of(one, "key_"))
        statement = statement if self.key.where is None else statement.where(self.key.where)
        used = [*(one for one in batch.columns if one in changes.moved or changes.made.get(one, one) is None), *columns]
        places = [batch.columns.index(one) for one in used]
        names = [str(one.column.key) for one in used[: -len(columns)]]
        names += [f"key_{one.column.key}" for one in columns]
        text = text_of(statement, self.plan.dialect, [*names, *changes.stamps])
        stamps = changes.bound_parameters()
        records = [(*(record[place] for place in places), *stamps) for record in batch.records]
        await text.run_many(self.unit, connection, records)

    # --- statements ------------------------------------------------------------------------------

    def _text(self, kind: str, batch: Batch, changes: Changes, *, returning: bool = False) -> Text:
        names = [str(one.column.key) for one in batch.columns]
        asked = (kind, self.key, tuple(names), tuple(changes.moved), tuple(changes.stamps))
        if asked not in self.plan.texts:
            inserting = _INSERTS[self.unit.dialect.name if self.unit.dialect.can_name_conflict else "mysql"]
            statement = self._on_conflict(inserting(self.plan.table).inline(), changes)
            statement = statement.returning(_IS_NEW) if returning else statement
            self.plan.texts[asked] = text_of(statement, self.plan.dialect, [*names, *changes.stamps])
        found: Text = self.plan.texts[asked]
        return found

    def _on_conflict(self, inserting: Any, changes: Changes) -> Any:
        columns = [self.plan.columns[name].column for name in self.key.keys]
        if not self.unit.dialect.can_name_conflict:
            # Without changes a column takes its own value: there is no other way to leave a row alone.
            values = changes.values(lambda one: inserting.inserted[one.column.key]) or {columns[0].key: columns[0]}
            return inserting.on_duplicate_key_update(values)
        if not changes:
            return inserting.on_conflict_do_nothing(index_elements=columns, index_where=self.key.where)
        values = changes.values(lambda one: inserting.excluded[one.column.key])
        return inserting.on_conflict_do_update(index_elements=columns, index_where=self.key.where, set_=values)

    # --- which rows are new ----------------------------------------------------------------------

    def _makes_key(self, batch: Batch) -> bool:
        """Tell whether rows get a primary key made here: then the one that is stored says who made it."""
        filled = all(self.plan.columns[name].fill is not None for name in self.plan.primary)
        return filled and not batch.given & set(self.plan.primary)

    def _keys(self, batch: Batch) -> list[tuple[Any, ...]]:
        return key_values(batch.rows, self.key)

    async def _existing(self, connection: AsyncConnection, batch: Batch) -> set[tuple[Any, ...]]:
        columns = [self.plan.columns[name].column for name in self.key.keys]
        rows = await self._read(connection, batch, columns, lock=True)
        if not self._is_exact:
            return set(self._keys(batch)) if rows else set()
        return {tuple(row) for row in rows}

    async def _own(self, connection: AsyncConnection, batch: Batch) -> list[bool]:
        primary = [self.plan.columns[name] for name in self.plan.primary]
        stored = await self._read(connection, batch, [one.column for one in primary], lock=False)
        bound = {
            tuple(one.binder.bind([part]).values[0] for one, part in zip(primary, row, strict=True)) for row in stored
        }
        places = [batch.columns.index(one) for one in primary]
        return [tuple(record[place] for place in places) in bound for record in batch.records]

    async def _read(self, connection: AsyncConnection, batch: Batch, wanted: Any, *, lock: bool) -> list[Any]:
        columns = [self.plan.columns[name].column for name in self.key.keys]
        keys = self._keys(batch)
        found: list[Any] = []
        for start in range(0, len(keys), _KEYS):
            some = keys[start : start + _KEYS]
            reading = select(*wanted).where(
                matching(columns, some), *([] if self.key.where is None else [self.key.where])
            )
            reading = reading.with_for_update() if lock and self.unit.dialect.has_row_locks else reading
            found += (await connection.execute(reading)).all()
        return found

    def _note(self, batch: Batch, new: Sequence[bool], *, is_changed: bool = True) -> None:
        known: Outcome = "updated" if is_changed else "unchanged"
        self.result.outcomes.choose(batch.indexes, new, "inserted", known)


# A row that ON CONFLICT has found was locked by it first, which leaves the transaction's number in the new version.
_IS_NEW: Any = literal_column("(xmax = 0)").label("is_new")


def _attributes(plan: BulkPlan, key: UniqueKey, updated: Iterable[str]) -> frozenset[str]:
    names = {str(getattr(one, "key", one)) for one in ([updated] if isinstance(updated, str) else updated)}
    if wrong := sorted(names - set(plan.columns)):
        raise ConfigurationError(f"update= names what is no column of {plan.name}: {', '.join(wrong)}.")
    if fixed := sorted(names & {*plan.primary, *key.keys}):
        raise ConfigurationError(f"update= names what an upsert does not change: {', '.join(fixed)}.")
    return frozenset(names)

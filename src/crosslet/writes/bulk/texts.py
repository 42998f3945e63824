"""Statements compiled once, and records handed to them as each driver takes parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Dialect, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from crosslet.transactions import MANY, WRITES, Unit, written_by
from crosslet.writes.bulk.batches import Batch
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan

Record = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Text:
    """SQL in the driver's parameter style, what makes its parameters of a record, and what goes with its execution."""

    sql: str
    parameters: Callable[[Record], Any]
    options: dict[str, Any]

    async def run_many(self, unit: Unit, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Run it once a record, as the driver's `executemany` does, or in a faster way that the driver has."""
        if records:
            parameters = records if self.parameters is tuple else [self.parameters(record) for record in records]
            await connection.exec_driver_sql(self.sql, cast("Any", parameters), {**self.options, MANY: unit})

    async def run(self, connection: AsyncConnection, record: Record) -> Any:
        """Run it for one record and return SQLAlchemy's result."""
        return await connection.exec_driver_sql(self.sql, self.parameters(record), self.options)


def text_of(statement: Any, dialect: Dialect, names: Sequence[str]) -> Text:
    """Compile a statement whose parameters are named like the places of a record."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    # Those of expressions in it, such as an SQL default.
    own = {name: bind for bind, name in compiled.bind_names.items() if name not in names}
    constants = tuple(_bound(bind, dialect) for bind in own.values())
    known = [*names, *own]
    options = {WRITES: written_by(compiled, str(compiled))}
    if not compiled.positional:
        escaped = [compiled.escaped_bind_names.get(name, name) for name in known]
        return Text(str(compiled), lambda record: dict(zip(escaped, (*record, *constants), strict=True)), options)
    places = [known.index(name) for name in compiled.positiontup or ()]
    if places == list(range(len(names))):
        return Text(str(compiled), tuple, options)
    return Text(str(compiled), lambda record: tuple(map((*record, *constants).__getitem__, places)), options)


def _bound(bind: Any, dialect: Dialect) -> Any:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return process(bind.value) if process is not None else bind.value


def insert_text(plan: BulkPlan, columns: Sequence[BulkColumn]) -> Text:
    """Return the INSERT of these columns; SQL defaults of others stand in its text."""
    names = tuple(str(column.column.key) for column in columns)
    asked = ("insert", names)
    if asked not in plan.texts:
        plan.texts[asked] = text_of(plan.table.insert().inline(), plan.dialect, names)
    found: Text = plan.texts[asked]
    return found


async def insert_plainly(unit: Unit, connection: AsyncConnection, plan: BulkPlan, batch: Batch) -> None:
    """Insert a batch by the driver's `executemany`."""
    text = insert_text(plan, batch.columns)
    if not batch.columns:
        # Rows that the database makes whole: drivers take no parameters that are none for `executemany`.
        for _ in batch.rows:
            await text.run(connection, ())
        return
    await text.run_many(unit, connection, batch.records)


def place_of(column: BulkColumn, prefix: str = "") -> Any:
    """Return the parameter that stands for a column's value, already bound when it gets there."""
    return bindparam(f"{prefix}{column.column.key}", type_=column.column.type)

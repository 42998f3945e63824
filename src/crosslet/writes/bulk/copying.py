"""PostgreSQL's COPY: where it can be had for a table, and rows sent by it.

The server is asked first, in the round trip that begins the transaction anyway: COPY takes no part in row-level
security and rules, and a binary value has to be of exactly the type that the column has by now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, Table, column, types
from sqlalchemy import text as sql_text
from sqlalchemy.ext.asyncio import AsyncConnection

from crosslet.connections import CopyIn
from crosslet.transactions import Unit, copy_rows
from crosslet.writes.bulk.batches import Batch
from crosslet.writes.bulk.plans import BulkColumn, BulkPlan

# PostgreSQL's own types, by number, with the types of columns whose bound values are what COPY sends for them.
_TYPES: Final[Mapping[int, type[Any] | tuple[type[Any], ...]]] = {
    16: types.Boolean,
    17: types.LargeBinary,
    20: types.Integer,
    21: types.Integer,
    23: types.Integer,
    25: types.String,
    114: types.JSON,
    700: (types.Float, types.Double),
    701: (types.Float, types.Double),
    1042: types.String,
    1043: types.String,
    1082: types.Date,
    1083: types.Time,
    1114: types.DateTime,
    1184: types.DateTime,
    1186: types.Interval,
    1700: types.Numeric,
    2950: types.Uuid,
    3802: types.JSON,
}

_ASK = sql_text(
    "SELECT c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT row_security_active(c.oid), a.attname, a.atttypid "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.oid = to_regclass(:name) AND a.attnum > 0 AND NOT a.attisdropped"
).columns(column("is_plain", types.Boolean), column("name", String), column("oid", types.Integer))


@dataclass(frozen=True, slots=True)
class CopyTarget:
    """What the server says of a table.

    Attributes:
        is_plain: COPY means the same as INSERT there.
        oids: The numbers of the columns' types.
    """

    is_plain: bool
    oids: Mapping[str, int]

    def serves(self, columns: Sequence[BulkColumn], dialect: Any) -> bool:
        """Tell whether rows may go into the table itself by COPY."""
        return self.is_plain and self.takes(columns, dialect)

    def takes(self, columns: Sequence[BulkColumn], dialect: Any) -> bool:
        """Tell whether COPY stores of these columns what an INSERT would."""
        return all(_is_sent_alike(one.column.type, dialect, self.oids.get(str(one.column.name), 0)) for one in columns)


def _is_sent_alike(column_type: Any, dialect: Any, oid: int) -> bool:
    expected = _TYPES.get(oid)
    if expected is None or column_type._has_bind_expression:
        return False
    stored = column_type
    while isinstance(stored, types.TypeDecorator):
        stored = stored.type_engine(dialect)
    native = stored.dialect_impl(dialect)
    if isinstance(stored, types.Enum) and getattr(native, "native_enum", False) and oid not in (25, 1043):
        return False
    return isinstance(stored, expected) or isinstance(native, expected)


async def ask_target(connection: AsyncConnection, plan: BulkPlan) -> CopyTarget:
    """Ask the server about a table, within the transaction."""
    name = plan.dialect.identifier_preparer.format_table(plan.table)
    rows = (await connection.execute(_ASK, {"name": name})).all()
    return CopyTarget(bool(rows) and all(row[0] for row in rows), {row[1]: row[2] for row in rows})


def copy_of(table: Table, batch: Batch, target: CopyTarget) -> CopyIn:
    """Return a batch as COPY takes it."""
    names = [str(one.column.name) for one in batch.columns]
    return CopyIn(table.schema, str(table.name), names, [target.oids[name] for name in names], batch.values)


async def copy_batch(unit: Unit, connection: AsyncConnection, table: Table, batch: Batch, target: CopyTarget) -> None:
    """Send a batch into a table."""
    await copy_rows(unit, connection, batch.copy or copy_of(table, batch, target))

"""COPY and bulk protocols as statements of a unit: deadline, poison, translated errors, everybody's events as ever.

SQLAlchemy runs them like a statement, and at the point where it would call the driver's cursor, the driver's own runs.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event, select, table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

from crosslet.connections import CopyIn
from crosslet.reads import tag_of
from crosslet.transactions.observing import OWN
from crosslet.transactions.unit import Unit, driver_connection
from crosslet.transactions.written import WRITES

_OPTION = "crosslet_copy"
# An execution option: the unit whose driver may run an `executemany` in a faster way; nobody needs its row count.
MANY = "crosslet_many"


def listen_for_copies(engine: Engine) -> None:
    """Let statements of an engine carry a COPY."""
    event.listen(engine, "do_execute", _run_copy)


async def copy_rows(unit: Unit, connection: AsyncConnection, what: CopyIn) -> None:
    """Send rows into a table, within the unit's transaction.

    Raises:
        DatabaseError: As for an INSERT of the rows; none of them is stored.
        StatementTimeout: It took longer than a statement may.
    """
    raw = driver_connection(connection.sync_connection)
    if raw is not None and unit.driver.commit_obstacle(raw) is not None:
        # The drivers begin a transaction with the first statement that they see; this one goes past them.
        await connection.execute(select(1), execution_options=OWN)
    tags = frozenset({tag_of(table(what.table, schema=what.schema))})
    await connection.exec_driver_sql(what.statement, execution_options={_OPTION: (unit, what), WRITES: tags})


def _run_copy(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
    found = context.execution_options.get(_OPTION)
    if found is None:
        return None
    unit, what = found
    connection: Connection = context.root_connection
    try:
        await_only(unit.driver.copy(driver_connection(connection), what))
    except Exception as error:
        # SQLAlchemy's own cursor would turn it into the class of the emulated DBAPI.
        connection.connection.dbapi_connection._handle_exception(error)  # type: ignore[union-attr]
        raise
    return True


def listen_for_many(engine: Engine) -> None:
    """Let an `executemany` of an engine that is marked with MANY be run in the driver's fastest way."""
    event.listen(engine, "do_executemany", _run_many)


def _run_many(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
    unit = context.execution_options.get(MANY)
    if unit is None:
        return None
    connection: Connection = context.root_connection
    try:
        return bool(await_only(unit.driver.execute_many(driver_connection(connection), statement, parameters))) or None
    except Exception as error:
        connection.connection.dbapi_connection._handle_exception(error)  # type: ignore[union-attr]
        raise

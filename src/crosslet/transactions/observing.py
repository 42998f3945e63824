"""What observers are told of statements that go through SQLAlchemy's engine; those past it are told in connections.

Told is what the application sends. What crosslet sends around it (BEGIN, savepoints, settings of a transaction, SHOW
WARNINGS, the rider of a ledger) is not; COMMIT and pings pass no cursor of SQLAlchemy's anyway.
"""

import re
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, ExceptionContext

from crosslet.connections import HERE, Observers

# An execution option of statements that are crosslet's own.
OWN: Final[dict[str, Any]] = {"crosslet_own": True}
_AROUND: Final = re.compile(
    r"\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START\s+TRANSACTION|SET\s+TRANSACTION|SHOW\s+WARNINGS)\b",
    re.IGNORECASE,
)
# What most statements are needs no closer look.
_USUAL: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def tell_began(observers: Observers, connection: Connection, statement: str, parameters: Any, context: Any) -> None:
    """Tell of a statement that SQLAlchemy is about to send."""
    if context is None or "crosslet_own" in context.execution_options:
        return
    if not statement.startswith(_USUAL) and _AROUND.match(statement):
        return
    sole = observers.sole
    if sole is not None:
        if observers.is_everywhere or sole in HERE.get():
            context._crosslet_marks = perf_counter()
        return
    # One context may send several in a row: many rows in batches.
    context._crosslet_marks = observers.began(statement, parameters, connection, context)


def tell_ended(observers: Observers, cursor: Any, context: Any) -> None:
    """Tell of the end of a statement that was told of."""
    # Not by its `__dict__`: an object whose dictionary was asked for is slower from then on.
    marks = getattr(context, "_crosslet_marks", None)
    if marks is not None:
        context._crosslet_marks = None
        if type(marks) is not float:
            observers.ended(marks, _rows(cursor, context))
        elif observers.sole is not None:
            # The same text for lists of any length, where SQLAlchemy has compiled it.
            text = context.statement if context.compiled is None else context.compiled.string
            observers.sole.add(text, perf_counter() - marks, _rows(cursor, context), None)


def tell_failed(observers: Observers, context: ExceptionContext) -> None:
    """Tell of the failure of a statement that was told of."""
    execution: Any = context.execution_context
    marks = getattr(execution, "_crosslet_marks", None)
    if marks is not None:
        execution._crosslet_marks = None
        if type(marks) is not float:
            observers.ended(marks, None, context.original_exception)
        elif observers.sole is not None:
            text = execution.statement if execution.compiled is None else execution.compiled.string
            observers.sole.add(text, perf_counter() - marks, None, context.original_exception)


def _rows(cursor: Any, context: Any) -> int | None:
    """Count what has arrived or was changed; None while rows stay with the server, to be fetched later."""
    rows = getattr(cursor, "_rows", None)
    if rows:
        return len(rows)
    if cursor.description is not None:
        return None if rows is None or getattr(cursor, "server_side", False) else 0
    count = cursor.rowcount
    return count if isinstance(count, int) and count >= 0 else None

"""From whatever a driver raised to one of crosslet's errors, with the values taken out of its text."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import CheckConstraint, Constraint, ExceptionContext, MetaData, UniqueConstraint, exc
from sqlalchemy.sql.schema import ColumnCollectionConstraint

from crosslet import errors
from crosslet.connections import DirectFailure, Explain
from crosslet.dialects import Dialect, Failure, chain_of
from crosslet.transactions.unit import Unit

_HIDDEN = "(the driver's text is hidden: it may hold values; Database(show_values=True) shows it)"


def translated(context: ExceptionContext, unit: Unit | None, dialect: Dialect, names: "ConstraintNames") -> Any:
    """Return the error to raise instead of a driver's; None where it is none of the database's.

    Also tells SQLAlchemy which connections are of no use any more: a lost one, and one to a server that
    has become read-only (which a ping would not notice).
    """
    error = context.original_exception
    late = unit.end_statement() if unit is not None else False
    if isinstance(error, errors.CrossletError) or not isinstance(error, Exception):
        return _own(error)
    if context.sqlalchemy_exception is None and not _is_raw_failure(error):
        return None
    failure = dialect.classify(error)
    if _is_of_wrong_type(context):
        failure = replace(failure, kind=errors.DataRejected)
    lost = failure.lost or context.is_disconnect or isinstance(error, OSError)
    kind = _kind_of(failure, late=late, lost=lost, committing=unit is not None and unit.committing)
    if issubclass(kind, errors.ReadOnlyNode) and dialect.has_server and not (unit and unit.read_only):
        lost = True
    if lost and context.connection is not None:
        context.is_disconnect = True
    if unit is not None and unit.read_only and issubclass(kind, errors.ReadOnlyNode):
        return errors.ReadOnlySession()
    orig = context.sqlalchemy_exception.orig if context.sqlalchemy_exception else error
    return _made(kind, failure, names, statement=context.statement, orig=orig, lost=lost)


def explain_reads(dialect: Dialect, names: "ConstraintNames", *, show_values: bool) -> Explain:
    """Make the function that turns the failure of a direct read into the error that the engine's way would raise."""

    def explain(failed: DirectFailure) -> Exception | None:
        made = _explained(failed, dialect, names, show_values=show_values, committing=False)
        return errors.ReadOnlySession() if isinstance(made, errors.ReadOnlyNode) else made

    return explain


def explain_changes(dialect: Dialect, names: "ConstraintNames", *, show_values: bool) -> Explain:
    """Make the same for a statement whose end is its commit: one that is lost may have been stored.

    Not so on SQLite, where what is interrupted is undone.
    """

    def explain(failed: DirectFailure) -> Exception | None:
        return _explained(failed, dialect, names, show_values=show_values, committing=dialect.has_server)

    return explain


def _explained(
    failed: DirectFailure, dialect: Dialect, names: "ConstraintNames", *, show_values: bool, committing: bool
) -> errors.DatabaseError | None:
    error = failed.error
    if not failed.is_driver_error and not _is_raw_failure(error):
        return None
    failure = dialect.classify(error)
    kind = _kind_of(failure, late=failed.late, lost=failed.lost, committing=committing)
    made = _made(kind, failure, names, statement=failed.statement, orig=error, lost=failed.lost)
    if not show_values:
        hide_text(error)
    return made


def _made(
    kind: type[errors.DatabaseError],
    failure: Failure,
    names: "ConstraintNames",
    *,
    statement: str | None,
    orig: BaseException | None,
    lost: bool,
) -> errors.DatabaseError:
    table, columns = names.columns_of(failure)
    return kind(
        statement=statement,
        orig=orig,
        sqlstate=failure.sqlstate,
        constraint=failure.constraint,
        table=table,
        columns=columns,
        invalidated=lost,
    )


def _own(error: BaseException) -> errors.CrossletError | None:
    # A type refused a value while it was bound; SQLAlchemy would wrap that into a StatementError.
    return errors.InvalidValue(error.problems) if isinstance(error, errors.InvalidValue) else None


def _is_of_wrong_type(context: ExceptionContext) -> bool:
    """Tell whether a column's type could not bind a value, such as text for a UUID: nothing was sent."""
    raised = context.sqlalchemy_exception
    is_binding = isinstance(raised, exc.StatementError) and not isinstance(raised, exc.DBAPIError)
    return is_binding and isinstance(context.original_exception, AttributeError | TypeError | ValueError)


def _is_raw_failure(error: Exception) -> bool:
    """Tell whether a driver let an error through that it ought to have wrapped."""
    return isinstance(error, OSError | OverflowError | UnicodeEncodeError)


def _kind_of(failure: Failure, *, late: bool, lost: bool, committing: bool) -> type[errors.DatabaseError]:
    if committing and (lost or late):
        return errors.CommitOutcomeUnknown
    if late:
        return errors.StatementTimeout
    if lost and not issubclass(failure.kind, errors.RetryableError | errors.CommitOutcomeUnknown):
        return errors.ConnectionLost
    return failure.kind


def hide_text(error: BaseException) -> None:
    """Take the text, and so the values, out of a driver's error, in place.

    It is the cause of the error that is raised, and a logged traceback prints causes.
    """
    for link in chain_of(error):
        number = link.args[:1] if link.args and isinstance(link.args[0], int) else ()
        link.args = (*number, _HIDDEN)
        for name in ("detail", "message", "hint", "where"):
            if isinstance(getattr(link, name, None), str):
                _forget(link, name)


def _forget(link: BaseException, name: str) -> None:
    try:
        setattr(link, name, None)
    except AttributeError:
        return  # A read-only attribute is not part of the text that is printed.


class ConstraintNames:
    """Finds table and columns of a constraint by its name, where the database names no more than that.

    Args:
        sources: Give the metadata to search, when it is first needed: tables may be declared late.
    """

    def __init__(self, sources: Callable[[], list[MetaData]]) -> None:
        self._sources = sources
        self._found: dict[str, tuple[str, tuple[str, ...]]] | None = None

    def columns_of(self, failure: Failure) -> tuple[str | None, tuple[str, ...]]:
        """Complete a failure's table and columns."""
        if failure.columns or failure.constraint is None:
            return failure.table, failure.columns
        if self._found is None or failure.constraint not in self._found:
            self._found = _constraints(self._sources())
        table, columns = self._found.get(failure.constraint, (None, ()))
        return failure.table or table, columns


def _constraints(sources: list[MetaData]) -> dict[str, tuple[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for metadata in sources:
        for table in metadata.tables.values():
            for constraint in table.constraints:
                if constraint.name:
                    found[str(constraint.name)] = (table.name, _names(constraint))
            for index in table.indexes:
                if index.unique and index.name:
                    found[str(index.name)] = (table.name, tuple(column.name for column in index.columns))
    return found


def _names(constraint: Constraint) -> tuple[str, ...]:
    known = (ColumnCollectionConstraint, UniqueConstraint, CheckConstraint)
    return tuple(column.name for column in constraint.columns) if isinstance(constraint, known) else ()

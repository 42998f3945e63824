"""All or nothing: units of work, their guards, their commit, their repetition."""

from crosslet.transactions.commit import close, commit, roll_back
from crosslet.transactions.copying import MANY, copy_rows
from crosslet.transactions.direct import change_directly, fetch_directly, may_change_directly, may_read_directly
from crosslet.transactions.guards import UnitSession, guard_engine, hears_changes, hears_statements, refuse_changes
from crosslet.transactions.hooks import run_hooks, run_hooks_later
from crosslet.transactions.ledger import Ledger
from crosslet.transactions.retry import delay_before, is_retryable, run_again
from crosslet.transactions.translate import ConstraintNames, explain_changes, explain_reads
from crosslet.transactions.unit import Hook, Unit, driver_connection, savepoint_of
from crosslet.transactions.written import WRITES, written_by

__all__ = [
    "MANY",
    "WRITES",
    "ConstraintNames",
    "Hook",
    "Ledger",
    "Unit",
    "UnitSession",
    "change_directly",
    "close",
    "commit",
    "copy_rows",
    "delay_before",
    "driver_connection",
    "explain_changes",
    "explain_reads",
    "fetch_directly",
    "guard_engine",
    "hears_changes",
    "hears_statements",
    "is_retryable",
    "may_change_directly",
    "may_read_directly",
    "refuse_changes",
    "roll_back",
    "run_again",
    "run_hooks",
    "run_hooks_later",
    "savepoint_of",
    "written_by",
]

"""All or nothing: units of work, their guards, their commit, their repetition."""

from crosslet.transactions.commit import close, commit, roll_back
from crosslet.transactions.guards import UnitSession, guard_engine, refuse_changes
from crosslet.transactions.hooks import run_hooks, run_hooks_later
from crosslet.transactions.retry import delay_before, is_retryable, run_again
from crosslet.transactions.translate import ConstraintNames
from crosslet.transactions.unit import Hook, Unit, savepoint_of

__all__ = [
    "ConstraintNames",
    "Hook",
    "Unit",
    "UnitSession",
    "close",
    "commit",
    "delay_before",
    "guard_engine",
    "is_retryable",
    "refuse_changes",
    "roll_back",
    "run_again",
    "run_hooks",
    "run_hooks_later",
    "savepoint_of",
]

"""How to change data: one row through the ORM, many by a statement."""

from crosslet.writes.bulk.results import BulkResult, Outcome, RowError
from crosslet.writes.bulk.rows import Rows
from crosslet.writes.bulk.running import OnError, Progress
from crosslet.writes.bulk.verbs import delete_many, insert_many, update_many, upsert_many
from crosslet.writes.fields import given_values, refuse_protected, writable_fields
from crosslet.writes.locks import for_update, lock, try_lock
from crosslet.writes.references import references_of, refuse_deleted
from crosslet.writes.relations import Difference, relate
from crosslet.writes.returning import changed_rows, check_statement
from crosslet.writes.rows import checked_values, create, delete, patch
from crosslet.writes.soft_delete import mark_one, mark_rows, purge_one, restore_one

__all__ = [
    "BulkResult",
    "Difference",
    "OnError",
    "Outcome",
    "Progress",
    "RowError",
    "Rows",
    "changed_rows",
    "check_statement",
    "checked_values",
    "create",
    "delete",
    "delete_many",
    "for_update",
    "given_values",
    "insert_many",
    "lock",
    "mark_one",
    "mark_rows",
    "patch",
    "purge_one",
    "references_of",
    "refuse_deleted",
    "refuse_protected",
    "relate",
    "restore_one",
    "try_lock",
    "update_many",
    "upsert_many",
    "writable_fields",
]

"""How to change data: one row through the ORM, many by a statement."""

from crosslet.writes.fields import given_values, refuse_protected, writable_fields
from crosslet.writes.locks import for_update, lock, try_lock
from crosslet.writes.references import references_of, refuse_deleted
from crosslet.writes.relations import Difference, relate
from crosslet.writes.returning import changed_rows, check_statement
from crosslet.writes.rows import checked_values, create, delete, patch
from crosslet.writes.soft_delete import mark_one, mark_rows, purge_one, restore_one

__all__ = [
    "Difference",
    "changed_rows",
    "check_statement",
    "checked_values",
    "create",
    "delete",
    "for_update",
    "given_values",
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
    "writable_fields",
]

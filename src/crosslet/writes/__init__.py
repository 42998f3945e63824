"""How to change data: one row through the ORM, many by a statement."""

from crosslet.writes.fields import given_values, refuse_protected, writable_fields
from crosslet.writes.returning import changed_rows, check_statement
from crosslet.writes.rows import checked_values, create, delete, patch

__all__ = [
    "changed_rows",
    "check_statement",
    "checked_values",
    "create",
    "delete",
    "given_values",
    "patch",
    "refuse_protected",
    "writable_fields",
]

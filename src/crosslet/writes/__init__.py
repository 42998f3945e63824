"""How to change data: one row through the ORM, many by a statement."""

from crosslet.writes.fields import given_values, refuse_protected, writable_fields
from crosslet.writes.returning import changed_rows
from crosslet.writes.rows import create, delete, patch

__all__ = ["changed_rows", "create", "delete", "given_values", "patch", "refuse_protected", "writable_fields"]

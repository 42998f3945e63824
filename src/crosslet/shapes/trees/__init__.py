"""An outline as one SQL statement that returns the whole tree as JSON, on each database."""

from crosslet.shapes.trees.compile import Mode, entity_for, related_rows, root_of, unreadable
from crosslet.shapes.trees.writer import Rows

__all__ = ["Mode", "Rows", "entity_for", "related_rows", "root_of", "unreadable"]

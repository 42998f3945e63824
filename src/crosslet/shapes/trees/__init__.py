"""An outline as one SQL statement that returns the whole tree as JSON, on each database."""

from crosslet.shapes.trees.compile import Mode, related_rows, root_of, unreadable
from crosslet.shapes.trees.writer import Rows

__all__ = ["Mode", "Rows", "related_rows", "root_of", "unreadable"]

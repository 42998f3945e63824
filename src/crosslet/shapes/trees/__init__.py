"""An outline as one SQL statement that returns the whole tree as JSON, on each database."""

from crosslet.shapes.trees.compile import STRANGER, Mode, entity_for, root_of, unreadable
from crosslet.shapes.trees.relations import related_rows
from crosslet.shapes.trees.writer import Rows

__all__ = ["STRANGER", "Mode", "Rows", "entity_for", "related_rows", "root_of", "unreadable"]

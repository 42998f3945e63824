"""What a caller wants back, turned into a statement and a reader of its rows."""

from crosslet.shapes.columns import Changing, Reading, mapper_of, reading_of, row_statement, shape_columns
from crosslet.shapes.fields import Field, fields_of

__all__ = ["Changing", "Field", "Reading", "fields_of", "mapper_of", "reading_of", "row_statement", "shape_columns"]

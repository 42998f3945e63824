"""How one column's value becomes JSON in SQL, on each database and driver, as Pydantic would write it."""

from crosslet.shapes.values.fit import value_of
from crosslet.shapes.values.sql import Value
from crosslet.shapes.values.target import Target

__all__ = ["Target", "Value", "value_of"]

"""What the user holds: Database and Session."""

from crosslet.database.database import Database, UnitContext
from crosslet.database.session import Session

__all__ = ["Database", "Session", "UnitContext"]

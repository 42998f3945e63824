"""What the user holds: Database and Session."""

from crosslet.database.database import Database, UnitContext
from crosslet.database.session import Session
from crosslet.database.streams import Stream

__all__ = ["Database", "Session", "Stream", "UnitContext"]

"""What the user holds: Database and Session."""

from crosslet.database.contexts import UnitContext
from crosslet.database.database import Database
from crosslet.database.repository import Repository
from crosslet.database.session import Session
from crosslet.database.streams import Stream

__all__ = ["Database", "Repository", "Session", "Stream", "UnitContext"]

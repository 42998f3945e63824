"""The database and driver that SQL is written for."""

from dataclasses import dataclass

from sqlalchemy import Dialect


@dataclass(frozen=True, slots=True)
class Target:
    """What SQL is written for.

    Args:
        dialect: SQLAlchemy's, of an engine that has connected: the server's version and kind count.
    """

    dialect: Dialect

    @property
    def name(self) -> str:
        """Return the database's name; `mariadb` also where the URL says `mysql`."""
        return "mariadb" if getattr(self.dialect, "is_mariadb", False) else self.dialect.name

    @property
    def driver(self) -> str:
        """Return the driver's name."""
        return self.dialect.driver

    @property
    def version(self) -> tuple[int, ...]:
        """Return the version of the server, or of SQLite's library; empty if nothing has connected yet."""
        library = getattr(self.dialect, "dbapi", None) if self.name == "sqlite" else None
        known = getattr(library or self.dialect, "sqlite_version_info" if library else "server_version_info", None)
        return tuple(part for part in known or () if isinstance(part, int))

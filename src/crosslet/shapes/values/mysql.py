"""JSON values on MySQL 8, where they differ from MariaDB's: its JSON keeps types that MariaDB's writes as text."""

from crosslet.shapes.values.held import Held
from crosslet.shapes.values.mariadb import MariaDBForms
from crosslet.shapes.values.sql import Sql, as_is


class MySQLForms(MariaDBForms):
    """Values of MySQL 8.0 and newer, for JSON_OBJECT."""

    def real(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a float; one of 4 bytes would be widened to 8, and the drivers read it from its text."""
        return (lambda v: f"CAST(CAST({v} AS CHAR) AS JSON)") if held.is_short else as_is

    def time(self, held: Held, *, exact: bool) -> Sql | None:
        """Return a time; a bare one would have six digits always."""
        return super().time(held, exact=True)

"""MariaDB: where it differs from MySQL."""

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from crosslet.dialects.mysql import LONGEST_STREAM, MySQL
from crosslet.settings import Deadlines

_READING = re.compile(r"\s*\(*\s*(?:SELECT|WITH)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MariaDB(MySQL):
    """MariaDB 10.6 and newer: RETURNING for INSERT and DELETE, not for UPDATE."""

    name: ClassVar[str] = "mariadb"
    can_return_inserted: ClassVar[bool] = True
    can_return_deleted: ClassVar[bool] = True
    has_native_uuid: ClassVar[bool] = True

    def _time_limits(self, deadlines: Deadlines) -> tuple[str, ...]:
        return (
            f"SESSION max_statement_time = {deadlines.statement:.3f}",
            f"SESSION idle_transaction_timeout = {max(1, math.ceil(deadlines.idle))}",
        )

    def streamed(self, statement: str) -> str:
        """Let it take an hour: the time that the reader takes counts, too."""
        if not _READING.match(statement):
            return statement
        return f"SET STATEMENT max_statement_time = {LONGEST_STREAM} FOR {statement}"

"""What each database can do. Everyone else asks a `Dialect`; no other room knows a database's name."""

from crosslet.dialects.base import Dialect, Failure, chain_of
from crosslet.dialects.lookup import dialect_of, parse_url
from crosslet.dialects.mariadb import MariaDB
from crosslet.dialects.mysql import MySQL
from crosslet.dialects.postgresql import PostgreSQL
from crosslet.dialects.sqlite import SQLite
from crosslet.dialects.sqlite_functions import SQLITE_FUNCTIONS

__all__ = [
    "SQLITE_FUNCTIONS",
    "Dialect",
    "Failure",
    "MariaDB",
    "MySQL",
    "PostgreSQL",
    "SQLite",
    "chain_of",
    "dialect_of",
    "parse_url",
]

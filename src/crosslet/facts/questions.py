"""The SQL that asks a server about itself, per database. What the answers mean is not said here.

Every statement may be run by an account without special rights.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch

from crosslet.dialects import Dialect, MariaDB, MySQL, PostgreSQL, SQLite


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What to ask one database.

    Attributes:
        product: The name people know it by.
        server: Answers with one row; its columns are named like the fields of `ServerFacts` and `Room`.
        status: Answers with rows of name and value, for what no expression can reach; empty where there is none.
        settings: Columns of `server` that are settings of the server or session.
        session_id: The number of the server's session, as one value; None where there are no sessions.
        write: From the name of a table that does not exist, a write that a read-only session must refuse.
        undo_write: The statement to take it back if it was not refused; None where it changes nothing anyhow.
    """

    product: str
    server: str
    status: str = ""
    settings: tuple[str, ...] = ()
    session_id: str | None = None
    write: Callable[[str], str] = "DROP TABLE IF EXISTS {}".format
    undo_write: Callable[[str], str] | None = None


@singledispatch
def questions_of(dialect: Dialect) -> Questions:
    """Return what to ask a database.

    Raises:
        LookupError: Nobody has written that down.
    """
    raise LookupError(type(dialect).__name__)


# Connections of this account to this database count as the application's own: a copy of it may be running.
_POSTGRESQL = """
SELECT current_setting('server_version') AS version,
       current_setting('TimeZone') AS time_zone,
       (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS server_time_zone,
       upper(current_setting('transaction_isolation')) AS isolation,
       current_setting('server_encoding') AS encoding,
       pg_is_in_recovery() AS is_read_only,
       inet_server_port() AS port,
       (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls_version,
       (SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls_cipher,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
       (SELECT count(*) FROM pg_stat_activity
           WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
           AND NOT (datname = current_database() AND usename = current_user)) AS others,
       (SELECT min(given) FROM (
           SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user
           UNION ALL SELECT datconnlimit FROM pg_database WHERE datname = current_database()
       ) AS limits (given) WHERE given >= 0) AS account_limit
"""

_MYSQL = """
SELECT @@version AS version,
       @@session.time_zone AS time_zone,
       IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone) AS server_time_zone,
       REPLACE(@@session.{isolation}, '-', ' ') AS isolation,
       @@character_set_database AS encoding,
       @@global.read_only AS is_read_only,
       @@global.port AS port,
       @@session.sql_mode AS sql_mode,
       @@global.sql_mode AS server_sql_mode,
       @@global.innodb_flush_log_at_trx_commit AS innodb_flush_log_at_trx_commit,
       @@global.max_connections AS max_connections,
       NULLIF(@@session.max_user_connections, 0) AS account_limit,
       (SELECT COUNT(*) FROM information_schema.processlist
           WHERE user = SUBSTRING_INDEX(USER(), '@', 1) AND db <=> DATABASE()) AS own
"""
_MYSQL_STATUS = "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher', 'Threads_connected')"
_MYSQL_SETTINGS = ("sql_mode", "server_sql_mode", "innodb_flush_log_at_trx_commit")

_SQLITE = """
SELECT sqlite_version() AS version,
       'SERIALIZABLE' AS isolation,
       (SELECT encoding FROM pragma_encoding) AS encoding,
       (SELECT journal_mode FROM pragma_journal_mode) AS journal_mode,
       (SELECT CASE synchronous WHEN 0 THEN 'off' WHEN 1 THEN 'normal' ELSE 'full' END FROM pragma_synchronous)
           AS synchronous,
       (SELECT timeout FROM pragma_busy_timeout) AS busy_timeout_ms,
       (SELECT CASE foreign_keys WHEN 1 THEN 'on' ELSE 'off' END FROM pragma_foreign_keys) AS foreign_keys
"""


@questions_of.register
def _postgresql(dialect: PostgreSQL) -> Questions:
    return Questions(
        product="PostgreSQL",
        server=_POSTGRESQL,
        settings=("fsync", "synchronous_commit"),
        session_id="SELECT pg_backend_pid()",
    )


@questions_of.register
def _mysql(dialect: MySQL) -> Questions:
    return _mysql_family("MySQL", "transaction_isolation")


@questions_of.register
def _mariadb(dialect: MariaDB) -> Questions:
    # The other name is known from 11.1 on only.
    return _mysql_family("MariaDB", "tx_isolation")


def _mysql_family(product: str, isolation: str) -> Questions:
    return Questions(
        product=product,
        server=_MYSQL.format(isolation=isolation),
        status=_MYSQL_STATUS,
        settings=_MYSQL_SETTINGS,
        session_id="SELECT CONNECTION_ID()",
    )


@questions_of.register
def _sqlite(dialect: SQLite) -> Questions:
    return Questions(
        product="SQLite",
        server=_SQLITE,
        settings=("journal_mode", "synchronous", "busy_timeout_ms", "foreign_keys"),
        # Dropping a table that is not there is no write for SQLite.
        write="CREATE TABLE {} (x INTEGER)".format,
        undo_write="DROP TABLE {}".format,
    )

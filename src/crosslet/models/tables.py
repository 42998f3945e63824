"""What every table gets: names of constraints and indexes, and the storage options of MySQL and MariaDB.

Columns are in keys.py, timestamps.py and types.py; the base class that switches this on is in base.py.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, MetaData, Table, event
from sqlalchemy.schema import Constraint
from sqlalchemy.sql import visitors
from sqlalchemy.sql.schema import ColumnCollectionConstraint

# PostgreSQL cuts at 63 bytes, MySQL refuses more than 64 characters, SQLite takes anything. One limit for all gives
# one name for all, which is what lets a constraint be found again by the name in an error.
_MAX_NAME_BYTES: Final = 63
_MARK: Final = "crosslet"

# Both make `=` and UNIQUE compare exactly, as PostgreSQL and SQLite do: case, accents and trailing spaces count.
_MARIADB_COLLATION: Final = "utf8mb4_nopad_bin"
_MYSQL_COLLATION: Final = "utf8mb4_0900_bin"
# A `mysql://` URL may lead to MariaDB, and a migration is written before anyone knows. Each server executes the comment
# that is addressed to it and skips the other (`/*!80017` from MySQL 8.0.17 on, `/*M!` MariaDB).
_EITHER_COLLATION: Final = f"/*!80017 {_MYSQL_COLLATION} */ /*M! {_MARIADB_COLLATION} */"


def prepare_metadata(metadata: MetaData) -> None:
    """Give all tables of a MetaData portable names and storage, however they are made.

    On MySQL and MariaDB tables become InnoDB, utf8mb4, with a binary collation that does not ignore trailing spaces,
    unless a table says otherwise (`mysql_collate`, `mariadb_collate`, ... in `__table_args__`). A naming convention
    of the user's own is left alone. Call it before tables are declared; `Portable` does so by itself.
    """
    if set(metadata.naming_convention) <= {"ix"}:  # SQLAlchemy's own default names indexes only
        metadata.naming_convention = _CONVENTION
    metadata.info[_MARK] = True


def fitting(name: str) -> str:
    """Return a name that every database takes: one that is too long is cut and gets a digest of the whole."""
    raw = name.encode()
    if len(raw) <= _MAX_NAME_BYTES:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:8]
    return raw[: _MAX_NAME_BYTES - 9].decode(errors="ignore") + "_" + digest


def _columns_of(constraint: Constraint | Index) -> str:
    if isinstance(constraint, ForeignKeyConstraint):
        return "_".join(constraint.column_keys)
    if isinstance(constraint, Index):
        return "_".join(map(_expression_name, constraint.expressions))
    return "_".join(c.name for c in constraint.columns) if isinstance(constraint, ColumnCollectionConstraint) else ""


def _expression_name(expression: Any) -> str:
    if isinstance(expression, Column):
        return str(expression.name)
    columns = (part.name for part in visitors.iterate(expression) if isinstance(part, Column))
    return "_".join((*columns, "expr"))


def _index_name(index: Index, table: Table) -> str:
    return fitting(f"ix_{table.name}_{_columns_of(index)}")


def _unique_name(constraint: Constraint, table: Table) -> str:
    return fitting(f"uq_{table.name}_{_columns_of(constraint)}")


def _foreign_key_name(constraint: ForeignKeyConstraint, table: Table) -> str:
    return fitting(f"fk_{table.name}_{_columns_of(constraint)}")


def _check_name(constraint: CheckConstraint, table: Table) -> str:
    # A check without a name is called after its text, so that it has the same name on every machine.
    name = constraint.name
    if not isinstance(name, str):
        text = constraint.sqltext.compile(compile_kwargs={"literal_binds": True})
        name = hashlib.sha256(str(text).encode()).hexdigest()[:8]
    return fitting(f"ck_{table.name}_{name}")


# Primary keys keep the servers' own names: MySQL calls each of them PRIMARY, and warns about any other.
# A token that is a function gets the whole constraint, and so can keep the name within the limit. The check's token
# has `constraint_name` in it because SQLAlchemy looks for that to know that an explicit name is to be dressed too.
_CONVENTION: Final[Mapping[str, str | Callable[[Any, Table], str]]] = {
    "ix": "%(short_index_name)s",
    "uq": "%(short_unique_name)s",
    "fk": "%(short_foreign_key_name)s",
    "ck": "%(short_constraint_name)s",
    "short_index_name": _index_name,
    "short_unique_name": _unique_name,
    "short_foreign_key_name": _foreign_key_name,
    "short_constraint_name": _check_name,
}


# An event, and not `__table_cls__`, because association tables written by hand on the same MetaData never pass a class.
@event.listens_for(Table, "after_parent_attach")
def _add_storage_options(table: Table, metadata: MetaData) -> None:
    if isinstance(metadata, MetaData) and _MARK in metadata.info:
        _add_options(table, "mysql", _EITHER_COLLATION)
        _add_options(table, "mariadb", _MARIADB_COLLATION)


def _add_options(table: Table, dialect: str, collation: str) -> None:
    given = {key.removeprefix(f"{dialect}_").lower() for key in table.kwargs if key.startswith(f"{dialect}_")}
    if "engine" not in given:
        table.kwargs[f"{dialect}_engine"] = "InnoDB"
    # A character set chosen by the user brings a collation of its own; ours would not go with it.
    if not any("charset" in option or "character_set" in option or "collate" in option for option in given):
        table.kwargs[f"{dialect}_charset"] = "utf8mb4"
        table.kwargs[f"{dialect}_collate"] = collation

"""Rows that are marked as deleted instead of being deleted, and what stays unique among those that live.

Which statements leave deleted rows out is no matter of the model: that is in the room `reads`.
"""

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Index, Table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import CreateIndex, DropIndex
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.sql.elements import quoted_name

from crosslet.errors import ConfigurationError
from crosslet.models.tables import fitting
from crosslet.models.types import UTCDateTime

_DELETED_AT: Final = "deleted_at"


class SoftDelete:
    """Give a model `deleted_at`: None while a row lives, afterwards the time of its deletion.

    `class User(SoftDelete, Model)`. A crosslet session leaves deleted rows out of every statement of the ORM;
    `session.delete` sets the time, `session.restore` and `session.purge` undo and complete it.
    """

    deleted_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime(), default=None, info={"protected": True}, sort_order=1002
    )


class UniqueAlive(Index):
    """Keep columns unique among the rows that are not deleted: `__table_args__ = (UniqueAlive("email"),)`.

    An address can be deleted and given again as often as one likes. On PostgreSQL and SQLite it is a partial unique
    index. MySQL and MariaDB have none: there the index has one column more, generated and invisible, which is 1 while
    the row lives, and NULL, of which there may be any number, afterwards.

    Args:
        columns: Names of columns of a table that has `deleted_at`.
        name: Of the index; `uq_users_email_alive` without it.

    Raises:
        ConfigurationError: No column is named, or the table has no `deleted_at`.
    """

    inherit_cache = True

    def __init__(self, *columns: str, name: str | None = None) -> None:
        if not columns:
            raise ConfigurationError('UniqueAlive names the columns that are unique: `UniqueAlive("email")`.')
        alive = text(f"{_DELETED_AT} IS NULL")
        super().__init__(name, *columns, unique=True, postgresql_where=alive, sqlite_where=alive)
        self._names = columns

    def _set_parent(self, parent: Any, **options: Any) -> None:
        if isinstance(parent, Table):
            if _DELETED_AT not in parent.c:
                raise ConfigurationError(
                    f"UniqueAlive on {parent.name}: there is no column {_DELETED_AT}. "
                    "Let the class derive from SoftDelete, or use a UniqueConstraint."
                )
            if self.name is None:
                self.name = quoted_name(fitting(f"uq_{parent.name}_{'_'.join(self._names)}_alive"), None)
        super()._set_parent(parent, **options)


@compiles(CreateIndex, "mysql", "mariadb")
def _create(create: CreateIndex, compiler: DDLCompiler, **options: Any) -> str:
    index = create.element
    if not isinstance(index, UniqueAlive):
        return str(cast("Any", compiler).visit_create_index(create, **options))
    quoted = compiler.preparer.quote
    marker = quoted(_marker(index))
    columns = ", ".join(quoted(column.name) for column in index.columns)
    alive = f"(CASE WHEN {quoted(_DELETED_AT)} IS NULL THEN 1 END)"
    return (
        f"ALTER TABLE {_table(index, compiler)} "
        f"ADD COLUMN {marker} TINYINT GENERATED ALWAYS AS {alive} VIRTUAL INVISIBLE, "
        f"ADD UNIQUE INDEX {quoted(str(index.name))} ({columns}, {marker})"
    )


@compiles(DropIndex, "mysql", "mariadb")
def _drop(drop: DropIndex, compiler: DDLCompiler, **options: Any) -> str:
    index = drop.element
    if not isinstance(index, UniqueAlive):
        return str(cast("Any", compiler).visit_drop_index(drop, **options))
    quoted = compiler.preparer.quote
    name, marker = quoted(str(index.name)), quoted(_marker(index))
    return f"ALTER TABLE {_table(index, compiler)} DROP INDEX {name}, DROP COLUMN {marker}"


def _table(index: UniqueAlive, compiler: DDLCompiler) -> str:
    return str(compiler.preparer.format_table(cast("Table", index.table)))


def _marker(index: UniqueAlive) -> str:
    return fitting(f"{index.name}_on")

"""What a caller says of a statement: which named filters it is read without."""

from typing import Any, Final, TypeVar, cast

from sqlalchemy import Delete, Executable, Select, Update, inspect

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete
from crosslet.reads.row_filters import SOFT_DELETE, Purging, Switch, Unscoped

S = TypeVar("S", bound=Executable)
ALL: Final = "*"


def without_filters(statement: S, *names: str) -> S:
    """Return a statement that is not filtered, nor what it loads later: `without_filters(select(User), "tenant")`.

    Args:
        statement: Of any kind.
        names: Of the filters to leave out; without any, all of them.
    """
    return statement.options(Switch(frozenset(names or (ALL,))))


def with_deleted(statement: S) -> S:
    """Return a statement that finds deleted rows as well, also among what it joins and loads."""
    return without_filters(statement, SOFT_DELETE.name)


def only_deleted(statement: S) -> S:
    """Return a statement that finds deleted rows only. What hangs on them is found whether it is deleted or not.

    Raises:
        ConfigurationError: It selects no class with SoftDelete.
    """
    entities = [one for one in entities_of(statement) if issubclass(_class_of(one), SoftDelete)]
    if not entities:
        raise ConfigurationError("only_deleted() takes a statement over a class that derives from SoftDelete.")
    conditions = [entity.deleted_at.is_not(None) for entity in entities]
    return with_deleted(cast("S", cast("Select[Any]", statement).where(*conditions)))


def purging(statement: Delete) -> Delete:
    """Return a DELETE that removes the rows of a class with SoftDelete for good, deleted ones as well.

    `session.execute(purging(delete(User).where(User.deleted_at < last_year)))`. Children follow as the database's own
    ON DELETE says.
    """
    return with_deleted(statement).options(Purging())


def unscoped(statement: S) -> S:
    """Return a statement that knows of the filters and does without them: `unscoped(text("SELECT ... FROM users"))`.

    SQL written by hand, and statements over a table instead of a class, are not filtered. Where they name a table that
    has filters they are refused without this word.
    """
    return statement.options(Unscoped())


def entities_of(statement: Any) -> list[Any]:
    """Return the mapped classes, or aliases of them, that a statement selects or changes; each once."""
    if isinstance(statement, Update | Delete):
        found = [statement.entity_description.get("entity")]
    else:
        found = [one.get("entity") for one in getattr(statement, "column_descriptions", ())]
    return list({id(one): one for one in found if one is not None}.values())


def _class_of(entity: Any) -> type[Any]:
    return cast("type[Any]", inspect(entity).mapper.class_)

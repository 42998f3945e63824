"""Where the named filters of a session reach its statements: the session's own event, and its identity map.

What a filter is, and what it does to a statement, is in `reads`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Insert, Select, Table, TextClause, TextualSelect, inspect
from sqlalchemy.orm import FromStatement, InstanceState, ORMExecuteState
from sqlalchemy.sql import visitors

from crosslet.errors import ConfigurationError
from crosslet.models import SoftDelete
from crosslet.reads import Filters, RowFilter, entities_of, is_purging, is_unscoped, off_in, only_deleted, unfiltered

_WORDS: Final = re.compile(
    r"""'(?:[^']|'')*' | --[^\n]* | /\*.*?\*/ | "((?:[^"]|"")+)" | `((?:[^`]|``)+)` | ([^\W\d][\w$]*)""", re.X | re.S
)


def filtered(state: ORMExecuteState, filters: Filters) -> Any:
    """Add a session's filters to a statement that is about to be sent.

    Returns:
        The result, where a DELETE has become the marking of its rows and was sent already; else None.

    Raises:
        ConfigurationError: A filter has no value, or a statement without classes is about a table that has filters.
    """
    statement: Any = state.statement
    if state.is_column_load:
        state.statement = unfiltered(statement)
        return None
    if not state.is_orm_statement:
        _refuse_unscoped(statement, filters)
        return None
    if not state.is_relationship_load:
        _refuse_tables(statement, filters)
    if state.is_update and state.is_executemany:
        _refuse_by_key(statement, filters)
    if filters.only_deleted and not state.is_relationship_load and _is_soft(statement):
        statement = only_deleted(statement)
    if state.is_delete and _is_soft(statement) and not is_purging(statement):
        session: Any = state.session
        return session.marking(state, filters.on(statement))
    state.statement = filters.on(statement)
    return None


def is_instance(found: Any) -> bool:
    """Tell an object of the identity map from SQLAlchemy's marks for none."""
    return found is not None and isinstance(inspect(found, raiseerr=False), InstanceState)


def _is_soft(statement: Any) -> bool:
    return any(issubclass(inspect(entity).mapper.class_, SoftDelete) for entity in entities_of(statement))


def _refuse_unscoped(statement: Any, filters: Filters) -> None:
    if not isinstance(statement, Insert) or statement.select is not None:
        _refuse_named(statement, statement, filters)


def _refuse_tables(statement: Any, filters: Filters) -> None:
    """Refuse tables that an ORM statement reads beside its classes, and SQL by hand inside of it."""
    if isinstance(statement, Select):
        for source in (*statement._from_obj, *(join[0] for join in statement._setup_joins)):
            # A class's own table is marked as such; Table itself is what somebody wrote.
            if type(source) is Table:
                _refuse_named(source, statement, filters)
    elif isinstance(statement, FromStatement) and isinstance(statement.element, TextClause | TextualSelect):
        _refuse_named(statement.element, statement, filters)


def _refuse_by_key(statement: Any, filters: Filters) -> None:
    """Refuse an UPDATE of a list of rows: SQLAlchemy finds them by their keys alone."""
    mapper = inspect(statement.entity_description["entity"]).mapper
    if any(one.is_for(mapper.class_) for one in _on(statement, filters)):
        raise ConfigurationError(
            f"update({mapper.class_.__name__}) with a list of rows finds them by their keys, and no filter is asked: "
            "use `session.update_many`, or say `without_filters(statement)`."
        )


def _on(statement: Any, filters: Filters) -> list[RowFilter]:
    """Return the filters that a statement would get if it were over classes: each is switched off by its own name."""
    return [option.filter for option in filters.of(off_in(statement._with_options))]


def _refuse_named(part: Any, statement: Any, filters: Filters) -> None:
    """Refuse tables that a part of a statement names and that have filters which are on."""
    if is_unscoped(statement):
        return
    tables: set[Table] = set()
    words: set[str] = set()
    for element in visitors.iterate(part):
        if isinstance(element, Table):
            tables.add(element)
        elif isinstance(element, TextClause):
            words |= _words_of(element.text)
    if not tables and not words:
        return
    for one in _on(statement, filters):
        for table in _tables_of(one):
            # By name only among the tables of this database: another may have one of the same name.
            if table in tables or (table.name.casefold() in words and table.metadata in filters.metadata):
                raise ConfigurationError(
                    f"The table {table.name} has the filter {one.name!r}, which SQL by hand and statements over tables "
                    "do not get: select the class, or say `unscoped(statement)` where all its rows are meant."
                )


def _tables_of(one: RowFilter) -> Iterator[Table]:
    for mapper in one.mappers():
        yield from (table for table in mapper.tables if isinstance(table, Table))


@lru_cache(maxsize=1024)
def _words_of(text: str) -> frozenset[str]:
    """Return the identifiers in a text of SQL; strings and comments hold none."""
    return frozenset("".join(found).casefold() for found in _WORDS.findall(text) if any(found))

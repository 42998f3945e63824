"""Which tables a statement changes, as tags. What cannot be followed changes everything: the safe answer.

Triggers and functions that write are nowhere to be seen in a statement: their tables are for the caller to name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ForeignKey, Insert, Table, TableClause, UpdateBase
from sqlalchemy.exc import NoReferenceError
from sqlalchemy.sql.compiler import Compiled, SQLCompiler
from sqlalchemy.sql.selectable import SelectBase, TextualSelect

from crosslet.reads import EVERYTHING, tag_of

_ALL: Final = frozenset({EVERYTHING})
_NONE: Final[frozenset[str]] = frozenset()
_LOCKS: Final = re.compile(r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b", re.IGNORECASE)
_WRITES: Final = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|REPLACE|UPSERT|TRUNCATE|COPY|LOAD|CALL|DO|EXEC|EXECUTE|CREATE|ALTER|DROP|RENAME"
    r"|REFRESH|IMPORT|ATTACH|RETURNING)\b",
    re.IGNORECASE,
)
_FOLLOWED: Final = frozenset({"CASCADE", "SET NULL", "SET DEFAULT"})
# An execution option: the tags that are written by SQL which was compiled before it came here.
WRITES: Final = "crosslet_writes"
_KNOWN: WeakKeyDictionary[Compiled, frozenset[str]] = WeakKeyDictionary()


def written_in(context: Any, text: str) -> frozenset[str]:
    """Return the tags of what an execution changes."""
    told: frozenset[str] | None = context.execution_options.get(WRITES)
    return written_by(context.compiled, text) if told is None else told


def written_by(compiled: Compiled | None, text: str) -> frozenset[str]:
    """Return the tags of what a statement changes, whatever it is.

    Args:
        compiled: What SQLAlchemy has made of it; None for SQL that was handed to the driver as it is.
        text: The SQL.
    """
    if compiled is None:
        return _by_words(text)
    found = _KNOWN.get(compiled)
    if found is None:
        found = _KNOWN[compiled] = _written(compiled, text)
    return found


def _written(compiled: Compiled, text: str) -> frozenset[str]:
    if not isinstance(compiled, SQLCompiler):
        return _ALL
    changing = [element for cte in compiled.ctes or () if isinstance(element := cte.element, UpdateBase)]
    tables = {tag for one in changing for tag in _of_change(one, one.table)}
    state: Any = compiled.dml_compile_state
    if state is not None:
        tables |= set(_of_change(state.statement, state.dml_table, getattr(state, "_extra_froms", ())))
    elif not isinstance(compiled.statement, SelectBase) or isinstance(compiled.statement, TextualSelect):
        return _by_words(text)
    if any(isinstance(cte.element, TextualSelect) for cte in compiled.ctes or ()):
        tables |= _by_words(text)
    return frozenset(tables)


def _of_change(statement: Any, table: Any, others: Any = ()) -> Iterator[str]:
    # MySQL changes rows of several tables at once; elsewhere the others are only read, and this is too much.
    for one in (table, *others):
        if isinstance(one, TableClause):
            yield tag_of(one)
    # A row that is only added leads to no other; one that replaces another does.
    is_plain = isinstance(statement, Insert) and statement._post_values_clause is None and not statement._prefixes
    if isinstance(table, Table) and not is_plain:
        yield from _below(table)


@lru_cache(maxsize=1024)
def _below(table: Table) -> tuple[str, ...]:
    """Return the tags of the tables whose rows the database itself changes with those of another."""
    found: dict[Table, None] = {}
    waiting = [table]
    while waiting:
        parent = waiting.pop()
        for child in parent.metadata.tables.values():
            if child not in found and any(_leads(key, parent) for key in child.foreign_keys):
                found[child] = None
                waiting.append(child)
    return tuple(tag_of(child) for child in found)


def _leads(key: ForeignKey, parent: Table) -> bool:
    if not any(str(action or "").upper() in _FOLLOWED for action in (key.ondelete, key.onupdate)):
        return False
    try:
        return key.column.table is parent
    except NoReferenceError:
        # Of a table that is not declared here: nobody here writes to it either.
        return False


@lru_cache(maxsize=1024)
def _by_words(text: str) -> frozenset[str]:
    """Judge SQL by hand. A word in a string or a function's name is one too many; none is ever one too few."""
    return _ALL if _WRITES.search(_LOCKS.sub("", text)) else _NONE

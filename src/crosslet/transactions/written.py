"""Which tables a statement changes, as tags. What cannot be followed changes everything: the safe answer.

Triggers and functions that write are nowhere to be seen in a statement: their tables are for the caller to name.
"""

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast
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
# What the server remembers for the rest of a session, such as the variables and the role of row-level security.
_ADJUSTS: Final = re.compile(
    r"\bset_config\b|^(\s|/\*.*?\*/|--[^\n]*\n)*(SET|RESET|DISCARD|USE|DO|CALL|EXECUTE|PRAGMA|ATTACH)\b",
    re.IGNORECASE | re.DOTALL,
)


class _Found(NamedTuple):
    """The tags of what a statement names as changed, and the tables whose changes lead on to others."""

    tags: frozenset[str]
    leading: tuple[Table, ...] = ()


_KNOWN: WeakKeyDictionary[Compiled, _Found] = WeakKeyDictionary()


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
    # A table that is declared later may lead on, too.
    below = [_below(table, len(table.metadata.tables)) for table in found.leading]
    return found.tags.union(*below) if below else found.tags


def _written(compiled: Compiled, text: str) -> _Found:
    if not isinstance(compiled, SQLCompiler):
        return _Found(_ALL)
    changing = [element for cte in compiled.ctes or () if isinstance(element := cte.element, UpdateBase)]
    tags = {tag_of(one.table) for one in changing if isinstance(one.table, TableClause)}
    leading = [one.table for one in changing if _leads_on(one, one.table)]
    state: Any = compiled.dml_compile_state
    if state is not None:
        # MySQL changes rows of several tables at once; elsewhere the others are only read, and this is too much.
        named = (state.dml_table, *getattr(state, "_extra_froms", ()))
        tags |= {tag_of(one) for one in named if isinstance(one, TableClause)}
        leading += [one for one in named if _leads_on(state.statement, one)]
    elif not isinstance(compiled.statement, SelectBase) or isinstance(compiled.statement, TextualSelect):
        return _Found(_by_words(text))
    if any(isinstance(cte.element, TextualSelect) for cte in compiled.ctes or ()):
        tags |= _by_words(text)
    return _Found(frozenset(tags), tuple(cast("list[Table]", leading)))


def _leads_on(statement: Any, table: Any) -> bool:
    """Tell whether rows may be changed or removed: one that is only added leads to no other, one that replaces does."""
    is_plain = isinstance(statement, Insert) and statement._post_values_clause is None and not statement._prefixes
    return isinstance(table, Table) and not is_plain


@lru_cache(maxsize=1024)
def _below(table: Table, declared: int) -> tuple[str, ...]:
    """Return the tags of the tables whose rows the database itself changes with those of another.

    Args:
        table: The other.
        declared: How many tables there are by now; another number is looked at anew.
    """
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


@lru_cache(maxsize=1024)
def adjusts(text: str) -> bool:
    """Tell whether SQL changes what the server remembers of a session; a function that does so within is not seen."""
    return _ADJUSTS.search(text) is not None

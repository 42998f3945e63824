"""What a statement reads: the tables that its SQL names, found by the compiler that writes it."""

from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select, TableClause, TextClause
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from crosslet.reads import EVERYTHING, tag_of


class Sources(NamedTuple):
    """The tags of what a statement reads, and whether SQL by hand may read more."""

    tags: tuple[str, ...]
    has_hand_written: bool


def sources_of(statement: Select[Any], asked: Select[Any], dialect: Dialect) -> Sources:
    """Return what a statement reads.

    Tables come from the compiler, so that those of sub-selects, associations, inheritance and of criteria that are
    added while it compiles are among them.

    Args:
        statement: What is sent.
        asked: What the caller wrote of it.
        dialect: The engine's.
    """
    found: set[str] = set()

    class Collecting(dialect.statement_compiler):  # type: ignore[name-defined,misc]
        def visit_table(self, table: TableClause, asfrom: bool = False, **options: Any) -> Any:
            if asfrom:
                found.add(tag_of(table))
            return super().visit_table(table, asfrom=asfrom, **options)

    Collecting(dialect, statement)
    return Sources((EVERYTHING, *sorted(found)), any(map(_is_hand_written, visitors.iterate(asked))))


def _is_hand_written(element: Any) -> bool:
    # A literal column may hold a whole sub-select; a number or a name does not.
    if isinstance(element, ColumnClause):
        return element.is_literal and "(" in element.name
    return isinstance(element, TextClause)

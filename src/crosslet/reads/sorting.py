"""An order by terms, as ORDER BY.

Rows without a value come first, and last where the order is reversed, on every database: the servers differ in that,
and a list in pages has the same rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.orm import Mapper

from crosslet.reads.terms import Hop, Term


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """A term to sort by."""

    term: Term
    descending: bool = False


def order_of(sorts: Iterable[Sort], entity: Any) -> Iterator[ColumnElement[Any]]:
    """Yield what to order a mapped class, or an alias of it, by."""
    for sort in sorts:
        value = _value(sort.term, sort.term.path, entity)
        # A related row can be missing even where its key is not: a session's filters may leave it out.
        if sort.term.nullable or sort.term.path:
            yield _directed(value.is_not(None), sort.descending)
        yield _directed(value, sort.descending)


def order_by_key(mapper: Mapper[Any], entity: Any) -> Iterator[ColumnElement[Any]]:
    """Yield the primary key, which makes an order the same each time."""
    for column in mapper.primary_key:
        yield getattr(entity, mapper.get_property_by_column(column).key)


def _directed(value: Any, descending: bool) -> ColumnElement[Any]:
    directed: ColumnElement[Any] = value.desc() if descending else value.asc()
    return directed


def _value(term: Term, path: Sequence[Hop], entity: Any) -> Any:
    """Return the term's value; of a related row as a sub-select, which leaves the statement's rows as they are."""
    if not path:
        found = term.read(entity)
        return cast(found, String(255)) if term.by_name else found
    alias, joined = path[0].reach(entity)
    inner = _value(term, path[1:], alias)
    return select(inner).select_from(alias).where(joined).correlate_except(None).scalar_subquery()

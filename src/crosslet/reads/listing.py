"""A `select()` as a list that can be cut into pages: one order for all databases, each row once, one place a row.

Statement in, statement out. Most statements stay as they are. Those whose rows are made of several (GROUP BY, DISTINCT,
a join to many) become a sub-select of keys and order values, which the rows are then joined to or taken from: so each
mapped object is on one page only, and its order may be an aggregate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, bindparam, inspect, or_, select, union_all
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import Over

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError
from crosslet.reads.ordering import Term, key_of, order_by, terms_of
from crosslet.reads.sources import Key, Sources, leaves_of, plain, sources_of

# Written into the text: for a number that it does not see, PostgreSQL plans to read a tenth of the table.
MOST: Final = bindparam("crosslet_most", 0, Integer, literal_execute=True)
SKIPPED: Final = bindparam("crosslet_skipped", 0, Integer, literal_execute=True)
_INNER = "crosslet_listed"
_ADVICE = "name columns that do, `session.page(..., key=[...])`"


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """What pages are cut from.

    Attributes:
        rows: The statement, without order and limit.
        terms: Its order, which no two rows share a place in.
        counted: A statement with as many rows as there are on all pages, of few columns.
        has_index: One that its tables declare leads to the first term, and the statement reads nothing but tables.
        is_plain: The statement is as it was, and reads nothing but tables: to read it twice costs nothing much.
    """

    rows: Select[Any]
    terms: tuple[Term, ...]
    counted: Select[Any]
    has_index: bool = False
    is_plain: bool = False

    def ordered(self, dialect: Dialect) -> Select[Any]:
        """Return the rows in their order."""
        return self.rows.order_by(*order_by(self.terms, dialect))


def listing_of(statement: Any, key: Sequence[Any] | None = None) -> Listing:
    """Make a list of a statement.

    Args:
        statement: `select(User)...`, a `select()` of columns, or a mapped class.
        key: Columns that tell the rows apart, where that is not known from the tables.

    Raises:
        ConfigurationError: It is no such statement, is cut already, or nothing is known to tell its rows apart.
    """
    statement = _checked(statement)
    entity = _entity_of(statement)
    sources = sources_of(statement)
    named = tuple(_column(one) for one in key) if key is not None else None
    if statement._group_by_clauses or (statement._distinct and entity is None):
        return _of_groups(statement, entity, sources, named)
    if entity is None:
        return _of_columns(statement, sources, named)
    return _of_objects(statement, entity, sources, named)


def _checked(statement: Any) -> Select[Any]:
    if isinstance(inspect(statement, raiseerr=False), Mapper):
        statement = select(statement)
    if not isinstance(statement, Select):
        raise ConfigurationError(
            f"page() takes a select(), not a {type(statement).__name__}: of a union make a sub-select, `u = "
            "union_all(...).subquery()`, and select from that, `select(u).order_by(u.c.name)`."
        )
    cuts = (statement._limit_clause, statement._offset_clause, statement._fetch_clause)
    if any(cut is not None for cut in cuts):
        raise ConfigurationError(
            "The statement has a LIMIT or OFFSET of its own: the page sets them. To page through the first rows of a "
            "list, select from it as a sub-select."
        )
    if statement._distinct_on:
        raise ConfigurationError("DISTINCT ON needs an order of its own: put it into a sub-select, and page that.")
    return statement


def _of_columns(statement: Select[Any], sources: Sources, named: Key | None) -> Listing:
    key = named or sources.key()
    if key is None:
        raise ConfigurationError(f"Nothing is known that tells the rows of this statement apart: {_ADVICE}.")
    return _direct(statement, sources, key)


def _of_objects(statement: Select[Any], entity: Any, sources: Sources, named: Key | None) -> Listing:
    own = leaves_of(inspect(entity).selectable)
    if named is not None or sources.determined_by(own) >= set(sources.leaves):
        return _direct(_all_rows(statement), sources, named or key_of(entity))
    terms = terms_of(statement, sources, key_of(entity))
    single = sources.determined_by(own)
    for term in terms:
        if not _tables_in(term.expression) <= single:
            raise ConfigurationError(
                f"The order reads {term.expression}, of which one {inspect(entity).mapper.class_.__name__} may have "
                f"several, so it would stand in several places: order by an aggregate of them, or {_ADVICE}."
            )
    # Every object once, however many rows a join makes of it.
    return _joined(_all_rows(statement), entity, terms, distinct=True)


def _of_groups(statement: Select[Any], entity: Any, sources: Sources, named: Key | None) -> Listing:
    groups = tuple(_column(clause) for clause in statement._group_by_clauses)
    if entity is not None:
        own = key_of(entity)
        groups = (*own, *(one for one in groups if not any(one.compare(part) for part in own)))
        terms = terms_of(_all_rows(statement), sources, named or groups)
        return _joined(_all_rows(statement), entity, terms, distinct=False)
    selected = tuple(_column(one) for one in statement.selected_columns)
    terms = terms_of(statement, sources, named or groups or selected)
    if not statement._group_by_clauses:
        _refuse_unselected(terms, selected)
    return _taken(statement, terms)


def _direct(statement: Select[Any], sources: Sources, key: Key) -> Listing:
    terms = terms_of(statement, sources, key)
    bare = statement.order_by(None)
    if any(_is_window(term.expression) for term in terms):
        entity = _entity_of(statement)
        return _taken(statement, terms) if entity is None else _joined(statement, entity, terms, distinct=False)
    keys = [term.expression for term in terms if term.is_key]
    has_index = sources.has_index(terms[0].expression)
    return Listing(bare, terms, only(bare, keys), has_index, sources.are_tables)


def in_parts(listing: Listing, parts: Sequence[ColumnElement[bool]], dialect: Dialect) -> Listing:
    """Read MOST places of each part of a list by itself, and the rows of them all.

    Args:
        listing: A list with an index.
        parts: Conditions, no two of which hold for a row.
        dialect: What the database can do.
    """
    places = _places(listing, dialect)
    return _at(listing, union_all(*[select(places.where(part).subquery()) for part in parts]).subquery(_INNER))


def skipping(listing: Listing, dialect: Dialect) -> Listing:
    """Read MOST places of a list behind SKIPPED others, and the rows of them: of those before, no row is made."""
    return _at(listing, _places(listing, dialect).offset(SKIPPED).subquery(_INNER))


def _places(listing: Listing, dialect: Dialect) -> Select[Any]:
    places = only(listing.rows, list(_labelled(listing.terms)))
    return places.order_by(*order_by(listing.terms, dialect)).limit(MOST)


def _at(listing: Listing, listed: Subquery) -> Listing:
    """Read the rows of some places."""
    moved = _moved(listing.terms, listed)
    same = [_same_value(one, other) for one, other in zip(listing.terms, moved, strict=True) if one.is_key]
    return replace(listing, rows=listing.rows.where(*same), terms=moved)


def _same_value(term: Term, other: Term) -> ColumnElement[bool]:
    equal = term.expression == other.expression
    return or_(equal, and_(term.expression.is_(None), other.expression.is_(None))) if term.nullable else equal


def _joined(statement: Select[Any], entity: Any, terms: Sequence[Term], *, distinct: bool) -> Listing:
    """Let a sub-select give keys and order values, and join the objects to it."""
    keys = key_of(entity)
    inner = only(statement.order_by(None), [*_labelled(terms), *_labelled_keys(keys)])
    inner = inner.distinct() if distinct else inner
    listed = inner.subquery(_INNER)
    matches = and_(*[part == listed.c[f"k{number}"] for number, part in enumerate(keys)])
    rows = select(entity).join(listed, matches).options(*statement._with_options)
    rows = rows.execution_options(**statement.get_execution_options())
    return Listing(rows, _moved(terms, listed), inner)


def _taken(statement: Select[Any], terms: Sequence[Term]) -> Listing:
    """Put the whole statement into a sub-select, and take its columns."""
    names = [described["name"] for described in statement.column_descriptions]
    labelled = [column.label(f"c{number}") for number, column in enumerate(statement.selected_columns)]
    inner = only(statement.order_by(None), [*labelled, *_labelled(terms)])
    listed = inner.subquery(_INNER)
    rows = select(*[listed.c[f"c{number}"].label(name) for number, name in enumerate(names)])
    rows = rows.options(*_about_rows(statement)).execution_options(**statement.get_execution_options())
    return Listing(rows, _moved(terms, listed), inner)


def _labelled(terms: Sequence[Term]) -> Iterator[ColumnElement[Any]]:
    return (term.expression.label(f"o{number}") for number, term in enumerate(terms))


def _labelled_keys(keys: Key) -> Iterator[ColumnElement[Any]]:
    return (part.label(f"k{number}") for number, part in enumerate(keys))


def _moved(terms: Sequence[Term], listed: Subquery) -> tuple[Term, ...]:
    return tuple(
        replace(term, expression=listed.c[f"o{number}"], origin=term.expression) for number, term in enumerate(terms)
    )


def _refuse_unselected(terms: Sequence[Term], selected: Sequence[ColumnElement[Any]]) -> None:
    for term in terms:
        if not any(term.expression.compare(one) for one in selected):
            raise ConfigurationError(
                f"DISTINCT rows are ordered by {term.expression}, which they do not have: select it as well."
            )


def _all_rows(statement: Select[Any]) -> Select[Any]:
    """Drop DISTINCT from a statement whose objects come once anyway."""
    if not statement._distinct:
        return statement
    plainly = statement._generate()
    plainly._distinct = False
    return plainly


def only(statement: Select[Any], columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Select some columns in place of all, from the same rows: what loads related objects has nothing to load for."""
    bare = statement._generate()
    # Options that are there before stay where nobody can change them any more.
    bare._with_options = ()
    narrowed = bare.with_only_columns(*columns, maintain_column_froms=True)
    narrowed._with_options = _about_rows(statement)
    return narrowed


def _about_rows(statement: Select[Any]) -> tuple[Any, ...]:
    """Return the options that say which rows there are."""
    options: tuple[Any, ...] = statement._with_options
    return tuple(one for one in options if one._is_criteria_option or one._is_user_defined)


def _entity_of(statement: Select[Any]) -> Any:
    described = statement.column_descriptions
    entity = described[0].get("entity") if len(described) == 1 else None
    return entity if entity is not None and described[0]["expr"] is entity else None


def _column(one: Any) -> ColumnElement[Any]:
    column = one.__clause_element__() if hasattr(one, "__clause_element__") else one
    if not isinstance(column, ColumnElement):
        raise ConfigurationError(f"key= takes columns, `[u.c.kind, u.c.id]`, not {one!r}.")
    return cast("ColumnElement[Any]", getattr(column, "element", column) if _is_label(column) else column)


def _is_label(column: Any) -> bool:
    return column.__visit_name__ in {"label", "label_reference"}


def _is_window(expression: ColumnElement[Any]) -> bool:
    return any(isinstance(part, Over) for part in visitors.iterate(expression))


def _tables_in(expression: ColumnElement[Any]) -> set[Any]:
    """Return the tables whose columns an expression reads by itself; a sub-select reads its own."""
    found: set[Any] = set()
    waiting: list[Any] = [expression]
    while waiting:
        part = waiting.pop()
        if getattr(part, "table", None) is not None:
            found.add(plain(part.table))
        elif not isinstance(part, Select):
            waiting += [child for child in part.get_children() if not getattr(child, "is_selectable", False)]
    return found

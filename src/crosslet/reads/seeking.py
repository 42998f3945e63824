"""A list that is walked by cursors: which statement reads the page at a place, and which cursors lead on from it."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, or_
from sqlalchemy import Dialect as SQLAlchemyDialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.types import TypeEngine

from crosslet.dialects import Dialect
from crosslet.errors import ConfigurationError, InvalidCursor
from crosslet.reads.carried import Carried, carried, stored, type_for
from crosslet.reads.cursors import Cursor, Signer
from crosslet.reads.keyset import behind
from crosslet.reads.listing import MOST, SKIPPED, Listing, in_parts, listing_of, only, skipping
from crosslet.reads.ordering import Term, order_by

# Structures of statements, not values: an application has some hundreds.
_MOST: Final = 1024
_LIMIT: Final = bindparam("crosslet_limit", 0, Integer)


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One page's statement.

    Attributes:
        columns: What is read beside each row: the values of its place.
        values: Those of this page. They stand beside the statement, which is the same object for all pages: what
            SQLAlchemy has worked out about it is not lost.
    """

    statement: Select[Any]
    columns: list[ColumnElement[Any]]
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> Select[Any]:
        """Return the statement with its values."""
        return self.statement.params(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Seek:
    """One list, on one database.

    Attributes:
        ways: How the values of each term travel.
        kinds: What the database stores for each term.
        mark: Names the list in its cursors: it changes with the structure of the statement and with its order, not
            with the values in its WHERE.
        values: Those of the statement, where another of the same structure was prepared.
        made: Statements, by what they differ in.
    """

    listing: Listing
    kinds: tuple[TypeEngine[Any], ...]
    ways: tuple[Carried, ...]
    mark: str
    dialect: Dialect
    values: Mapping[str, Any] = field(default_factory=dict)
    made: dict[Any, Request] = field(default_factory=dict)

    @property
    def counted(self) -> Select[Any]:
        """Return a statement with as many rows as there are on all pages, of few columns."""
        return self.listing.counted.params(self.values) if self.values else self.listing.counted

    def numbered(self, limit: int, skipped: int) -> Select[Any]:
        """Return the statement of the page behind so many rows."""
        kind = "skipping" if skipped and self.listing.is_plain else "numbered"
        request = self.made.get(kind)
        if request is None:
            request = self.made[kind] = Request(self._numbered(kind), [])
        return request.statement.params({**self.values, _LIMIT.key: limit, MOST.key: limit, SKIPPED.key: skipped})

    def _numbered(self, kind: str) -> Select[Any]:
        if kind == "skipping":
            return skipping(self.listing, self.dialect).ordered(self.dialect).limit(_LIMIT)
        return self.listing.ordered(self.dialect).limit(_LIMIT).offset(SKIPPED)

    def request(self, cursor: Cursor | None, limit: int) -> Request:
        """Say how the page at a cursor is read, its rows in the direction of the walk.

        Args:
            cursor: None for the first page.
            limit: How many rows.
        """
        kind = None if cursor is None else (cursor.backwards, cursor.inclusive, *map(_kind_of, cursor.values))
        request = self.made.get(kind)
        if request is None:
            request = self._made(cursor)
            # Where an ENUM is compared by a list, each value makes another statement.
            if not any(way.ranks for way in self.ways):
                self.made[kind] = request
        held = () if cursor is None else cursor.values
        given = {way.name: value for way, value in zip(self.ways, held, strict=False)}
        values = {**self.values, _LIMIT.key: limit, MOST.key: limit, **given}
        return replace(request, values=values)

    def _made(self, cursor: Cursor | None) -> Request:
        terms = self.listing.terms
        if cursor is not None and cursor.backwards:
            terms = tuple(term.reversed() for term in terms)
        listing = replace(self.listing, terms=terms)
        if cursor is None:
            return Request(listing.ordered(self.dialect).limit(_LIMIT), _beside(self.ways))
        parts = self._behind(terms, cursor)
        if len(parts) == 1 or not listing.has_index:
            return Request(listing.ordered(self.dialect).where(or_(*parts)).limit(_LIMIT), _beside(self.ways))
        listing = in_parts(listing, parts, self.dialect)
        return Request(
            listing.ordered(self.dialect).limit(_LIMIT), _beside(_ways(listing.terms, self.kinds, self.dialect))
        )

    def _behind(self, terms: Sequence[Term], cursor: Cursor) -> list[ColumnElement[bool]]:
        place = list(zip(terms, self.ways, cursor.values, strict=True))
        try:
            return behind(place, self.dialect, inclusive=cursor.inclusive)
        except ValueError:  # an ENUM that has lost a value since
            raise InvalidCursor("its value is none any more") from None

    def token(self, cursor: Cursor, signer: Signer) -> str:
        """Return a cursor as text; it names its row by the key alone where the values of its order are too long.

        Raises:
            ConfigurationError: The key is too long as well.
        """
        values = tuple(value for term, value in zip(self.listing.terms, cursor.values, strict=True) if term.is_key)
        short = Cursor(values, cursor.backwards, cursor.inclusive, by_key=True)
        text = signer.sealed(cursor, self.mark) or signer.sealed(short, self.mark)
        if text is None:
            raise ConfigurationError(
                "The key of a row is too long for a cursor: name a shorter one, `session.page(..., key=[...])`, or "
                "page by number, with Offset."
            )
        return text

    def row_of(self, cursor: Cursor) -> Select[Any]:
        """Return the statement that reads the place of the row that a cursor names by its key."""
        ways = [way for term, way in zip(self.listing.terms, self.ways, strict=True) if term.is_key]
        matches = [
            way.compared.is_(None) if value is None else way.compared == way.bound(value)
            for way, value in zip(ways, cursor.values, strict=True)
        ]
        rows = only(self.listing.rows, _beside(self.ways))
        return rows.where(and_(*matches)).limit(1).params(self.values)


Kept = WeakKeyDictionary[SQLAlchemyDialect, OrderedDict[Any, tuple[Seek, Sequence[BindParameter[Any]]]]]
_KEPT: Kept = WeakKeyDictionary()


def seek_of(
    statement: Any, key: Sequence[Any] | None, dialect: Dialect, engine: SQLAlchemyDialect, *, kept: Kept = _KEPT
) -> Seek:
    """Prepare a list to be read in pages; one of the same structure as before is only given its own values.

    Args:
        statement: As for `listing_of`.
        key: As for `listing_of`.
        dialect: What the database can do.
        engine: SQLAlchemy's part of it, which has connected once.
        kept: What was prepared.

    Raises:
        ConfigurationError: As for `listing_of`; or a term's values cannot be carried by a cursor.
    """
    structure = _structure_of(statement) if key is None else None
    if structure is None:
        return _seek(listing_of(statement, key), dialect, engine)
    known = kept.setdefault(engine, OrderedDict())
    found = known.get(structure.key)
    if found is not None:
        seek, binds = found
        values = {old.key: new.effective_value for old, new in zip(binds, structure.bindparams, strict=True)}
        return replace(seek, values=values)
    seek = _seek(listing_of(statement), dialect, engine)
    # Another value in the order makes another order.
    if not any(_binds_in(term) for term in seek.listing.terms):
        known[structure.key] = seek, structure.bindparams
        if len(known) > _MOST:
            known.popitem(last=False)
    return seek


def _structure_of(statement: Any) -> CacheKey | None:
    """Return what two statements have in common that differ in values only; None where more is to be looked at."""
    if not isinstance(statement, Select) or statement.get_execution_options():
        return None
    structure = statement._generate_cache_key()
    if structure is None or structure.params or any(bind.required for bind in structure.bindparams):
        return None
    return structure


def _seek(listing: Listing, dialect: Dialect, engine: SQLAlchemyDialect) -> Seek:
    kinds = tuple(stored(term.expression.type, engine) for term in listing.terms)
    return Seek(listing, kinds, _ways(listing.terms, kinds, dialect), _mark(listing, dialect, engine), dialect)


def _ways(terms: Sequence[Term], kinds: Sequence[TypeEngine[Any]], dialect: Dialect) -> tuple[Carried, ...]:
    pairs = enumerate(zip(terms, kinds, strict=True))
    return tuple(carried(term.expression, kind, dialect, number) for number, (term, kind) in pairs)


def _kind_of(value: Any) -> Any:
    """Return what a statement depends on of a value that it is compared with."""
    return type(value), type(type_for(value))


def _beside(ways: Sequence[Carried]) -> list[ColumnElement[Any]]:
    return [way.read.label(f"crosslet_place_{number}") for number, way in enumerate(ways)]


def _mark(listing: Listing, dialect: Dialect, engine: SQLAlchemyDialect) -> str:
    text = str(listing.counted.order_by(*order_by(listing.terms, dialect)).compile(dialect=engine))
    values = repr([one.effective_value for term in listing.terms for one in _binds_in(term)])
    kinds = [f"{term.descending}{term.nulls_first}{term.is_key}{term.expression.type!r}" for term in listing.terms]
    return hashlib.sha256("\n".join((text, values, *kinds)).encode()).hexdigest()[:16]


def _binds_in(term: Term) -> list[BindParameter[Any]]:
    """Return the values in a term: another value makes another order."""
    expression = term.expression if term.origin is None else term.origin
    return [part for part in visitors.iterate(expression) if isinstance(part, BindParameter)]

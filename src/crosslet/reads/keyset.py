"""The conditions for all rows behind a place in an order.

Where all terms go one way and NULL is not behind the place, it is one comparison of rows, `(a, b) > (x, y)`, which
PostgreSQL and SQLite answer from an index. Elsewhere these two answer no disjunction in the order of an index, so each
part of it is a condition by itself: `a = x AND b > y`, then `a > x`, then `a IS NULL`; the rows of one part all stand
before those of the next. MySQL and MariaDB compare no rows by an index, but make ranges of a disjunction: there it is
spelled out, with the bound of the first term in front, `a >= x AND (a > x OR (a = x AND b > y))`: redundant, but what
an index can begin at (Markus Winand, "We need tool support for keyset pagination", 2013).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true, tuple_

from crosslet.dialects import Dialect
from crosslet.reads.carried import Carried
from crosslet.reads.ordering import Term

Point = tuple[Term, Carried, Any]
Place = Sequence[Point]


def behind(place: Place, dialect: Dialect, *, inclusive: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions for the rows behind a place, those of the nearest rows first; no row fits two of them.

    Args:
        place: Each term, how its values travel, and the value there.
        dialect: Says whether rows are compared with the help of an index.
        inclusive: The row at the place is meant, too.
    """
    if dialect.compares_rows_by_index:
        return _parts(place, inclusive=inclusive)
    spelled = _spelled(place, inclusive=inclusive)
    return [and_(_not_before(*place[0]), spelled) if len(place) > 1 else spelled]


def _parts(place: Place, *, inclusive: bool) -> list[ColumnElement[bool]]:
    blocks = _blocks(place)
    found: list[ColumnElement[bool]] = []
    for number in reversed(range(len(blocks))):
        block, before = blocks[number], [point for one in blocks[:number] for point in one]
        equal = [_equal(how, value) for _, how, value in before]
        is_here = inclusive and number == len(blocks) - 1
        found += [and_(*equal, part) for part in _parts_of(block, inclusive=is_here)]
    return found or [false()]


def _blocks(place: Place) -> list[list[Point]]:
    """Cut a place into blocks that one comparison of rows is true of.

    NULL in a row is neither behind nor before anything: so a term whose NULL is behind begins a block, and a term that
    is NULL here is one by itself.
    """
    blocks: list[list[Point]] = []
    for point in place:
        term, _, value = point
        last = blocks[-1][-1] if blocks else None
        fits = last is not None and last[2] is not None and last[0].descending == term.descending
        if fits and value is not None and not _has_nulls_behind(term):
            blocks[-1].append(point)
        else:
            blocks.append([point])
    return blocks


def _parts_of(block: list[Point], *, inclusive: bool) -> list[ColumnElement[bool]]:
    term, how, value = block[0]
    if value is None:
        rest: list[ColumnElement[bool]] = [how.compared.is_not(None)] if term.nulls_first else []
        return [how.compared.is_(None), *rest] if inclusive else rest
    beyond = _beyond_row(block, inclusive=inclusive)
    return [beyond, how.compared.is_(None)] if _has_nulls_behind(term) else [beyond]


def _beyond_row(block: list[Point], *, inclusive: bool) -> ColumnElement[bool]:
    term, how, value = block[0]
    if len(block) == 1:
        mine: Any = how.compared
        theirs: Any = how.bound(value)
    else:
        mine = tuple_(*[one.compared for _, one, _ in block])
        theirs = tuple_(*[one.bound(held) for _, one, held in block])
    if term.descending:
        return mine <= theirs if inclusive else mine < theirs  # type: ignore[no-any-return]
    return mine >= theirs if inclusive else mine > theirs  # type: ignore[no-any-return]


def _has_nulls_behind(term: Term) -> bool:
    return term.nullable and not term.nulls_first


def _spelled(place: Place, *, inclusive: bool) -> ColumnElement[bool]:
    (term, how, value), rest = place[0], place[1:]
    beyond = _beyond(term, how, value)
    if rest:
        return or_(beyond, and_(_equal(how, value), _spelled(rest, inclusive=inclusive)))
    return or_(beyond, _equal(how, value)) if inclusive else beyond


def _beyond(term: Term, how: Carried, value: Any) -> ColumnElement[bool]:
    if value is None:
        return how.compared.is_not(None) if term.nulls_first else false()
    beyond = how.beyond(value, descending=term.descending)
    # Where NULL stands first it is before every value, and no comparison holds for it.
    return or_(beyond, how.compared.is_(None)) if _has_nulls_behind(term) else beyond


def _equal(how: Carried, value: Any) -> ColumnElement[bool]:
    return how.compared.is_(None) if value is None else how.compared == how.bound(value)


def _not_before(term: Term, how: Carried, value: Any) -> ColumnElement[bool]:
    if value is None:
        return true() if term.nulls_first else how.compared.is_(None)
    if how.ranks:
        return or_(_beyond(term, how, value), _equal(how, value))
    bound = how.bound(value)
    bounded = how.compared <= bound if term.descending else how.compared >= bound
    return or_(bounded, how.compared.is_(None)) if _has_nulls_behind(term) else bounded

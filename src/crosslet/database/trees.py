"""Reads of trees: sends what `shapes` has planned, and hands the answers to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args, get_origin

from sqlalchemy import ColumnElement, Dialect, inspect, text
from sqlalchemy.orm import Mapper

from crosslet.cache import Results
from crosslet.connections import DirectReads, DirectRows, Explain
from crosslet.database.caching import kept_texts, refuse_rows
from crosslet.errors import ConfigurationError, MultipleRowsFound, NotFound, ResultCut
from crosslet.models import SoftDelete
from crosslet.reads import Filters, keeping_of, only_deleted, switches_of, uncached
from crosslet.shapes import (
    Keyed,
    Level,
    Mode,
    Plan,
    array_of,
    batches,
    carried,
    entity_of,
    level_of,
    listing_of,
    objects_from_rows,
    objects_of,
    place_for,
    plans_of,
    refuse_strangers,
    source_of,
    written,
)
from crosslet.transactions import Unit, driver_connection, fetch_directly, hears_statements, may_read_directly

# MariaDB's warnings that mean a text was cut, lost, or not made at all.
_CUT = frozenset({1260, 1300, 1301, 3903})


@dataclass(slots=True, eq=False)
class TreeReader:
    """What a tree is read through: a session, and past it where nobody would notice a difference."""

    session: Any
    unit: Unit
    dialect: Dialect
    filters: Filters
    direct: DirectReads | None
    explain: Explain | None
    results: Results

    async def texts(self, plan: Plan, *, joined: bool = False) -> list[str]:
        """Return the JSON of a plan's rows, from the database."""
        return last(await self.rows(plan, joined=joined))

    async def rows(self, plan: Plan, *, joined: bool = False) -> Sequence[Any]:
        """Run a plan for JSON; `joined` as for `Plan.handed`.

        Raises:
            ResultCut: The server cut the text, which MariaDB does without an error.
        """
        handed = self._handed(plan, joined=joined)
        if handed is not None:
            fetched = await fetch_directly(self.unit, self.direct, self.explain, *handed)  # type: ignore[arg-type]
            if not fetched.warnings:
                return fetched.rows
        options = plan.asked.get_execution_options()
        found = (await self.session.execute(self.sent(plan), plan.values, execution_options=options)).all()
        await self.refuse_cut()
        return found  # type: ignore[no-any-return]

    def sent(self, plan: Plan) -> Any:
        """Return the statement of a plan for JSON, for the engine."""
        statement: Any = uncached(plan.kept.statement)  # type: ignore[type-var]
        return uncached(carried(plan.asked._with_options, statement)) if self.filters.known else statement

    def _handed(self, plan: Plan, *, joined: bool) -> tuple[str, Any] | None:
        """Return what the driver is handed; None where the read has to go through the session."""
        if self.explain is None or not may_read_directly(self.unit, self.direct) or hears_statements(self.session):
            return None
        return plan.handed(self.dialect, joined=joined)

    async def open(self, plan: Plan) -> DirectRows | None:
        """Send a plan for JSON whose rows are fetched as they are read; None where it has to go through the session."""
        handed = self._handed(plan, joined=False)
        if handed is None or self.direct is None or self.explain is None:
            return None
        statement, parameters = handed
        rows = DirectRows(self.direct, self.unit.deadlines, self.explain)
        await rows.open(self.unit.dialect.streamed(statement), parameters)
        return rows

    async def refuse_cut(self) -> None:
        """Ask what the server warned of with the last statement.

        Raises:
            ResultCut: It has cut a text.
        """
        raw = driver_connection(self.unit.connection)
        if raw is not None and self.unit.driver.warning_count(raw):
            refuse_cut((await self.session.execute(text("SHOW WARNINGS"))).all())


def refuse_cut(warnings: Sequence[Sequence[Any]]) -> None:
    """Look at a server's warnings: level, code and text each.

    Raises:
        ResultCut: One says that a text was cut, lost, or not made at all.
    """
    if any(warning[1] in _CUT for warning in warnings):
        raise ResultCut


async def read(reader: TreeReader, shape: Any, statement: Any) -> list[Any] | None:
    """Return a shape for each row of a statement; None where it is read from the columns of rows, or is no shape."""
    plan = await plan_of(reader, shape, statement, Mode.READ)
    if plan is None:
        return None
    if plan.kept.statement is not None:
        return objects_of(shape, await _texts(reader, plan, shape))
    return objects_from_rows(shape, await _dictionaries(reader, plan, shape))


@dataclass(slots=True, eq=False)
class Placed:
    """Rows with the values of their places in an order.

    Attributes:
        places: A tuple of values a row.
        made: Makes shapes of some of the rows, by their numbers.
    """

    places: list[tuple[Any, ...]]
    made: Callable[[Sequence[int]], list[Any]]


async def read_placed(
    reader: TreeReader,
    shape: Any,
    statement: Any,
    places: Sequence[ColumnElement[Any]],
    given: Mapping[str, Any],
) -> Placed | None:
    """Read a shape for each row of a statement, in the same statement with other columns; None as for `read`.

    Args:
        reader: What it is read through.
        shape: Of the rows.
        statement: What selects them.
        places: The other columns.
        given: Values of the statement, as for `.params()`.
    """
    plan = await plan_of(reader, shape, statement, Mode.READ, beside=places, given=given)
    if plan is None:
        return None
    width = len(places)
    if plan.kept.statement is not None:
        rows = await reader.rows(plan)
        texts = last(rows)
        found = [tuple(row)[-1 - width : -1] for row in rows]
        return Placed(found, lambda some: objects_of(shape, [texts[number] for number in some]))
    rows, made = await _dictionaries_of(reader, plan, places)
    found = [tuple(row)[:width] for row in rows]
    return Placed(found, lambda some: objects_from_rows(shape, [made[number] for number in some]))


async def read_json(reader: TreeReader, shape: Any, statement: Any) -> bytes:
    """Return the JSON of one shape or a list of them, as FastAPI would write it.

    Raises:
        NotFound: One was asked for and there is none.
        MultipleRowsFound: One was asked for and there are several.
    """
    inner = item_of(shape)
    plan = await plan_of(reader, inner, statement, Mode.SENT)
    if plan is None:
        raise ConfigurationError(
            f"json() takes a shape or a list of one, and `select(User)`; not {shape!r} and {type(statement).__name__}."
        )
    mapper, mode = plan.kept.outline.mapper, plan.kept.mode
    if mode is not None:
        texts = await _texts(reader, plan, inner, joined=inner is not shape and mode is Mode.SENT)
        if plan.kept.may_hold_strangers and mode is Mode.SENT:
            refuse_strangers(inner, texts)
        return json_of(shape, mode, texts, mapper)
    found = objects_from_rows(inner, await _dictionaries(reader, plan, inner))
    return written(shape, found if inner is not shape else only(found, mapper))


def item_of(shape: Any) -> Any:
    """Return the shape of `list[shape]`, or the shape itself."""
    # Asking a Pydantic model for an attribute that it has not takes longer than all of this.
    if isinstance(shape, type):
        return shape
    return get_args(shape)[0] if get_origin(shape) is list else shape


def json_of(shape: Any, mode: Mode, texts: Sequence[str], mapper: Mapper[Any]) -> bytes:
    """Make the JSON of one shape or a list of them from the JSON of rows.

    Raises:
        NotFound: One was asked for and there is none.
        MultipleRowsFound: One was asked for and there are several.
    """
    inner = item_of(shape)
    if mode is Mode.SENT:
        return array_of(texts) if inner is not shape else str(only(texts, mapper)).encode()
    found = objects_of(inner, texts)
    return written(shape, found if inner is not shape else only(found, mapper))


def only(found: Sequence[Any], mapper: Mapper[Any]) -> Any:
    """Return the only one of what was found.

    Raises:
        NotFound: There is none.
        MultipleRowsFound: There are several.
    """
    name = mapper.class_.__name__
    if not found:
        raise NotFound(name)
    if len(found) > 1:
        raise MultipleRowsFound(name)
    return found[0]


async def plan_of(
    reader: TreeReader,
    shape: Any,
    statement: Any,
    mode: Mode,
    *,
    beside: Sequence[ColumnElement[Any]] = (),
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Plan | None:
    """Plan how a shape is read; None where it is read from the columns of rows."""
    dialect = reader.dialect
    if dialect.name != "sqlite" and dialect.server_version_info is None:
        # Nothing has connected yet, and the server's version decides what is sent.
        await reader.session.connection()
    plans, filters = plans_of(dialect), reader.filters
    asked = _filtered(shape, statement, filters) if filters.known else statement
    return plans.plan(shape, asked, mode, beside=beside, given=given)


def _filtered(shape: Any, statement: Any, filters: Filters) -> Any:
    if isinstance(statement, Keyed) and not filters.only_deleted:
        return statement.with_options(filters.of())
    source = source_of(shape, statement.statement() if isinstance(statement, Keyed) else statement)
    if source is None:
        return statement
    is_soft = filters.only_deleted and issubclass(inspect(source.entity).mapper.class_, SoftDelete)
    return filters.on(only_deleted(source.statement) if is_soft else source.statement)


async def _texts(reader: TreeReader, plan: Plan, shape: Any, *, joined: bool = False) -> Sequence[str]:
    keeping = keeping_of(shape, plan.asked._with_options)
    if keeping is None:
        return last(await reader.rows(plan, joined=joined))
    return await kept_texts(reader, plan, keeping, joined=joined)


def last(rows: Sequence[Any]) -> list[str]:
    """Return the JSON of rows, which stands in their last column.

    Raises:
        ResultCut: The server could not send one.
    """
    texts = [row[-1] for row in rows]
    if None in texts:
        # MariaDB makes NULL of an object that is larger than it may send.
        raise ResultCut
    return texts


async def _dictionaries(reader: TreeReader, plan: Plan, shape: Any) -> list[dict[str, Any]]:
    if keeping_of(shape, plan.asked._with_options) is not None:
        refuse_rows(plan)
    return (await _dictionaries_of(reader, plan, ()))[1]


async def _dictionaries_of(
    reader: TreeReader, plan: Plan, first: Sequence[ColumnElement[Any]]
) -> tuple[Sequence[Any], list[dict[str, Any]]]:
    level = level_of(plan.kept.outline, entity_of(plan.asked))
    rows = (await reader.session.execute(level.selecting(plan.asked, *first))).all()
    own = [row[len(first) :] for row in rows] if first else rows
    return rows, await dictionaries_of(reader, plan, level, own)


async def dictionaries_of(reader: TreeReader, plan: Plan, level: Level, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Make dictionaries of the rows of a plan's level, with a statement for each list below them."""
    made = [level.dictionary(row) for row in rows]
    await _fill(reader, level, rows, made, switches_of(plan.asked))
    return [level.finished(one) for one in made]


async def _fill(
    reader: TreeReader, level: Level, rows: Sequence[Any], made: Sequence[dict[str, Any]], switches: Sequence[Any]
) -> None:
    for below in level.lists:
        listing = listing_of(below)
        homes: dict[tuple[Any, ...], list[list[Any]]] = {}
        for row, whole in zip(rows, made, strict=True):
            home = place_for(whole, below.path)
            if home is not None:
                home[below.path[-1]] = []
                homes.setdefault(tuple(row[place] for place in below.keys), []).append(home[below.path[-1]])
        for keys in batches(list(homes)):
            found = (await reader.session.execute(listing.of(keys).options(*switches))).all()
            inner = [row[listing.width :] for row in found]
            children = [listing.level.dictionary(row) for row in inner]
            await _fill(reader, listing.level, inner, children, switches)
            for row, child in zip(found, children, strict=True):
                whole = listing.level.finished(child)
                for children_of_one in homes[tuple(row[: listing.width])]:
                    children_of_one.append(whole)

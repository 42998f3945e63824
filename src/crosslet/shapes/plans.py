"""Trees are planned once: the outline and the SQL of a shape over a statement of a structure are kept.

Building a statement costs milliseconds, running a kept one fractions of one. A statement of the same structure with
other values runs the kept one with its own values.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Dialect, Select, bindparam, inspect, literal_column, select
from sqlalchemy.orm import InstanceState, Mapper
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.util import EMPTY_DICT

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import name_of
from crosslet.shapes.columns import Changing, entity_of, mapper_of, row_statement
from crosslet.shapes.fields import is_shape
from crosslet.shapes.outline import Branch, Outline, outline_of
from crosslet.shapes.rows import key_of, level_of
from crosslet.shapes.texts import Hand, hand_of
from crosslet.shapes.trees import Mode, root_of, unreadable
from crosslet.shapes.values import Target

# Structures of statements, not values: an application has some hundreds.
_MOST = 2048
# Page sizes of one statement; beyond them the engine's way has the LIMIT as a parameter.
_MOST_LIMITS = 128


@dataclass(slots=True, eq=False)
class Kept:
    """What a tree is read with.

    Attributes:
        statement: Its last column holds a tree a row, as text; None if rows have to be read.
        mode: What the JSON is good for.
        reasons: Why it is no better.
        binds: The values of the statement that it was made for.
        limit: The key of the LIMIT among them that is written into the text.
        hands: What makes text and parameters for the driver, by that number.
    """

    outline: Outline
    statement: Select[Any] | None
    mode: Mode | None
    reasons: tuple[str, ...]
    binds: Sequence[BindParameter[Any]] = ()
    limit: str | None = None
    hands: dict[Any, Hand] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A kept plan, with the values of one call.

    Attributes:
        asked: The caller's statement.
    """

    kept: Kept
    asked: Select[Any]
    values: dict[str, Any]

    def handed(self, dialect: Dialect) -> tuple[str, Any] | None:
        """Return text and parameters for the driver; None where only the engine can send the statement."""
        kept = self.kept
        if self.asked.get_execution_options():
            return None
        limit = self.values.get(kept.limit) if kept.limit is not None else None
        hand = kept.hands.get(limit)
        if hand is None:
            if kept.statement is None or len(kept.hands) >= _MOST_LIMITS:
                return None
            chosen = kept.statement if limit is None else kept.statement.limit(literal_column(str(int(limit))))
            hand = kept.hands[limit] = hand_of(chosen.compile(dialect=dialect))
        return hand(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """One row of a mapped class, by its primary key: no statement has to be built for it.

    Attributes:
        key: Its parts, in the order of the mapper's `primary_key`.
    """

    entity: Any
    key: tuple[Any, ...]

    def statement(self) -> Select[Any]:
        """Return the statement that reads it."""
        return _by_key(self.entity).params(_key_values(self.key))


def keyed(entity: Any, key: Any) -> Keyed:
    """Name a row by its key.

    Args:
        entity: The mapped class.
        key: The value of its primary key; a tuple where that has several columns.

    Raises:
        ConfigurationError: It is no mapped class, or its key has another number of parts.
    """
    mapper = mapper_of(entity)
    parts = key if isinstance(key, tuple) else (key,)
    if mapper is None or len(parts) != len(mapper.primary_key):
        wanted = f"{len(mapper.primary_key)} parts" if mapper is not None else "a mapped class before it"
        raise ConfigurationError(f"{name_of(entity)} and a key of {len(parts)} do not go together: it takes {wanted}.")
    return Keyed(entity, parts)


def _key_values(key: tuple[Any, ...]) -> dict[str, Any]:
    return {f"key_{number}": part for number, part in enumerate(key)}


def _by_key(entity: Any) -> Select[Any]:
    bound = [column == bindparam(f"key_{number}", type_=column.type) for number, column in enumerate(key_of(entity))]
    return select(entity).where(*bound)


class Plans:
    """The plans for one database."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._kept: OrderedDict[Any, Kept] = OrderedDict()

    def plan(self, shape: Any, statement: Any, mode: Mode) -> Plan | None:
        """Plan how a shape is read; None where it is read from the columns of rows, or is no shape.

        Args:
            shape: Anything.
            statement: A `select()`, a mapped object, or anything else.
            mode: Mode.SENT for bytes, which may come out as Mode.READ; Mode.READ for objects.

        Raises:
            ConfigurationError: The shape does not fit the mapped class.
        """
        if isinstance(statement, Keyed):
            return self._plan_keyed(shape, statement, mode)
        if isinstance(statement, Select):
            # The usual way, and the reason for the order of things here: what is known already asks nothing more.
            structure = statement._generate_cache_key()
            key = (shape, mode, structure.key) if structure is not None else None
            kept = self._kept.get(key)
            if kept is not None:
                return _plan(kept, statement, structure)
            source = source_of(shape, statement)
            if source is None:
                return None
            binds = structure.bindparams if structure is not None else ()
            kept = _made(shape, source.entity, statement, mode, self._target, binds)
            if key is not None:
                self._keep(key, kept)
            return _plan(kept, statement, structure)
        source = source_of(shape, statement)
        return self.plan(shape, source.statement, mode) if source is not None else None

    def _plan_keyed(self, shape: Any, row: Keyed, mode: Mode) -> Plan:
        kept = self._kept.get((shape, mode, row.entity))
        if kept is None:
            kept = _made(shape, row.entity, _by_key(row.entity), mode, self._target, ())
            self._keep((shape, mode, row.entity), kept)
        return Plan(kept, kept.statement if kept.statement is not None else row.statement(), _key_values(row.key))

    def _keep(self, key: Any, kept: Kept) -> None:
        self._kept[key] = kept
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A statement whose rows are one mapped class, or an alias of one."""

    entity: Any
    statement: Select[Any]


def source_of(shape: Any, statement: Any) -> Source | None:
    """Return what a tree can be read from; None where a shape is read from the columns of rows, or is no shape.

    Args:
        shape: Anything.
        statement: A `select()`, a mapped object, or anything else.
    """
    if not is_shape(shape) or mapper_of(shape) is not None or statement is None:
        return None
    if isinstance(inspect(statement, raiseerr=False), InstanceState):
        statement = row_statement(statement)
    entity = entity_of(statement) if isinstance(statement, Select) else None
    return Source(entity, statement) if entity is not None else None


def has_related(shape: Any, statement: Changing) -> bool:
    """Tell whether a shape of changed rows reads more than their columns."""
    entity = statement.entity_description.get("entity")
    mapper = mapper_of(entity) if entity is not None else None
    return mapper is not None and is_shape(shape) and mapper_of(shape) is None and not outline_of(shape, mapper).is_flat


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a shape is read, and why not faster.

    Attributes:
        way: `json`: the database's JSON leaves as it is. `typed`: Pydantic makes objects of it, and JSON of those.
            `rows`: columns, with a statement for each list.
        reasons: What stands in the way of a faster one, a line each, by field.
        statements: How many statements it takes; of the lists of `rows` one for 500 parents.
        sql: The statement of `json` and `typed`; of `rows` the first.
    """

    way: str
    reasons: tuple[str, ...]
    statements: int
    sql: str

    def __str__(self) -> str:
        lines = [
            f"{self.way}, {self.statements} statement{'s' if self.statements > 1 else ''}",
            *self.reasons,
            self.sql,
        ]
        return "\n".join(lines)


def explain(shape: Any, source: Source, dialect: Dialect) -> Explanation:
    """Say how a shape is read as JSON from a statement."""
    kept = _made(shape, source.entity, source.statement, Mode.SENT, Target(dialect), ())
    if kept.statement is not None:
        way = "json" if kept.mode is Mode.SENT else "typed"
        return Explanation(way, kept.reasons, 1, str(kept.statement.compile(dialect=dialect)))
    lists = sum(1 for _, part in kept.outline.walk() if isinstance(part, Branch) and part.many)
    first = level_of(kept.outline, source.entity).selecting(source.statement)
    return Explanation("rows", kept.reasons, 1 + lists, str(first.compile(dialect=dialect)))


_PLANS: WeakKeyDictionary[Dialect, Plans] = WeakKeyDictionary()


def plans_of(dialect: Dialect) -> Plans:
    """Return the plans for a database; its dialect must have connected once, since the version counts."""
    found = _PLANS.get(dialect)
    if found is None:
        found = _PLANS[dialect] = Plans(Target(dialect))
    return found


def _plan(kept: Kept, statement: Select[Any], structure: CacheKey | None) -> Plan:
    if structure is None:
        return Plan(kept, statement, {})
    values = {old.key: new.effective_value for old, new in zip(kept.binds, structure.bindparams, strict=True)}
    if structure.params:
        # What `.params(key=...)` gave stands beside the statement's own.
        values |= {old.key: value for old, value in _given(kept, structure)}
    return Plan(kept, statement, values)


def _given(kept: Kept, structure: Any) -> Iterator[tuple[BindParameter[Any], Any]]:
    given = structure.params
    for old, new in zip(kept.binds, structure.bindparams, strict=True):
        for name in (new.key, new._orig_key):
            if name in given:
                yield old, given[name]
                break


def _made(
    shape: Any, entity: Any, statement: Select[Any], wanted: Mode, target: Target, binds: Sequence[BindParameter[Any]]
) -> Kept:
    mapper: Mapper[Any] = inspect(entity).mapper
    outline = outline_of(shape, mapper)
    reasons: list[str] = []
    if statement._distinct or statement._distinct_on:
        # Trees cannot be compared, and PostgreSQL orders DISTINCT rows by what is selected only.
        return Kept(outline, None, None, ("DISTINCT compares columns",), binds)
    for mode in (Mode.SENT, Mode.READ) if wanted is Mode.SENT else (Mode.READ,):
        against = list(unreadable(outline, target, mode))
        reasons += against
        if not against:
            tree = _reading(outline, entity, statement, target, mode)
            return Kept(outline, tree, mode, tuple(reasons), binds, _limit_of(statement, target))
    return Kept(outline, None, None, tuple(dict.fromkeys(reasons)), binds)


def _reading(outline: Outline, entity: Any, statement: Select[Any], target: Target, mode: Mode) -> Select[Any]:
    tree = root_of(outline, entity, target, mode)
    # asyncmy returns no rows at all where the first column of one is 16 MiB; behind a short one it is right.
    columns: list[Any] = [literal_column("1").label("n"), tree] if target.name in {"mysql", "mariadb"} else [tree]
    reading = statement.with_only_columns(*columns, maintain_column_froms=True)
    # Options are a call's own and no part of the structure; `Plan.asked` has them.
    reading._execution_options = EMPTY_DICT
    return reading


def _limit_of(statement: Select[Any], target: Target) -> str | None:
    """Return the key of a bound LIMIT where it is better written into the text.

    PostgreSQL plans for the number that it sees, and for a tenth of the table where it sees none.
    """
    limit = statement._limit_clause
    return str(limit.key) if target.name == "postgresql" and isinstance(limit, BindParameter) else None

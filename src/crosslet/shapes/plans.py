"""Trees are planned once: the outline and the SQL of a shape over a statement of a structure are kept.

Building a statement costs milliseconds, running a kept one fractions of one. A statement of the same structure with
other values runs the kept one with its own values.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, ColumnElement, Dialect, Select, inspect, literal_column
from sqlalchemy.orm import InstanceState, Mapper
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.util import EMPTY_DICT

from crosslet.errors import ConfigurationError
from crosslet.shapes.columns import Changing, entity_of, mapper_of, row_statement
from crosslet.shapes.fields import is_shape
from crosslet.shapes.kept import Kept, Keyed, Plan, by_key, key_values
from crosslet.shapes.options import with_columns
from crosslet.shapes.outline import outline_of
from crosslet.shapes.parts import Choice
from crosslet.shapes.trees import Mode, root_of, unreadable
from crosslet.shapes.values import Target

# Structures of statements, not values: an application has some hundreds.
_MOST = 2048
_UNKNOWN: Any = object()

T = TypeVar("T")


class Plans:
    """The plans for one database."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._kept: OrderedDict[Any, Kept] = OrderedDict()
        self._changes: OrderedDict[Any, Any] = OrderedDict()

    def plan(
        self,
        shape: Any,
        statement: Any,
        mode: Mode,
        *,
        beside: Sequence[ColumnElement[Any]] = (),
        given: Mapping[str, Any] = EMPTY_DICT,
    ) -> Plan | None:
        """Plan how a shape is read; None where it is read from the columns of rows, or is no shape.

        Args:
            shape: Anything.
            statement: A `select()`, a mapped object, or anything else.
            mode: Mode.SENT for bytes, which may come out as Mode.READ; Mode.READ for objects.
            beside: Columns to be read in front of each tree, made of nothing but the statement's ORDER BY.
            given: Values of a `select()` by name, as `.params()` would give them; a copy of the statement, which that
                makes, would have to be looked through again.

        Raises:
            ConfigurationError: The shape does not fit the mapped class.
        """
        if isinstance(statement, Keyed):
            return self._plan_keyed(shape, statement, mode)
        if isinstance(statement, Select):
            # The usual way, and the reason for the order of things here: what is known already asks nothing more.
            structure = statement._generate_cache_key()
            key = (shape, mode, structure.key, len(beside)) if structure is not None else None
            kept = self._kept.get(key)
            if kept is not None:
                return _plan(kept, statement, structure, given)
            source = source_of(shape, statement)
            if source is None:
                return None
            binds = structure.bindparams if structure is not None else ()
            kept = made_for(shape, source.entity, statement, mode, self.target, binds, beside=beside)
            if key is not None:
                self._keep(key, kept)
            return _plan(kept, statement, structure, given)
        source = source_of(shape, statement)
        return self.plan(shape, source.statement, mode) if source is not None else None

    def _plan_keyed(self, shape: Any, row: Keyed, mode: Mode) -> Plan:
        key = (shape, mode, row.entity, row.marks)
        kept = self._kept.get(key)
        if kept is None:
            kept = made_for(shape, row.entity, by_key(row.entity).options(*row.options), mode, self.target, ())
            self._keep(key, kept)
        values = key_values(row.key)
        if row.values:
            values |= row.values
        return Plan(kept, kept.statement if kept.statement is not None else row.statement(), values)

    def _keep(self, key: Any, kept: Kept) -> None:
        self._kept[key] = kept
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def kept_change(self, key: Any, make: Callable[[], T | None]) -> T | None:
        """Return what was planned for a change, None where it was found that it cannot be."""
        found: T | None = self._changes.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._changes[key] = make()
            if len(self._changes) > _MOST:
                self._changes.popitem(last=False)
        return found


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


_PLANS: WeakKeyDictionary[Dialect, Plans] = WeakKeyDictionary()


def plans_of(dialect: Dialect) -> Plans:
    """Return the plans for a database; its dialect must have connected once, since the version counts."""
    found = _PLANS.get(dialect)
    if found is None:
        found = _PLANS[dialect] = Plans(Target(dialect))
    return found


def _plan(kept: Kept, statement: Select[Any], structure: CacheKey | None, given: Mapping[str, Any]) -> Plan:
    if structure is None:
        return Plan(kept, statement, dict(given))
    values = {old.key: new.effective_value for old, new in zip(kept.binds, structure.bindparams, strict=True)}
    given = {**structure.params, **given} if structure.params else given
    if given or any(new.required for new in structure.bindparams):
        values |= dict(_given(kept, structure, given))
    return Plan(kept, statement, values)


def _given(kept: Kept, structure: CacheKey, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what `.params(name=...)` gave, which stands beside the statement's own values.

    Raises:
        ConfigurationError: A parameter without a value of its own got none.
    """
    for old, new in zip(kept.binds, structure.bindparams, strict=True):
        name = new.key if new.key in given else new._orig_key
        if name in given:
            yield old.key, given[name]
        elif new.required:
            raise ConfigurationError(f"The statement needs a value for {name!r}: `statement.params({name}=...)`.")


def made_for(
    shape: Any,
    entity: Any,
    statement: Select[Any],
    wanted: Mode,
    target: Target,
    binds: Sequence[BindParameter[Any]],
    *,
    beside: Sequence[ColumnElement[Any]] = (),
) -> Kept:
    """Plan how a shape is read from a statement, in the wanted mode or the next best."""
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
            tree = _reading(root_of(outline, entity, target, mode), statement, target, beside)
            divided = any(isinstance(part, Choice) for _, part in outline.walk())
            limit = _limit_of(statement, target)
            return Kept(outline, tree, mode, tuple(reasons), binds, limit, may_hold_strangers=divided)
    return Kept(outline, None, None, tuple(dict.fromkeys(reasons)), binds)


def _reading(
    tree: ColumnElement[str], statement: Select[Any], target: Target, beside: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    # asyncmy returns no rows at all where the first column of one is 16 MiB; behind a short one it is right.
    columns: list[Any] = [literal_column("1").label("n")] if target.name in {"mysql", "mariadb"} else []
    reading = with_columns(statement, *columns, *beside, tree)
    # Options are a call's own and no part of the structure; `Plan.asked` has them.
    reading._execution_options = EMPTY_DICT
    return reading


def _limit_of(statement: Select[Any], target: Target) -> str | None:
    """Return the key of a bound LIMIT where it is better written into the text.

    PostgreSQL plans for the number that it sees, and for a tenth of the table where it sees none.
    """
    limit = statement._limit_clause
    return str(limit.key) if target.name == "postgresql" and isinstance(limit, BindParameter) else None

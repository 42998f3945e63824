"""Which rows a row is related to, many to many: added, taken away, or set with a difference.

Related rows are named by their keys and never loaded; only the table between is changed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import RelationshipProperty

from crosslet.errors import ConfigurationError, InvalidValue, Problem
from crosslet.reads import unscoped
from crosslet.shapes import key_of, matching

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What was changed about a relation.

    Attributes:
        added: Keys of rows that were not related before, in the order they were given.
        removed: Keys of rows that are not related any more.
    """

    added: tuple[Any, ...]
    removed: tuple[Any, ...]


async def relate(
    session: AsyncSession, row: Any, attribute: Any, keys: Iterable[Any], *, add: bool, remove: str
) -> Difference:
    """Change which rows a row is related to.

    Args:
        session: Holds the row.
        row: Its relations are locked until the unit's end, so that two changes come one after the other.
        attribute: A many-to-many relationship, `User.roles`.
        keys: Primary keys of the other side, or objects.
        add: Relate those that are not yet.
        remove: `given` takes those in `keys` away, `others` all others, `none` nothing.

    Raises:
        ConfigurationError: It is no many-to-many relationship of the row.
        InvalidValue: A key leads to no row.
    """
    between = _Between.of(row, attribute)
    wanted = list(dict.fromkeys(between.key_of(key) for key in keys))
    await session.flush()
    await session.execute(between.locking(row))
    present = [tuple(found) for found in await session.execute(unscoped(between.reading(row)))]
    added = [key for key in wanted if key not in present] if add else []
    if remove == "given":
        removed = [key for key in present if key in wanted]
    else:
        removed = [key for key in present if key not in wanted] if remove == "others" else []
    await _check(session, between, added)
    if added:
        await session.execute(insert(between.table), [between.pair(row, key) for key in added])
    for start in range(0, len(removed), _BATCH):
        await session.execute(unscoped(between.deleting(row, removed[start : start + _BATCH])))
    if (added or removed) and between.relationship.key not in inspect(row).unloaded:
        await session.refresh(row, [between.relationship.key])
    return Difference(tuple(map(_plain, added)), tuple(map(_plain, removed)))


def _plain(key: tuple[Any, ...]) -> Any:
    return key[0] if len(key) == 1 else key


async def _check(session: AsyncSession, between: "_Between", keys: Collection[tuple[Any, ...]]) -> None:
    """Refuse keys of rows that do not exist, or that the session's filters hide."""
    given = list(keys)
    for start in range(0, len(given), _BATCH):
        some = given[start : start + _BATCH]
        columns = between.target_columns
        found = {tuple(one) for one in await session.execute(select(*columns).where(matching(columns, some)))}
        if missing := [key for key in some if key not in found]:
            name = between.relationship.mapper.class_.__name__
            reason = f"{len(missing)} of the keys lead to no {name}"
            raise InvalidValue([Problem(between.relationship.key, reason, "unknown_key")])


@dataclass(frozen=True, slots=True)
class _Between:
    """The table between two classes, and which of its columns lead where."""

    relationship: RelationshipProperty[Any]
    table: Any
    to_parent: tuple[tuple[Any, Any], ...]
    to_target: tuple[tuple[Any, Any], ...]

    @classmethod
    def of(cls, row: Any, attribute: Any) -> "_Between":
        relationship = getattr(attribute, "property", None)
        if not isinstance(relationship, RelationshipProperty) or relationship.secondary is None:
            raise ConfigurationError(f"{attribute}: connect, disconnect and set are for many-to-many relationships.")
        if relationship.viewonly or not isinstance(row, relationship.parent.class_):
            raise ConfigurationError(f"{attribute} cannot be changed through a {type(row).__name__}.")
        pairs: Any = (relationship.synchronize_pairs, relationship.secondary_synchronize_pairs)
        to_parent, to_target = (
            tuple((mapper.get_property_by_column(there).class_attribute, here) for there, here in given)
            for mapper, given in zip((relationship.parent, relationship.mapper), pairs, strict=True)
        )
        return cls(relationship, relationship.secondary, to_parent, to_target)

    @property
    def target_columns(self) -> list[Any]:
        return [there for there, _ in self.to_target]

    def key_of(self, given: Any) -> tuple[Any, ...]:
        if isinstance(given, self.relationship.mapper.class_):
            return tuple(getattr(given, there.key) for there, _ in self.to_target)
        key = given if isinstance(given, tuple) else (given,)
        if len(key) != len(self.to_target):
            raise ConfigurationError(f"{self.relationship}: a key has {len(self.to_target)} parts, not {len(key)}.")
        return key

    def _is_of(self, row: Any) -> Any:
        return and_(*(here == getattr(row, there.key) for there, here in self.to_parent))

    def locking(self, row: Any) -> Any:
        keys = key_of(self.relationship.parent.class_)
        return select(*keys).where(*(key == getattr(row, key.key) for key in keys)).with_for_update()

    def reading(self, row: Any) -> Any:
        return select(*(here for _, here in self.to_target)).where(self._is_of(row))

    def pair(self, row: Any, key: tuple[Any, ...]) -> dict[str, Any]:
        parent = {here.key: getattr(row, there.key) for there, here in self.to_parent}
        return {**parent, **{here.key: part for (_, here), part in zip(self.to_target, key, strict=True)}}

    def deleting(self, row: Any, keys: Sequence[tuple[Any, ...]]) -> Any:
        columns = [here for _, here in self.to_target]
        return delete(self.table).where(self._is_of(row), matching(columns, keys))

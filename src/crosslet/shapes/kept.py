"""What is kept of a planned tree, and what one call makes of it: a statement with its own values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Dialect, Select, bindparam, literal_column, select

from crosslet.errors import ConfigurationError
from crosslet.shapes.attributes import name_of
from crosslet.shapes.columns import mapper_of
from crosslet.shapes.outline import Outline
from crosslet.shapes.rows import key_of
from crosslet.shapes.texts import Hand, hand_of
from crosslet.shapes.trees import Mode

# Page sizes of one statement; beyond them the engine's way has the LIMIT as a parameter.
_MOST_LIMITS = 128
# Rows in one text: a longer list would be held twice by the server, and sent when its last row is made.
_MOST_JOINED = 1000


@dataclass(slots=True, eq=False)
class Kept:
    """What a tree is read with.

    Attributes:
        statement: Its last column holds a tree a row, as text; None if rows have to be read.
        mode: What the JSON is good for.
        reasons: Why it is no better.
        binds: The values of the statement that it was made for.
        limit: The key of the LIMIT among them that is written into the text.
        may_hold_strangers: A row may be of a class that nobody mapped.
        hands: What makes text and parameters for the driver, by that number.
    """

    outline: Outline
    statement: Select[Any] | None
    mode: Mode | None
    reasons: tuple[str, ...]
    binds: Sequence[BindParameter[Any]] = ()
    limit: str | None = None
    may_hold_strangers: bool = False
    hands: dict[Any, Hand] = field(default_factory=dict)
    # What the statement reads, once the room that keeps results has asked.
    sources: Any = None


# Not frozen: one is made for each read, and freezing takes longer than the rest of it.
@dataclass(slots=True, eq=False)
class Plan:
    """A kept plan, with the values of one call.

    Attributes:
        asked: The caller's statement.
    """

    kept: Kept
    asked: Select[Any]
    values: dict[str, Any]

    def handed(self, dialect: Dialect, *, joined: bool = False) -> tuple[str, Any] | None:
        """Return text and parameters for the driver; None where only the engine can send the statement.

        Args:
            dialect: The engine's.
            joined: Trees may come as one text with commas between them, which for a page of rows takes PostgreSQL and
                the driver less than a row each.
        """
        kept = self.kept
        if self.asked.get_execution_options():
            return None
        limit = self.values.get(kept.limit) if kept.limit is not None else None
        joined = joined and limit is not None and limit <= _MOST_JOINED
        hand = kept.hands.get((limit, joined))
        if hand is None:
            if kept.statement is None or len(kept.hands) >= _MOST_LIMITS:
                return None
            chosen = kept.statement if limit is None else kept.statement.limit(literal_column(str(int(limit))))
            hand = hand_of(chosen.compile(dialect=dialect))
            kept.hands[limit, joined] = hand = _joining(hand) if joined else hand
        return hand(self.values)


def _joining(hand: Hand) -> Hand:
    """Let a statement of one column give all its rows as one text; an array keeps the order of what it is made of."""

    def joining(values: Mapping[str, Any]) -> tuple[str, Any] | None:
        handed = hand(values)
        return None if handed is None else (f"SELECT array_to_string(array({handed[0]}), ',')", handed[1])

    return joining


@dataclass(slots=True, eq=False)
class Keyed:
    """One row of a mapped class, by its primary key: no statement has to be built for it.

    Attributes:
        key: Its parts, in the order of the mapper's `primary_key`.
        options: Of the statement.
        marks: What tells options from others, for what is kept, and the values in them.
    """

    entity: Any
    key: tuple[Any, ...]
    options: tuple[Any, ...] = ()
    marks: tuple[Any, ...] = ()
    values: Mapping[str, Any] | None = None

    def with_options(self, options: tuple[Any, ...]) -> "Keyed":
        """Return it with options, which have `filter`, `binds` and `missing`."""
        marks = tuple([(option.filter, option.missing) for option in options])
        values = {bound.key: bound.value for option in options for bound in option.binds}
        return Keyed(self.entity, self.key, options, marks, values)

    def statement(self) -> Select[Any]:
        """Return the statement that reads it."""
        return by_key(self.entity).options(*self.options).params(key_values(self.key))


def keyed(entity: Any, key: Any) -> Keyed:
    """Name a row by its key.

    Args:
        entity: The mapped class.
        key: The value of its primary key; a tuple where that has several columns.

    Raises:
        ConfigurationError: It is no mapped class, or its key has another number of parts.
    """
    length = _length_of_key(entity)
    parts = key if isinstance(key, tuple) else (key,)
    if len(parts) != length:
        wanted = f"{length} parts" if length else "a mapped class before it"
        raise ConfigurationError(f"{name_of(entity)} and a key of {len(parts)} do not go together: it takes {wanted}.")
    return Keyed(entity, parts)


@lru_cache(maxsize=1024)
def _length_of_key(entity: Any) -> int:
    mapper = mapper_of(entity)
    return 0 if mapper is None else len(mapper.primary_key)


def key_values(key: tuple[Any, ...]) -> dict[str, Any]:
    """Return a key as the values of `by_key`'s statement."""
    return {f"key_{number}": part for number, part in enumerate(key)}


def by_key(entity: Any) -> Select[Any]:
    """Return the statement that reads a row by its key, whatever the key."""
    bound = [column == bindparam(f"key_{number}", type_=column.type) for number, column in enumerate(key_of(entity))]
    return select(entity).where(*bound)

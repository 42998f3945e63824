"""What a caller says of a statement or a shape: its result may be kept, for how long, and what ends that early.

Names only: who keeps results, and where, is in `cache`.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, overload

from sqlalchemy import Executable, Select, TableClause, inspect
from sqlalchemy.orm import Mapper, UserDefinedOption

from crosslet.errors import ConfigurationError

S = TypeVar("S", bound=Executable)
T = TypeVar("T")
Tagged = Any
_MARK: Final = "__crosslet_cached__"
_ADVICE: Final = (
    "cached() keeps the JSON of shapes: read it with `session.one`, `first`, `all` or `json` and a Pydantic model, "
    "dataclass or TypedDict, from `select(User)...`. Objects of the ORM belong to one session and are never kept."
)

# The tag of every result: what writes in a way that nobody can follow ends all of them.
EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a result may be kept, and the tags that end it beside those of its tables."""

    ttl: float
    tags: tuple[str, ...] = ()


class Cached(UserDefinedOption):
    """Marks a statement whose result may be kept."""

    __slots__ = ()

    payload: Keeping


@overload
def cached(statement: S, /, *, ttl: float, tags: Sequence[Tagged] = ()) -> S: ...


@overload
def cached(*, ttl: float, tags: Sequence[Tagged] = ()) -> Callable[[type[T]], type[T]]: ...


def cached(statement: Any = None, /, *, ttl: float, tags: Sequence[Tagged] = ()) -> Any:
    """Let results be kept: those of a statement, `cached(select(User), ttl=60)`, or of a shape, `@cached(ttl=60)`.

    A result ends with the first commit that changes a table it was read from, at the latest after `ttl` seconds.
    Sessions that write neither read nor fill what is kept.

    Args:
        statement: A `select()` of a mapped class; without it the call decorates a shape.
        ttl: Seconds.
        tags: Ends it as well: names for `db.invalidate("pricing")`, mapped classes or tables. SQL by hand inside the
            statement hides its tables, and needs them.

    Raises:
        ConfigurationError: No statement that reads, no time above zero, or no tag.
    """
    if not isinstance(ttl, int | float) or not math.isfinite(ttl) or ttl <= 0:
        raise ConfigurationError(f"cached(ttl={ttl!r}): give the seconds that a result may be kept, more than 0.")
    keeping = Keeping(float(ttl), tags_of(tags))
    if statement is None:
        return lambda shape: _marked(shape, keeping)
    if not isinstance(statement, Select):
        raise ConfigurationError(f"cached() takes a select() of a mapped class, not {type(statement).__name__}.")
    return statement.options(Cached(keeping))


def _marked(shape: type[T], keeping: Keeping) -> type[T]:
    if isinstance(inspect(shape, raiseerr=False), Mapper):
        raise ConfigurationError(_ADVICE)
    setattr(shape, _MARK, keeping)
    return shape


def keeping_of(shape: Any, options: tuple[Any, ...]) -> Keeping | None:
    """Return what was said of a statement's options, else of a shape; a shape's subclasses are shapes of their own."""
    for option in options:
        if type(option) is Cached:
            return option.payload
    own: dict[str, Any] = getattr(shape, "__dict__", {})
    return own.get(_MARK)


def refuse_cached(statement: Any) -> None:
    """Refuse a statement that is to be kept where nothing can be.

    Raises:
        ConfigurationError: It is.
    """
    if any(type(option) is Cached for option in getattr(statement, "_with_options", ())):
        raise ConfigurationError(_ADVICE)


def uncached(statement: S) -> S:
    """Return a statement without the mark."""
    given = statement._with_options
    kept = tuple(option for option in given if type(option) is not Cached)
    if len(kept) == len(given):
        return statement
    copied: Any = statement._generate()  # type: ignore[attr-defined]
    copied._with_options = kept
    return copied  # type: ignore[no-any-return]


def tags_of(named: Iterable[Tagged]) -> tuple[str, ...]:
    """Return the tags of names, mapped classes (with their subclasses) and tables.

    Raises:
        ConfigurationError: Something is none of these.
    """
    given: Any = named
    if isinstance(given, str):
        raise ConfigurationError(f"tags={named!r}: give a sequence, such as `({named!r},)`.")
    return tuple(dict.fromkeys(tag for one in named for tag in _tags(one)))


def _tags(one: Tagged) -> Iterable[str]:
    if isinstance(one, str) and one:
        return (f"name:{one}",)
    if isinstance(one, TableClause):
        return (tag_of(one),)
    mapper: Any = inspect(one, raiseerr=False) if isinstance(one, type) else None
    if not isinstance(mapper, Mapper):
        raise ConfigurationError(f"{one!r} is no tag: give a name, a mapped class or a table.")
    tables = (table for below in mapper.self_and_descendants for table in below.tables)
    return [tag_of(table) for table in tables if isinstance(table, TableClause)]


def tag_of(table: TableClause) -> str:
    """Return a table's tag."""
    return f"table:{table.fullname}"

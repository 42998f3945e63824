"""How related rows and columns arrived: one object at a time, or with their query. Told by the ORM itself."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState, ORMExecuteState, RelationshipProperty

from crosslet.facts.attribute_reads import unwatch, watch
from crosslet.loading import ORIGIN, TOUCHED, Origin, Site, chain_to, origin_of, way_to

# An execution option: the attribute that a statement loads for one object.
LOADS: Final = "crosslet_loads"


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyLoad:
    """An attribute that was loaded for one object alone, when it was touched.

    Attributes:
        attribute: Such as `Book.reviews`.
        path: The relationships from the query's class to it, the attribute last: `("Author.books", "Book.reviews")`.
        option: What loads it with the query; None for columns that were expired, which no query could help.
        origin: The query that the object came with; None where it is not known.
        site: The line that touched it.
    """

    attribute: str
    path: tuple[str, ...]
    option: str | None
    origin: Origin | None
    site: Site | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EagerLoad:
    """A relationship that was loaded for all objects of a query.

    Attributes:
        path: As of a `LazyLoad`.
        origin: The query.
        is_read: Some object of the query had it read.
    """

    path: tuple[str, ...]
    origin: Origin
    is_read: bool


class Loads:
    """Gathers loads while a trace goes on.

    Args:
        newest: How many are kept.
        is_watching: Note which relationships are read, too: costs something with each access.
    """

    def __init__(self, newest: int, *, is_watching: bool) -> None:
        self.lazy: deque[LazyLoad] = deque(maxlen=newest)
        self._newest = newest
        self._is_watching = is_watching
        self._eager: dict[tuple[Origin, Any], tuple[str, ...]] = {}
        self._read: set[tuple[Origin, Any]] = set()
        # Relationships of which nothing can be said.
        self._in_doubt: set[Any] = set()
        self._deleted: set[Any] = set()

    @property
    def eager(self) -> list[EagerLoad]:
        """Return the eager loads of which it can be said whether they were read."""
        return [
            EagerLoad(path=path, origin=found[0], is_read=found in self._read)
            for found, path in self._eager.items()
            if found[1] not in self._in_doubt and self._deleted.isdisjoint(found[1].parent.tables)
        ]

    def note(self, state: ORMExecuteState, site: Site | None) -> None:
        """Note a statement of the ORM."""
        lazily: str | None = None
        if state.is_relationship_load and state.lazy_loaded_from is not None:
            relationship = _relationship_in(state.loader_strategy_path)
            lazily = self._note_lazy(state.lazy_loaded_from, [relationship.key], site)
        elif state.is_relationship_load:
            self._note_loader(state)
        elif state.is_column_load:
            lazily = self._note_columns(state, site)
        elif self._is_watching and state.is_select and state.bind_mapper is not None:
            watch(state.bind_mapper, self.note_read)
        if lazily is not None or LOADS in state.execution_options:
            # What is loaded below it has its options, and is loaded for many.
            state.update_execution_options(**{LOADS: lazily})

    def _note_lazy(self, parent: InstanceState[Any], names: Sequence[str], site: Site | None) -> str:
        mapper = parent.mapper
        attribute = f"{mapper.class_.__name__}.{', '.join(names)}"
        is_expired = not parent.expired_attributes.isdisjoint(names)
        options = None if is_expired else ", ".join(chain_to(parent, name) for name in names)
        path = (*(f"{one.parent.class_.__name__}.{one.key}" for one in way_to(parent)), attribute)
        self.lazy.append(LazyLoad(attribute=attribute, path=path, option=options, origin=origin_of(parent), site=site))
        return attribute

    def _note_columns(self, state: ORMExecuteState, site: Site | None) -> str | None:
        # Which object and which columns are in no public place.
        load_options: Any = state.load_options
        parent = load_options._refresh_state
        options: Any = getattr(state.statement, "_compile_options", None)
        names = sorted(getattr(options, "_only_load_props", None) or ())
        if parent is None or not names:
            return None  # `refresh()` of all of it.
        return self._note_lazy(parent, names, site)

    # --- what was loaded with a query, and never read ---------------------------------------------

    def _note_loader(self, state: ORMExecuteState) -> None:
        """Note a statement for many objects, unless it is for what was touched."""
        if TOUCHED not in state.execution_options:
            self._note_eager(state.execution_options.get(ORIGIN), state.loader_strategy_path)

    def _note_eager(self, reading: Any, path: Any) -> None:
        origin = None if reading is None else reading.origin
        if self._is_watching and origin is not None and path and len(self._eager) < self._newest:
            self._eager.setdefault((origin, _relationship_in(path)), names_of(path))

    def note_rows(self, context: Any) -> None:
        """Note the relationships that a statement brought by a join; it had rows."""
        attributes = getattr(getattr(context.compiled, "compile_state", None), "attributes", None)
        if not self._is_watching or not attributes:
            return
        for key in attributes:
            if isinstance(key, tuple) and key[0] in {"eager_row_processor", "user_defined_eager_row_processor"}:
                self._note_eager(context.execution_options.get(ORIGIN), key[1])

    def note_read(self, state: InstanceState[Any], relationship: Any) -> None:
        """Note that an object had a relationship read."""
        origin = origin_of(state)
        if origin is None or (origin, relationship) not in self._eager:
            # It came with another query before, or is new: it may be what the eager load was for.
            self._in_doubt.add(relationship)
        if origin is not None and len(self._read) < self._newest:
            self._read.add((origin, relationship))

    def note_delete(self, table: Any) -> None:
        """Note that rows of a table are deleted: a flush reads relationships for that, and nobody hears of it."""
        self._deleted.add(table)

    def end(self) -> None:
        """Watch no longer."""
        if self._is_watching:
            unwatch(self.note_read)


def _relationship_in(path: Any) -> Any:
    """Return the last relationship of a path, behind which its class may stand."""
    return path[-1] if isinstance(path[-1], RelationshipProperty) else path[-2]


def names_of(path: Any) -> tuple[str, ...]:
    """Name the relationships on the way from a query's own class: `("Author.books", "Book.reviews")`."""
    steps = list(path)
    pairs = zip(steps[::2], steps[1::2], strict=False)
    return tuple(f"{inspect(owner).mapper.class_.__name__}.{attribute.key}" for owner, attribute in pairs)

"""How related rows and columns arrived: one object at a time, or with their query. Told by the ORM itself."""

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import InstanceState, ORMExecuteState, RelationshipProperty

from crosslet.facts.attribute_reads import unwatch, watch
from crosslet.facts.origins import Origin, mark_origin, names_of, origin_of, origin_of_statement
from crosslet.loading import Site

# An execution option: the attribute that a statement loads for one object.
LOADS: Final = "crosslet_loads"


@dataclass(frozen=True, slots=True, kw_only=True)
class LazyLoad:
    """An attribute that was loaded for one object alone, when it was touched.

    Attributes:
        attribute: Such as `Book.reviews`.
        path: The relationships from the query's class to it, the attribute last: `("Author.books", "Book.reviews")`.
        is_column: It is a column that was deferred or expired; else a relationship.
        origin: The query that the object came with; None where it is not known.
        site: The line that touched it.
    """

    attribute: str
    path: tuple[str, ...]
    is_column: bool
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
        """Note a statement of the ORM, and let the objects of a query know it."""
        lazily: str | None = None
        if state.is_relationship_load and state.lazy_loaded_from is not None:
            lazily = self._note_lazy(state.lazy_loaded_from, names_of(state.loader_strategy_path), site)
        elif state.is_relationship_load:
            self._note_eager(origin_of_statement(state.statement), state.loader_strategy_path)
        elif state.is_column_load:
            lazily = self._note_column(state, site)
        elif state.is_select and state.is_orm_statement:
            mark_origin(state, site)
            if self._is_watching and state.bind_mapper is not None:
                watch(state.bind_mapper, self.note_read)
        if lazily is not None or LOADS in state.execution_options:
            # What is loaded below it has its options, and is loaded for many.
            state.update_execution_options(**{LOADS: lazily})

    def _note_lazy(
        self, parent: InstanceState[Any], path: tuple[str, ...], site: Site | None, *, is_column: bool = False
    ) -> str:
        load = LazyLoad(attribute=path[-1], path=path, is_column=is_column, origin=origin_of(parent), site=site)
        self.lazy.append(load)
        return load.attribute

    def _note_column(self, state: ORMExecuteState, site: Site | None) -> str | None:
        # Which object and which columns are in no public place.
        load_options: Any = state.load_options
        parent = load_options._refresh_state
        options: Any = getattr(state.statement, "_compile_options", None)
        names = sorted(getattr(options, "_only_load_props", None) or ())
        if parent is None or not names:
            return None  # `refresh()`, asked for by name.
        above = names_of(parent.load_path) if parent.load_options else ()
        own = f"{parent.mapper.class_.__name__}.{', '.join(names)}"
        return self._note_lazy(parent, (*above, own), site, is_column=True)

    # --- what was loaded with a query, and never read ---------------------------------------------

    def _note_eager(self, origin: Origin | None, path: Any) -> None:
        if self._is_watching and origin is not None and path and len(self._eager) < self._newest:
            relationship = path[-1] if isinstance(path[-1], RelationshipProperty) else path[-2]
            self._eager.setdefault((origin, relationship), names_of(path))

    def note_rows(self, context: Any) -> None:
        """Note the relationships that a statement brought by a join; it had rows."""
        attributes = getattr(getattr(context.compiled, "compile_state", None), "attributes", None)
        statement = getattr(context, "invoked_statement", None)
        if not self._is_watching or not attributes or statement is None:
            return
        for key in attributes:
            if isinstance(key, tuple) and key[0] in {"eager_row_processor", "user_defined_eager_row_processor"}:
                self._note_eager(origin_of_statement(statement), key[1])

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

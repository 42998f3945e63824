"""Which statement an object came from: known by the number of the run that made it, long after the run.

SQLAlchemy numbers each reading of objects and leaves the number on all of them. What is kept of a run is small and
bounded; of one that is forgotten only the text of an error is less precise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import InstanceState, LoaderCriteriaOption, RelationshipProperty, UserDefinedOption

from crosslet.loading.sites import Site, call_site

# Runs of the last moments, in two halves: when one is full the other is forgotten.
_MOST: Final = 4096
# Steps of a way that are remembered: somebody may walk down a list of ten thousand nodes.
_DEEPEST: Final = 16
# The execution option that says which statement a further one belongs to.
ORIGIN: Final = "crosslet_origin"


@dataclass(slots=True, eq=False)
class Origin:
    """A statement that objects came from, with all that was loaded for them afterwards.

    Attributes:
        site: The user's line that sent it; None where nothing of theirs was running.
    """

    site: Site | None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Objects that were read for a statement: its own, or what was loaded below these.

    Attributes:
        above: The relationships from the statement's own class to what was touched, where what was read counts its
            path from there.
    """

    origin: Origin
    above: tuple[Any, ...] = ()


_young: dict[int, Reading] = {}
_old: dict[int, Reading] = {}


def reading_for(options: Mapping[str, Any]) -> Reading:
    """Return what a statement that is about to be sent reads: it begins an origin, or loads for another's objects.

    Args:
        options: The execution options that SQLAlchemy hands on: they say which object or statement it is for.
    """
    reading: Reading | None = options.get(ORIGIN)
    above = options.get("sa_top_level_orm_context")
    loads = options.get("_sa_orm_load_options")
    if reading is None and above is not None:
        reading = above.execution_options.get(ORIGIN)
        if reading is not None:
            # An eager load, while the rows above are still being read: nobody has told of that run yet.
            remember(above.runid, reading)
    elif reading is None and loads is not None:
        if loads._lazy_loaded_from is not None:
            reading = reading_below(loads._lazy_loaded_from)
        elif loads._refresh_state is not None:
            reading = reading_of(loads._refresh_state)
    return Reading(Origin(call_site())) if reading is None else reading


def remember(run: int, reading: Reading) -> None:
    """Note what a run has read; the first to say so is right."""
    global _young, _old
    if len(_young) >= _MOST:
        _young, _old = {}, _young
    _young.setdefault(run, reading)


def reading_of_run(run: int | None) -> Reading | None:
    """Return what a run has read, None where it is not known any more."""
    return None if run is None else _young.get(run) or _old.get(run)


def reading_of(state: InstanceState[Any]) -> Reading | None:
    """Return with what an object was read, None where it is not known."""
    return reading_of_run(state.runid)


def counts_from_statement(state: InstanceState[Any]) -> bool:
    """Tell whether a path counts for what an object's statement says of later loads: criteria hold on any."""
    return not all(isinstance(one, LoaderCriteriaOption | UserDefinedOption) for one in state.load_options)


def reading_below(state: InstanceState[Any], *, counts: bool | None = None) -> Reading | None:
    """Return what is read when a relationship of an object is loaded; None where its own reading is not known.

    Args:
        state: Of the object.
        counts: Whether its path begins at the statement; if nothing is said it does where there is any option.
    """
    own = reading_of(state)
    if own is None or (bool(state.load_options) if counts is None else counts):
        return own  # Options count their paths from the statement on, and so does what is loaded with them.
    return Reading(own.origin, way_to(state)[-_DEEPEST:])


def way_to(state: InstanceState[Any]) -> tuple[Any, ...]:
    """Return the relationships that lead from an object's statement to it, as far as they are known."""
    own = reading_of(state)
    steps = tuple(part for part in state.load_path.path if isinstance(part, RelationshipProperty))
    return steps if own is None else (*own.above, *steps)


def origin_of(state: InstanceState[Any]) -> Origin | None:
    """Return the statement that an object came from, None where it is not known."""
    own = reading_of(state)
    return None if own is None else own.origin

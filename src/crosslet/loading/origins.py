"""Which statement an object came from: known by the number of the run that made it, long after the run.

SQLAlchemy numbers each reading of objects and leaves the number on all of them. What is kept of a run is small and
bounded; of one that is forgotten only the text of an error is less precise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import InstanceState

from crosslet.loading.sites import Site, call_site

# Runs of the last moments, in two halves: when one is full the other is forgotten.
_MOST: Final = 4096
# The execution option that says which statement a further one belongs to.
ORIGIN: Final = "crosslet_origin"


@dataclass(slots=True, eq=False)
class Origin:
    """A statement that objects came from, with all that was loaded for them afterwards.

    Attributes:
        site: The user's line that sent it; None where nothing of theirs was running.
    """

    site: Site | None


_young: dict[int, Origin] = {}
_old: dict[int, Origin] = {}


def origin_for(options: Mapping[str, Any]) -> Origin:
    """Return what a statement that is about to be sent belongs to: it begins an origin, or loads for another's objects.

    Args:
        options: The execution options that SQLAlchemy hands on: they say which object or statement it is for.
    """
    origin = options.get(ORIGIN)
    above = options.get("sa_top_level_orm_context")
    loads = options.get("_sa_orm_load_options")
    if origin is None and above is not None:
        origin = above.execution_options.get(ORIGIN)
        if origin is not None:
            # An eager load, while the rows above are still being read: nobody has told of that run yet.
            remember(above.runid, origin)
    elif origin is None and loads is not None:
        state = loads._lazy_loaded_from or loads._refresh_state
        origin = origin_of(state) if state is not None else None
    return Origin(call_site()) if origin is None else origin


def remember(run: int, origin: Origin) -> None:
    """Note which statement a run read the objects of; the first to say so is right."""
    global _young, _old
    if len(_young) >= _MOST:
        _young, _old = {}, _young
    _young.setdefault(run, origin)


def origin_of_run(run: int | None) -> Origin | None:
    """Return the origin of a run, None where it is not known any more."""
    return None if run is None else _young.get(run) or _old.get(run)


def origin_of(state: InstanceState[Any]) -> Origin | None:
    """Return the statement that an object came from, None where it is not known."""
    return origin_of_run(state.runid)

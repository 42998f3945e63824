"""Who came together: the objects of one statement on one path, and which of them are loaded with the one touched.

A group is looked up in the session once for each statement and path, in the order in which its objects came, and kept
while the session lives; objects that came later (partitions of a stream) are looked up when one of them is touched.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import InstanceState, Session

from crosslet.loading.origins import reading_of

State = InstanceState[Any]


@dataclass(slots=True, eq=False)
class Group:
    """Objects of one statement on one path.

    Attributes:
        states: In the order in which they came. What keeps objects alive is elsewhere.
        places: Where each stands.
    """

    states: list[State] = field(default_factory=list)
    places: dict[State, int] = field(default_factory=dict)

    def add(self, state: State) -> None:
        """Add the next one."""
        self.places[state] = len(self.states)
        self.states.append(state)

    def window(self, touched: State, size: int | None, fits: Callable[[State], bool]) -> list[State]:
        """Return the touched one and others that fit, at most so many; None for all.

        Those behind it come first, and then, where there is room, those at the beginning: what is walked need not be
        in the order in which it came.
        """
        place = self.places[touched]
        found = [touched]
        for state in chain(islice(self.states, place + 1, None), islice(self.states, place)):
            if size is not None and len(found) >= size:
                break
            if fits(state):
                found.append(state)
        return found


_GROUPS: WeakKeyDictionary[Session, dict[Any, Group]] = WeakKeyDictionary()


def group_of(session: Session, touched: State) -> Group:
    """Return the group of an object, itself included."""
    groups = _GROUPS.get(session)
    if groups is None:
        groups = _GROUPS[session] = {}
    key = _key_of(touched)
    group = groups.get(key)
    if group is None or touched not in group.places:
        _gather(session, groups)
        group = groups.get(key)
    if group is None or touched not in group.places:
        # It is in no identity map: it was deleted, or is about to be added.
        group = Group()
        group.add(touched)
    return group


def _gather(session: Session, groups: dict[Any, Group]) -> None:
    """Sort all objects of a session into their groups; one walk serves every group that is asked for next."""
    groups.clear()
    for state in session.identity_map.all_states():
        if state.runid is not None:
            groups.setdefault(_key_of(state), Group()).add(state)


def _key_of(state: State) -> Any:
    # One statement may be several runs: SQLAlchemy's selectin reads 500 parents' rows in each.
    reading = reading_of(state)
    if reading is None:
        return state.runid, (), state.load_path.path
    return id(reading.origin), reading.above, state.load_path.path


def are_alive(state: State, session: Session) -> bool:
    """Tell whether an object is still there, and in this session."""
    return state.obj() is not None and state.session is session and state.key is not None


def forget(session: Session) -> None:
    """Forget the groups of a session, whose objects are gone."""
    _GROUPS.pop(session, None)

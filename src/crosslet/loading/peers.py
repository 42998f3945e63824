"""Who came together: the objects of one statement on one path, and which of them are loaded with the one touched.

A group is looked up in the session once for each statement and path, in the order in which its objects came, and kept
while the session lives; objects that came later (partitions of a stream) are looked up when one of them is touched.
"""

from collections.abc import Callable, Sequence
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


@dataclass(slots=True, eq=False)
class Groups:
    """All groups of a session.

    Attributes:
        seen: How many objects of the session were sorted, and the last of them: a session keeps its objects in the
            order in which they came, so that those behind it are new.
    """

    found: dict[Any, Group] = field(default_factory=dict)
    seen: int = 0
    last: State | None = None

    def of(self, session: Session, touched: State) -> Group | None:
        """Return the group of an object, None where it is in no session."""
        for look in (None, self._add_new, self._sort_all):
            if look is not None:
                look(session.identity_map.all_states())
            group = self.found.get(_key_of(touched))
            if group is not None and touched in group.places:
                return group
        return None

    def _add_new(self, states: Sequence[State]) -> None:
        if 0 < self.seen < len(states) and states[self.seen - 1] is self.last:
            self._sort(states[self.seen :])
            self.seen, self.last = len(states), states[-1]

    def _sort_all(self, states: Sequence[State]) -> None:
        self.found.clear()
        self._sort(states)
        self.seen, self.last = len(states), states[-1] if states else None

    def _sort(self, states: Sequence[State]) -> None:
        for state in states:
            if state.runid is not None:
                self.found.setdefault(_key_of(state), Group()).add(state)


_GROUPS: WeakKeyDictionary[Session, Groups] = WeakKeyDictionary()


def group_of(session: Session, touched: State) -> Group:
    """Return the group of an object, itself included."""
    groups = _GROUPS.get(session)
    if groups is None:
        groups = _GROUPS[session] = Groups()
    group = groups.of(session, touched)
    if group is None:
        # It is in no identity map: it was deleted, or is about to be added.
        group = Group()
        group.add(touched)
    return group


def _key_of(state: State) -> Any:
    # One statement may be several runs: SQLAlchemy's selectin reads 500 parents' rows in each.
    reading = reading_of(state)
    if reading is None:
        return state.runid, (), state.load_path.path
    return id(reading.origin), reading.above, state.load_path.path


def are_alive(state: State, session: Session) -> bool:
    """Tell whether an object is still there, and in this session."""
    return state.obj() is not None and state.session is session and state.key is not None

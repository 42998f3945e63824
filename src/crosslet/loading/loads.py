"""What a touched attribute leads to: a load for all that came together, for itself alone, or an error that advises.

How it is loaded is in private.py, who came together in peers.py.
"""

from typing import Any, NoReturn, Protocol

from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.util.concurrency import in_greenlet

from crosslet.errors import DetachedNotLoaded, LoadRefused, NotLoaded
from crosslet.loading.messages import advice_for
from crosslet.loading.modes import Fetching, fetching_of
from crosslet.loading.origins import ORIGIN, counts_from_statement, reading_below, reading_of
from crosslet.loading.peers import Group, are_alive, group_of
from crosslet.loading.turns import turn

State = InstanceState[Any]
# Says of a statement that it fills in columns of what the session holds: no filter may hide a row of it.
COLUMNS = "crosslet_columns"
# Says that it loads what was touched, for all that came together; what a query loads along does not say so.
TOUCHED = "crosslet_touched"


class Load(Protocol):
    """An attribute that can be loaded for several objects at once."""

    @property
    def key(self) -> str:
        """Name the attribute that was touched."""
        ...

    def is_done(self, state: State) -> bool:
        """Tell whether an object has it."""
        ...

    def fits(self, state: State) -> bool:
        """Tell whether an object can be loaded along."""
        ...

    def is_near(self, state: State, session: Session) -> bool:
        """Tell whether it needs no statement."""
        ...

    def run(self, session: Session, states: list[State], options: dict[str, Any]) -> None:
        """Load it for these."""
        ...


def load_peers(load: Load, session: Session, touched: State) -> bool:
    """Load a relationship for the touched object and its peers; False where only SQLAlchemy's own way is left.

    Raises:
        NotLoaded: Nothing can be awaited here.
        LoadRefused: The mode forbids it.
    """
    return _load(load, session, touched, {ORIGIN: reading_below(touched, counts=counts_from_statement(touched))})


def load_columns_of_peers(load: Load, touched: State) -> bool:
    """Load columns as `load_peers` does."""
    session = touched.session
    if session is None or session._flushing:
        return False
    return _load(load, session, touched, {COLUMNS: True, ORIGIN: reading_of(touched)})


def _load(load: Load, session: Session, touched: State, options: dict[str, Any]) -> bool:
    _refuse_blocked(session, touched, load)
    fetching = fetching_of(touched, session)
    if fetching.mode == "one":
        return False
    if fetching.mode == "raise":
        raise LoadRefused(touched.mapper.class_.__name__, load.key, advice_for(touched, load.key, "refused"))
    with turn(session):
        if load.is_done(touched):
            return True  # Another task has loaded it meanwhile, for all.
        if touched._deleted or touched in session._deleted:
            return False  # The flush of its end reads what it needs; afterwards there is no row to start from.
        # What is not flushed yet belongs to the answer; it may change who fits, too.
        session._autoflush()
        group = group_of(session, touched)
        if fetching.mode == "raise_n_plus_one":
            _refuse_several(group, session, touched, load.key)
            return False
        if not load.fits(touched):
            return False
        _run(load, session, _chosen(load, group, session, touched, fetching), options)
    return load.is_done(touched)


def _chosen(load: Load, group: Group, session: Session, touched: State, fetching: Fetching) -> list[State]:
    def fits(state: State) -> bool:
        return are_alive(state, session) and load.fits(state) and not load.is_near(state, session)

    return group.window(touched, fetching.window, fits)


def _run(load: Load, session: Session, states: list[State], options: dict[str, Any]) -> None:
    # Whoever holds a state holds no object: these stay until they are loaded.
    kept = [state.obj() for state in states]
    load.run(session, states, {**options, TOUCHED: True})
    kept.clear()


def _refuse_blocked(session: Session, touched: State, load: Load) -> None:
    if in_greenlet() or not _is_async(session, touched):
        return
    key = load.key
    reason: Any = "expired" if key in touched.expired_attributes else "blocked"
    raise NotLoaded(touched.mapper.class_.__name__, key, advice_for(touched, key, reason))


def _is_async(session: Session, touched: State) -> bool:
    return bool(session.get_bind(touched.mapper).dialect.is_async)


def _refuse_several(group: Group, session: Session, touched: State, key: str) -> None:
    if sum(are_alive(state, session) for state in group.states) > 1:
        raise LoadRefused(touched.mapper.class_.__name__, key, advice_for(touched, key, "several"))


def refuse_detached(touched: State, key: str) -> NoReturn:
    """Refuse to load for an object whose session has ended.

    Raises:
        DetachedNotLoaded: Always.
    """
    reason: Any = "detached_expired" if key in touched.expired_attributes else "detached"
    raise DetachedNotLoaded(touched.mapper.class_.__name__, key, advice_for(touched, key, reason))

"""What happens when an attribute is touched that no statement has loaded: the modes, and how one is chosen.

The names follow Django's fetch modes (FETCH_PEERS, FETCH_ONE, FETCH_RAISE; Django 6.1) and Rails' `strict_loading`, of
whose `n_plus_one_only` the fourth is.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sqlalchemy.orm import InstanceState, UserDefinedOption

from crosslet.errors import ConfigurationError

FetchMode = Literal["peers", "one", "raise", "raise_n_plus_one"]
# Where a class names its mode, and a session its own.
MODE_OF_CLASS: Final = "__fetch_mode__"
MODE_OF_SESSION: Final = "fetch_mode"
# As many as SQLAlchemy's selectin loads at once.
_WINDOW: Final = 500


@dataclass(frozen=True, slots=True)
class Fetching:
    """A mode, and how many objects are loaded at once; None for all."""

    mode: FetchMode
    window: int | None = _WINDOW


class Fetch(UserDefinedOption):
    """The option that `fetch` makes. It goes with every object of the statement, and with what is loaded below it."""

    __slots__ = ()

    propagate_to_loaders = True
    payload: Fetching
    # A statement with it and one without would else share what SQLAlchemy keeps of them, and one lose its options.
    _is_has_cache_key = True

    def _gen_cache_key(self, anon_map: Any, bindparams: Any) -> tuple[Any, ...]:
        return (Fetch, self.payload)


def fetch(mode: FetchMode = "peers", *, window: int | None = _WINDOW) -> Fetch:
    """Say how the objects of a statement load what it did not: `select(User).options(fetch("raise"))`.

    Args:
        mode: `peers` loads it for all objects of the same result, in one statement. `one` for the touched object alone,
            as plain SQLAlchemy. `raise` never. `raise_n_plus_one` only where the result has a single object.
        window: Objects that are loaded at once: the touched one, those that came behind it, and where there is room
            those at the beginning. None for all.

    Raises:
        ConfigurationError: There is no such mode, or the window has no room.
    """
    if window is not None and window < 1:
        raise ConfigurationError("fetch(window=...) is a number of objects, 1 at least; None for all.")
    return Fetch(Fetching(checked_mode(mode), window))


def checked_mode(mode: Any) -> FetchMode:
    """Return a mode as it is.

    Raises:
        ConfigurationError: It is none.
    """
    if mode not in get_args(FetchMode):
        raise ConfigurationError(f"{mode!r} is no fetch mode: choose {', '.join(get_args(FetchMode))}.")
    return mode  # type: ignore[no-any-return]


def fetching_of(state: InstanceState[Any], session: Any) -> Fetching:
    """Return how an object loads: as its statement says, else its session, else its class.

    Sessions of a Database load peers where nobody says anything; those of SQLAlchemy one, as ever.
    """
    for option in state.load_options:
        if isinstance(option, Fetch):
            return option.payload
    mode = getattr(session, MODE_OF_SESSION, None) or getattr(state.class_, MODE_OF_CLASS, None)
    if mode is not None:
        return Fetching(checked_mode(mode))
    return _OF_DATABASES if hasattr(session, MODE_OF_SESSION) else _PLAIN


_OF_DATABASES: Final = Fetching("peers")
_PLAIN: Final = Fetching("one")

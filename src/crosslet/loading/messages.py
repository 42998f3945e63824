"""What an error says of an attribute that was not loaded: which, why, where it was touched, and what to write.

The chain of options is that for the statement which the object came from, however deep below it the object stands.
"""

from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import InstanceState, RelationshipProperty

from crosslet.loading.origins import origin_of, way_to
from crosslet.loading.sites import call_site

State = InstanceState[Any]
Reason = Literal["blocked", "detached", "refused", "several", "expired", "detached_expired"]

_REASONS: dict[Reason, str] = {
    "blocked": "an attribute cannot wait for the database here: this is no code that is awaited, or another task",
    "detached": "its session has ended",
    "refused": 'its statement or session says fetch mode "raise"',
    "several": 'its statement returned several objects, and fetch mode "raise_n_plus_one" refuses one statement for '
    "each of them",
    "expired": "it was expired (by a commit or rollback, by `expire`, or since the database sets it when the row is "
    "written), and an attribute cannot wait for the database here",
    "detached_expired": "it was expired when its session ended (by a commit with `expire_on_commit`, for one)",
}


def chain_to(state: State, name: str) -> str:
    """Write the options that load an attribute of an object with the statement that it came from."""
    mapper = state.mapper
    steps = [_step(relationship) for relationship in way_to(state)]
    if name in mapper.relationships:
        steps.append(_step(mapper.relationships[name]))
    else:
        steps.append(f"undefer({mapper.class_.__name__}.{name})")
    return ".".join(steps)


def _step(relationship: RelationshipProperty[Any]) -> str:
    # A collection that is joined multiplies the rows; a single object that is joined costs no further statement.
    loader = "selectinload" if relationship.uselist else "joinedload"
    return f"{loader}({relationship.parent.class_.__name__}.{relationship.key})"


def advice_for(state: State, name: str, reason: Reason) -> str:
    """Return the whole text for an attribute of an object.

    Args:
        state: Of the object.
        name: Of the attribute.
        reason: Why it is not loaded now.
    """
    return "\n  ".join(_lines(state, name, reason))


def _lines(state: State, name: str, reason: Reason) -> Iterator[str]:
    mapper = state.mapper
    owner = mapper.class_.__name__
    yield f"{owner}.{name} was not loaded, and {_REASONS[reason]}."
    touched, origin = call_site(), origin_of(state)
    if touched is not None:
        yield f"touched at: {touched}"
    if origin is not None and origin.site is not None:
        yield f"{owner} came from the statement at: {origin.site}"
    yield f"to do: {_cure(state, name, reason)}"


def _cure(state: State, name: str, reason: Reason) -> str:
    row = state.mapper.class_.__name__[:1].lower() + state.mapper.class_.__name__[1:]
    if reason == "detached_expired":
        return (
            "make the session with `expire_on_commit=False` (those of a Database have it), or read the row again in a "
            "session that is open"
        )
    now = f"`await session.refresh({row}, [{name!r}])`"
    if reason == "expired":
        return f"{now} before it is touched; after a commit, make the session with `expire_on_commit=False`"
    options = chain_to(state, name)
    first = f"add `.options({options})` to that statement"
    if reason == "detached":
        return f"{first}, or read what is needed while the session is open"
    if issubclass(state.class_, AsyncAttrs):
        now = f"`await {row}.awaitable_attrs.{name}`"
    return f"{first}, or {now} before it is touched"

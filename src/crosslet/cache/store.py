"""What a place for results must do. The order of things is what makes it right; see `Store`."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

# Seconds beyond a commit's own deadline for which its tables stay in doubt where nobody ever learns how it ended.
HOLD = 30.0


class Look(NamedTuple):
    """What was found, and what allows to fill: the generations of the tags before the statement was sent."""

    texts: Sequence[str] | None
    ticket: Any


class Store(Protocol):
    """Keeps results under the generations of their tags.

    Each tag has a generation, which is never the same again once it was changed. A commit changes those of its tables
    before it is sent and once more when it was confirmed, and between the two they are in doubt. A result is kept with
    the generations that were seen before its statement was sent, and counts only while they are the tags' own: so one
    that was read before a commit and arrives after it is never found by anyone.
    """

    async def look(self, key: bytes, tags: Sequence[str]) -> Look:
        """Return what is kept; no texts where there is nothing, and no ticket where nothing may be filled either."""
        ...

    async def keep(self, key: bytes, texts: Sequence[str], tags: Sequence[str], ticket: Any, ttl: float) -> bool:
        """Keep a result unless one of its tags has changed since; tell whether it was kept."""
        ...

    async def begin(self, tags: frozenset[str], seconds: float) -> Any:
        """Put tags in doubt until `end` or `lose`, at the longest the seconds and HOLD."""
        ...

    async def end(self, doubt: Any, tags: frozenset[str]) -> None:
        """Change the generations of tags, and end the doubt."""
        ...

    def lose(self, doubt: Any, *, unknown: bool) -> None:
        """End the doubt at once, or where the outcome is unknown some time later."""
        ...

    async def invalidate(self, tags: frozenset[str]) -> None:
        """Change the generations of tags."""
        ...

    def size(self) -> tuple[int, int, int]:
        """Count the entries and their bytes in this process, and the tags whose end could not be delivered yet."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...

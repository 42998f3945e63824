"""Results in the memory of one process."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock
from time import monotonic
from typing import Any

from crosslet.cache.store import HOLD, Look
from crosslet.errors import ConfigurationError

# Of names that code makes up as it goes, such as one a user. A tag that was forgotten only costs a miss.
_MOST_TAGS = 100_000
# What an entry takes beside its texts, about.
_OVERHEAD = 500


@dataclass(slots=True, eq=False)
class _Entry:
    texts: Sequence[str]
    ticket: tuple[int, ...]
    until: float
    size: int


@dataclass(slots=True, eq=False)
class _Doubt:
    tags: frozenset[str]
    until: float


class MemoryCache:
    """Keep results in this process: least recently used ones go first.

    Writes of other processes are not heard of here, and a result of theirs may be as old as its ttl, unless `listen` is
    set or a RedisCache is used instead.

    Args:
        max_entries: How many.
        max_bytes: Their size, all in all.
        listen: Hear of the writes of other processes by PostgreSQL's NOTIFY. Every process that writes must set it: it
            costs each unit that writes one more statement, and each process one more connection.

    Raises:
        ConfigurationError: A limit is not above zero.
    """

    def __init__(self, *, max_entries: int = 10_000, max_bytes: int = 64 * 2**20, listen: bool = False) -> None:
        if max_entries < 1 or max_bytes < 1:
            raise ConfigurationError("MemoryCache: max_entries and max_bytes must be more than 0.")
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self.listen = listen
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._size = 0
        # A tag that is not here has a generation that nobody has seen yet: changing one is forgetting it.
        self._generations: OrderedDict[str, int] = OrderedDict()
        self._next = count(1)
        self._doubts: dict[int, _Doubt] = {}
        # One Database may be used from several event loops, each in a thread of its own.
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"MemoryCache(max_entries={self.max_entries}, max_bytes={self.max_bytes}, listen={self.listen})"

    async def look(self, key: bytes, tags: Sequence[str]) -> Look:
        """Return what is kept under a key; see `Store.look`."""
        with self._lock:
            if self._doubts and self._is_in_doubt(tags):
                return Look(None, None)
            ticket = self._ticket(tags)
            entry = self._entries.get(key)
            if entry is None:
                return Look(None, ticket)
            if entry.ticket != ticket or entry.until <= monotonic():
                self._drop(key)
                return Look(None, ticket)
            self._entries.move_to_end(key)
            return Look(entry.texts, ticket)

    async def keep(self, key: bytes, texts: Sequence[str], tags: Sequence[str], ticket: Any, ttl: float) -> bool:
        """Keep a result; see `Store.keep`."""
        size = sum(map(len, texts)) + _OVERHEAD
        with self._lock:
            if size > self.max_bytes or self._is_in_doubt(tags) or self._ticket(tags) != ticket:
                return False
            if key in self._entries:
                self._drop(key)
            self._entries[key] = _Entry(texts, ticket, monotonic() + ttl, size)
            self._size += size
            while len(self._entries) > self.max_entries or self._size > self.max_bytes:
                self._drop(next(iter(self._entries)))
            return True

    async def begin(self, tags: frozenset[str], seconds: float) -> int:
        """Put tags in doubt; see `Store.begin`."""
        with self._lock:
            token = next(self._next)
            self._doubts[token] = _Doubt(tags, monotonic() + seconds + HOLD)
            self._change(tags)
            return token

    async def end(self, doubt: int | None, tags: frozenset[str]) -> None:
        """Change the generations of tags; see `Store.end`."""
        with self._lock:
            self._change(tags)
            if doubt is not None:
                self._doubts.pop(doubt, None)

    def lose(self, doubt: int, *, unknown: bool) -> None:
        """End a doubt; see `Store.lose`."""
        with self._lock:
            if unknown and doubt in self._doubts:
                self._doubts[doubt].until = monotonic() + HOLD
            else:
                self._doubts.pop(doubt, None)

    async def invalidate(self, tags: frozenset[str]) -> None:
        """Change the generations of tags."""
        self.forget(tags)

    def forget(self, tags: frozenset[str]) -> None:
        """Change the generations of tags, at once."""
        with self._lock:
            self._change(tags)

    def size(self) -> tuple[int, int, int]:
        """Count the entries and their bytes; see `Store.size`."""
        return len(self._entries), self._size, 0

    async def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._size = 0

    def _ticket(self, tags: Sequence[str]) -> tuple[int, ...]:
        generations = self._generations
        found = []
        for tag in tags:
            generation = generations.get(tag)
            if generation is None:
                generation = generations[tag] = next(self._next)
                if len(generations) > _MOST_TAGS:
                    generations.popitem(last=False)
            found.append(generation)
        return tuple(found)

    def _change(self, tags: Iterable[str]) -> None:
        for tag in tags:
            self._generations.pop(tag, None)

    def _is_in_doubt(self, tags: Sequence[str]) -> bool:
        if not self._doubts:
            return False
        now = monotonic()
        for token in [token for token, doubt in self._doubts.items() if doubt.until <= now]:
            del self._doubts[token]
        return any(not doubt.tags.isdisjoint(tags) for doubt in self._doubts.values())

    def _drop(self, key: bytes) -> None:
        self._size -= self._entries.pop(key).size

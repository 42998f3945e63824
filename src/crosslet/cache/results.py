"""The results of one Database: looks them up, lets one load what many want, and hears of every commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from sqlalchemy import Executable

from crosslet.cache.keys import key_of
from crosslet.cache.listening import Listener
from crosslet.cache.statistics import CacheStatistics
from crosslet.cache.store import Store
from crosslet.errors import ConfigurationError

Load = Callable[[], Awaitable[Sequence[str]]]
Scope = Callable[[], str]
# What another was loading did not come to be.
_FAILED: Final[Sequence[str]] = ("failed",)


class Results:
    """What stands between the reads of a Database and its store.

    Args:
        store: Where results are kept.
        identity: Tells the database from others in the same store.
        listener: Hears of the writes of other processes, where the store does not.
        scope: Says who reads; see `Database`.
    """

    def __init__(
        self, store: Store, identity: bytes, listener: Listener | None = None, scope: Scope | None = None
    ) -> None:
        self.store = store
        self._listener = listener
        self._identity, self.scope = identity, scope
        self._counts: dict[str, int] = dict.fromkeys(CacheStatistics.__dataclass_fields__, 0)
        # Only what was begun under the same generations is shared: who comes after a write never waits for a
        # statement that was sent before it.
        self._flights: dict[Any, asyncio.Future[Sequence[str]]] = {}

    def key_of(self, text: str, parameters: Any) -> bytes | None:
        """Return the key of what the driver would be handed; None where it would not be certain.

        Raises:
            ConfigurationError: The scope is no text.
        """
        if self.scope is None:
            return key_of(self._identity, text, parameters)
        scope = self.scope()
        if not isinstance(scope, str):
            raise ConfigurationError(f"cache_scope returned {type(scope).__name__}: make it return a text.")
        return key_of(self._identity, text, parameters, scope)

    async def texts(self, key: bytes, tags: Sequence[str], ttl: float, load: Load) -> Sequence[str]:
        """Return the texts under a key, from the store, from another who loads them now, or from `load`.

        Where the other fails or is cancelled, one of those who waited tries next; who has waited for two loads alone.
        """
        if self._listener is not None and not self._listener.start():
            return await self.bypass(load)
        for _ in range(2):
            found, ticket = await self.store.look(key, tags)
            if found is not None:
                self._counts["hits"] += 1
                return found
            if ticket is None:
                return await self.bypass(load)
            flight = (asyncio.get_running_loop(), key, ticket)
            other = self._flights.get(flight)
            if other is None:
                return await self._lead(flight, tags, ttl, load)
            texts = await asyncio.shield(other)
            if texts is not _FAILED:
                self._counts["shared"] += 1
                return texts
        return await self.bypass(load)

    async def bypass(self, load: Load) -> Sequence[str]:
        """Load without looking or keeping."""
        self._counts["bypassed"] += 1
        return await load()

    async def _lead(self, flight: Any, tags: Sequence[str], ttl: float, load: Load) -> Sequence[str]:
        loop, key, ticket = flight
        self._counts["misses"] += 1
        others = self._flights[flight] = loop.create_future()
        try:
            try:
                texts = await load()
            except BaseException:
                others.set_result(_FAILED)
                raise
            others.set_result(texts)
            was_kept = await self.store.keep(key, texts, tags, ticket, ttl)
            self._counts["kept" if was_kept else "discarded"] += 1
            return texts
        finally:
            del self._flights[flight]

    # --- the ledger of units that write, see `transactions` ------------------------------------------

    @property
    def must_ride(self) -> bool:
        """Tell whether other processes hear of a unit by a statement within it."""
        return self._listener is not None

    def rider(self, tags: frozenset[str]) -> Executable:
        """Return that statement.

        Raises:
            ConfigurationError: There is none.
        """
        if self._listener is None:
            raise ConfigurationError("Nothing rides along: the cache does not listen.")
        return self._listener.message(tags)

    async def begin(self, tags: frozenset[str], seconds: float) -> Any:
        """Put tags in doubt while their commit is under way."""
        return await self.store.begin(tags, seconds)

    async def end(self, doubt: Any, tags: frozenset[str]) -> None:
        """End all results of tags: their commit was confirmed."""
        self._counts["writes"] += 1
        await self.store.end(doubt, tags)

    def lose(self, doubt: Any, *, unknown: bool) -> None:
        """End the doubt of a commit that was not confirmed."""
        self.store.lose(doubt, unknown=unknown)

    # --- by the caller's word ------------------------------------------------------------------------

    async def invalidate(self, tags: frozenset[str]) -> None:
        """End all results of tags, whoever changed what they stand for."""
        await self.store.invalidate(tags)

    def statistics(self) -> CacheStatistics:
        """Return what happened so far."""
        entries, size, undelivered = self.store.size()
        heard = self._listener
        if heard is not None:
            self._counts |= {"heard": heard.heard}
        counts: dict[str, Any] = {**self._counts, "entries": entries, "size_bytes": size, "undelivered": undelivered}
        counts["heard_after"] = heard.heard_after if heard is not None else 0.0
        return CacheStatistics(**counts)

    async def close(self) -> None:
        """Let go of connections."""
        if self._listener is not None:
            await self._listener.stop()
        await self.store.close()

"""Results that are kept: when a read may be given one, and the words of a Database for them. The rest is in `cache`."""

from collections.abc import Callable, Sequence
from typing import Any

from crosslet.cache import (
    CacheStatistics,
    Listener,
    MemoryCache,
    Results,
    Store,
    identity_of,
    sources_of,
)
from crosslet.connections import Connections
from crosslet.errors import ConfigurationError
from crosslet.reads import EVERYTHING, Keeping, Tagged, tags_of
from crosslet.shapes import Plan
from crosslet.transactions import Unit


class CacheVerbs:
    """What a Database does with results that are kept."""

    _results: Results
    write: Callable[[], Any]

    async def invalidate(self, *tags: Tagged) -> None:
        """End results by hand, where something changed that no session of crosslet's did: `db.invalidate("pricing")`.

        Args:
            tags: Names given to `cached(tags=...)`, mapped classes or tables; without any, all results.

        Raises:
            ConfigurationError: Something is no tag.
        """
        ended = frozenset(tags_of(tags) if tags else (EVERYTHING,))
        await self._results.invalidate(ended)
        if self._results.must_ride:
            async with self.write() as session:
                await session.execute(self._results.rider(ended))

    def cache_statistics(self) -> CacheStatistics:
        """Return what the cache has done so far in this process."""
        return self._results.statistics()


def results_of(cache: Store | None, scope: Callable[[], str] | None, connections: Connections) -> Results:
    """Return the results of a Database.

    Raises:
        ConfigurationError: The scope cannot be called, or the cache is to listen, and the database has no messages or
            its sessions are shared.
    """
    if scope is not None and not callable(scope):
        raise ConfigurationError("cache_scope is called at each read: give a function that returns a text.")
    store = cache or MemoryCache()
    identity = identity_of(connections.url)
    if not isinstance(store, MemoryCache) or not store.listen:
        return Results(store, identity, scope=scope)
    if not connections.dialect.can_notify or connections.settings.pool.transaction_pooler:
        raise ConfigurationError(
            "MemoryCache(listen=True) takes PostgreSQL's NOTIFY, past a transaction pooler. Elsewhere use a RedisCache."
        )
    return Results(store, identity, Listener(connections, store.forget), scope)


async def kept_texts(reader: Any, plan: Plan, keeping: Keeping, *, joined: bool) -> Sequence[str]:
    """Return the JSON of a plan's rows: what is kept of it, else from the database, to be kept.

    Raises:
        ConfigurationError: SQL by hand hides which tables it reads, and no tags say so.
        SessionClosed: The unit has ended.
        WrongTask: Another task owns it.
    """
    results: Results = reader.results
    unit: Unit = reader.unit
    unit.check()

    async def load() -> Sequence[str]:
        texts: Sequence[str] = await reader.texts(plan, joined=joined)
        return texts

    sources = plan.kept.sources
    if sources is None:
        sources = plan.kept.sources = sources_of(reader.sent(plan), plan.asked, reader.dialect)
    if sources.has_hand_written and not keeping.tags:
        raise ConfigurationError(
            "cached(): the statement has SQL by hand, which hides the tables that it reads. Name them: "
            "`cached(statement, ttl=60, tags=(User,))`."
        )
    handed = plan.handed(reader.dialect, joined=joined) if _may_use(unit) else None
    key = results.key_of(*handed) if handed is not None else None
    if key is None:
        return await results.bypass(load)
    return await results.texts(key, (*sources.tags, *keeping.tags), keeping.ttl, load)


def refuse_rows(plan: Plan) -> None:
    """Refuse to keep what Python alone can read.

    Raises:
        ConfigurationError: Always; it says why.
    """
    raise ConfigurationError(
        f"cached() keeps the JSON that the database makes, and here there is none: {'; '.join(plan.kept.reasons)}. "
        "Leave the mark away, or make the shape one that comes as JSON (`db.explain_shape` says how)."
    )


def _may_use(unit: Unit) -> bool:
    """Tell whether a unit may be given what others have read, and keep what it reads for them.

    A unit that writes sees its own changes and its own snapshot. So does a reader within a transaction, and on SQLite
    one whose connection may still be in the middle of another statement. One that has changed its server's settings
    may see rows that others must not.
    """
    if not unit.read_only or unit.streaming or unit.adjusted:
        return False
    return unit.connection is None or not (unit.opening or not unit.dialect.has_server)

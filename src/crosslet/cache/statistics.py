"""What a cache has done so far, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStatistics:
    """Counts of one Database in this process since it was made.

    Attributes:
        hits: Reads that were given what was kept.
        misses: Reads that asked the database and were not given anything.
        shared: Reads that were given what another was loading at that moment.
        bypassed: Reads that were neither given nor filled anything: within a unit that writes, while a commit was in
            doubt, with values that have no certain text, or where the store did not answer.
        kept: Results that were filled.
        discarded: Results that were not filled: a write came between, or they are too large.
        writes: Commits that ended results.
        heard: Messages of other processes about their writes (`MemoryCache(listen=True)`).
        heard_after: Seconds from the commit of the slowest of them to its arrival here, by the clocks of both.
        entries: Results in this process's memory.
        size_bytes: Their size.
        undelivered: Tags whose end Redis has not heard of, because it did not answer; this process goes by what it
            knows, others may be given older results until then, at the longest their ttl.
    """

    hits: int = 0
    misses: int = 0
    shared: int = 0
    bypassed: int = 0
    kept: int = 0
    discarded: int = 0
    writes: int = 0
    heard: int = 0
    heard_after: float = 0.0
    entries: int = 0
    size_bytes: int = 0
    undelivered: int = 0

"""Results kept until a write: where they are, what ends them, and that one loads while others wait."""

from crosslet.cache.keys import identity_of, key_of
from crosslet.cache.listening import Listener
from crosslet.cache.memory import MemoryCache
from crosslet.cache.redis import RedisCache
from crosslet.cache.results import Results
from crosslet.cache.sources import Sources, sources_of
from crosslet.cache.statistics import CacheStatistics
from crosslet.cache.store import Look, Store

__all__ = [
    "CacheStatistics",
    "Listener",
    "Look",
    "MemoryCache",
    "RedisCache",
    "Results",
    "Sources",
    "Store",
    "identity_of",
    "key_of",
    "sources_of",
]

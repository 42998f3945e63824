"""Results in Redis, for all processes of an application. Needs the extra `redis`.

A Redis that does not answer means misses and a line in the log, never an error and never what this process knows to
be old.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from hashlib import blake2b
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4
from weakref import WeakKeyDictionary

from pydantic_core import from_json, to_json

from crosslet.cache import scripts
from crosslet.cache.store import HOLD, Look
from crosslet.errors import ConfigurationError
from crosslet.reads import EVERYTHING

T = TypeVar("T")
logger = logging.getLogger("crosslet.cache")

# Seconds for which a Redis that has failed is not asked again.
_REST = 1.0
# A generation outlives the results under it; one that goes earlier costs a miss.
_DAY_MS = 86_400_000
# Tags that could not be ended; beyond them all are.
_MOST_UNDELIVERED = 1000


class RedisCache:
    """Keep results in Redis 6 or newer, where all processes find them and end them for each other.

    Give every application and environment a namespace of its own: within one, results of one URL and account are taken
    for the same database. Who can write to this Redis decides what `session.json` answers; give it a password, and TLS
    (`rediss://`) on a network.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with the options of redis-py.
        namespace: Begins every key. Keys show hashes only.
        timeout: Seconds that Redis may take for each answer; a commit waits for it twice.
        max_entry_bytes: A larger result is not kept.
        connections: The most at a time.

    Raises:
        ConfigurationError: redis-py is missing, or an argument cannot work.
    """

    def __init__(
        self,
        url: str,
        *,
        namespace: str = "crosslet",
        timeout: float = 0.25,
        max_entry_bytes: int = 2**20,
        connections: int = 16,
    ) -> None:
        if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ConfigurationError("RedisCache: the URL begins with redis://, rediss:// or unix://.")
        if not namespace or "{" in namespace or "}" in namespace:
            raise ConfigurationError("RedisCache: namespace is a text without braces.")
        if timeout <= 0 or max_entry_bytes < 1 or connections < 1:
            raise ConfigurationError("RedisCache: timeout, max_entry_bytes and connections must be more than 0.")
        try:
            from redis import asyncio as client  # noqa: PLC0415 - the extra may be missing
        except ImportError:
            raise ConfigurationError("RedisCache needs redis-py: pip install 'crosslet[redis]'") from None
        self.listen = False
        self._client = client
        self._url, self._namespace, self._timeout = url, namespace, timeout
        self._max_entry_bytes, self._connections = max_entry_bytes, connections
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Any]] = WeakKeyDictionary()
        # With the moment of each: what was sent before it does not deliver it.
        self._undelivered: dict[str, int] = {}
        self._moments = 0
        self._rest_until = 0.0
        self._releasing: set[asyncio.Task[Any]] = set()

    def __repr__(self) -> str:
        parts = urlsplit(self._url)
        return f"RedisCache({parts.scheme}://{parts.hostname or ''}..., namespace={self._namespace!r})"

    async def look(self, key: bytes, tags: Sequence[str]) -> Look:
        """Return what is kept under a key; see `Store.look`."""
        if self._undelivered and not await self._deliver(tags):
            return Look(None, None)
        arguments = (uuid4().hex, _DAY_MS)
        answer = await self._ask("look", [self._entry(key), *self._of(tags)], arguments)
        if answer is None or not answer[0]:
            return Look(None, None)
        texts = _unpacked(answer[1]) if len(answer) > 1 else None
        return Look(texts, answer[0])

    async def keep(self, key: bytes, texts: Sequence[str], tags: Sequence[str], ticket: Any, ttl: float) -> bool:
        """Keep a result; see `Store.keep`."""
        content = to_json(list(texts))
        if len(content) > self._max_entry_bytes or self._is_undelivered(tags):
            return False
        ttl_ms = max(1, int(ttl * 1000))
        arguments = (uuid4().hex, max(_DAY_MS, 2 * ttl_ms), ticket, content, ttl_ms)
        return bool(await self._ask("keep", [self._entry(key), *self._of(tags)], arguments))

    async def begin(self, tags: frozenset[str], seconds: float) -> tuple[str, frozenset[str]]:
        """Put tags in doubt, here where Redis does not answer; see `Store.begin`."""
        doubt = uuid4().hex
        # Until it is known that Redis knows, this process goes by itself.
        moment = self._remember(tags)
        if await self._ask("begin", self._of(tags), (doubt, int((seconds + HOLD) * 1000))):
            self._forget(tags, moment)
        return doubt, tags

    async def end(self, doubt: tuple[str, frozenset[str]] | None, tags: frozenset[str]) -> None:
        """Change the generations of tags; see `Store.end`."""
        moment = self._remember(tags)
        if await self._ask("end", self._of(tags), (doubt[0] if doubt else "",)):
            self._forget(tags, moment)

    def lose(self, doubt: tuple[str, frozenset[str]], *, unknown: bool) -> None:
        """End a doubt, which Redis does by itself after a while; see `Store.lose`."""
        if not unknown:
            release = self._ask("end", self._of(doubt[1]), (doubt[0],))
            task = asyncio.get_running_loop().create_task(release, name="crosslet: end of a doubt")
            self._releasing.add(task)
            task.add_done_callback(self._releasing.discard)

    async def invalidate(self, tags: frozenset[str]) -> None:
        """Change the generations of tags."""
        await self.end(None, tags)

    def size(self) -> tuple[int, int, int]:
        """Count nothing of what is in Redis, and the tags of which it has not heard; see `Store.size`."""
        return 0, 0, len(self._undelivered)

    async def close(self) -> None:
        """Close the running loop's connections. The next use opens others."""
        if self._releasing:
            await asyncio.wait(self._releasing)
        opened = self._open.pop(asyncio.get_running_loop(), None)
        if opened is not None:
            await opened["client"].aclose(close_connection_pool=True)

    async def _deliver(self, tags: Sequence[str]) -> bool:
        """Tell Redis what it has not heard of; tell whether results of some tags may be used."""
        waiting, moment = list(self._undelivered), self._moments
        if await self._ask("end", self._of(waiting), ("",)):
            self._forget(waiting, moment)
        return not self._is_undelivered(tags)

    def _is_undelivered(self, tags: Iterable[str]) -> bool:
        return bool(self._undelivered) and any(tag in self._undelivered for tag in tags)

    def _remember(self, tags: frozenset[str]) -> int:
        self._moments += 1
        self._undelivered |= dict.fromkeys(tags, self._moments)
        if len(self._undelivered) > _MOST_UNDELIVERED:
            # Every result has this one.
            self._undelivered = dict.fromkeys({EVERYTHING, *tags}, self._moments)
        return self._moments

    def _forget(self, tags: Iterable[str], moment: int) -> None:
        for tag in tags:
            if self._undelivered.get(tag, moment + 1) <= moment:
                del self._undelivered[tag]

    async def _ask(self, script: str, keys: list[str], arguments: Sequence[Any]) -> Any:
        """Run a script; None where Redis does not answer."""
        if monotonic() < self._rest_until:
            return None
        try:
            return await self._in_time(self._scripts()[script], keys, arguments)
        except (self._client.RedisError, OSError, TimeoutError) as error:
            if monotonic() >= self._rest_until:
                logger.warning("Redis does not answer (%s): results are read from the database.", type(error).__name__)
            self._rest_until = monotonic() + _REST
            return None

    async def _in_time(self, script: Callable[..., Awaitable[T]], keys: list[str], arguments: Sequence[Any]) -> T:
        async with asyncio.timeout(self._timeout):
            return await script(keys=keys, args=arguments)

    def _scripts(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        opened = self._open.get(loop)
        if opened is None:
            pool = self._client.BlockingConnectionPool.from_url(
                self._url, max_connections=self._connections, timeout=self._timeout, socket_timeout=self._timeout
            )
            client = self._client.Redis(connection_pool=pool)
            texts = {"look": scripts.LOOK, "keep": scripts.KEEP, "begin": scripts.BEGIN, "end": scripts.END}
            opened = {name: client.register_script(text) for name, text in texts.items()}
            opened["client"] = client
            self._open[loop] = opened
        return opened

    def _entry(self, key: bytes) -> str:
        return f"{{{self._namespace}}}:entry:{key.hex()}"

    def _of(self, tags: Iterable[str]) -> list[str]:
        # In braces, so that a cluster keeps all keys of a namespace in one place, where scripts can see them.
        hashed = [blake2b(tag.encode(), digest_size=16).hexdigest() for tag in tags]
        parts = ("generation", "doubt")
        return [f"{{{self._namespace}}}:{part}:{tag}" for part in parts for tag in hashed]


def _unpacked(content: bytes) -> list[str] | None:
    try:
        found = from_json(content)
    except ValueError:
        return None
    return found if isinstance(found, list) and all(isinstance(text, str) for text in found) else None

"""Hears of the writes of other processes by PostgreSQL's NOTIFY, over a connection of its own.

A message is sent inside the transaction that writes, so it arrives if and only if that is committed, soon after. While
nobody listens nothing is given from memory: a message that was missed would leave a result old for its whole ttl.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Final
from uuid import uuid4

from pydantic_core import from_json, to_json
from sqlalchemy import Executable, func, literal, select

from crosslet.connections import Connections
from crosslet.reads import EVERYTHING

logger = logging.getLogger("crosslet.cache")

CHANNEL: Final = "crosslet_cache"
# PostgreSQL refuses messages of 8000 bytes.
_MOST_BYTES: Final = 7900
# Seconds before a lost connection is opened again.
_PAUSE: Final = 1.0


class Listener:
    """Listens in a task of the loop that first asks for it.

    Args:
        connections: Opens one more for it.
        forget: Ends the results of tags in this process.
    """

    def __init__(self, connections: Connections, forget: Callable[[frozenset[str]], None]) -> None:
        self._connections, self._forget = connections, forget
        self._own = uuid4().hex
        self._task: asyncio.Task[None] | None = None
        self.heard, self.heard_after = 0, 0.0
        self.is_hearing = False

    def start(self) -> bool:
        """Listen, if nobody does; tell whether messages arrive by now."""
        if self._task is None or self._task.done() or self._task.get_loop().is_closed():
            self.is_hearing = False
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="crosslet: writes of others")
        return self.is_hearing

    def message(self, tags: frozenset[str]) -> Executable:
        """Return the statement that tells other processes of a write, once its transaction is committed."""
        content = self._written(sorted(tags))
        if len(content) > _MOST_BYTES:
            content = self._written([EVERYTHING])
        return select(func.pg_notify(literal(CHANNEL), literal(content.decode())))

    def _written(self, tags: list[str]) -> bytes:
        return to_json({"by": self._own, "at": time.time(), "tags": tags})

    async def stop(self) -> None:
        """Stop listening."""
        task, self._task = self._task, None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.wait([task])

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:
                logger.warning(
                    "Writes of other processes are not heard of (%s): nothing is kept.", type(error).__name__
                )
            finally:
                self.is_hearing = False
                self._forget(frozenset({EVERYTHING}))
            await asyncio.sleep(_PAUSE)

    async def _hear(self) -> None:
        connection = await self._connections.open_alone()
        try:
            async with aclosing(self._connections.driver.messages(connection, CHANNEL)) as messages:
                async for message in messages:
                    if message:
                        self._take(message)
                    else:
                        self.is_hearing = True
        finally:
            await self._connections.close_alone(connection)

    def _take(self, message: str) -> None:
        try:
            content = from_json(message)
            by, at, tags = content["by"], float(content["at"]), frozenset(map(str, content["tags"]))
        except (ValueError, KeyError, TypeError):
            by, at, tags = "", time.time(), frozenset({EVERYTHING})
        if by != self._own:
            self._forget(tags)
            self.heard += 1
            self.heard_after = max(self.heard_after, time.time() - at)

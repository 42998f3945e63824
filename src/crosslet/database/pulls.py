"""Pulling a feed: some rows ahead of the reader, pieces of an even size, and an end to waiting.

The server makes the next rows while the last ones are handled. Who keeps a connection waiting for longer, in all,
than `hold` allows finds the rest in a spool, and the connection is free.
"""

import asyncio
from typing import Any

from crosslet.database.feeds import Feed
from crosslet.database.spool import Spool, SpoolRoom

# Characters that a piece should have: enough for the cost of a round trip, and little beside a process.
_PIECE = 256 * 1024
# Rows of the first piece, of whose length nothing is known.
_FIRST = 100


class Pull:
    """Rows of a feed, a piece at a time.

    Args:
        feed: Where they come from.
        most: Rows of a piece, at the most.
        hold: Seconds that the reader may keep the connection waiting, in all; None for no end.
        room: Where the rest goes then.
        is_exact: A piece has as many rows as it may, however long they are.
    """

    def __init__(self, feed: Feed, *, most: int, hold: float | None, room: SpoolRoom, is_exact: bool = False) -> None:
        self._feed = feed
        self._most = most
        self._count = most if is_exact or not feed.gives_texts else min(most, _FIRST)
        self._is_exact = is_exact
        self._left = hold if feed.gives_texts else None
        self._room = room
        self._ahead: asyncio.Task[list[Any]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._ended = False
        self._is_closed = False
        self._spool: Spool | None = None
        self._spooling: asyncio.Task[None] | None = None

    async def next(self) -> list[Any]:
        """Return the next rows, none at the end.

        Raises:
            StreamTooSlow: The reader was, and there is no room for what waits for it.
        """
        self._stop_timer()
        if self._spool is not None:
            return await self._spool.read()
        if self._ended:
            return []
        rows = await (self._ahead or self._fetch())
        self._ahead = None
        if not rows:
            self._ended = True
            return rows
        if self._feed.gives_texts and self._feed.reads_ahead:
            self._ahead = asyncio.get_running_loop().create_task(self._fetch(), name="crosslet: rows read ahead")
            self._start_timer()
        return rows

    async def _fetch(self) -> list[Any]:
        rows = await self._feed.fetch(self._count)
        if rows and self._feed.gives_texts and not self._is_exact:
            length = sum(map(len, rows)) // len(rows) + 1
            self._count = max(1, min(self._most, _PIECE // length))
        return rows

    # --- the hold ----------------------------------------------------------------------------------

    def _start_timer(self) -> None:
        if self._left is None:
            return
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        self._timer = loop.call_later(max(0.0, self._left), self._let_go)

    def _stop_timer(self) -> None:
        if self._timer is None or self._left is None:
            return
        self._timer.cancel()
        self._timer = None
        self._left -= asyncio.get_running_loop().time() - self._since

    def _let_go(self) -> None:
        self._timer = None
        self._spool = Spool(self._room)
        self._spooling = asyncio.get_running_loop().create_task(
            self._read_rest(self._spool), name="crosslet: rest of a slow stream"
        )

    async def _read_rest(self, spool: Spool) -> None:
        try:
            rows = await (self._ahead or self._fetch())
            self._ahead = None
            while rows:
                await spool.write(rows)
                rows = await self._fetch()
        except Exception as error:
            spool.end(error)
            await self._feed.close()
        else:
            spool.end()

    async def close(self) -> None:
        """End it: the connection is free, the file is gone."""
        self._stop_timer()
        self._ended = True
        running = [task for task in (self._spooling, self._ahead) if task is not None]
        for task in running if not self._is_closed else ():
            # Once: a driver that is asked again while it cancels a statement gives its connection up.
            task.cancel()
        self._is_closed = True
        try:
            await _ended(running)
        finally:
            await self._feed.close()
            if self._spool is not None:
                self._spool.close()


async def _ended(tasks: list[asyncio.Task[Any]]) -> None:
    """Wait for the end of tasks, whatever it is: who closes has an error of their own, or wants no more."""
    if tasks:
        done, _ = await asyncio.wait(tasks)
        for task in done:
            if not task.cancelled():
                task.exception()

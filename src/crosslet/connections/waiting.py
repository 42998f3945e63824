"""The queue of a pool's free connections, which hands what comes back to who has waited longest.

asyncio's own wakes the first waiter and leaves the connection where anybody who comes by in that moment takes it: a
request with several statements takes again what it has just given back, and under load the others wait until their time
is over.
"""

import asyncio
from collections import deque
from typing import Any

from sqlalchemy.util import memoized_property
from sqlalchemy.util.queue import AsyncAdaptedQueue


class HandingQueue(asyncio.LifoQueue[Any]):
    """What was put in last comes out first, while nobody waits; waiters are served in their order, and by hand."""

    def __init__(self, maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._waiters: deque[asyncio.Future[Any]] = deque()

    def put_nowait(self, item: Any) -> None:
        """Hand an item to who has waited longest, or keep it.

        Raises:
            asyncio.QueueFull: There is no room.
        """
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(item)
                return
        super().put_nowait(item)

    async def get(self) -> Any:
        """Take an item, or wait for one."""
        if not self.empty():
            return self.get_nowait()
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        except BaseException:
            if waiter.done() and not waiter.cancelled():
                # It was handed over in the same moment: the next one gets it.
                self.put_nowait(waiter.result())
            waiter.cancel()
            raise


class FairQueue(AsyncAdaptedQueue[Any]):
    """SQLAlchemy's queue for pools of asyncio, over the one above; it is made in the loop that uses it."""

    @memoized_property
    def _queue(self) -> asyncio.Queue[Any]:
        return HandingQueue(self.maxsize)

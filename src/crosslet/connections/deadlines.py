"""Deadlines that hold: past one, the socket is cut, so that whatever waits on it fails at once.

Cancelling the task instead would leave the wait to the driver, which first tries to talk to a server
that may not answer (measured: 2 to 5 seconds more); and psycopg, asyncmy and aiomysql have no deadline
of their own for every step.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Watch:
    """A timer over one step on one connection; `fired` tells afterwards whether it cut the connection."""

    __slots__ = ("_cut", "_handle", "fired")

    def __init__(self, cut: Callable[[], None], seconds: float) -> None:
        self.fired = False
        self._cut = cut
        self._handle = asyncio.get_running_loop().call_later(seconds, self._fire)

    def _fire(self) -> None:
        self.fired = True
        self._cut()

    def stop(self) -> None:
        """End the watch; the connection is safe from it."""
        self._handle.cancel()


async def within(seconds: float, cut: Callable[[], None], step: Awaitable[T]) -> T:
    """Await a step on a connection, cutting the connection when it takes longer.

    Raises:
        TimeoutError: The step did not end in time.
    """
    watch = Watch(cut, seconds)
    try:
        return await step
    except Exception as error:
        if watch.fired:
            raise TimeoutError(f"no answer within {seconds:g} s") from error
        raise
    finally:
        watch.stop()


def cut_socket(transport_socket: Any) -> None:
    """Shut a socket down in both directions; readers see the end of the stream, writers an error.

    The descriptor stays open for its owner: closing it under an event loop would hand its number to
    the next file that is opened.
    """
    try:
        duplicate = socket.socket(fileno=os.dup(transport_socket.fileno()))
    except OSError:
        return  # Closed already: nothing to cut.
    try:
        duplicate.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # Not connected any more.
    finally:
        duplicate.close()

"""A TCP proxy that does to a connection what networks do: cuts it, holds it up, swallows every byte."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum


class Fault(Enum):
    """What happens when the client sends the bytes that the proxy waits for."""

    CUT_BEFORE = "cut the connection; the server never gets them"
    CUT_AFTER = "let the server answer, keep the answer, cut the connection"
    HOLD_BEFORE = "keep them until released"
    HOLD_REPLY = "let the server have them, keep its answer until released"
    SWALLOW = "from now on nothing gets through and nobody is told"


class Proxy:
    """Forwards to one server.

    Attributes:
        received: All that clients have sent.
        seen: Set when the fault's bytes came.
        swallowing: Nothing gets through any more, new connections included; they stay open.
    """

    def __init__(self, host: str, port: int) -> None:
        self.upstream = (host, port)
        self.port = 0
        self.received = bytearray()
        self.seen = asyncio.Event()
        self.release = asyncio.Event()
        self.swallowing = False
        # What is still held is lost.
        self.losing = False
        self.replies = 0
        self.silent_after: int | None = None
        self.edit_client: Callable[[bytes], bytes | None] | None = None
        self.edit_server: Callable[[bytes], bytes] | None = None
        self._fault: tuple[bytes, Fault] | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def arm(self, marker: bytes, fault: Fault) -> None:
        """Let the next client's message that holds the marker, in any case of letters, meet a fault."""
        self._fault = (marker.lower(), fault)
        self.losing = False
        self.seen.clear()
        self.release.clear()

    def mend(self) -> None:
        """Let everything through again, for new connections; the others are cut, and what was held back is lost."""
        self.swallowing, self.silent_after, self._fault = False, None, None
        self.losing = True
        self.release.set()
        self.cut()

    def cut(self) -> None:
        """Cut every connection."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        line = _Line(self, reader, writer)
        # asyncio would log a connection's task that was cancelled as a failure.
        with suppress(OSError, asyncio.CancelledError):
            await line.run()
        self._writers.discard(writer)
        self._tasks.discard(task)

    async def stop(self) -> None:
        """Cut what is open and wait until nothing of the proxy runs."""
        self.release.set()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def note_reply(self) -> None:
        """Count the server's messages, and fall silent after the given number."""
        self.replies += 1
        if self.silent_after is not None and self.replies > self.silent_after:
            self.swallowing = True

    def fault_of(self, data: bytes) -> Fault | None:
        """Return the fault that a message meets, once."""
        if self._fault is None or self._fault[0] not in data.lower():
            return None
        fault, self._fault = self._fault[1], None
        self.seen.set()
        return fault


class _Line:
    """One connection through a proxy."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy, self.reader, self.writer = proxy, reader, writer
        self.holding = self.cutting = False

    async def run(self) -> None:
        reader, self.server = await asyncio.open_connection(*self.proxy.upstream)
        self.proxy._writers.add(self.server)
        back = asyncio.ensure_future(self._from_server(reader))
        try:
            await self._from_client()
        finally:
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
            self.server.transport.abort()
            self.writer.transport.abort()
            self.proxy._writers.discard(self.server)

    async def _from_client(self) -> None:
        proxy = self.proxy
        while data := await self.reader.read(65536):
            proxy.received += data
            fault = proxy.fault_of(data)
            if fault is Fault.CUT_BEFORE:
                return
            if fault is Fault.SWALLOW:
                proxy.swallowing = True
            if fault is Fault.HOLD_BEFORE:
                await proxy.release.wait()
                if proxy.losing:
                    return
            self.cutting = self.cutting or fault is Fault.CUT_AFTER
            self.holding = self.holding or fault is Fault.HOLD_REPLY
            if proxy.swallowing:
                continue
            if proxy.edit_client is not None:
                answer = proxy.edit_client(data)
                if answer is not None:
                    self.writer.write(answer)
                    continue
            self.server.write(data)

    async def _from_server(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await self._answers(reader)
        if not self.proxy.swallowing:
            self.writer.transport.abort()

    async def _answers(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            self.proxy.note_reply()
            if self.cutting:
                break
            if self.holding:
                await self.proxy.release.wait()
            if self.proxy.swallowing:
                continue
            self.writer.write(self.proxy.edit_server(data) if self.proxy.edit_server is not None else data)


@asynccontextmanager
async def proxy_to(host: str, port: int, *, listen: str = "127.0.0.1") -> AsyncIterator[Proxy]:
    """Run a proxy in front of a server."""
    proxy = Proxy(host, port)
    server = await asyncio.start_server(proxy.serve, listen, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.stop()

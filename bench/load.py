"""A small HTTP/1.1 load generator: keep-alive connections, one request under way on each."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter


@dataclass
class Counts:
    """What a round saw."""

    requests: int = 0
    failures: int = 0
    body_bytes: int = 0


async def requests_per_second(port: int, request: Callable[[int], bytes], *, seconds: float, connections: int) -> float:
    """Send requests as fast as the answers come and return how many a second were answered well.

    Args:
        port: On the loopback.
        request: Makes the bytes of request number n.
        seconds: How long, after one request a connection that is not counted.
        connections: How many requests are under way at once.

    Raises:
        RuntimeError: An answer was no success: a benchmark of errors is none.
    """
    counts, numbers = Counts(), itertools.count()
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    for reader, writer in pairs:
        await _exchange(reader, writer, request(next(numbers)), Counts())
    started = perf_counter()
    end = started + seconds
    queue = map(request, numbers)
    await asyncio.gather(*(_client(reader, writer, queue, counts, end) for reader, writer in pairs))
    elapsed = perf_counter() - started
    for _, writer in pairs:
        writer.close()
        await writer.wait_closed()
    if counts.failures:
        raise RuntimeError(f"{counts.failures} of {counts.requests} requests failed")
    return counts.requests / elapsed


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    queue: Iterator[bytes],
    counts: Counts,
    end: float,
) -> None:
    while perf_counter() < end:
        await _exchange(reader, writer, next(queue), counts)


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, counts: Counts) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    counts.requests += 1
    counts.body_bytes += len(body)
    if not head.startswith(b"HTTP/1.1 2"):
        counts.failures += 1


def get(path: str) -> bytes:
    """Return a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """Return a POST request with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body

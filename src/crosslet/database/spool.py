"""Texts on disk: what was read ahead of a slow reader, so that its connection is free.

Nothing here knows of databases or of HTTP. The files have no name and end with the process; threads write and read
them.
"""

import asyncio
import tempfile
import threading
from collections import deque
from collections.abc import Sequence

from crosslet.errors import StreamTooSlow


class SpoolRoom:
    """How much may lie on disk, of all streams of a Database together.

    Args:
        size_bytes: The most.
    """

    def __init__(self, size_bytes: int) -> None:
        self._left = size_bytes

    def take(self, size_bytes: int) -> None:
        """Take room.

        Raises:
            StreamTooSlow: There is not so much.
        """
        if size_bytes > self._left:
            raise StreamTooSlow
        self._left -= size_bytes

    def give_back(self, size_bytes: int) -> None:
        """Give room back."""
        self._left += size_bytes


def joined(texts: Sequence[str]) -> str:
    """Put JSON texts on a line each.

    A column of JSON keeps the line ends that it was written with. Inside of strings JSON has none, so a space says the
    same.
    """
    lines = "\n".join(texts)
    if "\r" in lines or lines.count("\n") != len(texts) - 1:
        lines = "\n".join([text.replace("\r", " ").replace("\n", " ") for text in texts])
    return lines


class Spool:
    """Pieces of a stream, written by one task and read by another, in order."""

    def __init__(self, room: SpoolRoom) -> None:
        self._room = room
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stream
        # A thread goes on when its task is cancelled: it must not meet a file that was closed meanwhile.
        self._lock = threading.Lock()
        self._pieces: deque[tuple[int, int]] = deque()
        self._written = 0
        self._ended: BaseException | bool = False
        self._changed = asyncio.Event()

    async def write(self, texts: Sequence[str]) -> None:
        """Append a piece.

        Raises:
            StreamTooSlow: There is no room left.
        """
        content = joined(texts).encode()
        self._room.take(len(content))
        start, self._written = self._written, self._written + len(content)
        await asyncio.to_thread(self._write_at, content, start)
        self._pieces.append((start, len(content)))
        self._changed.set()

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing more comes, or why."""
        self._ended = error or True
        self._changed.set()

    async def read(self) -> list[str]:
        """Return the next piece, empty at the end.

        Raises:
            BaseException: What ended the writing.
        """
        while not self._pieces:
            if isinstance(self._ended, BaseException):
                raise self._ended
            if self._ended:
                return []
            self._changed.clear()
            await self._changed.wait()
        start, length = self._pieces.popleft()
        content = await asyncio.to_thread(self._read_at, length, start)
        return content.decode().split("\n")

    def close(self) -> None:
        """Remove the file."""
        with self._lock:
            if not self._file.closed:
                self._file.close()
                self._room.give_back(self._written)

    def _write_at(self, content: bytes, start: int) -> None:
        with self._lock:
            if not self._file.closed:
                self._file.seek(start)
                self._file.write(content)

    def _read_at(self, length: int, start: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)

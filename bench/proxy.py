"""A TCP proxy that delays each direction and counts round trips; a process of its own, so that it costs ours nothing.

Threads, not an event loop: its timers would round half a millisecond up to a whole one.
"""

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parent.parent


class Proxy:
    """A proxy that runs in another process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = self._ask()

    def trips(self) -> int:
        """Return how many round trips there were so far: how often a client spoke after its server had."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._ask()

    def _ask(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def delaying(port: int, *, seconds: float) -> Iterator[Proxy]:
    """Run a proxy before a port of the loopback, with a delay each way, until the block ends."""
    command = [sys.executable, "-m", "bench.proxy", str(port), str(seconds)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Proxy(process)
        finally:
            process.kill()


class _Link:
    """One client's connection."""

    trips = 0

    def __init__(self, client: socket.socket, port: int, seconds: float) -> None:
        server = socket.create_connection(("127.0.0.1", port))
        self._seconds = seconds
        self._client_spoke = False
        for one, other, is_client in ((client, server, True), (server, client, False)):
            for side in (one, other):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
            threading.Thread(target=self._receive, args=(one, waiting, is_client), daemon=True).start()
            threading.Thread(target=self._deliver, args=(other, waiting), daemon=True).start()

    def _receive(
        self, source: socket.socket, waiting: "queue.SimpleQueue[tuple[float, bytes]]", is_client: bool
    ) -> None:
        while True:
            try:
                data = source.recv(1 << 18)
            except OSError:
                data = b""
            if data and is_client and not self._client_spoke:
                _Link.trips += 1
            self._client_spoke = is_client
            waiting.put((time.monotonic() + self._seconds, data))
            if not data:
                return

    def _deliver(self, target: socket.socket, waiting: "queue.SimpleQueue[tuple[float, bytes]]") -> None:
        while True:
            due, data = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)
            except OSError:
                return


def _serve(port: int, seconds: float) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, port, seconds), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    for _ in sys.stdin:
        print(_Link.trips, flush=True)


def _accept(listener: socket.socket, port: int, seconds: float) -> None:
    while True:
        client, _ = listener.accept()
        _Link(client, port, seconds)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), float(sys.argv[2]))

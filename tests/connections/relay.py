"""A TCP relay in threads of its own, for tests that need another address or other bytes than the server gives."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Edit = Callable[[bytes], bytes]


@contextmanager
def relay(port: int, *, listen: str = "127.0.0.1", edit: Edit = bytes) -> Iterator[int]:
    """Forward from a free port of an address to a port of 127.0.0.1; yield the free port.

    Args:
        port: Where the server listens.
        listen: The address that clients connect to.
        edit: Called with each piece that the server sends; returns what the client gets.
    """
    pairs: list[socket.socket] = []
    with socket.create_server((listen, 0)) as front:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = front.accept()
                    server = socket.create_connection(("127.0.0.1", port))
                    pairs.extend((client, server))
                    _start(lambda a=client, b=server: _pump(a, b, bytes))  # type: ignore[misc]
                    _start(lambda a=client, b=server: _pump(b, a, edit))  # type: ignore[misc]

        _start(accept)
        yield front.getsockname()[1]
        front.shutdown(socket.SHUT_RDWR)
    for end in pairs:
        end.close()


def _start(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, edit: Edit) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(edit(piece))
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

"""Applications under uvicorn, a process each, and one request to them at a time."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

_ROOT = Path(__file__).parent.parent


@contextmanager
def serving(app: str, url: str) -> Iterator[int]:
    """Serve an application on a free port until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--http", "httptools"], cwd=_ROOT, env={**os.environ, "BENCH_URL": url})
    try:
        _wait_until_it_answers(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the application did not start")


def ask(port: int, path: str, body: Any = None) -> Any:
    """Send a GET request, or a POST with a body, and return what the JSON of its answer says."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)

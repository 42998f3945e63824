"""A server's process as the tests' side sees it: start it through its keeper, wait until it is ready, stop it."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_KEEPER = Path(__file__).with_name("keeper.py")
# A server that has not ended by then is killed: its data is thrown away with its folder.
_PATIENCE = 15.0


class ServerNotStarted(RuntimeError):
    """A database server was found but did not start; the text ends with its log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What a keeper runs.

    Args:
        prepare: Commands to run first, one after the other: they make the data folder.
        command: The server's.
        ready_line: What the server's log says once it answers clients.
        folder: Temporary; removed when the server has ended.
        account: Arguments of `subprocess` that choose the account.
    """

    prepare: list[list[str]]
    command: list[str]
    ready_line: str
    folder: Path
    account: dict[str, object] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM

    @property
    def log(self) -> Path:
        """Return the file that takes all that the commands print."""
        return self.folder / "log"

    def to_json(self) -> str:
        """Write the job as one line for the keeper."""
        environment = {name: value for name, value in os.environ.items() if name in {"PATH", "LD_LIBRARY_PATH"}}
        job = {
            "prepare": self.prepare,
            "command": self.command,
            "folder": str(self.folder),
            "log": str(self.log),
            "account": self.account,
            "stop_signal": int(self.stop_signal),
            "patience": _PATIENCE,
            "environment": environment | {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        }
        return json.dumps(job) + "\n"


class ServerProcess:
    """A running server; it ends with the process that started it, at the latest.

    Raises:
        ServerNotStarted: It ended at once, or was not ready after `patience` seconds.
    """

    def __init__(self, job: Job, *, patience: float) -> None:
        deadline = time.monotonic() + patience
        self._owner = os.getpid()
        with job.log.open("xb"):
            pass
        # Held open: the keeper removes the folder as soon as a server ends, and its last words matter most then.
        self._log = job.log.open("rb", buffering=0)
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", _KEEPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C goes to every process of the terminal's group; this one must live to clean up.
            start_new_session=True,
        )
        atexit.register(self.stop)
        try:
            self.pid = self._hand_over(job, deadline)
            self._wait_until_ready(job, deadline)
        except BaseException:
            self.stop()
            raise

    @property
    def is_running(self) -> bool:
        """Tell whether the server still runs."""
        return self._keeper.poll() is None

    def log(self) -> str:
        """Return what the server has logged so far."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def stop(self) -> None:
        """Stop the server and wait until its folder is gone. Calling it again does nothing."""
        # A forked child inherits atexit's list, but the server is its parent's.
        if os.getpid() != self._owner or self._log.closed:
            return
        atexit.unregister(self.stop)
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                pipe.close()
        self._keeper.wait(2 * _PATIENCE)
        self._log.close()

    def _hand_over(self, job: Job, deadline: float) -> int:
        assert self._keeper.stdin is not None  # noqa: S101 - both are pipes
        assert self._keeper.stdout is not None  # noqa: S101
        self._keeper.stdin.write(job.to_json().encode())
        self._keeper.stdin.flush()
        ready, _, _ = select.select([self._keeper.stdout], [], [], max(0.0, deadline - time.monotonic()))
        answer = self._keeper.stdout.readline() if ready else b""
        if not answer:
            raise ServerNotStarted(f"{job.command[0]} did not start. Its log:\n{self.log()}")
        return int(answer)

    def _wait_until_ready(self, job: Job, deadline: float) -> None:
        while job.ready_line not in self.log():
            if not self.is_running:
                raise ServerNotStarted(f"{job.command[0]} ended at once. Its log:\n{self.log()}")
            if time.monotonic() > deadline:
                raise ServerNotStarted(f"{job.command[0]} was not ready in time. Its log:\n{self.log()}")
            time.sleep(0.01)


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

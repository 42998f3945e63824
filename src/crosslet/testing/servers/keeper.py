"""Runs one server, stops it and removes its folder, whoever ends first: the server, the tests, or a `kill -9`.

A script, started by `process.py` as a process of its own: it imports the standard library only, so that it starts
in 30 ms. Its standard input is a pipe that nobody writes to; the pipe closes when the process at the other end ends.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import Any


def main() -> int:
    """Run the job that the first line of standard input describes; print the server's process id."""
    job = json.loads(sys.stdin.buffer.readline())
    terminated = _wakes_on_signals()
    try:
        with open(job["log"], "ab") as log:
            for command in job["prepare"]:
                prepared = _start(job, command, log).wait()
                if prepared != 0:
                    return prepared
            server = _start(job, job["command"], log)
        os.write(1, b"%d\n" % server.pid)
        _wait_for_the_end(server, terminated)
        _stop(server, job["stop_signal"], job["patience"])
        return server.returncode
    finally:
        shutil.rmtree(job["folder"], ignore_errors=True)


def _start(job: dict[str, Any], command: list[str], log: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=job["folder"],
        env=job["environment"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        **job["account"],
    )


def _wakes_on_signals() -> int:
    """Make a pipe readable when a child changes state or this process is told to end."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return reader


def _wait_for_the_end(server: "subprocess.Popen[bytes]", signals: int) -> None:
    # SIGCHLD also says that a server was paused (SIGSTOP) or goes on: that is no reason to end.
    while server.poll() is None:
        ready, _, _ = select.select([0, signals], [], [])
        if 0 in ready or signal.SIGTERM in os.read(signals, 1024):
            return


def _stop(server: "subprocess.Popen[bytes]", number: int, patience: float) -> None:
    if server.poll() is not None:
        return
    server.send_signal(number)
    server.send_signal(signal.SIGCONT)  # a paused server would not hear it
    try:
        server.wait(patience)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())

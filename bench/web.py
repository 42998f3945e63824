"""Requests a second of get, list and create over HTTP, against the guides' own pattern, on PostgreSQL.

Both applications run at once, one uvicorn worker each, on one database; a round measures one right
after the other, in an order that changes. Ratios are medians of paired rounds.
"""

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.load import get, post, requests_per_second
from bench.report import Case, paired, show
from crosslet.testing import start_postgresql

_ROOT = Path(__file__).parent.parent
_USERS, _POSTS_EACH = 1000, 5


async def fill(url: str) -> list[str]:
    """Make the tables and their rows; return the keys of the users."""
    os.environ["BENCH_URL"] = url
    from bench.apps.ours import Post, User, db

    await db.create_all()
    async with db.write() as session:
        users = [User(email=f"user{number}@example.com", name=f"User {number}") for number in range(_USERS)]
        session.add_all(users)
        await session.flush()
        session.add_all(
            Post(title=f"Post {number}", author_id=user.id) for user in users for number in range(_POSTS_EACH)
        )
    await db.close()
    return [str(user.id) for user in users]


@contextmanager
def serving(app: str, url: str) -> Iterator[int]:
    """Serve an application on a free port until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=_ROOT, env={**os.environ, "BENCH_URL": url})
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


def cases_of(keys: list[str], run: str) -> dict[str, Callable[[int], bytes]]:
    """Return the requests of each case; those that create use e-mails of their own."""
    return {
        "get by key": lambda number: get(f"/users/{keys[number % len(keys)]}"),
        "get with posts": lambda number: get(f"/users/{keys[number % len(keys)]}/tree"),
        "list of 50": lambda number: get(f"/users?limit=50&skip={number % 10 * 50}"),
        "create": lambda number: post("/users", b'{"email":"%s-%d@example.com","name":"New"}' % (run.encode(), number)),
    }


async def measure(ports: dict[str, int], keys: list[str], *, rounds: int, seconds: float) -> list[Case]:
    """Measure every case on both applications, interleaved."""
    found: dict[str, dict[str, list[float]]] = {name: {"ours": [], "usual": []} for name in cases_of(keys, "")}
    for number in range(rounds):
        for case in found:
            for side in random.sample(list(ports), k=len(ports)):
                request = cases_of(keys, f"{side}{number}")[case]
                rate = await requests_per_second(ports[side], request, seconds=seconds, connections=8)
                found[case][side].append(rate)
    return [
        paired("web", case, "requests/s", ours=sides["ours"], versus="usual pattern", theirs=sides["usual"])
        for case, sides in found.items()
    ]


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench web", description=__doc__)
    options.add_argument("--quick", action="store_true", help="two short rounds, to see that it works")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    given = options.parse_args()
    rounds, seconds = (2, 0.5) if given.quick else (9, 2.0)
    with start_postgresql() as server:
        server.create_database("bench")
        url = server.url("asyncpg", "bench")
        keys = asyncio.run(fill(url))
        with serving("bench.apps.ours:app", url) as ours, serving("bench.apps.usual:app", url) as usual:
            cases = asyncio.run(measure({"ours": ours, "usual": usual}, keys, rounds=rounds, seconds=seconds))
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

"""The command behind scripts/demo: serve the API with sample data, or check that all of it works."""

import argparse
import asyncio
import contextlib
import os
import socket
import sys

import uvicorn

from crosslet import Database
from crosslet.errors import ConfigurationError, DatabaseError
from demo.app import make_app
from demo.check import check
from demo.data import fill
from demo.models import Base

HOST = "127.0.0.1"
BAD_USAGE, UNREACHABLE = 2, 4


def main() -> int:
    """Run the command; the exit code is 0 unless something failed."""
    arguments = _parse()
    if arguments.check:
        return check(arguments.url)
    try:
        listener = socket.create_server((HOST, arguments.port))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        return _fail(f"Cannot listen on {HOST}:{arguments.port}: {reason}. Try --port 8001, or 0 for a free one.", 1)
    try:
        # uvicorn shuts down in good order at the first Ctrl-C and then reports it, which is not news here.
        with listener, contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(arguments.url, listener))
    except ConfigurationError as error:
        return _fail(str(error), BAD_USAGE)
    except DatabaseError as error:
        return _fail(str(error), UNREACHABLE)
    print("Stopped.")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description="Serve crosslet's demo API with sample data.")
    parser.add_argument("--check", action="store_true", help="start it on a free port, call it, stop it")
    parser.add_argument("--port", type=_port, default=8000, help="where to listen on 127.0.0.1; 0 picks a free port")
    parser.add_argument("--url", help="the database; without it the SQLite file ./demo.db (--check: a temporary one)")
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 65535")
    return int(text)


async def serve(url: str | None, listener: socket.socket) -> None:
    """Create the tables, fill them if they are empty, and serve until Ctrl-C."""
    database = Database(url or "sqlite:///demo.db", metadata=Base)
    try:
        await database.create_all()
        print(f"Database {database.url}", flush=True)
        if not await fill(database, say=_say):
            print("  has data already; it is left as it is.", flush=True)
    finally:
        await database.close()
    config = uvicorn.Config(make_app(database), log_level="warning", timeout_graceful_shutdown=5)
    server = DemoServer(config)
    await server.serve(sockets=[listener])
    if not server.started:
        raise SystemExit(1)


class DemoServer(uvicorn.Server):
    """A server that says where it is, once it is there."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the addresses."""
        await super().startup(sockets)
        if self.started and sockets:
            print(_addresses(f"http://{HOST}:{sockets[0].getsockname()[1]}"), flush=True)


def _addresses(base: str) -> str:
    order = '{"token": "00000000-0000-4000-8000-000000000001", "source_id": 1, "target_id": 2, "amount": "0.01"}'
    return f"""
API     {base}/users
Docs    {base}/docs
Health  {base}/health/ready

Try (each POST a second time, too: it answers 409 and names the field)
  curl -s '{base}/users?limit=3'
  curl -s {base}/users --json '{{"email": "you@example.com", "name": "You"}}'
  curl -s {base}/transfers --json '{order}'
  curl -s '{base}/statistics/authors?since=2024-01-01T00:00:00Z&top=3'

Ctrl-C stops it."""


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())

"""Units of work of one request: what is open, what runs afterwards, and the guard at the first byte.

A writer commits when its function-scoped dependency exits: after the response object was built, before
its first byte. This file watches that nothing else ever happens.
"""

import asyncio
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosslet.database import Database, Session
from crosslet.errors import ConfigurationError, UncommittedResponse
from crosslet.facts import current_scope, settle_request
from crosslet.transactions import Hook, run_hooks, run_hooks_later

_KEY = "crosslet"


class RequestUnits:
    """The sessions of one request or websocket."""

    __slots__ = ("database", "hooks", "opened", "readers", "writers")

    def __init__(self, database: Database) -> None:
        self.database = database
        self.readers: list[Session] = []
        self.writers: list[Session] = []
        self.hooks: list[Hook] = []
        self.opened: list[Session] = []

    async def open_reader(self, database: Database) -> Session:
        """Open a session that only reads; it ends when the response begins."""
        session = database.open_reader() or await database.open(read_only=True)
        self.readers.append(session)
        return session

    async def open_writer(self, database: Database, isolation: str | None = None) -> Session:
        """Open a unit of work; `commit` or `abandon` must end it."""
        session = await database.open(read_only=False, isolation=isolation)
        self.writers.append(session)
        self.opened.append(session)
        return session

    async def commit(self, database: Database, session: Session) -> None:
        """Commit a unit; its hooks wait until the response was sent."""
        self.writers.remove(session)
        unit = session.unit
        if unit.poison is None and not unit.hooks and session.end_unused():
            return  # Nothing to commit: a unit without a statement, or one that was committed with it.
        self.hooks += await database.finish(session)

    @property
    def committed(self) -> int:
        """Count the transactions that the request has committed, by whatever call."""
        return sum(session.commits for session in self.opened)

    async def abandon(self, session: Session) -> None:
        """Roll a unit back."""
        self.writers.remove(session)
        await session.close()

    async def close_readers(self) -> None:
        """End the readers and give their connections back."""
        readers, self.readers = self.readers, []
        for session in readers:
            await session.close()

    async def before_first_byte(self) -> None:
        """Let go of every connection, so that a slow client holds none.

        Raises:
            UncommittedResponse: A unit of work is still open.
            ReadOnlySession: A reader holds changed objects, which nothing would store.
        """
        try:
            for session in self.readers:
                session.refuse_changes()
        finally:
            await self.close_readers()
        if self.writers:
            raise UncommittedResponse

    def end_unused(self) -> bool:
        """End the readers that SQLAlchemy never saw, at once; tell whether those were all."""
        self.readers = [session for session in self.readers if not session.end_unused()]
        return not self.readers

    async def end(self) -> None:
        """Close what is left and run the hooks that no response has led to."""
        try:
            await self.close_readers()
            for session in list(self.writers):
                await self.abandon(session)
        finally:
            await self.run_hooks()

    async def run_hooks(self) -> None:
        """Run the hooks of committed units, in a task of their own if this one is being cancelled."""
        hooks, self.hooks = self.hooks, []
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            run_hooks_later(hooks)
        else:
            await run_hooks(hooks)


class UnitMiddleware:
    """Pure ASGI middleware that gives each request its units and guards its first byte."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self.app = app
        self.database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or websocket; leave everything else alone."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        units = scope[_KEY] = RequestUnits(self.database)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                settle_request(scope)
                if units.writers or not units.end_unused():
                    await units.before_first_byte()
            await send(message)
            if units.hooks and message["type"] == "http.response.body" and not message.get("more_body", False):
                # The response is out; background tasks may take their time afterwards.
                await units.run_hooks()

        token = current_scope.set(scope)
        try:
            await self.app(scope, receive, guarded)
        finally:
            current_scope.reset(token)
            settle_request(scope)
            if units.readers or units.writers or units.hooks:
                await units.end()


def units_of(connection: HTTPConnection) -> RequestUnits:
    """Return the units of a request.

    Raises:
        ConfigurationError: The application was not installed.
    """
    units: Any = connection.scope.get(_KEY)
    if not isinstance(units, RequestUnits):
        raise ConfigurationError(
            "No database for this request: call `crosslet.web.install(app, db)` on the application."
        )
    return units

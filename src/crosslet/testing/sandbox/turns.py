"""The one connection of a sandbox: whose turn it is, the savepoints around a turn, and what becomes of a broken one."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any, TypeVar

from crosslet.connections import Driver, within
from crosslet.errors import SandboxLost, SandboxRefused
from crosslet.testing.sandbox.words import Words

T = TypeVar("T")


class Turn:
    """The time that a unit, or one statement of a reader, has the connection for itself.

    Code that asks for the driver's connection meanwhile gets this: it has all that one's attributes.

    Attributes:
        holder: Who has it.
        task: Whose turn it is.
        is_on: It has not ended.
    """

    def __init__(self, connection: Any, holder: object) -> None:
        self.holder = holder
        self.task = asyncio.current_task()
        self.is_on = True
        self._raw = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class Turns:
    """Hands a connection from one to the next; for one test after another, on a new connection each.

    Args:
        driver: The connections' driver.
        words: What is said around a turn.
        wait: Seconds to wait for a turn.
        seconds: How long one of the sandbox's own statements may take before the connection is cut.

    Attributes:
        turn: The one that is on.
        lost: Why the transaction is gone; None while it is there.
        is_told: Somebody was told that it is.
    """

    def __init__(self, driver: Driver, words: Words, *, wait: float, seconds: float) -> None:
        self.words = words
        self._driver = driver
        self._wait = wait
        self._seconds = seconds
        self.begin(None)

    def begin(self, connection: Any) -> None:
        """Forget what was, and go on with another connection, the driver's."""
        self.turn: Turn | None = None
        self.lost: str | None = None
        self.is_told = False
        self._connection: Any = connection
        self._lock = asyncio.Lock()
        # What has to be sent before anything else: a cancelled task cannot clean up behind itself.
        self._owed: list[str] = []

    def is_of(self, holder: object) -> bool:
        """Tell whether a holder has the turn."""
        return self.turn is not None and self.turn.holder is holder

    async def take(self, holder: object, opening: Sequence[str] = (), undo: Sequence[str] = ()) -> Turn:
        """Wait for the connection.

        Args:
            holder: Who has it then.
            opening: What is sent first.
            undo: What undoes that, where the task that waits for it is cancelled.

        Raises:
            SandboxRefused: It cannot come, or did not come in time.
            SandboxLost: The transaction is gone.
        """
        if self.turn is not None and self.turn.task is asyncio.current_task():
            raise SandboxRefused(
                "A sandbox has one connection, and an open unit of this task has it: a second unit beside it would "
                "wait for ever. End the first one before; a unit that only reads holds nothing."
            )
        try:
            async with asyncio.timeout(self._wait):
                await self._lock.acquire()
        except TimeoutError:
            raise SandboxRefused(
                f"A sandbox has one connection, and another unit has had it for {self._wait:g} s: units that wait for "
                "one another cannot go on in it."
            ) from None
        try:
            self.check()
            owed, self._owed = self._owed, []
            await self.say((*owed, *opening))
        except asyncio.CancelledError:
            self._owed += undo
            self._lock.release()
            raise
        except BaseException:
            self._lock.release()
            raise
        self.turn = Turn(self._connection, holder)
        return self.turn

    def leave(self) -> None:
        """Let the next one have the connection."""
        if self.turn is not None:
            self.turn.is_on = False
        self.turn = None
        self._lock.release()

    def abandon(self, undo: Sequence[str]) -> None:
        """End a turn in the middle of a statement; what it has done is undone before the next.

        It may have been cancelled, or the connection was cut.
        """
        self._owed += undo
        if not self._driver.survives_cancel:
            self.lose(f"a statement was cancelled or cut, after which {self._driver.name} cannot use its connection")
        self.leave()

    async def say(self, statements: Sequence[str]) -> None:
        """Send the sandbox's own statements, to the end: a cancellation meanwhile comes after them.

        Raises:
            SandboxLost: One of them failed, so the transaction is not what it was.
        """
        if not statements:
            return
        sending = asyncio.ensure_future(self._send(statements))
        cancelled: asyncio.CancelledError | None = None
        while not sending.done():
            try:
                await asyncio.wait({sending})
            except asyncio.CancelledError as error:
                cancelled = error
        failed = sending.exception()
        if failed is not None:
            self.lose(
                "a deadlock, a lost connection or a statement that commits by itself, such as DDL, has ended it "
                f"({type(failed).__name__})"
            )
        if cancelled is not None:
            raise cancelled
        self.check()

    async def _send(self, statements: Sequence[str]) -> None:
        for statement in statements:
            await self._bounded(self._driver.send(self._connection, statement))

    async def _bounded(self, step: Awaitable[T]) -> T:
        """Wait for an answer, but not for ever: a test would hang on a connection that has lost its place."""
        return await within(self._seconds, partial(self._driver.cut, self._connection), step)

    async def check_constraints(self) -> None:
        """Look at constraints that wait for COMMIT.

        Raises:
            SandboxLost: The transaction is gone.
            Exception: The driver's own, where a constraint is broken.
        """
        self.check()
        for statement in self.words.keep_unit[:-1]:
            await self._bounded(self._driver.send(self._connection, statement))

    async def finds(self, query: str) -> bool:
        """Tell whether a query of the sandbox's own has rows."""
        return await self._bounded(self._driver.run(self._connection, query)) is not None

    def lose(self, reason: str) -> None:
        """Note that the transaction is gone; the first reason counts."""
        self.lost = self.lost or reason

    def check(self) -> None:
        """Refuse to go on in a sandbox that is gone.

        Raises:
            SandboxLost: It is.
        """
        if self.lost is not None:
            self.is_told = True
            raise SandboxLost(self.lost)

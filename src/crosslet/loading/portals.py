"""A coroutine in which a plain attribute may wait for the database: it runs inside a greenlet of its own.

What the coroutine waits for is handed out to the event loop through that greenlet, and so is what SQLAlchemy waits for
when an attribute is touched. It is the driver of greenback (Joshua Oreman) in the form that SQLAlchemy's own `await_`
asks for: it looks at a mark on the current greenlet, which is true here for the task that opened the portal alone.
"""

import asyncio
import sys
import threading
from collections.abc import Coroutine, Generator
from typing import Any, Final, TypeVar

from greenlet import getcurrent
from sqlalchemy.util.concurrency import _concurrency_shim

from crosslet.errors import WrongTask

T = TypeVar("T")


class _Trap:
    """Hands to the event loop what a coroutine waits for, and back what comes of it."""

    __slots__ = ("waited_for",)
    waited_for: Any

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield self.waited_for)


_Greenlet: Any = _concurrency_shim._AsyncIoGreenlet
# Portals that wait to be used again, for each thread: to make a greenlet takes CPython ten microseconds, for the memory
# of its stack.
_MOST_IDLE: Final = 64


class _Idle(threading.local):
    def __init__(self) -> None:
        self.portals: list[_Portal] = []


class _Portal(_Greenlet):  # type: ignore[misc]
    """The greenlet of a portal, which runs one coroutine after another.

    Attributes:
        owner: The task whose coroutine it runs.
        closed: Attributes wait for nothing in it any more.
        error: What the coroutine raised.
    """

    def __init__(self) -> None:
        super().__init__(_work, getcurrent())
        self.owner: asyncio.Task[Any] | None = None
        self.closed = False
        self.error: BaseException | None = None

    def begin(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine up to the first thing that it waits for."""
        here = getcurrent()
        self.owner, self.closed, self.error = asyncio.current_task(), False, None
        self.parent = here
        _Greenlet.gr_context.__set__(self, here.gr_context)
        return self.switch(coroutine)

    @property
    def __sqlalchemy_greenlet_provider__(self) -> bool:
        # An eager task runs its first steps right here, inside of who made it.
        return not self.closed and asyncio.current_task() is self.owner

    @property
    def gr_context(self) -> Any:
        # SQLAlchemy asks for it when it makes a greenlet below this one. One that an eager task made would go on
        # elsewhere later, and hand what it waits for to this portal instead of its own task.
        task = asyncio.current_task()
        if task is not self.owner:
            owner = self.owner.get_name() if self.owner is not None else "none"
            raise WrongTask(owner, task.get_name() if task is not None else "none")
        return super().gr_context

    @gr_context.setter
    def gr_context(self, context: Any) -> None:
        _Greenlet.gr_context.__set__(self, context)


class _Ended:
    """What a portal hands out with the result of its coroutine, or in place of one."""

    __slots__ = ("result",)
    result: Any


def _work(coroutine: Coroutine[Any, Any, Any]) -> None:
    here: Any = getcurrent()
    while True:
        ended = _Ended()
        try:
            ended.result = _drive(here, coroutine)
        except BaseException as error:
            here.error = error
        # Whoever waits for the next coroutine keeps nothing of the last.
        del coroutine
        coroutine = here.parent.switch(ended)
        del ended


def _drive(here: Any, coroutine: Coroutine[Any, Any, T]) -> T:
    trap = _Trap()
    try:
        trap.waited_for = coroutine.send(None)
        while True:
            try:
                answer = here.parent.switch(trap)
            except BaseException as error:
                trap.waited_for = coroutine.throw(error)
            else:
                trap.waited_for = coroutine.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


_idle = _Idle()


async def portal(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in which a plain `user.posts` may wait for the database, and return what it returns.

    Only the task that runs this may wait so. In others that are started meanwhile, in threads and in eager tasks, the
    attribute raises NotLoaded. An eager task (Python 3.12) that is started inside cannot use a session at all.

    Args:
        coroutine: What is to be run, not begun yet.
    """
    idle = _idle.portals
    inside = idle.pop() if idle else _Portal()
    asked = inside.begin(coroutine)
    while type(asked) is not _Ended:
        try:
            answer = await asked
        except BaseException:
            asked = inside.throw(*sys.exc_info())
        else:
            asked = inside.switch(answer)
    error, inside.error, inside.owner = inside.error, None, None
    _Greenlet.gr_context.__set__(inside, None)
    if len(idle) < _MOST_IDLE:
        idle.append(inside)
    if error is None:
        return asked.result  # type: ignore[no-any-return]
    try:
        raise error
    finally:
        del error


def close_portal() -> None:
    """Let attributes wait for nothing any more in the portal that is running; without one nothing happens."""
    here: Any = getcurrent()
    while here is not None:
        if isinstance(here, _Portal):
            here.closed = True
            return
        here = here.parent

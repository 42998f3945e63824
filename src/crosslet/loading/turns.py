"""One load at a time in a session: tasks that touch its objects meanwhile wait, and find what they wanted there.

`asyncio.gather` over `awaitable_attrs` of twenty objects is one statement so, and not twenty on one connection.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.util.concurrency import await_only, in_greenlet

_RUNNING: WeakKeyDictionary[Session, tuple["asyncio.Task[Any] | None", asyncio.Event]] = WeakKeyDictionary()


@contextmanager
def turn(session: Session) -> Iterator[None]:
    """Wait until nobody else loads in a session, then be the one who does.

    A session that belongs to another task is lent to this one (`session.lend`), which raises where it cannot be.
    """
    if not in_greenlet():
        yield  # A plain session: no task can come in between.
        return
    task = asyncio.current_task()
    while (running := _RUNNING.get(session)) is not None and running[0] is not task:
        await_only(running[1].wait())
    if running is not None:
        yield  # A load has led to another.
        return
    ended = asyncio.Event()
    _RUNNING[session] = task, ended
    try:
        with getattr(session, "lend", _nobody)(task):
            yield
    finally:
        del _RUNNING[session]
        ended.set()


def _nobody(task: Any) -> Any:
    return nullcontext()

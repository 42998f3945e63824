"""What runs after a confirmed commit."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from crosslet.transactions.unit import Hook

logger = logging.getLogger("crosslet.hooks")

# asyncio keeps no strong reference to a task.
_running: "set[asyncio.Task[Any]]" = set()


async def run_hooks(hooks: Sequence[Hook]) -> None:
    """Run hooks in the order they were registered. One that fails is logged and stops none of the others.

    The commit stands whatever a hook does, so its error must not look like the commit's.
    """
    for number, hook in enumerate(hooks, 1):
        try:
            waiting = hook()
            if waiting is not None:
                await waiting
        except asyncio.CancelledError:
            run_hooks_later(hooks[number:])
            raise
        except Exception:
            logger.exception("An after-commit hook failed; the commit itself stands.")


def run_hooks_later(hooks: Sequence[Hook]) -> None:
    """Run hooks in a task of their own, for a commit whose own task was cancelled."""
    if hooks:
        task = asyncio.get_running_loop().create_task(run_hooks(hooks), name="crosslet: after commit")
        _running.add(task)
        task.add_done_callback(_running.discard)

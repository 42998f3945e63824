"""Whole units, run again after a failure that may pass."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crosslet import errors
from crosslet.settings import Retry

T = TypeVar("T")


def is_retryable(error: BaseException) -> bool:
    """Tell whether the same unit, run again from its start, may succeed without doing anything twice.

    An unknown commit outcome is not: the unit may be stored already. Nor is a full pool: the next
    attempt would only stand in the same queue.
    """
    if isinstance(error, errors.UnitPoisoned):
        return error.retryable
    if isinstance(error, errors.PoolTimeout):
        return False
    return isinstance(error, errors.RetryableError | errors.Unavailable)


def delay_before(attempt: int, retry: Retry) -> float:
    """Choose the wait before attempt number `attempt` (the first repetition is 1): full jitter, in seconds."""
    return random.uniform(0, min(retry.ceiling, retry.first * 2**attempt))  # noqa: S311  # No secret depends on it.


async def run_again(attempt: Callable[[], Awaitable[T]], retry: Retry) -> T:
    """Await `attempt()` until it succeeds, fails for good, or the attempts or the budget are spent.

    Raises:
        Exception: The error of the last attempt.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + retry.budget
    for number in range(1, retry.attempts):
        try:
            return await attempt()
        except Exception as error:
            delay = delay_before(number, retry)
            if not is_retryable(error) or loop.time() + delay > end:
                raise
        await asyncio.sleep(delay)
    return await attempt()

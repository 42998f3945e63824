"""Whole units, run again after a failure that may pass."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.orm.exc import StaleDataError

from crosslet import errors
from crosslet.settings import Retry

T = TypeVar("T")


def is_retryable(error: BaseException) -> bool:
    """Tell whether the same unit, run again from its start, may succeed without doing anything twice.

    An unknown commit outcome is not: the unit may be stored already. Nor is a full pool: the next
    attempt would only stand in the same queue. SQLAlchemy's StaleDataError (a version column has moved on) is.
    """
    if isinstance(error, errors.UnitPoisoned):
        return error.retryable
    if isinstance(error, errors.PoolTimeout):
        return False
    return isinstance(error, errors.RetryableError | errors.Unavailable | StaleDataError)


def delay_before(repetition: int, retry: Retry) -> float:
    """Choose the wait before repetition number `repetition` (the first is 1): full jitter, in seconds."""
    return random.uniform(0, min(retry.ceiling, retry.first * 2 ** (repetition - 1)))  # noqa: S311  # No secret depends on it.


async def run_again(
    attempt: Callable[[], Awaitable[T]], retry: Retry, may_repeat: Callable[[], bool] = lambda: True
) -> T:
    """Await `attempt()` until it succeeds, fails for good, or the attempts or the budget are spent.

    Args:
        attempt: Runs the whole unit.
        retry: How often and how long.
        may_repeat: Asked after a failure: False where part of the unit is stored already.

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
            if not is_retryable(error) or not may_repeat() or loop.time() + delay > end:
                raise
        await asyncio.sleep(delay)
    return await attempt()

"""Waiting for what another task or the server is about to do; the test's own deadline bounds it."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the condition holds."""
    while not await condition():  # noqa: ASYNC110 - no event tells: it looks into a pool, a list or a database
        await asyncio.sleep(0.001)


async def until_len(items: list[str], count: int) -> None:
    """Wait until a list has that many items."""

    async def long_enough() -> bool:
        return len(items) >= count

    await until(long_enough)

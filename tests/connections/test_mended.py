"""Drivers' defects that crosslet mends: seen from outside, or on the driver's own object."""

import asyncio
import gc
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

from crosslet import Database, errors
from crosslet.connections.mended import detached_aiosqlite


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def join_new(before: set[threading.Thread]) -> None:
    for thread in threads() - before:
        thread.join(10)
        assert not thread.is_alive()


def test_an_answer_to_a_loop_that_has_ended_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread goes on for the next loop, and ends with the connection."""
    died: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    before, held = threads(), threading.Event()
    connection = detached_aiosqlite(":memory:")

    async def ask_and_leave() -> None:
        await connection
        waiting = asyncio.ensure_future(connection._execute(held.wait, 10))
        await asyncio.sleep(0)
        waiting.cancel()

    async def ask_again() -> Any:
        async with connection.execute("SELECT 1") as cursor:
            row = await cursor.fetchone()
        await connection.close()
        return row

    asyncio.run(ask_and_leave())
    held.set()
    assert asyncio.run(ask_again()) == (1,)
    join_new(before)
    assert died == []


def test_a_failed_open_ends_its_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    before = threads()

    async def open_missing() -> None:
        db = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'file.db'}")
        with pytest.raises(errors.CannotConnect):
            await db.ping()
        await db.close()

    for _ in range(20):
        asyncio.run(open_missing())
    join_new(before)
    assert died == []


def test_a_forgotten_connection_ends_its_thread() -> None:
    before = threads()

    async def forget() -> None:
        await detached_aiosqlite(":memory:")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        asyncio.run(forget())
        gc.collect()
    join_new(before)

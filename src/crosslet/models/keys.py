"""Primary keys: UUIDv7 made by the client, or a counter kept by the database."""

import os
import sys
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable
from itertools import accumulate, repeat
from operator import add
from typing import Any, Final
from uuid import UUID, SafeUUID

from sqlalchemy import BigInteger, Integer, Uuid
from sqlalchemy.orm import Mapped, mapped_column

_RANDOM_BITS: Final = 74
# The highest bit starts at 0: counting up from the random start never runs over within one millisecond.
_START_BITS: Final = _RANDOM_BITS - 1
# Steps of up to 2**32 keep the next id hard to guess, and leave room for 2**41 ids in one millisecond.
_STEP_BITS: Final = 32
_VERSION_AND_VARIANT: Final = (7 << 76) | (2 << 62)
_LOW_62: Final = (1 << 62) - 1


class UUIDGenerator:
    """Make UUIDv7 that only grow, in one process.

    RFC 9562, section 6.2, method 2: within a millisecond, or when the clock goes back, the random part counts up
    instead. Threads share the generator; a forked child starts from randomness of its own.

    Args:
        clock: Milliseconds since 1970; the tests turn it back.
    """

    def __init__(self, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        """Start afresh, as a child must after a fork, where the lock may be held by a thread that is gone."""
        self._lock = threading.Lock()
        self._millisecond = -1
        self._counter = 0

    def __call__(self) -> UUID:
        """Return the next id."""
        chance = int.from_bytes(os.urandom(10), "big")
        now = self._clock()
        with self._lock:
            number = self._next(now, chance)
        return UUID(int=number)

    def _next(self, now: int, chance: int) -> int:
        if now > self._millisecond:
            self._millisecond = now
            self._counter = chance & ((1 << _START_BITS) - 1)
        else:
            self._counter += 1 + (chance & ((1 << _STEP_BITS) - 1))
            if self._counter >> _RANDOM_BITS:
                # The RFC's way out when a stopped clock has used all counts up: run ahead of it.
                self._millisecond += 1
                self._counter = chance & ((1 << _START_BITS) - 1)
        high, low = self._counter >> 62, self._counter & _LOW_62
        return (self._millisecond << 80) | (high << 64) | low | _VERSION_AND_VARIANT

    def many(self, count: int) -> list[UUID]:
        """Return the next ids, as so many calls would make them within one millisecond."""
        steps = array("I", os.urandom(4 * count))
        chance = int.from_bytes(os.urandom(10), "big")
        now = self._clock()
        with self._lock:
            self._next(now, chance)
            counters = list(accumulate(map(add, steps, repeat(1)), initial=self._counter))[:count]
            if not counters or counters[-1] >> _RANDOM_BITS:
                return [UUID(int=self._next(now, step)) for step in steps]
            self._counter = counters[-1]
            high = (self._millisecond << 80) | _VERSION_AND_VARIANT
        return _uuids_of(_numbers(counters, high))


def _numbers(counters: list[int], high: int) -> Iterable[int]:
    """Put counters that grow around the variant's bits; mostly the part above them is the same for all."""
    above = counters[0] >> 62
    if above == counters[-1] >> 62:
        return map(add, counters, repeat((high | (above << 64)) - (above << 62)))
    return [high | ((counter >> 62) << 64) | (counter & _LOW_62) for counter in counters]


_slots: Any = vars(UUID)
_set_int, _set_is_safe = _slots["int"].__set__, _slots["is_safe"].__set__


def _uuids_of(numbers: Iterable[int]) -> list[UUID]:
    """Make UUIDs of numbers that are some: what the constructor checks takes longer than all the rest."""
    known = list(numbers)
    made = list(map(object.__new__, repeat(UUID, len(known))))
    deque(map(_set_int, made, known), maxlen=0)
    deque(map(_set_is_safe, made, repeat(SafeUUID.unknown)), maxlen=0)
    return made


_generate = UUIDGenerator()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_generate.forget)


if sys.version_info >= (3, 14):
    from uuid import uuid7
else:

    def uuid7() -> UUID:
        """Make a UUIDv7: the time in milliseconds, then 74 bits that grow within a process.

        Sorted by value they are in the order in which this process made them, so an index grows at its end.
        Python 3.14 and newer have their own, which takes this one's place there.
        """
        return _generate()


def uuid7s(count: int) -> list[UUID]:
    """Make many ids, sorted: as so many calls of `uuid7` would, in a third of the time."""
    if sys.version_info >= (3, 14):
        return [uuid7() for _ in range(count)]
    return _generate.many(count)


class UUIDKey:
    """Give a model the primary key `id`, a UUIDv7 known as soon as the object was flushed.

    Stored as UUID on PostgreSQL and MariaDB (10.7 and newer), as 32 hexadecimal characters on MySQL and SQLite;
    ordered by time on each of them.
    """

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, default=uuid7, sort_order=-1)


class BigIntKey:
    """Give a model the primary key `id`, a 64-bit number counted up by the database.

    SQLite counts only INTEGER keys, which hold 64 bits there. Numbers have gaps after a rollback.
    """

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True, sort_order=-1
    )

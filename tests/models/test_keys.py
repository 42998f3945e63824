"""UUIDv7 and counted keys."""

import itertools
import multiprocessing
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped

from crosslet.models import BigIntKey, Portable, UUIDKey, uuid7
from crosslet.models.keys import UUIDGenerator


class Base(Portable, DeclarativeBase):
    pass


class Thing(UUIDKey, Base):
    __tablename__ = "things"
    place: Mapped[int]


class Counted(BigIntKey, Base):
    __tablename__ = "counted"
    place: Mapped[int]


def millisecond_of(key: UUID) -> int:
    return key.int >> 80


def test_many_keys_are_unique_sorted_and_well_formed() -> None:
    before = time.time_ns() // 1_000_000
    keys = [uuid7() for _ in range(200_000)]
    after = time.time_ns() // 1_000_000
    assert all(low < high for low, high in itertools.pairwise(keys))
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert before <= millisecond_of(keys[0])
    assert millisecond_of(keys[-1]) <= after


def test_a_key_carries_the_millisecond_of_the_clock() -> None:
    assert millisecond_of(UUIDGenerator(lambda: 1_700_000_000_123)()) == 1_700_000_000_123


@given(st.lists(st.integers(min_value=0, max_value=2**48 - 2), min_size=2, max_size=200))
def test_keys_grow_whatever_the_clock_does(ticks: list[int]) -> None:
    clock = iter(ticks)
    generate = UUIDGenerator(lambda: next(clock))
    keys = [generate() for _ in ticks]
    assert all(low < high for low, high in itertools.pairwise(keys))
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}


def test_a_used_up_millisecond_lends_from_the_next() -> None:
    generate = UUIDGenerator(lambda: 1000)
    first = generate()
    generate._counter = 2**74 - 1
    second = generate()
    assert first < second
    assert millisecond_of(second) == 1001


def test_threads_share_one_row_of_keys() -> None:
    generate = UUIDGenerator()

    def take(_: int) -> list[UUID]:
        return [generate() for _ in range(5_000)]

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(4)))
    assert all(low < high for keys in taken for low, high in itertools.pairwise(keys))
    assert len({key for keys in taken for key in keys}) == 20_000


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="the standard library's own generator")
def test_a_forked_child_starts_with_randomness_of_its_own() -> None:
    from crosslet.models import keys

    keys._generate._millisecond = 2**47  # a clock far ahead: without a new start parent and child would count alike
    keys._generate._counter = 0
    try:
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=lambda: sender.send(uuid7()))
        child.start()
        from_child = receiver.recv()
        child.join()
    finally:
        keys._generate.forget()
    assert millisecond_of(from_child) < 2**47


async def test_keys_keep_their_value_and_their_order(engine: AsyncEngine) -> None:
    made = [uuid7() for _ in range(100)]
    spread = [UUID(int=(number << 80) ^ made[0].int) for number in range(1, 100)]
    keys = sorted({*made, *spread})
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add_all(Thing(id=key, place=place) for place, key in reversed(list(enumerate(keys))))
        await session.commit()
        assert (await session.scalars(select(Thing.id).order_by(Thing.id))).all() == keys
        found = await session.get(Thing, keys[7])
        assert found is not None
        assert found.place == 7


async def test_a_key_is_known_after_the_flush(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        things = [Thing(place=1), Thing(place=2)]
        counted = [Counted(place=1), Counted(place=2)]
        session.add_all([*things, *counted])
        await session.flush()
        assert things[0].id < things[1].id
        assert [row.id for row in counted] == [1, 2]
        big = Counted(id=2**62, place=3)
        session.add(big)
        await session.commit()
        assert await session.scalar(select(Counted.id).where(Counted.place == 3)) == 2**62

"""Walking any order in any page size, forwards and back, yields every row once: on every driver, for every type."""

import itertools
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from crosslet import CursorPage, Database, Keyset, Offset
from reads.things import Mark, MarkOut, Ordered, Thing, ThingOut, Things, row_lists, terms, thing_lists, things

_HYPOTHESIS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
}
COUNT = 17


@pytest.fixture
async def many(url: str) -> AsyncIterator[Database]:
    database = Database(url, metadata=Things, secret="no secret of anybody")
    await database.create_all()
    async with database.write() as session:
        session.add_all(things(random.Random(7), COUNT))
    yield database
    await database.close()


def plain(shape: Any, item: Any) -> Any:
    return item.id if shape is not dict else tuple(item.items())


async def whole(db: Database, shape: Any, listed: Ordered) -> list[Any]:
    """Read a list in one page, by no cursor."""
    statement, key = listed
    async with db.read() as session:
        page = await session.page(shape, statement, Offset(limit=1000), key=key)
    assert page.total == len(page.items)
    return [plain(shape, item) for item in page.items]


async def walk(db: Database, shape: Any, listed: Ordered, limits: list[int]) -> None:
    """Walk a list to its end and back, and compare what was seen with the list itself."""
    statement, key = listed
    wanted = await whole(db, shape, listed)
    sizes = iter(limits * 1000)
    async with db.read() as session:
        page = await session.page(shape, statement, Keyset(limit=next(sizes)), key=key)
        assert page.previous is None
        seen = [plain(shape, item) for item in page.items]
        while page.next is not None:
            page = await session.page(shape, statement, Keyset(limit=next(sizes), cursor=page.next), key=key)
            seen += [plain(shape, item) for item in page.items]
        assert seen == wanted
        back = [plain(shape, item) for item in page.items]
        while page.previous is not None:
            page = await session.page(shape, statement, Keyset(limit=next(sizes), cursor=page.previous), key=key)
            back = [plain(shape, item) for item in page.items] + back
        assert back == wanted


sizes = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@pytest.fixture
def full(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--full"):
        pytest.skip("many examples more; --full runs them")


@settings(max_examples=10, **_HYPOTHESIS)
@given(listed=thing_lists(), limits=sizes)
async def test_any_order_of_objects(many: Database, listed: Ordered, limits: list[int]) -> None:
    await walk_objects(many, listed, limits)


@settings(max_examples=120, **_HYPOTHESIS)
@given(listed=thing_lists(), limits=sizes)
async def test_many_orders_of_objects(full: None, many: Database, listed: Ordered, limits: list[int]) -> None:
    await walk_objects(many, listed, limits)


async def walk_objects(many: Database, listed: Ordered, limits: list[int]) -> None:
    assert len(await whole(many, Thing, listed)) == len(set(await whole(many, Thing, listed)))
    await walk(many, Thing, listed, limits)
    await walk(many, ThingOut, listed, limits)


@settings(max_examples=10, **_HYPOTHESIS)
@given(listed=row_lists(), limits=sizes)
async def test_any_order_of_rows(many: Database, listed: Ordered, limits: list[int]) -> None:
    await walk(many, dict, listed, limits)


@settings(max_examples=120, **_HYPOTHESIS)
@given(listed=row_lists(), limits=sizes)
async def test_many_orders_of_rows(full: None, many: Database, listed: Ordered, limits: list[int]) -> None:
    await walk(many, dict, listed, limits)


@pytest.mark.slow
async def test_every_type_by_itself(many: Database) -> None:
    for column in Thing.__mapper__.column_attrs:
        for clause in (getattr(Thing, column.key), getattr(Thing, column.key).desc()):
            await walk(many, ThingOut, (select(Thing).order_by(clause), None), [5])


changes = st.lists(st.tuples(st.sampled_from(["insert", "delete", "delete here"]), st.integers(0, 2**16)), max_size=3)


@settings(max_examples=10, **_HYPOTHESIS)
@given(
    order=terms([Mark.name, Mark.rank, Mark.grade, Mark.rank + Mark.grade]),
    limits=sizes,
    steps=st.lists(changes, min_size=1, max_size=5),
    seed=st.integers(0, 2**16),
)
async def test_rows_that_come_and_go(
    many: Database, order: list[Any], limits: list[int], steps: list[Any], seed: int
) -> None:
    """What stays is seen once, nothing twice: whatever else is inserted and deleted, the cursor's own row as well."""
    chance = random.Random(seed)
    async with many.write() as session:
        await session.execute(delete(Mark))
        await session.execute(insert(Mark), [mark(chance, number) for number in range(1, 19)])
    lasting = {number for number in range(1, 19) if chance.random() < 0.6}
    going = Going(many, chance, set(range(1, 19)) - lasting, steps)
    statement = select(Mark).order_by(*order)
    size = itertools.cycle(limits)
    page, seen = await read(many, statement, Keyset(limit=next(size))), []
    while True:
        seen += [one.id for one in page.items]
        if page.next is None:
            break
        await going.change(seen[-1])
        page = await read(many, statement, Keyset(limit=next(size), cursor=page.next))
    await check(many, statement, seen, lasting)
    back = [one.id for one in page.items]
    while page.previous is not None:
        await going.change(back[0] if back else 0)
        page = await read(many, statement, Keyset(limit=next(size), cursor=page.previous))
        back = [one.id for one in page.items] + back
    await check(many, statement, back, lasting)


async def read(db: Database, statement: Any, page: Keyset) -> CursorPage[MarkOut]:
    async with db.read() as session:
        return await session.page(MarkOut, statement, page)


def mark(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": chance.choice("abc"),
        "rank": chance.choice([None, 1, 2]),
        "grade": chance.randrange(3),
    }


class Going:
    """Rows that are inserted and deleted on the way, forty inserted at most: an end has to be reached."""

    def __init__(self, db: Database, chance: random.Random, there: set[int], steps: list[Any]) -> None:
        self.db, self.chance, self.there = db, chance, there
        self.steps, self.new = itertools.cycle(steps), iter(range(100, 140))

    async def change(self, here: int) -> None:
        async with self.db.write() as session:
            for what, number in next(self.steps):
                new = next(self.new, None) if what == "insert" else None
                if new is not None:
                    await session.execute(insert(Mark), [mark(self.chance, new)])
                    self.there.add(new)
                elif what == "delete here" and here in self.there:
                    await self._delete(session, here)
                elif what == "delete" and self.there:
                    await self._delete(session, sorted(self.there)[number % len(self.there)])

    async def _delete(self, session: Any, gone: int) -> None:
        self.there.remove(gone)
        await session.execute(delete(Mark).where(Mark.id == gone))


async def check(db: Database, statement: Any, seen: list[int], lasting: set[int]) -> None:
    assert len(seen) == len(set(seen))
    async with db.read() as session:
        order = [one.id for one in (await session.page(MarkOut, statement, Offset(limit=1000))).items]
    assert [one for one in seen if one in lasting] == [one for one in order if one in lasting]

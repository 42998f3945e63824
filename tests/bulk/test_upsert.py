"""upsert_many: only given columns are touched, each row's outcome is told, the same on every database."""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import MetaData, String, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from bulk.stock import Entry, Item, Versioned, item
from crosslet import Database, Model, errors

SIZES = pytest.mark.parametrize("count", [1, 3, 200])


@SIZES
async def test_new_rows_are_inserted_and_known_ones_updated(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, amount=1, made_by="first") for n in range(0, count, 2)])
        before = {row.code: row for row in await session.all(Item)}
        session.expunge_all()
        rows = [{"code": f"c{n}", "amount": 100 + n} for n in range(count)]
        result = await session.upsert_many(Item, rows, key="code")
        assert list(result.outcomes) == ["inserted" if n % 2 else "updated" for n in range(count)]
        assert (result.inserted, result.updated) == (count // 2, count - count // 2)
        after = {row.code: row for row in await session.all(Item)}
    assert len(after) == count
    for n in range(count):
        row = after[f"c{n}"]
        assert row.amount == 100 + n
        if old := before.get(row.code):
            assert (row.id, row.name, row.made_by, row.created_at) == (old.id, f"item {n}", "first", old.created_at)
            assert row.updated_at > old.updated_at
        else:
            assert (row.name, row.made_by) == (None, "database")
            assert row.updated_at == row.created_at


class Partial(BaseModel):
    code: str
    name: str | None = None
    amount: int = 5


async def test_what_was_not_sent_is_not_touched(stock: Database) -> None:
    """A schema's default, or a column that it does not have, must not overwrite what is stored."""
    async with stock.write() as session:
        await session.insert_many(Item, [item(1, amount=1, price=3)])
        await session.upsert_many(Item, [Partial(code="c1")], key="code", update=["name", "amount"])
        assert [(row.name, row.amount, row.price) for row in await session.all(Item)] == [("item 1", 1, 3)]
        await session.upsert_many(Item, [Partial(code="c1", amount=5)], key=Item.code)
        session.expunge_all()
        assert [(row.name, row.amount, row.price) for row in await session.all(Item)] == [("item 1", 5, 3)]
        await session.upsert_many(Item, [{"code": "c1", "name": None}], key=(Item.code,))
        session.expunge_all()
        assert [(row.name, row.amount, row.price) for row in await session.all(Item)] == [(None, 5, 3)]


@SIZES
async def test_rows_that_exist_may_be_left_as_they_are(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(0, amount=1)])
        result = await session.upsert_many(Item, [item(n, amount=2) for n in range(count)], key="code", update=())
        assert list(result.outcomes) == ["unchanged", *["inserted"] * (count - 1)]
        assert await session.scalar(select(Item.amount).where(Item.code == "c0")) == 1


@SIZES
async def test_only_named_attributes_change(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, amount=1) for n in range(count)])
        rows = [item(n, amount=2) | {"name": "new"} for n in range(count + 1)]
        await session.upsert_many(Item, rows, key="code", update=[Item.amount])
        found = (await session.execute(select(Item.code, Item.name, Item.amount))).all()
    assert {row[1] for row in found if row[0] != f"c{count}"} == {f"item {n}" for n in range(count)}
    assert {row[2] for row in found} == {2}
    assert {row[1] for row in found if row[0] == f"c{count}"} == {"new"}


@SIZES
async def test_rows_with_the_same_key_are_taken_in_their_order(stock: Database, count: int) -> None:
    rows: list[dict[str, Any]] = [{"code": f"c{n}", "amount": n, "name": "first"} for n in range(count)]
    rows += [{"code": f"c{n}", "amount": n + 1000} for n in range(count)]
    rows += [{"code": f"c{n}", "price": 3} for n in range(count)]
    async with stock.write() as session:
        result = await session.upsert_many(Item, rows, key="code")
        assert list(result.outcomes) == ["inserted"] * count + ["updated"] * 2 * count
        found = (await session.execute(select(Item.amount, Item.name, Item.price))).all()
        assert sorted(row[0] for row in found) == [n + 1000 for n in range(count)]
        assert {(row[1], row[2]) for row in found} == {("first", 3)}


@SIZES
async def test_a_key_of_several_columns_beside_a_counted_one(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Entry, [{"book": 1, "page": n, "text": "old"} for n in range(0, count, 2)])
        rows = [{"book": 1, "page": n, "text": "new"} for n in range(count)]
        result = await session.upsert_many(Entry, rows, key=("page", "book"))
        assert list(result.outcomes) == ["inserted" if n % 2 else "updated" for n in range(count)]
        assert {row.text for row in await session.all(Entry)} == {"new"}


@SIZES
async def test_another_unique_key_is_no_reason_to_change_that_row(stock: Database, count: int) -> None:
    """MySQL's ON DUPLICATE KEY UPDATE would change whichever row is in the way."""
    async with stock.write() as session:
        await session.insert_many(Entry, [{"book": 9, "page": 9, "label": "taken", "text": "keep"}])
        rows = [{"book": 1, "page": n, "label": f"l{n}", "text": "new"} for n in range(count)]
        rows[0]["label"] = "taken"
        with pytest.raises(errors.UniqueViolation):
            async with session.begin_nested():
                await session.upsert_many(Entry, rows, key=("book", "page"))
        result = await session.upsert_many(Entry, rows, key=("book", "page"), on_error="skip")
        assert [(one.index, type(one.error)) for one in result.skipped] == [(0, errors.UniqueViolation)]
        assert await session.scalar(select(Entry.text).where(Entry.label == "taken")) == "keep"
        again = await session.upsert_many(Entry, rows[1:], key=("book", "page"))
        assert again.updated == count - 1
        assert await session.count(Entry) == count


async def test_an_upsert_by_primary_key(stock: Database) -> None:
    async with stock.write() as session:
        ada = await session.create(Item, code="a")
        rows = [{"id": ada.id, "code": "b"}, {"id": UUID(int=5), "code": "c"}]
        result = await session.upsert_many(Item, rows, key=Item.id)
        assert list(result.outcomes) == ["updated", "inserted"]
        assert ada.code == "b"  # the session's own object has the new value
        with pytest.raises(errors.UniqueViolation):
            async with session.begin_nested():
                await session.upsert_many(Item, [{"id": UUID(int=6), "code": "c"}], key=Item.id)


async def test_a_version_moves_on(stock: Database) -> None:
    async with stock.write() as session:
        for expected in (1, 2, 3):
            await session.upsert_many(Versioned, [{"code": "a", "text": str(expected)}], key="code")
            assert await session.scalar(select(Versioned.version)) == expected
        rows = [{"code": f"x{n}", "text": "a"} for n in range(100)]
        for expected in (1, 2):
            await session.upsert_many(Versioned, rows, key="code")
            some = set(await session.scalars(select(Versioned.version).where(Versioned.code != "a")))
            assert some == {expected}


async def test_a_given_time_of_creation_does_not_turn_back_the_time_of_the_change(stock: Database) -> None:
    async with stock.write() as session:
        old = await session.create(Item, code="a")
        longago = old.created_at.replace(year=2001)
        await session.upsert_many(Item, [{"code": "a", "created_at": longago, "amount": 2}], key="code")
        await session.refresh(old)
        assert old.created_at.year > 2001
        assert old.updated_at > old.created_at


async def test_what_cannot_work_is_refused(stock: Database) -> None:
    async with stock.write() as session:
        for options, complaint in (
            ({"key": "name"}, "no unique key of name. It has: id; code"),
            ({"key": ()}, "no unique key of nothing"),
            ({"key": "code", "update": ["nonsense"]}, "no column of Item: nonsense"),
            ({"key": "code", "update": ["id"]}, "does not change: id"),
            ({"key": "code", "update": ["code"]}, "does not change: code"),
        ):
            with pytest.raises(errors.ConfigurationError, match=complaint):
                await session.upsert_many(Item, [], **options)  # type: ignore[arg-type]
        for row in ({"amount": 1}, {"code": None, "amount": 1}):
            with pytest.raises(errors.InvalidValue, match="code: is part of the key"):
                await session.upsert_many(Item, [row], key="code")
        with pytest.raises(errors.InvalidValue, match="book: may not be null"):
            await session.upsert_many(Entry, [{"label": "x", "page": 1}], key="label")
        with pytest.raises(errors.InvalidValue, match="amount: may not be null"):
            await session.upsert_many(Item, [{"code": "a", "amount": None}], key="code")


async def test_two_in_a_row_leave_no_table_behind(stock: Database) -> None:
    rows = [item(n) for n in range(50)]
    async with stock.write() as session:
        for _ in range(3):
            await session.upsert_many(Item, rows, key="code")
            await session.update_many(Item, [{"code": row["code"], "amount": 3} for row in rows], key="code")
    async with stock.write() as session:
        with pytest.raises(errors.CheckViolation):
            async with session.begin_nested():
                await session.upsert_many(Item, [row | {"amount": -1} for row in rows], key="code")
        await session.upsert_many(Item, [row | {"amount": 5} for row in rows], key="code")
        assert set(await session.scalars(select(Item.amount))) == {5}


# --- against a dict -------------------------------------------------------------------------------

CODES = st.sampled_from([f"k{number}" for number in range(12)])
ROW = st.fixed_dictionaries(
    {"code": CODES},
    optional={
        "name": st.none() | st.text("abcé ", max_size=31),
        "amount": st.none() | st.integers(-2, 5),
        "price": st.none() | st.decimals(0, 100, places=2),
        "made_by": st.sampled_from(["me", "you"]),
    },
)


@dataclass
class Step:
    """One call: the rows, and how they are sent."""

    rows: list[dict[str, Any]]
    update: list[str] | None
    chunk: int


STEP = st.builds(
    Step,
    rows=st.lists(ROW, min_size=1, max_size=60),
    update=st.none() | st.lists(st.sampled_from(["name", "amount", "price"]), unique=True),
    chunk=st.sampled_from([1, 7, 40, 5000]),
)


@dataclass
class Dict:
    """What an upsert does, row by row, in a dict."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def upsert(self, step: Step) -> list[str]:
        return [self._one(row, step.update) for row in step.rows]

    def _one(self, row: dict[str, Any], allowed: list[str] | None) -> str:
        # A row is judged by itself, before anybody looks whether it exists.
        if len(row.get("name") or "") > 30 or row.get("amount", 0) is None or row.get("amount", 0) < 0:
            return "skipped"
        known = self.rows.get(row["code"])
        if known is None:
            empty = {"name": None, "amount": 7, "price": None, "made_by": "database"}
            self.rows[row["code"]] = empty | {name: value for name, value in row.items() if name != "code"}
            return "inserted"
        given = {name: value for name, value in row.items() if name != "code" and (allowed is None or name in allowed)}
        known |= given
        return "updated" if given else "unchanged"


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(script=st.lists(STEP, min_size=1, max_size=3))
async def test_an_upsert_is_what_a_dict_does(stock: Database, script: list[Step]) -> None:
    """Random rows, subsets of columns, repeated keys, rows that cannot be stored."""
    model = Dict()
    async with stock.write() as session:
        for step in script:
            result = await session.upsert_many(
                Item, step.rows, key="code", update=step.update, chunk=step.chunk, on_error="skip"
            )
            assert list(result.outcomes) == model.upsert(step)
            skipped = [n for n, outcome in enumerate(result.outcomes) if outcome == "skipped"]
            assert [one.index for one in result.skipped] == skipped
        found = await session.execute(select(Item.code, Item.name, Item.amount, Item.price, Item.made_by))
        expected = {code: {"code": code, **row} for code, row in model.rows.items()}
        assert {row[0]: dict(row._mapping) for row in found} == expected
        await session.rollback()


async def test_shuffled_rows_get_their_own_outcome(stock: Database) -> None:
    """The outcomes of a chunk come from the database in one text: their order has to be that of the rows."""
    chance = random.Random(4)
    numbers = list(range(3000))
    chance.shuffle(numbers)
    there = set(chance.sample(numbers, 1500))
    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in sorted(there)])
        await session.execute(update(Item).values(amount=1))
        result = await session.upsert_many(
            Item, ({"code": f"c{n}", "amount": n} for n in numbers), key="code", chunk=1000
        )
        assert list(result.outcomes) == ["updated" if n in there else "inserted" for n in numbers]


class Loose(Model):
    """Not among the tables that every test gets: its collation has to be made first."""

    __tablename__ = "loose"
    metadata = MetaData()
    code: Mapped[str] = mapped_column(String(20, collation="loose"), unique=True)
    amount: Mapped[int]


@pytest.mark.needs("can_copy")
async def test_a_key_that_the_database_compares_in_its_own_way(stock: Database, target: Any) -> None:
    """PostgreSQL would refuse to change a row twice, and only it knows that two keys are equal."""
    async with stock.write() as session:
        making = "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
        try:
            await session.execute(text(making))
        except errors.StatementRejected:
            await session.rollback()
            pytest.skip("a server without ICU")
        await (await session.connection()).run_sync(Loose.metadata.create_all)
        rows = [{"code": "A", "amount": 1}, {"code": "a", "amount": 2}] * 20
        result = await session.upsert_many(Loose, rows, key="code")
        assert (result.inserted, result.updated) == (1, 39)
        assert await session.scalar(select(Loose.amount)) == 2

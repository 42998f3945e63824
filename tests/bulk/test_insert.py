"""insert_many: every default, check and error that `create` has, on every road."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import event, func, select, text

from bulk.stock import Entry, Item, Made, Parent, Pet, Versioned, item
from crosslet import Database, errors

SIZES = pytest.mark.parametrize("count", [1, 3, 200])


@SIZES
async def test_defaults_are_filled_in_as_for_one_row(stock: Database, count: int) -> None:
    async with stock.write() as session:
        result = await session.insert_many(Item, [item(number) for number in range(count)])
        assert (result.inserted, result.updated, result.skipped) == (count, 0, [])
        rows = (await session.scalars(select(Item).order_by(Item.id))).all()
    assert [row.code for row in rows] == [f"c{number}" for number in range(count)]
    assert {row.amount for row in rows} == {7}
    assert {row.made_by for row in rows} == {"database"}
    assert {row.secret for row in rows} == {None}
    assert len({row.created_at for row in rows}) == 1
    assert all(row.created_at == row.updated_at for row in rows)
    assert abs(datetime.now(UTC) - rows[0].created_at) < timedelta(minutes=1)
    assert {row.id.version for row in rows} == {7}


@SIZES
async def test_what_the_database_makes_is_left_to_it(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Made, [{"base": number} for number in range(count)])
        rows = await session.all(dict, select(Made.base, Made.twice, Made.length, Made.looked, Made.word))
    assert sorted(row["base"] for row in rows) == list(range(count))
    for row in rows:
        assert (row["twice"], row["length"], row["word"]) == (2 * row["base"], 4, "server")
        assert row["looked"] == row["base"] + 1


async def test_a_counted_key_and_a_version_begin_as_ever(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Entry, [{"book": 1, "page": page} for page in range(60)])
        await session.insert_many(Versioned, [{"code": "a"}])
        ids = list(await session.scalars(select(Entry.id).order_by(Entry.page)))
        assert len(set(ids)) == 60
        assert await session.scalar(select(Versioned.version)) == 1


@SIZES
async def test_rows_may_name_different_columns(stock: Database, count: int) -> None:
    rows: list[dict[str, Any]] = [{"code": f"a{number}"} for number in range(count)]
    rows += [{"name": "x", "code": f"b{number}", "made_by": "me"} for number in range(count)]
    rows += [{"code": f"d{number}", "amount": None, "made_by": None} for number in range(count)]
    async with stock.write() as session:
        result = await session.insert_many(Item, rows)
        assert result.inserted == 3 * count
        found = await session.execute(select(Item.code, Item.name, Item.made_by, Item.amount))
        assert Counter((row[0][0], *row[1:]) for row in found) == {
            ("a", None, "database", 7): count,
            ("b", "x", "me", 7): count,
            ("d", None, "database", 7): count,
        }


class ItemIn(BaseModel):
    code: str
    name: str | None = None
    amount: int = 3


@dataclass
class ItemRow:
    code: str
    amount: int


async def test_rows_may_be_models_dataclasses_and_come_late(stock: Database) -> None:
    async def late() -> AsyncIterator[Any]:
        yield ItemIn(code="a")
        yield ItemRow("b", 4)
        yield {"code": "c"}

    def lazy() -> Iterator[Any]:
        yield ItemIn(code="d", amount=9)

    async with stock.write() as session:
        assert (await session.insert_many(Item, late())).inserted == 3
        assert (await session.insert_many(Item, lazy())).inserted == 1
        assert (await session.insert_many(Item, [])).inserted == 0
        found = (await session.execute(select(Item.code, Item.amount).order_by(Item.code))).all()
    assert [tuple(row) for row in found] == [("a", 3), ("b", 4), ("c", 7), ("d", 9)]


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    code: str


class Wrong(BaseModel):
    code: str
    secret: str


async def test_a_model_may_not_set_what_a_client_may_not(stock: Database) -> None:
    async with stock.write() as session:
        with pytest.raises(errors.ProtectedField, match="secret"):
            await session.insert_many(Item, [Wrong(code="a", secret="x")])
        with pytest.raises(errors.InvalidValue, match="secret"):
            await session.insert_many(Item, [Open(code="a", secret="x")])
        with pytest.raises(errors.ProtectedField, match="nonsense"):
            await session.insert_many(Item, [{"code": "a", "nonsense": 1}])
        with pytest.raises(errors.ProtectedField, match="twice"):
            await session.insert_many(Made, [{"base": 1, "twice": 1}])
        await session.insert_many(Item, [{"code": "a", "secret": "x"}])  # the code's own word
        assert await session.scalar(select(Item.secret)) == "x"


async def test_what_is_no_row_is_refused(stock: Database) -> None:
    async with stock.write() as session:
        for rows, complaint in (
            ({"code": "a"}, "into a list"),
            ([Item(code="a")], "add_all"),
            ([3], "not int"),
            ([{"code": func.upper("a")}], "not SQL"),
        ):
            with pytest.raises(errors.ConfigurationError, match=complaint):
                await session.insert_many(Item, rows)
        with pytest.raises(errors.ConfigurationError, match="on_error"):
            await session.insert_many(Item, [], on_error="ignore")  # type: ignore[arg-type]
        with pytest.raises(errors.ConfigurationError, match="at least one"):
            await session.insert_many(Item, [], chunk=0)
        with pytest.raises(errors.ConfigurationError, match="mapped class"):
            await session.insert_many(ItemIn, [])
        assert await session.count(Item) == 0


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"code": "x" * 21}, "code", "too_long"),
        ({"code": "nul\0"}, "code", "nul_character"),
        ({"code": "\ud800"}, "code", "not_unicode"),
        ({"code": None}, "code", "required"),
        ({"amount": 2**31}, "amount", "out_of_range"),
        ({"amount": True}, "amount", "wrong_type"),
        ({"price": 1.5}, "price", "wrong_type"),
        ({"seen": datetime(2030, 1, 1)}, "seen", "naive_datetime"),
        ({"extra": {"x": float("nan")}}, "extra", "not_finite"),
        ({"extra": {"x": "\0"}}, "extra", "nul_character"),
        ({"extra": {"x": 2**70}}, "extra", "out_of_range"),
        ({"extra": {1: 2}}, "extra", "not_json"),
    ],
)
async def test_a_value_that_cannot_be_stored_is_found_before_anything_is_sent(
    stock: Database, values: dict[str, Any], field: str, code: str
) -> None:
    rows = [item(number) for number in range(100)]
    rows[70] |= values
    async with stock.write() as session:
        with pytest.raises(errors.InvalidValue) as caught:
            await session.insert_many(Item, rows)
        assert [(problem.field, problem.code) for problem in caught.value.problems] == [(field, code)]
        assert caught.value.__notes__ == ["In row 70, counted from 0."]
        result = await session.insert_many(Item, rows, on_error="skip")
        assert (result.inserted, [skipped.index for skipped in result.skipped]) == (99, [70])
        assert isinstance(result.skipped[0].error, errors.InvalidValue)
        assert result.outcomes[70] == "skipped"


async def test_a_missing_value_is_told_like_a_wrong_one(stock: Database) -> None:
    async with stock.write() as session:
        with pytest.raises(errors.InvalidValue, match="code: may not be null"):
            await session.insert_many(Item, [{"name": "x"}])


@pytest.mark.parametrize("count", [10, 300])
async def test_rows_that_break_a_constraint_are_skipped_and_told(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.create(Item, code="c3")
        rows = [item(number) for number in range(count)]
        rows[5]["amount"] = -1
        rows[8]["code"] = "c2"
        result = await session.insert_many(Item, rows, on_error="skip")
        assert result.inserted == count - 3
        found = [(skipped.index, type(skipped.error)) for skipped in result.skipped]
        assert found == [(3, errors.UniqueViolation), (5, errors.CheckViolation), (8, errors.UniqueViolation)]
        assert await session.scalar(select(Item.name).where(Item.code == "c2")) == "item 2"
    async with stock.read() as session:
        assert await session.count(Item) == count - 2


@pytest.mark.parametrize("count", [2, 300])
async def test_without_skipping_the_first_error_ends_the_unit(stock: Database, count: int) -> None:
    rows = [*[item(number) for number in range(count)], item(0)]
    with pytest.raises(errors.UniqueViolation) as caught:
        async with stock.write() as session:
            await session.insert_many(Item, rows)
    assert caught.value.columns == ("code",)
    with pytest.raises(errors.UnitPoisoned):
        async with stock.write() as session:
            with pytest.raises(errors.UniqueViolation):
                await session.insert_many(Item, rows)
    async with stock.write() as session:
        with pytest.raises(errors.UniqueViolation):
            async with session.begin_nested():
                await session.insert_many(Item, rows)
        await session.insert_many(Item, [item(1)])
    async with stock.read() as session:
        assert await session.count(Item) == 1


async def test_a_foreign_key_sees_objects_that_were_added_before(stock: Database) -> None:
    async with stock.write() as session:
        parent = Parent(code="p", id=UUID(int=1))
        session.add(parent)
        await session.insert_many(Pet, [{"parent_id": parent.id}])
        assert await session.count(Pet) == 1


async def test_a_generator_that_fails_leaves_nothing(stock: Database) -> None:
    def failing() -> Iterator[dict[str, Any]]:
        yield from (item(number) for number in range(250))
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        async with stock.write() as session:
            await session.insert_many(Item, failing(), chunk=100)
    async with stock.read() as session:
        assert await session.count(Item) == 0


async def test_progress_is_told_after_each_chunk(stock: Database) -> None:
    told: list[tuple[int, int | None]] = []

    async def later(done: int, total: int | None) -> None:
        told.append((done, total))

    async with stock.write() as session:
        rows = [item(number) for number in range(25)]
        await session.insert_many(Item, rows, chunk=10, progress=lambda *numbers: told.append(numbers))
        await session.insert_many(Item, (item(100 + number) for number in range(3)), progress=later)
    assert told == [(10, 25), (20, 25), (25, 25), (3, None)]


async def test_hooks_run_once_after_the_commit(stock: Database) -> None:
    ran: list[str] = []
    async with stock.write() as session:
        session.after_commit(lambda: ran.append("committed"))
        await session.insert_many(Item, [item(number) for number in range(300)], chunk=100)
        assert ran == []
    assert ran == ["committed"]


async def test_a_reader_is_refused(stock: Database) -> None:
    async with stock.read() as session:
        for call in (
            session.insert_many(Item, []),
            session.upsert_many(Item, [], key="code"),
            session.update_many(Item, []),
            session.delete_many(Item, []),
        ):
            with pytest.raises(errors.ReadOnlySession):
                await call


@pytest.mark.needs("can_copy")
async def test_many_rows_go_by_copy_within_the_unit_and_listeners_see_it(stock: Database, target: Any) -> None:
    seen: list[str] = []
    engine = await stock.engine()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement.split(" (", maxsplit=1)[0])

    async with stock.write() as session:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
        await session.insert_many(Item, [item(number) for number in range(60)])
        event.remove(engine.sync_engine, "before_cursor_execute", note)
        assert seen[-1] == 'COPY "items"'
        await session.rollback()
        await session.insert_many(Item, [item(number) for number in range(60, 120)])
    async with stock.read() as session:
        assert await session.scalar(select(func.min(Item.code))) == "c100"


@pytest.mark.needs("can_copy")
async def test_row_level_security_and_rules_hold(stock: Database, target: Any) -> None:
    async with stock.write() as session:
        await session.execute(text("CREATE RULE quiet AS ON INSERT TO items WHERE new.code = 'c5' DO INSTEAD NOTHING"))
        await session.insert_many(Item, [item(number) for number in range(100)])
        assert await session.count(Item) == 99


@pytest.mark.parametrize("kind", [list, tuple, iter])
async def test_chunks_that_are_made_ready_ahead_fail_in_their_turn(stock: Database, kind: Any) -> None:
    rows: list[dict[str, Any]] = [item(number) for number in range(100)]
    rows[70]["code"] = None
    told: list[int] = []
    async with stock.write() as session:
        with pytest.raises(errors.InvalidValue) as caught:
            await session.insert_many(Item, kind(rows), chunk=20, progress=lambda done, total: told.append(done))
        assert caught.value.__notes__ == ["In row 70, counted from 0."]
        assert told == [20, 40, 60]
        await session.rollback()
        result = await session.insert_many(Item, kind(rows), chunk=20, on_error="skip")
        assert (result.inserted, [one.index for one in result.skipped]) == (99, [70])
        assert len(result.outcomes) == 100

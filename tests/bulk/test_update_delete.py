"""update_many and delete_many: rows by their keys, in statements that the session's own criteria hold for."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, event, select, text
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from bulk.stock import Careless, Child, Entry, Item, Parent, Pet, Versioned, item
from crosslet import Database, errors

SIZES = pytest.mark.parametrize("count", [1, 3, 200])


async def ids(session: Any) -> list[UUID]:
    return list(await session.scalars(select(Item.id).order_by(Item.id)))


@SIZES
async def test_each_row_gets_its_own_values(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, made_by="me") for n in range(count)])
        before = {row.id: row for row in await session.all(Item)}
        session.expunge_all()
        rows = [{"id": key, "amount": n, "name": None} for n, key in enumerate(before)]
        result = await session.update_many(Item, rows)
        assert (result.updated, result.missing) == (count, [])
        for row in await session.all(Item):
            old = before[row.id]
            assert (row.code, row.made_by, row.created_at) == (old.code, "me", old.created_at)
            assert row.amount == list(before).index(row.id)
            assert row.name is None
            assert row.updated_at > old.updated_at


@SIZES
async def test_missing_keys_are_told(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in range(count)])
        rows = [{"code": f"c{n}", "amount": 1} for n in range(count + 2)]
        result = await session.update_many(Item, rows, key="code")
        assert (result.updated, result.missing) == (count, [count, count + 1])
        assert await session.count(Item) == count


class Change(BaseModel):
    id: UUID
    name: str | None = None
    amount: int = 0


@SIZES
async def test_what_was_not_sent_is_not_touched(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, amount=5) for n in range(count)])
        result = await session.update_many(Item, [Change(id=key, name="new") for key in await ids(session)])
        assert result.updated == count
        assert {(row.name, row.amount) for row in await session.all(Item)} == {("new", 5)}


@SIZES
async def test_rows_with_the_same_key_are_taken_in_their_order(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Entry, [{"book": 1, "page": n} for n in range(count)])
        rows = [{"book": 1, "page": n, "text": word} for word in ("a", "b") for n in range(count)]
        result = await session.update_many(Entry, rows, key=("book", "page"))
        assert result.updated == 2 * count
        assert set(await session.scalars(select(Entry.text))) == {"b"}


@SIZES
async def test_a_version_moves_on(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Versioned, [{"code": f"c{n}"} for n in range(count)])
        await session.update_many(Versioned, [{"code": f"c{n}", "text": "x"} for n in range(count)], key="code")
        assert {(row.text, row.version) for row in await session.all(Versioned)} == {("x", 2)}


async def test_an_object_of_the_session_takes_the_new_values(stock: Database) -> None:
    async with stock.write() as session:
        rows = [await session.create(Item, code=f"c{n}") for n in range(50)]
        await session.update_many(Item, [{"id": row.id, "amount": 99} for row in rows])
        assert {row.amount for row in rows} == {99}
        await session.delete_many(Item, [rows[0].id])
        assert rows[0] not in session
        assert rows[1] in session


@SIZES
async def test_bad_rows_are_skipped(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, amount=5) for n in range(count)])
        rows: list[dict[str, Any]] = [{"code": f"c{n}", "amount": 6} for n in range(count)]
        rows[-1]["amount"] = -1
        result = await session.update_many(Item, [*rows, {"code": "c0", "amount": "x"}], key="code", on_error="skip")
        found = [(one.index, type(one.error)) for one in result.skipped]
        assert found == [(count - 1, errors.CheckViolation), (count, errors.InvalidValue)]
        assert result.updated == count - 1
        with pytest.raises(errors.CheckViolation):
            async with session.begin_nested():
                await session.update_many(Item, rows, key="code")


@SIZES
async def test_a_row_that_names_its_key_alone_changes_nothing(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in range(count)])
        result = await session.update_many(Item, [{"code": f"c{n}"} for n in range(count + 1)], key="code")
        assert (result.outcomes.count("unchanged"), result.missing) == (count, [count])
        assert all(row.updated_at == row.created_at for row in await session.all(Item))


@SIZES
async def test_the_sessions_own_criteria_hold(stock: Database, count: int) -> None:
    """As a soft delete or a tenant would add them to every statement."""

    def only_mine(state: ORMExecuteState) -> None:
        state.statement = state.statement.options(with_loader_criteria(Item, Item.made_by == "me"))

    async with stock.write() as session:
        await session.insert_many(Item, [item(n, made_by="me" if n % 2 else "you") for n in range(2 * count)])
        keys = {row.code: row.id for row in await session.all(Item)}
        session.expunge_all()
        event.listen(session.sync_session, "do_orm_execute", only_mine)
        result = await session.update_many(
            Item, [{"code": f"c{n}", "amount": 99} for n in range(2 * count)], key="code"
        )
        assert (result.updated, len(result.missing)) == (count, count)
        assert await session.delete_many(Item, keys.values()) == count
        event.remove(session.sync_session, "do_orm_execute", only_mine)
        assert set(await session.scalars(select(Item.amount))) == {7}
        assert set(await session.scalars(select(Item.made_by))) == {"you"}


async def statements_of(stock: Database, session: Any, call: Any) -> list[str]:
    engine = (await stock.engine()).sync_engine
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    try:
        await call
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


async def test_keys_are_deleted_in_chunks_and_nothing_is_read_first(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in range(2500)])
        keys = await ids(session)
        told: list[Any] = []

        async def deleting() -> None:
            removed = await session.delete_many(Item, iter(keys[:2001]), progress=lambda *numbers: told.append(numbers))
            assert removed == 2001

        assert await statements_of(stock, session, deleting()) == ["DELETE", "DELETE", "DELETE"]
        assert told == [(1000, None), (2000, None), (2001, None)]
        assert await session.delete_many(Item, [*keys[:10], UUID(int=1)]) == 0
        assert await session.count(Item) == 499


async def test_a_condition_is_one_delete(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n, amount=n % 3) for n in range(30)])
        seen = await statements_of(
            stock, session, session.delete_many(Item, select(Item).where(Item.amount == 0, Item.code != "c0"))
        )
        assert seen == ["DELETE"]
        assert await session.count(Item) == 21
        assert await session.delete_many(Item, delete(Item).where(Item.amount == 1)) == 10
        assert await session.delete_many(Item, select(Item)) == 11


async def test_keys_may_come_late_and_be_made_of_parts(stock: Database) -> None:
    async def late() -> AsyncIterator[UUID]:
        for key in keys:
            yield key

    def none() -> Iterator[UUID]:
        yield from ()

    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in range(5)])
        keys = await ids(session)
        assert await session.delete_many(Item, none()) == 0
        assert await session.delete_many(Item, late(), chunk=2) == 5


@pytest.mark.parametrize(
    "statement",
    [
        select(Item).limit(3),
        select(Item).join(Entry, Entry.label == Item.code),
        select(Item, Entry),
        select(Entry),
        delete(Entry),
        select(Item).group_by(Item.id),
        select(Item).distinct(),
    ],
)
async def test_a_statement_with_more_than_conditions_is_refused(stock: Database, statement: Any) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(1)])
        with pytest.raises(errors.ConfigurationError, match="sub-select of the condition"):
            await session.delete_many(Item, statement)
        assert await session.count(Item) == 1


async def test_children_are_the_databases_business(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Parent, [{"id": UUID(int=n), "code": "x"} for n in (1, 2)])
        await session.insert_many(Child, [{"parent_id": UUID(int=1)}])
        await session.insert_many(Pet, [{"parent_id": UUID(int=2)}])
        assert await session.delete_many(Parent, [UUID(int=1)]) == 1
        assert await session.count(Child) == 0
        with pytest.raises(errors.ForeignKeyViolation):
            async with session.begin_nested():
                await session.delete_many(Parent, [UUID(int=2)])
        with pytest.raises(errors.ConfigurationError, match=r"Careless\.children is deleted by the ORM alone"):
            await session.delete_many(Careless, [])


async def test_no_table_is_left_behind(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Item, [item(n) for n in range(50)])
        await session.update_many(Item, [{"code": f"c{n}", "amount": 1} for n in range(50)], key="code")
        if not stock.dialect.has_server:
            found = await session.execute(text("SELECT name FROM sqlite_temp_master"))
            assert found.all() == []
    for _ in range(3):
        with pytest.raises(errors.CheckViolation):
            async with stock.write() as session:
                await session.update_many(Item, [{"code": f"c{n}", "amount": -1} for n in range(50)], key="code")
        async with stock.write() as session:
            await session.update_many(Item, [{"code": f"c{n}", "amount": 2} for n in range(50)], key="code")

"""The bulk verbs of classes with SoftDelete: deleted rows are not there, and stay as they are."""

from uuid import UUID

import pytest
from sqlalchemy import select

from bulk.stock import Letter, Member
from crosslet import Database, errors

SIZES = pytest.mark.parametrize("count", [1, 3, 100])


def members(count: int, name: str) -> list[dict[str, str]]:
    return [{"email": f"{n}@example.com", "name": name} for n in range(count)]


@SIZES
async def test_deleted_rows_are_marked_and_left_alone(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Member, members(count, "old"))
        assert await session.delete_many(Member, select(Member)) == count
        assert await session.count(Member) == 0
        result = await session.upsert_many(Member, members(count, "new"), key="email")
        assert result.inserted == count
        again = await session.upsert_many(Member, members(count + 1, "newer"), key="email")
        assert (again.updated, again.inserted) == (count, 1)
        changed = await session.update_many(Member, members(count + 1, "newest"), key="email")
        assert changed.updated == count + 1
        table = Member.__table__
        stored = await (await session.connection()).execute(select(table.c.name, table.c.deleted_at.is_(None)))
        assert sorted(map(tuple, stored)) == sorted([("old", False)] * count + [("newest", True)] * (count + 1))


async def test_children_go_along(stock: Database) -> None:
    async with stock.write() as session:
        await session.insert_many(Member, [{"id": UUID(int=1), "email": "a"}, {"id": UUID(int=2), "email": "b"}])
        await session.insert_many(Letter, [{"member_id": UUID(int=1)}, {"member_id": UUID(int=2)}])
        assert await session.delete_many(Member, [UUID(int=1)]) == 1
        assert await session.count(Letter) == 1


@SIZES
async def test_a_reference_to_a_deleted_row_is_refused(stock: Database, count: int) -> None:
    async with stock.write() as session:
        await session.insert_many(Member, [{"id": UUID(int=1), "email": "a"}, {"id": UUID(int=2), "email": "b"}])
        await session.delete_many(Member, [UUID(int=1)])
        rows = [{"member_id": UUID(int=2)} for _ in range(count)] + [{"member_id": UUID(int=1)}]
        with pytest.raises(errors.DeletedReference):
            async with session.begin_nested():
                await session.insert_many(Letter, rows)
        result = await session.insert_many(Letter, rows, on_error="skip")
        assert [(one.index, type(one.error)) for one in result.skipped] == [(count, errors.DeletedReference)]
        assert (result.inserted, result.outcomes[count]) == (count, "skipped")
        assert await session.count(Letter) == count

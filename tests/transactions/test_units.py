"""What a unit may still store after an error, the same on every database."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from crosslet import Database, errors
from sample import User


async def emails(base: Database) -> list[str]:
    async with base.read() as session:
        return sorted(user.email for user in await session.all(User))


async def test_an_exception_rolls_back_and_goes_on(base: Database) -> None:
    with pytest.raises(KeyError):
        async with base.write() as session:
            await session.create(User, {"email": "ada"})
            raise KeyError
    assert await emails(base) == []


async def test_a_swallowed_flush_error_spoils_the_unit(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "ada"})
    with pytest.raises(errors.UnitPoisoned, match="unique-violation"):
        async with base.write() as session:
            await session.create(User, {"email": "bob"})
            with pytest.raises(errors.UniqueViolation) as caught:
                await session.create(User, {"email": "ada"})
            assert isinstance(caught.value, IntegrityError)
            assert caught.value.columns == ("email",)
    assert await emails(base) == ["ada"]


async def test_a_swallowed_statement_error_spoils_the_unit_at_once(base: Database) -> None:
    with pytest.raises(errors.UnitPoisoned):
        async with base.write() as session:
            await session.create(User, {"email": "ada"})
            with pytest.raises(errors.StatementRejected):
                await session.execute(text("SELECT * FROM no_such_table"))
            with pytest.raises(errors.UnitPoisoned):
                await session.execute(select(User))
    assert await emails(base) == []


async def test_leaving_the_savepoint_heals_the_unit(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "ada"})
        for _ in range(2):
            with pytest.raises(errors.UniqueViolation):
                async with session.begin_nested():
                    await session.create(User, {"email": "undone"})
                    await session.create(User, {"email": "ada"})
        with pytest.raises(errors.StatementRejected):
            async with session.begin_nested():
                await session.execute(text("SELECT * FROM no_such_table"))
        await session.create(User, {"email": "bob"})
    assert await emails(base) == ["ada", "bob"]


async def test_an_error_swallowed_inside_a_savepoint_undoes_that_savepoint(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "ada"})
        with pytest.raises(errors.UnitPoisoned):
            async with session.begin_nested():
                await session.create(User, {"email": "undone"})
                with pytest.raises(errors.StatementRejected):
                    await session.execute(text("SELECT * FROM no_such_table"))
        await session.create(User, {"email": "bob"})
    assert await emails(base) == ["ada", "bob"]


async def test_an_error_in_an_inner_savepoint_leaves_the_outer_one_whole(base: Database) -> None:
    async with base.write() as session, session.begin_nested():
        await session.create(User, {"email": "ada"})
        with pytest.raises(errors.StatementRejected):
            async with session.begin_nested():
                await session.execute(text("SELECT * FROM no_such_table"))
        await session.create(User, {"email": "bob"})
    assert await emails(base) == ["ada", "bob"]


async def test_an_error_before_the_savepoint_is_not_healed_by_it(base: Database) -> None:
    with pytest.raises(errors.UnitPoisoned):
        async with base.write() as session:
            await session.create(User, {"email": "ada"})
            with pytest.raises(errors.StatementRejected):
                await session.execute(text("SELECT * FROM no_such_table"))
            with pytest.raises(errors.UnitPoisoned):
                async with session.begin_nested():
                    await session.execute(text("SELECT 1"))
    assert await emails(base) == []


async def test_a_rollback_by_hand_begins_afresh(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "undone"})
        with pytest.raises(errors.StatementRejected):
            await session.execute(text("SELECT * FROM no_such_table"))
        await session.rollback()
        await session.create(User, {"email": "ada"})
        await session.commit()
        await session.create(User, {"email": "bob"})
    assert await emails(base) == ["ada", "bob"]


async def test_hooks_run_after_the_commit_and_only_then(base: Database) -> None:
    ran: list[str] = []

    async def slow() -> None:
        ran.append(f"async sees {await emails(base)}")

    async with base.write() as session:
        await session.create(User, {"email": "ada"})
        session.after_commit(lambda: ran.append("sync"))
        session.after_commit(slow)
        with pytest.raises(KeyError):
            async with session.begin_nested():
                session.after_commit(lambda: ran.append("undone"))
                raise KeyError
        async with session.begin_nested():
            session.after_commit(lambda: ran.append("kept"))
        assert ran == []
    assert ran == ["sync", "async sees ['ada']", "kept"]
    with pytest.raises(KeyError):
        async with base.write() as session:
            session.after_commit(lambda: ran.append("undone"))
            raise KeyError
    assert "undone" not in ran


async def test_a_failing_hook_is_logged_and_the_commit_stands(base: Database, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def fail() -> None:
        raise RuntimeError("hook")

    async with base.write() as session:
        await session.create(User, {"email": "ada"})
        session.after_commit(fail)
        session.after_commit(lambda: ran.append("next"))
    assert ran == ["next"]
    assert "after-commit hook failed" in caplog.text
    assert await emails(base) == ["ada"]


async def test_a_session_ends_with_its_unit(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "ada"})
    for use in (
        lambda: session.execute(select(User)),
        lambda: session.get(User, 1),
        session.commit,
        lambda: session.all(User),
        lambda: session.create(User, {"email": "bob"}),
        session.rollback,
        session.flush,
    ):
        with pytest.raises(errors.SessionClosed):
            await use()
    with pytest.raises(errors.SessionClosed):
        session.add(User(email="bob"))
    await session.close()


async def test_a_unit_is_entered_once(base: Database) -> None:
    unit = base.write()
    async with unit:
        pass
    with pytest.raises(errors.ConfigurationError):
        async with unit:
            pass


async def test_a_task_may_take_over_from_one_that_has_ended(base: Database) -> None:
    session = await asyncio.create_task(base.open(read_only=False))
    await session.create(User, {"email": "ada"})
    await session.commit()
    await session.close()
    assert await emails(base) == ["ada"]


async def test_closing_in_another_task_is_not_shared_use(base: Database) -> None:
    async with base.write() as session:
        await session.create(User, {"email": "ada"})

        async def intrude() -> None:
            await session.create(User, {"email": "bob"})

        with pytest.raises(errors.WrongTask, match=r"intruder.*") as caught:
            await asyncio.create_task(intrude(), name="intruder")
        assert caught.value.owner == asyncio.current_task().get_name()  # type: ignore[union-attr]
    assert await emails(base) == ["ada"]

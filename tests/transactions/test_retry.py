"""Which failures are repeated, for how long, and that a repeated unit is a whole one."""

import asyncio

import pytest

from crosslet import Database, Retry, Session, errors
from crosslet.transactions import delay_before, is_retryable, run_again
from sample import User

FAST = Retry(attempts=5, budget=5.0, first=0.001, ceiling=0.002)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.SerializationFailure(), True),
        (errors.DeadlockDetected(), True),
        (errors.LockTimeout(), True),
        (errors.DatabaseBusy(), True),
        (errors.ConnectionLost(), True),
        (errors.ReadOnlyNode(), True),
        (errors.CannotConnect("x"), True),
        (errors.TooManyConnections(), True),
        (errors.UnitPoisoned("deadlock-detected", retryable=True), True),
        (errors.UnitPoisoned("unique-violation"), False),
        (errors.PoolTimeout(), False),
        (errors.CommitOutcomeUnknown(), False),
        (errors.StatementTimeout(), False),
        (errors.UniqueViolation(), False),
        (errors.NotFound("User"), False),
        (ValueError(), False),
        (TimeoutError(), False),
    ],
)
def test_what_is_repeated(error: Exception, expected: bool) -> None:
    assert is_retryable(error) is expected


def test_waits_are_random_and_bounded() -> None:
    retry = Retry(first=0.02, ceiling=1.0)
    for attempt in range(1, 30):
        waits = {delay_before(attempt, retry) for _ in range(50)}
        assert len(waits) > 1
        assert min(waits) >= 0
        assert max(waits) <= min(1.0, 0.02 * 2 ** (attempt - 1))


async def test_it_stops_at_the_attempts() -> None:
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        raise errors.DeadlockDetected

    with pytest.raises(errors.DeadlockDetected):
        await run_again(fail, FAST)
    assert calls == FAST.attempts


async def test_it_stops_at_the_budget() -> None:
    async def fail() -> None:
        await asyncio.sleep(0.02)
        raise errors.DeadlockDetected

    started = asyncio.get_running_loop().time()
    with pytest.raises(errors.DeadlockDetected):
        await run_again(fail, Retry(attempts=10_000, budget=0.2, first=0.001, ceiling=0.002))
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_unit_is_run_whole_with_a_fresh_session_and_hooks_once(base: Database) -> None:
    sessions: list[Session] = []
    ran: list[str] = []

    async def unit(session: Session, email: str, *, fail_times: int) -> User:
        sessions.append(session)
        session.after_commit(lambda: ran.append(email))
        user = await session.create(User, {"email": email})
        if len(sessions) <= fail_times:
            raise errors.SerializationFailure
        return user

    user = await base.run(unit, "ada", fail_times=3)
    assert user.email == "ada"
    assert ran == ["ada"]
    assert len(sessions) == len(set(map(id, sessions))) == 4
    async with base.read() as session:
        assert await session.count(User) == 1


async def test_a_swallowed_deadlock_is_repeated_as_well(base: Database) -> None:
    attempts = 0

    async def unit(session: Session) -> None:
        nonlocal attempts
        attempts += 1
        await session.create(User, {"email": "ada"})
        if attempts == 1:
            session._unit.spoil("deadlock-detected", retryable=True, savepoint=None)

    await base.run(unit)
    assert attempts == 2


async def test_other_errors_are_not_repeated(base: Database) -> None:
    attempts = 0

    async def unit(session: Session) -> None:
        nonlocal attempts
        attempts += 1
        await session.create(User, {"email": "ada"})
        await session.create(User, {"email": "ada"})

    with pytest.raises(errors.UniqueViolation):
        await base.run(unit)
    assert attempts == 1

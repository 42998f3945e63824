"""The ledger: thousands of transfers by many clients at once, while others get in their way.

Every transfer ends acknowledged, refused or repeated (its token was used already). Whatever happens on the way, the sum
of all balances never changes; at the end the database holds the acknowledged transfers, each once, and no other.
"""

import asyncio
import contextlib
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import event, func, select, text, update

from crosslet import Database, Deadlines, PoolSettings, Session
from crosslet.errors import DatabaseBusy, DeadlockDetected, LockTimeout, RetryableError
from demo.app import make_app
from demo.data import Generator
from demo.models import Account, Base, Transfer, User
from fix_databases import Target

TASKS = 16
ACCOUNTS = 10
OPENING = Decimal("100.00")
BLOCKED = (LockTimeout, DatabaseBusy)
Rival = Callable[["Bank", Session, random.Random], Awaitable[None]]
# How many of each must have hit the demo itself before the rivals rest.
LOCK_TIMEOUTS, DEADLOCKS = 20, 40


@dataclass
class Ledger:
    """What the clients were told."""

    acknowledged: dict[UUID, tuple[int, int, Decimal]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    put_off: int = 0

    def note(self, order: dict[str, Any], answer: Any) -> bool:
        """Write an answer down; tell whether the client should send the order again."""
        if answer.status_code == 503 and "retry-after" in answer.headers:
            self.put_off += 1
            return True
        told = answer.json()
        if answer.status_code == 201:
            token = UUID(told["token"])
            assert token not in self.acknowledged, "acknowledged twice"
            self.acknowledged[token] = (told["source_id"], told["target_id"], Decimal(told["amount"]))
        elif told.get("code") == "unique-violation":
            assert told["fields"] == ["token"]
            self.repeated += 1
        else:
            assert answer.status_code in {404, 409, 422}, f"{answer.status_code} {answer.text} for {order}"
            self.refused[told["code"]] += 1
        return False


@dataclass
class Bank:
    """The demo under test, and beside it what gets in its way: sessions of another process, as it were."""

    http: AsyncClient
    database: Database
    rivals: Database
    accounts: list[int]
    failures: Counter[type[BaseException]] = field(default_factory=Counter)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    is_closing: bool = False

    def count(self, *kinds: type[BaseException]) -> int:
        """Count the failures of some kinds that the demo has met."""
        return sum(self.failures[kind] for kind in kinds)

    async def total(self) -> Decimal:
        """Add all balances up, in one statement and so at one moment."""
        async with self.database.read() as session:
            return await session.scalar(select(func.sum(Account.balance)))


@pytest.fixture
async def bank(target: Target) -> AsyncIterator[Bank]:
    """Open the bank: short lock deadlines for the demo, so that it fails where others would wait."""
    url = await target.make_url()
    database = Database(
        url, metadata=Base, deadlines=Deadlines(lock=0.25), pool=PoolSettings(writers=TASKS, readers=TASKS)
    )
    rivals = Database(url, metadata=Base, deadlines=Deadlines(lock=20))
    app = make_app(database)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with rivals, database:
        await prepare(rivals, target.dialect_name)
        async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://demo") as http:
            bank = Bank(http, database, rivals, await open_accounts(database))
            await watch_failures(bank)
            yield bank


async def prepare(database: Database, name: str) -> None:
    """Let PostgreSQL look for deadlocks sooner than after its second, or the lock deadline would always come first."""
    if name == "postgresql":
        async with database.write() as session:
            here = await session.scalar(text("SELECT current_database()"))
            await session.execute(text(f'ALTER DATABASE "{here}" SET deadlock_timeout = 20'))
        await database.close()


async def open_accounts(database: Database) -> list[int]:
    async with database.write() as session:
        session.add_all(Generator(1).users(50))
        await session.flush()
        owner = await session.first(User, select(User).order_by(User.id))
        rows = [Account(owner_id=owner.id, name=f"account {n}", balance=OPENING) for n in range(ACCOUNTS)]
        session.add_all(rows)
    return sorted(row.id for row in rows)


async def watch_failures(bank: Bank) -> None:
    """Count what the demo's statements fail with; the retries hide it from the clients."""
    loop = asyncio.get_running_loop()
    waking: set[asyncio.Task[None]] = set()

    async def wake() -> None:
        async with bank.changed:
            bank.changed.notify_all()

    def note(context: Any) -> None:
        bank.failures[type(context.chained_exception)] += 1
        task = loop.create_task(wake())
        waking.add(task)
        task.add_done_callback(waking.discard)

    engine = await bank.database.engine()
    event.listen(engine.sync_engine, "handle_error", note)


def orders(bank: Bank, count: int) -> deque[dict[str, Any]]:
    """Make orders; one in ten is sent twice, some are impossible."""
    chance = random.Random(7)
    made: deque[dict[str, Any]] = deque()
    for _ in range(count):
        source, target = chance.sample(bank.accounts, 2)
        order = {
            "token": str(UUID(int=chance.getrandbits(128), version=4)),
            "source_id": source,
            "target_id": target,
            "amount": str(Decimal(chance.randint(1, 4000)).scaleb(-2)),
        }
        luck = chance.random()
        if luck < 0.02:
            order["target_id"] = bank.accounts[-1] + 1
        elif luck < 0.04:
            order["target_id"] = source
        elif luck < 0.06:
            order["amount"] = "1.005"
        made.extend([order] * (2 if luck > 0.9 else 1))
    return made


async def work(bank: Bank, ledger: Ledger, todo: deque[dict[str, Any]]) -> None:
    """Be one client: send orders until there are none, and look at the sum of all balances now and then."""
    sent = 0
    while todo:
        order = todo.popleft()
        if ledger.note(order, await bank.http.post("/transfers", json=order)):
            todo.append(order)
        sent += 1
        if sent % 20 == 0:
            assert await bank.total() == ACCOUNTS * OPENING


async def hold_locks(bank: Bank, session: Session, chance: random.Random) -> None:
    """Lock an account until somebody's deadline has passed."""
    number = chance.choice(bank.accounts)
    await session.execute(update(Account).where(Account.id == number).values(name=uuid4().hex))
    seen = bank.count(*BLOCKED)
    async with bank.changed:
        await bank.changed.wait_for(lambda: bank.is_closing or bank.count(*BLOCKED) > seen)


async def cross_locks(bank: Bank, session: Session, chance: random.Random) -> None:
    """Lock two accounts in the order that the demo never uses."""
    # InnoDB ends the transaction that has changed least: let that be the other one.
    await session.execute(update(User).values(name=uuid4().hex))
    for number in sorted(chance.sample(bank.accounts, 2), reverse=True):
        await session.execute(select(Account.id).where(Account.id == number).with_for_update())


async def rival(bank: Bank, unit: Rival, kinds: tuple[type[BaseException], ...], enough: int) -> None:
    """Run a unit that gets in the demo's way, and undo it, until the demo has failed often enough."""
    chance = random.Random(11)
    while not bank.is_closing and bank.count(*kinds) < enough:
        with contextlib.suppress(RetryableError):
            async with bank.rivals.write() as session:
                await unit(bank, session, chance)
                await session.rollback()


async def test_every_acknowledged_transfer_is_there_once_and_no_money_is_made(
    bank: Bank, target: Target, pytestconfig: pytest.Config
) -> None:
    count = 200 if pytestconfig.getoption("--quick") else 2000
    ledger, todo = Ledger(), orders(bank, count)
    rivals = [asyncio.create_task(rival(bank, hold_locks, BLOCKED, LOCK_TIMEOUTS))]
    if bank.database.dialect.has_server:
        rivals.append(asyncio.create_task(rival(bank, cross_locks, (DeadlockDetected,), DEADLOCKS)))
    try:
        await asyncio.gather(*(work(bank, ledger, todo) for _ in range(TASKS)))
    finally:
        bank.is_closing = True
        async with bank.changed:
            bank.changed.notify_all()
        await asyncio.gather(*rivals)
    show(bank, ledger, target, count)
    await compare(bank, ledger)
    assert bank.count(*BLOCKED) > 0
    assert bank.count(DeadlockDetected) > 0 or not bank.database.dialect.has_server
    assert ledger.repeated > 0
    assert set(ledger.refused) == {"insufficient-funds", "not-found", "check-violation", "invalid-request"}


async def compare(bank: Bank, ledger: Ledger) -> None:
    """Hold the database against what the clients were told: to the row, to the cent."""
    expected = dict.fromkeys(bank.accounts, OPENING)
    for source, to, amount in ledger.acknowledged.values():
        expected[source] -= amount
        expected[to] += amount
    async with bank.database.read() as session:
        stored = await session.all(Transfer)
        balances = {account.id: account.balance for account in await session.all(Account)}
    assert len(stored) == len(ledger.acknowledged)
    assert {row.token: (row.source_id, row.target_id, row.amount) for row in stored} == ledger.acknowledged
    assert balances == expected
    assert min(balances.values()) >= 0
    assert await bank.total() == ACCOUNTS * OPENING


def show(bank: Bank, ledger: Ledger, target: Target, count: int) -> None:
    retryable = {kind: number for kind, number in bank.failures.items() if issubclass(kind, RetryableError)}
    causes = ", ".join(f"{kind.__name__} {number}" for kind, number in retryable.items())
    refusals = ", ".join(f"{code} {number}" for code, number in sorted(ledger.refused.items()))
    print(
        f"\n{target.name}: {count} transfers by {TASKS} tasks: {len(ledger.acknowledged)} acknowledged, "
        f"{sum(retryable.values()) - ledger.put_off} retried inside ({causes}), {ledger.put_off} put off (503), "
        f"{ledger.repeated} duplicates, {ledger.refused.total()} refused ({refusals})"
    )

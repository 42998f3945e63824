"""Money between accounts, on every driver; the demo's ledger test does it by the thousand."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from crosslet import Database, errors
from transfer import Account, Base, InsufficientFunds, transfer


@pytest.fixture
async def bank(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as db:
        await db.create_all()
        async with db.write() as session:
            for owner, balance in (("ada", "10.10"), ("bob", "0.20")):
                await session.create(Account, owner=owner, balance=Decimal(balance))
        yield db


async def balances(bank: Database) -> dict[str, Decimal]:
    async with bank.read() as session:
        return {account.owner: account.balance for account in await session.all(Account)}


async def test_money_moves_to_the_cent_or_not_at_all(bank: Database) -> None:
    await transfer(bank, 1, 2, Decimal("10.00"))
    assert await balances(bank) == {"ada": Decimal("0.10"), "bob": Decimal("10.20")}
    for source, target, amount in ((1, 2, "0.11"), (2, 1, "10.21"), (1, 3, "0.01"), (3, 1, "0.01")):
        with pytest.raises(InsufficientFunds):
            await transfer(bank, source, target, Decimal(amount))
    assert await balances(bank) == {"ada": Decimal("0.10"), "bob": Decimal("10.20")}


async def test_opposite_transfers_at_once_all_arrive(bank: Database) -> None:
    await transfer(bank, 1, 2, Decimal("5.00"))
    cent = Decimal("0.01")
    await asyncio.gather(*(transfer(bank, *pair, cent) for _ in range(20) for pair in ((1, 2), (2, 1))))
    assert await balances(bank) == {"ada": Decimal("5.10"), "bob": Decimal("5.20")}


async def test_the_database_itself_refuses_an_overdraft(bank: Database) -> None:
    with pytest.raises(errors.CheckViolation):
        async with bank.write() as session:
            (await session.get(Account, 1)).balance = Decimal("-0.01")

"""Money between accounts: exact, all or nothing, and repeated as a whole when others were faster."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import BigIntKey, Database, ExactDecimal, Portable, Session, Timestamps


class Base(Portable, BigIntKey, Timestamps, DeclarativeBase):
    """Tables whose keys are counted up by the database."""


class Account(Base):
    """What someone has."""

    __tablename__ = "accounts"
    # Whatever the code does, nobody spends what is not there.
    __table_args__ = (CheckConstraint("balance >= 0", name="never_overdrawn"),)

    owner: Mapped[str] = mapped_column(String(80), unique=True)
    balance: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2), default=Decimal(0))


class InsufficientFunds(Exception):
    """There is no such account, or it holds less than is to be taken from it."""


async def transfer(db: Database, source_id: int, target_id: int, amount: Decimal) -> None:
    """Move money.

    Raises:
        InsufficientFunds: Nothing was moved.
    """
    await db.run(move, source_id, target_id, amount)


async def move(session: Session, source_id: int, target_id: int, amount: Decimal) -> None:
    """Move money within a unit of work; a failure anywhere undoes all of it."""
    changes = [(source_id, -amount), (target_id, amount)]
    # Every transfer locks in the same order, so two opposite ones queue up instead of waiting for each other.
    for account_id, change in sorted(changes):
        await change_balance(session, account_id, change)


async def change_balance(session: Session, account_id: int, change: Decimal) -> None:
    """Let the database check and change in one statement: a balance that was read first may be gone by now."""
    is_enough = (Account.id == account_id, Account.balance >= -change)
    changed = await session.all(Account, update(Account).where(*is_enough).values(balance=Account.balance + change))
    # No row changed: no such account, or not enough in it.
    if len(changed) != 1:
        raise InsufficientFunds

"""Transfers: both balances change and the transfer is written down, or nothing happens."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select, update

from crosslet import Session
from crosslet.web import ProblemError, Reader, RetryRoute, Writer, problem_responses
from demo.models import Account, Transfer
from demo.schemas import AccountOut, TransferIn, TransferOut

# RetryRoute runs a handler again, from its start and with a fresh session, when a deadlock or a lock timeout undid it.
router = APIRouter(prefix="/transfers", tags=["transfers"], route_class=RetryRoute)


@router.post("", status_code=201, responses=problem_responses(404, 409))
async def transfer(body: TransferIn, session: Writer) -> TransferOut:
    """Move money. A token that was used already is a 409: that transfer is at `/transfers/{token}`."""
    changes = [(body.source_id, -body.amount), (body.target_id, body.amount)]
    # Always the lower number first: two opposite transfers then queue up instead of waiting for each other.
    for account_id, change in sorted(changes):
        await change_balance(session, account_id, change)
    made = await session.create(Transfer, body)
    return await session.one(TransferOut, made)


@router.get("/{token}", responses=problem_responses(404))
async def get_transfer(token: UUID, session: Reader) -> TransferOut:
    """Get a transfer by its token: how a client that got no answer learns what became of it."""
    return await session.one(TransferOut, select(Transfer).where(Transfer.token == token))


async def change_balance(session: Session, account_id: int, change: Decimal) -> None:
    """Add to a balance, or take from it if it is there.

    The condition is part of the UPDATE: a balance that was read first could be gone a moment later.
    """
    changing = (
        update(Account)
        .where(Account.id == account_id, Account.balance >= -change)
        .values(balance=Account.balance + change)
    )
    if await session.first(Account, changing) is None:
        await session.one(AccountOut, select(Account).where(Account.id == account_id))  # 404 if there is none
        raise ProblemError(409, "insufficient-funds", "The account does not hold that much.")

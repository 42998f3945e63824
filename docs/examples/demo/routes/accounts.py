"""Accounts: money, exact to the cent."""

from fastapi import APIRouter
from sqlalchemy import or_, select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Account, Transfer
from demo.schemas import AccountId, AccountIn, AccountOut, Limit, Page, Skip, TransferOut

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.post("", status_code=201, responses=problem_responses(409))
async def open_account(body: AccountIn, session: Writer) -> AccountOut:
    """Open an account; 409 if the owner has one of that name, or does not exist."""
    account = await session.create(Account, body)
    return await session.one(AccountOut, account)


@router.get("/{account_id}", responses=problem_responses(404))
async def get_account(account_id: AccountId, session: Reader) -> AccountOut:
    """Get an account with its balance."""
    return await session.one(AccountOut, select(Account).where(Account.id == account_id))


@router.get("/{account_id}/transfers")
async def list_transfers(
    account_id: AccountId, session: Reader, skip: Skip = 0, limit: Limit = 20
) -> Page[TransferOut]:
    """List what came into and went out of an account, newest first."""
    transfers = select(Transfer).where(or_(Transfer.source_id == account_id, Transfer.target_id == account_id))
    page = transfers.order_by(Transfer.created_at.desc(), Transfer.id.desc()).offset(skip).limit(limit)
    return Page(items=await session.all(TransferOut, page), total=await session.count(transfers))

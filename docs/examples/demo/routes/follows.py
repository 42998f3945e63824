"""Who follows whom: users related to users."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import delete, select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Follow, User
from demo.schemas import FollowIn, FollowOut, Limit, Page, Skip, UserBrief

router = APIRouter(prefix="/users/{user_id}", tags=["follows"])


@router.post("/following", status_code=201, responses=problem_responses(404, 409))
async def follow(user_id: UUID, body: FollowIn, session: Writer) -> FollowOut:
    """Follow someone; 409 if that is so already or there is no such user, 422 for oneself."""
    user = await session.one(User, select(User).where(User.id == user_id))
    # The keys are the code's business, so they go by keyword: a body can never set a primary key.
    follow = await session.create(Follow, follower_id=user.id, followed_id=body.followed_id)
    return await session.one(FollowOut, follow)


@router.delete("/following/{followed_id}", status_code=204, responses=problem_responses(404))
async def unfollow(user_id: UUID, followed_id: UUID, session: Writer) -> None:
    """Follow someone no more; 404 if that was not so."""
    await session.one(Follow, delete(Follow).where(Follow.follower_id == user_id, Follow.followed_id == followed_id))


@router.get("/following")
async def list_following(user_id: UUID, session: Reader, skip: Skip = 0, limit: Limit = 20) -> Page[UserBrief]:
    """List whom a user follows."""
    users = select(User).join(Follow, Follow.followed_id == User.id).where(Follow.follower_id == user_id)
    page = users.order_by(User.name, User.id).offset(skip).limit(limit)
    return Page(items=await session.all(UserBrief, page), total=await session.count(users))


@router.get("/followers")
async def list_followers(user_id: UUID, session: Reader, skip: Skip = 0, limit: Limit = 20) -> Page[UserBrief]:
    """List who follows a user."""
    users = select(User).join(Follow, Follow.follower_id == User.id).where(Follow.followed_id == user_id)
    page = users.order_by(User.name, User.id).offset(skip).limit(limit)
    return Page(items=await session.all(UserBrief, page), total=await session.count(users))

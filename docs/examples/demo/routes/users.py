"""Users: create, get, list, change, delete."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Post, User
from demo.routes.posts import posts_with_author
from demo.schemas import (
    Limit,
    Page,
    PostOut,
    Skip,
    UserBrief,
    UserIn,
    UserOut,
    UserPatch,
    UserWithPostIn,
    UserWithPostOut,
)

router = APIRouter(prefix="/users", tags=["users"])


@router.post("", status_code=201, responses=problem_responses(409))
async def create_user(body: UserIn, session: Writer) -> UserOut:
    """Create a user; 409 if the e-mail is taken."""
    user = await session.create(User, body)
    return await session.one(UserOut, user)


@router.post("/with-first-post", status_code=201, responses=problem_responses(409))
async def create_user_with_first_post(body: UserWithPostIn, session: Writer) -> UserWithPostOut:
    """Create a user and a first post, both or neither: the route is one transaction."""
    user = await session.create(User, body.user)
    post = await session.create(Post, body.post, author_id=user.id)
    return UserWithPostOut(
        user=await session.one(UserOut, user),
        post=await session.one(PostOut, posts_with_author().where(Post.id == post.id)),
    )


@router.get("")
async def list_users(session: Reader, skip: Skip = 0, limit: Limit = 20, is_active: bool = True) -> Page[UserBrief]:
    """List users, oldest first, with how many there are."""
    users = select(User).where(User.is_active == is_active)
    # The key decides between equal times, or a row could be on two pages, or on none.
    page = users.order_by(User.created_at, User.id).offset(skip).limit(limit)
    return Page(items=await session.all(UserBrief, page), total=await session.count(users))


@router.get("/{user_id}", responses=problem_responses(404))
async def get_user(user_id: UUID, session: Reader) -> UserOut:
    """Get a user."""
    return await session.one(UserOut, select(User).where(User.id == user_id))


@router.patch("/{user_id}", responses=problem_responses(404, 409))
async def change_user(user_id: UUID, body: UserPatch, session: Writer) -> UserOut:
    """Change the fields that are sent, and leave the others."""
    user = await session.one(User, select(User).where(User.id == user_id))
    await session.patch(user, body)
    return await session.one(UserOut, user)


@router.delete("/{user_id}", status_code=204, responses=problem_responses(404, 409))
async def delete_user(user_id: UUID, session: Writer) -> None:
    """Delete a user with all posts; 409 while the user owns an account."""
    user = await session.one(User, select(User).where(User.id == user_id))
    await session.delete(user)

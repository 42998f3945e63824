"""Posts of users."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Select, delete, select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Post, User
from demo.schemas import Limit, Page, PostIn, PostOut, PostPatch, Skip

router = APIRouter(tags=["posts"])


def posts_with_author() -> Select[*tuple[Any, ...]]:
    """Select posts with a column of another table: the labels are the fields of PostOut."""
    return select(
        Post.id,
        Post.author_id,
        User.email.label("author_email"),
        Post.title,
        Post.text,
        Post.published_at,
        Post.created_at,
        Post.updated_at,
    ).join(Post.author)


@router.post("/users/{user_id}/posts", status_code=201, responses=problem_responses(404))
async def create_post(user_id: UUID, body: PostIn, session: Writer) -> PostOut:
    """Write a post for an author."""
    author = await session.one(User, select(User).where(User.id == user_id))
    post = await session.create(Post, body, author_id=author.id)
    return await session.one(PostOut, posts_with_author().where(Post.id == post.id))


@router.get("/users/{user_id}/posts")
async def list_posts(
    user_id: UUID, session: Reader, skip: Skip = 0, limit: Limit = 20, published: bool | None = None
) -> Page[PostOut]:
    """List an author's posts, newest first; `published` picks published ones or drafts."""
    posts = posts_with_author().where(Post.author_id == user_id)
    if published is not None:
        posts = posts.where(Post.published_at.is_not(None) if published else Post.published_at.is_(None))
    page = posts.order_by(Post.created_at.desc(), Post.id.desc()).offset(skip).limit(limit)
    return Page(items=await session.all(PostOut, page), total=await session.count(posts))


@router.get("/posts/{post_id}", responses=problem_responses(404))
async def get_post(post_id: UUID, session: Reader) -> PostOut:
    """Get a post."""
    return await session.one(PostOut, posts_with_author().where(Post.id == post_id))


@router.patch("/posts/{post_id}", responses=problem_responses(404))
async def change_post(post_id: UUID, body: PostPatch, session: Writer) -> PostOut:
    """Change the fields that are sent, and leave the others."""
    post = await session.one(Post, select(Post).where(Post.id == post_id))
    await session.patch(post, body)
    return await session.one(PostOut, posts_with_author().where(Post.id == post_id))


@router.delete("/posts/{post_id}", status_code=204, responses=problem_responses(404))
async def delete_post(post_id: UUID, session: Writer) -> None:
    """Delete a post and its comments."""
    # One statement, and 404 where it deleted nothing: the rows that a DELETE took are its answer.
    await session.one(Post, delete(Post).where(Post.id == post_id))

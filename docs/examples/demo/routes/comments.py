"""Comments on posts."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Select, delete, select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Comment, Post, User
from demo.schemas import CommentIn, CommentOut, Limit, Page, Skip

router = APIRouter(tags=["comments"])


def comments_with_author() -> Select[*tuple[Any, ...]]:
    """Select comments with their authors' names; an outer join, because an author may be gone."""
    return select(
        Comment.id, Comment.author_id, User.name.label("author_name"), Comment.text, Comment.created_at
    ).outerjoin(Comment.author)


@router.post("/posts/{post_id}/comments", status_code=201, responses=problem_responses(404, 409))
async def create_comment(post_id: UUID, body: CommentIn, session: Writer) -> CommentOut:
    """Comment on a post; 409 if there is no such author."""
    post = await session.one(Post, select(Post).where(Post.id == post_id))
    comment = await session.create(Comment, body, post_id=post.id)
    return await session.one(CommentOut, comments_with_author().where(Comment.id == comment.id))


@router.get("/posts/{post_id}/comments")
async def list_comments(post_id: UUID, session: Reader, skip: Skip = 0, limit: Limit = 20) -> Page[CommentOut]:
    """List the comments on a post, oldest first."""
    comments = comments_with_author().where(Comment.post_id == post_id)
    page = comments.order_by(Comment.created_at, Comment.id).offset(skip).limit(limit)
    return Page(items=await session.all(CommentOut, page), total=await session.count(comments))


@router.delete("/comments/{comment_id}", status_code=204, responses=problem_responses(404))
async def delete_comment(comment_id: UUID, session: Writer) -> None:
    """Delete a comment."""
    await session.one(Comment, delete(Comment).where(Comment.id == comment_id))

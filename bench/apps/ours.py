"""The same API on crosslet."""

import os
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Query
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from bench.apps.schemas import UserIn, UserOut, UserWithPosts
from crosslet import Database, Model
from crosslet.web import Reader, Writer, install


class User(Model):
    __tablename__ = "users"
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    posts: Mapped[list["Post"]] = relationship(back_populates="author")


class Post(Model):
    __tablename__ = "posts"
    title: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    author: Mapped[User] = relationship(back_populates="posts")


db = Database(os.environ["BENCH_URL"])
app = FastAPI()
install(app, db)


@app.get("/users/{user_id}")
async def get_user(user_id: UUID, session: Reader) -> UserOut:
    return await session.one(UserOut, select(User).where(User.id == user_id))


@app.get("/users/{user_id}/tree", response_model=UserWithPosts)
async def get_tree(user_id: UUID, session: Reader) -> User:
    return await session.one(User, select(User).where(User.id == user_id).options(selectinload(User.posts)))


@app.get("/users")
async def list_users(
    session: Reader, skip: Annotated[int, Query(ge=0, le=10_000)] = 0, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[UserOut]:
    return await session.all(UserOut, select(User).order_by(User.id).offset(skip).limit(limit))


@app.post("/users", status_code=201)
async def create_user(body: UserIn, session: Writer) -> UserOut:
    user = await session.create(User, body)
    return UserOut.model_validate(user)

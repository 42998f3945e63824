"""The bodies that both applications take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class UserIn(BaseModel):
    email: str
    name: str


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str
    created_at: datetime


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str


class UserWithPosts(UserOut):
    posts: list[PostOut]

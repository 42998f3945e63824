"""What clients send and get. Every text has a length, every number a range: what passes here fits any database."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

T = TypeVar("T")

# Lower case, so that the unique constraint sees one address however it is typed.
Email = Annotated[
    str, StringConstraints(to_lower=True, max_length=255, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
# Decimal, never float: 0.1 + 0.2 is 0.3 here. As wide as the columns, ExactDecimal(12, 2).
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Amount = Annotated[Money, Field(gt=0)]
# A BIGINT key: without the bound, a larger number would be an error of the driver instead of the client's.
AccountId = Annotated[int, Field(ge=1, le=2**63 - 1)]

Skip = Annotated[int, Query(ge=0, le=100_000, description="Rows to leave out.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows to return.")]


class Body(BaseModel):
    """What a client may send: the declared fields, so nobody sets `id`, `created_at` or a role by guessing names."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """Some rows, and how many there are."""

    items: list[T]
    total: int


class UserIn(Body):
    """A user to create."""

    email: Email
    name: Name
    bio: Annotated[str, Field(max_length=10_000)] | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    profile: dict[str, JsonValue] = Field(default={}, description="Any JSON object.")


class UserPatch(Body):
    """Fields of a user to change: those that are sent, and no others."""

    email: Email | None = None
    name: Name | None = None
    bio: Annotated[str, Field(max_length=10_000)] | None = None
    is_active: bool | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    profile: dict[str, JsonValue] | None = None


class UserOut(BaseModel):
    """A user."""

    id: UUID
    email: str
    name: str
    bio: str | None
    is_active: bool
    latitude: float | None
    longitude: float | None
    profile: dict[str, JsonValue]
    created_at: datetime
    updated_at: datetime


class UserBrief(BaseModel):
    """A user in a list: of the row's columns, only these are fetched."""

    id: UUID
    email: str
    name: str


class PostIn(Body):
    """A post to write. Without `published_at` it is a draft."""

    title: Title
    text: Annotated[str, Field(max_length=100_000)]
    # A time without an offset would mean something else on each server.
    published_at: AwareDatetime | None = None


class PostPatch(Body):
    """Fields of a post to change."""

    title: Title | None = None
    text: Annotated[str, Field(max_length=100_000)] | None = None
    published_at: AwareDatetime | None = None


class PostOut(BaseModel):
    """A post, with its author's address."""

    id: UUID
    author_id: UUID
    author_email: str
    title: str
    text: str
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class UserWithPostIn(Body):
    """A user who starts with a post."""

    user: UserIn
    post: PostIn


class UserWithPostOut(BaseModel):
    """A new user and the first post."""

    user: UserOut
    post: PostOut


class CommentIn(Body):
    """A comment to make."""

    author_id: UUID
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class CommentOut(BaseModel):
    """A comment, with its author's name while there is one."""

    id: UUID
    author_id: UUID | None
    author_name: str | None
    text: str
    created_at: datetime


class RoleIn(Body):
    """A role to create."""

    name: RoleName


class RoleOut(BaseModel):
    """A role."""

    id: UUID
    name: str


class FollowIn(Body):
    """Whom to follow."""

    followed_id: UUID


class FollowOut(BaseModel):
    """Who follows whom, since when."""

    follower_id: UUID
    followed_id: UUID
    created_at: datetime


class AccountIn(Body):
    """An account to open."""

    owner_id: UUID
    name: Annotated[str, Field(min_length=1, max_length=40)]
    balance: Money = Decimal(0)


class AccountOut(BaseModel):
    """An account."""

    id: int
    owner_id: UUID
    name: str
    balance: Decimal


class TransferIn(Body):
    """Money to move. The token is the client's, a new one for each transfer: sent twice, it counts once."""

    token: UUID
    source_id: AccountId
    target_id: AccountId
    amount: Amount


class TransferOut(BaseModel):
    """A transfer that took place."""

    id: UUID
    token: UUID
    source_id: int
    target_id: int
    amount: Decimal
    created_at: datetime


class AuthorStatistics(BaseModel):
    """How much someone has written."""

    user_id: UUID
    email: str
    posts: int
    comments: int

"""A user's program that type checkers read; nothing runs it. Each `assert_type` is a promise about the API."""

from typing import Annotated, Any, assert_type
from uuid import UUID

from fastapi import FastAPI, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncResult
from sqlalchemy.orm import Mapped, mapped_column

from crosslet import (
    CursorPage,
    Database,
    Deadlines,
    ExactDecimal,
    Keyset,
    MemoryCache,
    Model,
    New,
    Offset,
    Page,
    PoolSettings,
    RedisCache,
    Session,
    Stream,
    Tls,
    cached,
    only_deleted,
    with_deleted,
    without_filters,
)
from crosslet.web import NDJSON, Data, Filter, ListParams, ParamLimits, Reader, RetryRoute, Writer, install


class User(Model):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(unique=True)


class UserIn(BaseModel):
    email: str


class UserOut(BaseModel):
    id: UUID
    email: str


db = Database(
    "postgresql://localhost/app",
    pool=PoolSettings(writers=3),
    tls=Tls(mode="verify"),
    deadlines=Deadlines(statement=5.0),
)
app = FastAPI()
install(app, db)
app.router.route_class = RetryRoute


@app.get("/users/{user_id}")
async def get_user(user_id: UUID, session: Reader) -> UserOut:
    found = await session.one(UserOut, select(User).where(User.id == user_id))
    assert_type(found, UserOut)
    assert_type(await session.one(UserOut, User, user_id), UserOut)
    assert_type(await session.json(list[UserOut], select(User)), bytes)
    async for each in session.stream(UserOut, select(User)):
        assert_type(each, UserOut)
    async for some in db.stream(UserOut, select(User), partition=10, hold=5).partitions(5):
        assert_type(some, list[UserOut])
    async for content in db.stream(UserOut, select(User)).lines():
        assert_type(content, bytes)
    assert_type(await session.stream(select(User)), AsyncResult[Any])
    return found


@app.get("/users.ndjson", responses=NDJSON.of(UserOut))
async def export(data: Data, session: Reader) -> NDJSON:
    assert_type(data.stream(User), Stream[User])
    return NDJSON(session.stream(UserOut, select(User)), filename="users.ndjson")


class UserParams(ListParams, model=User, shape=UserOut):
    filters = {"letters": Filter(func.length(User.email), int), "email": ("eq", "in")}  # noqa: RUF012
    search = (User.email, "email")
    default_sort = "-email"
    limits = ParamLimits(items=10)

    page: int = 1


@app.get("/users")
async def list_users(params: Annotated[UserParams, Query()], session: Reader) -> list[UserOut]:
    assert_type(params.page, int)
    assert_type(params.apply(select(User)), Select[User])
    assert_type(params.criterion(), ColumnElement[bool])
    assert_type(params.order_by(), tuple[ColumnElement[Any], ...])
    assert_type(UserParams.parse("email=x"), UserParams)
    return await session.all(UserOut, params.apply(select(User)))


@app.post("/users")
async def create_user(body: UserIn, session: Writer) -> UserOut:
    user = await session.create(User, body)
    assert_type(user, User)
    assert_type(await session.patch(user, {"email": "x"}), User)
    return await session.one(UserOut, user)


async def read(session: Session) -> None:
    assert_type(await session.all(UserOut, select(User)), list[UserOut])
    assert_type(await session.first(User), User | None)
    assert_type(await session.all(dict[str, Any], select(User.email)), list[dict[str, Any]])
    assert_type(await session.count(User), int)
    assert_type(await session.exists(select(User)), bool)
    assert_type(await session.get(User, 1), User | None)
    assert_type(await session.one(UserOut, update(User).values(email="x")), UserOut)
    assert_type(await session.one(UserOut, New(User, email="x"), commit=True), UserOut)
    assert_type(await session.all(UserOut, update(User).values(email="x"), commit=True), list[UserOut])
    assert_type(await session.json(UserOut, New(User, email="x"), commit=True), bytes)
    assert_type(with_deleted(select(User)), Select[User])
    assert_type(only_deleted(select(User)), Select[User])
    assert_type(without_filters(update(User), "tenant"), Update)
    with session.with_deleted(), session.without_filters("tenant"):
        assert_type(await session.restore(User()), User)


async def many(session: Session) -> None:
    result = await session.insert_many(User, [{"email": "x"}], on_error="skip")
    assert_type(result.inserted, int)
    assert_type(result.skipped[0].index, int)
    result = await session.upsert_many(User, [UserIn(email="x")], key=User.email, update=())
    assert_type(result.updated, int)
    assert_type((await session.update_many(User, [], key="email")).missing, list[int])
    assert_type(await session.delete_many(User, select(User)), int)


async def pages(session: Session) -> None:
    assert_type(await session.page(UserOut, select(User), Offset(limit=20, page=3), total="exact"), Page[UserOut])
    assert_type(await session.page(UserOut, select(User), Keyset(limit=20), key=[User.id]), CursorPage[UserOut])
    assert_type(await session.page(User, User, Keyset(cursor="x")), CursorPage[User])
    page = await session.page(dict[str, Any], select(User.email), Keyset())
    assert_type(page.items, list[dict[str, Any]])
    assert_type(page.next, str | None)


@app.get("/users/pages")
async def page_users(page: Annotated[Keyset, Query()], session: Reader) -> CursorPage[UserOut]:
    return await session.page(UserOut, select(User).order_by(User.email), page)


async def rename(session: Session, user_id: UUID, *, email: str) -> User:
    user = await session.one(User, select(User).where(User.id == user_id))
    return await session.patch(user, {"email": email})


async def outside() -> None:
    async with db.read() as session:
        assert_type(session, Session)
    async with db.write(isolation="SERIALIZABLE") as session:
        await read(session)
    assert_type(await db.run(rename, UUID(int=1), email="x"), User)


assert_type(Database.from_env(), Database)
price = ExactDecimal(12, 2)


@cached(ttl=60, tags=("pricing", User))
class KeptOut(BaseModel):
    id: UUID


async def keep(session: Session) -> None:
    assert_type(cached(select(User), ttl=60, tags=("pricing",)), Select[User])
    assert_type(await session.all(UserOut, cached(select(User), ttl=60)), list[UserOut])
    assert_type(await session.one(KeptOut, User, UUID(int=0)), KeptOut)
    Database("sqlite://", cache=MemoryCache(max_bytes=1_000_000))
    Database("sqlite://", cache=RedisCache("redis://localhost", namespace="shop"))
    await db.invalidate("pricing", User)
    assert_type(db.cache_statistics().hits, int)

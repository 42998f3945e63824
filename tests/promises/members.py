"""The tables and the application of the tests of lists: soft-deleted members, equal values, columns nobody may see."""

from typing import Annotated, Any

from fastapi import FastAPI, Query
from pydantic import BaseModel
from sqlalchemy import MetaData, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import CursorPage, Database, Keyset, Offset, Page, SoftDelete
from crosslet.web import ListParams, Reader, Writer, install


class Base(DeclarativeBase):
    metadata = MetaData()


class Member(SoftDelete, Base):
    __tablename__ = "member_of_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(50), unique=True)
    team: Mapped[int | None] = mapped_column(default=1)
    note: Mapped[str | None] = mapped_column(String(50))
    secret: Mapped[str] = mapped_column(String(50), default="")


class MemberIn(BaseModel):
    name: str
    email: str
    team: int | None = None


class MemberPatch(BaseModel):
    """What a feed knows of a member; what it was not sent stays."""

    email: str
    name: str = "nameless"
    note: str | None = None


class MemberOut(BaseModel):
    id: int
    name: str
    email: str
    team: int | None


class MemberParams(ListParams, model=Member, shape=MemberOut):
    search = (Member.name,)


def make_app(db: Database) -> FastAPI:
    """Give an application with a list, pages of two kinds, and a way in."""
    app = FastAPI()
    install(app, db, create_tables=True)

    @app.get("/members")
    async def members(
        params: Annotated[MemberParams, Query()], page: Annotated[Offset, Query()], session: Reader
    ) -> Page[MemberOut]:
        return await session.page(MemberOut, params.apply(select(Member)), page, total="exact")

    @app.get("/teams")
    async def teams(page: Annotated[Keyset, Query()], session: Reader) -> CursorPage[MemberOut]:
        return await session.page(MemberOut, select(Member).order_by(Member.team), page)

    @app.post("/members", status_code=201)
    async def add(body: MemberIn, session: Writer) -> MemberOut:
        return await session.one(MemberOut, await session.create(Member, body))

    return app


def rows(count: int, **values: Any) -> list[dict[str, Any]]:
    """Give values of so many members."""
    return [{"name": f"n{number}", "email": f"{number:03}@x", **values} for number in range(count)]

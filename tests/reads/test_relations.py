"""Conditions on related rows: EXISTS, one related row for one group, and no row twice."""

from typing import Any
from urllib.parse import quote

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crosslet import Database
from crosslet.errors import ConfigurationError
from crosslet.web import Filter, ListParams
from reads.world import Author, AuthorOut, Book, BookOut, Tag


class AuthorParams(ListParams, model=Author, shape=AuthorOut):
    filters = {"book_count": True, "mentor.mentor.name": True, "pupils.pupils.name": True, "books.is_draft": True}  # noqa: RUF012


class BookWithAuthor(BookOut):
    class Named(BaseModel):
        name: str

    author: Named


class BookParams(ListParams, model=Book, shape=BookWithAuthor):
    filters = {"author.mentor.name": True}  # noqa: RUF012


async def names(db: Database, query: str) -> list[str]:
    async with db.read() as session:
        found = await session.all(AuthorOut, AuthorParams.parse(query).apply(select(Author)))
    return [one.name[:3] for one in found]


async def titles(db: Database, query: str) -> list[str]:
    async with db.read() as session:
        return [one.title for one in await session.all(BookOut, BookParams.parse(query).apply(select(Book)))]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        # Two books of hers, and she comes once.
        ("books.stars__gte=1&sort=name", ["Ada", "bob"]),
        # The same book has to have both.
        ("books.title=Notes&books.stars=1", ["bob"]),
        ("filter=" + quote('{"and":[{"books.title":"Notes"},{"books.stars":1}]}') + "&sort=name", ["Ada", "bob"]),
        ("books.title=Notes&books.stars=5&books.tags.label=fun", ["Ada"]),
        ("books.title=Notes&books.tags.label=war", []),
        # A draft is not shown, and nothing tells of it.
        ("books.title=Draft", []),
        ("books.title=Only a draft", []),
        ("books__exists=true&sort=name", ["ADA", "Ada", "bob"]),
        ("books__exists=false&sort=name", ["Eve", "Zoë"]),
        ("books.tags__exists=false&sort=name", ["ADA", "bob"]),
        # Named by the application, this one asks the table.
        ("books.is_draft=true&sort=name", ["Ada", "Eve"]),
        ("book_count__gte=2&sort=-book_count,name", ["Ada", "bob"]),
        ("has_books=false", ["Zoë"]),
        ("mentor__exists=false", ["Ada"]),
        ("mentor.name=Ada&sort=name", ["Zoë", "bob"]),
        ("mentor.mentor.name=Ada", ["Eve"]),
        ("pupils.name=bob", ["Ada"]),
        ("pupils.pupils.name__starts_with=Eve", ["Ada"]),
        ("mentor.name=Ada&pupils.name__starts_with=Eve", ["bob"]),
    ],
)
async def test_who_is_found(query: str, wanted: list[str], world: Database) -> None:
    assert await names(world, query) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("author.name=bob&sort=title", ["100%", "Notes"]),
        ("author.mentor.name=Ada&tags__exists=true", ["Notes"]),
        ("sort=-author.name,title", ["100%", "Notes", "Only a draft", "Draft", "Notes", "notes_2", ""]),
        # Whoever has no mentor comes first, as whatever has no value does.
        ("sort=author.mentor.name,title", ["Draft", "Notes", "notes_2", "100%", "Notes", "", "Only a draft"]),
    ],
)
async def test_which_books_are_found(query: str, wanted: list[str], world: Database) -> None:
    assert await titles(world, query) == wanted


async def test_an_alias_and_any_other_statement(world: Database) -> None:
    teacher = aliased(Author)
    params = AuthorParams.parse("name__starts_with=A&pupils.name=bob&sort=-name&age__gte=1")
    async with world.read() as session:
        (found,) = (await session.scalars(params.apply(select(teacher)))).all()
        assert found.name == "Ada"
        joined = select(Author.name).join(Author.mentor.of_type(teacher)).where(params.criterion(teacher))
        assert set((await session.scalars(joined)).all()) == {"bob", "Zoë 'quoted' \"%\" /"}
        counted = select(func.count()).select_from(Author).where(params.criterion())
        assert await session.scalar(counted) == 1
        assert await session.count(params.apply(select(Author))) == 1
    with pytest.raises(ConfigurationError, match=r"params\.criterion\(\)"):
        params.apply(select(Author.name))
    with pytest.raises(ConfigurationError, match="does not select Author alone"):
        params.apply(select(Tag))


async def test_the_order_of_the_statement_gives_way_to_the_client_s_only(world: Database) -> None:
    class Sorted(ListParams, model=Author, shape=AuthorOut):
        default_sort = "-name"

    async def first(query: str, statement: Any) -> str:
        async with world.read() as session:
            found = await session.first(Author, Sorted.parse(query).apply(statement))
        assert found is not None
        return found.name

    assert await first("", select(Author)) == "bob"
    assert await first("", select(Author).order_by(Author.name)) == "ADA"
    assert await first("sort=age", select(Author).order_by(Author.name)) == "Zoë 'quoted' \"%\" /"


async def test_expressions_follow_an_alias(world: Database) -> None:
    class Long(ListParams, model=Author, shape=AuthorOut):
        only = ()
        filters = {"length": Filter(func.length(Author.name), int, operators=("gte", "lt"), sort=True)}  # noqa: RUF012

    other = aliased(Author)
    params = Long.parse("length__gte=4&sort=length")
    async with world.read() as session:
        plain = (await session.scalars(params.apply(select(Author)))).all()
        moved = (await session.scalars(params.apply(select(other)))).all()
    assert [one.id for one in plain] == [one.id for one in moved]
    assert len(plain) == 2
    assert set(Long.allowed().choices) == {"length__gte", "length__lt"}

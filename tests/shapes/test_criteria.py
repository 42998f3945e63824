"""Conditions of a field with sub-selects in them: what means the row is moved along, what stands alone stays."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import create_model
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, selectinload

from crosslet import Count, Database, Exists, Where
from shapes.alike import Shape, by_orm, company_at
from shapes.company import Employee, Engineer, Site
from shapes.library import Author, Book, Edition, Tag, book_tags
from shapes.test_trees import library

__all__ = ["library"]


class Title(Shape):
    title: str


class Name(Shape):
    name: str


other = aliased(Book)
BOOKS: dict[str, Any] = {
    "a value over all rows": Book.price >= select(func.max(Book.price)).scalar_subquery(),
    "rows of the same class": Book.id.in_(select(Book.id).join(Book.tags).where(Tag.name == "red")),
    "rows below the row": select(Edition.pages).where(Edition.id == Book.id).exists(),
    "a relationship's own": Book.tags.any(Tag.name == "red"),
    "both": Book.price >= select(func.max(other.price)).where(other.author_id == Book.author_id).scalar_subquery(),
    "one inside the other": select(Edition.pages)
    .where(Edition.id == Book.id, Book.price > select(func.min(Book.price)).scalar_subquery())
    .exists(),
}


@pytest.mark.parametrize("name", BOOKS)
async def test_a_sub_select(library: Database, name: str) -> None:
    criterion = BOOKS[name]
    shape = create_model("Out", __base__=Shape, name=(str, ...), books=(Annotated[list[Title], Where(criterion)], ...))
    statement = select(Author).order_by(Author.name)
    wanted, _ = await by_orm(library, shape, statement.options(selectinload(Author.books.and_(criterion))))
    assert 0 < sum(len(author.books) for author in wanted) < 6
    counted = create_model(
        "Counted",
        number=(Annotated[int, Count(Author.books, criterion)], ...),
        there_is=(Annotated[bool, Exists(Author.books, criterion)], ...),
    )
    async with library.read() as session:
        assert await session.all(shape, statement) == wanted
        numbers: list[Any] = await session.all(counted, statement)
    assert [one.number for one in numbers] == [len(author.books) for author in wanted]
    assert [one.there_is for one in numbers] == [bool(author.books) for author in wanted]


async def test_a_self_referential_one(library: Database) -> None:
    shape = create_model("Out", __base__=Shape, students=(Annotated[list[Name], Where(Author.students.any())], ...))
    statement = select(Author).order_by(Author.name)
    wanted, _ = await by_orm(
        library, shape, statement.options(selectinload(Author.students.and_(Author.students.any())))
    )
    async with library.read() as session:
        found: list[Any] = await session.all(shape, statement)
    assert found == wanted
    assert [[one.name for one in author.students] for author in found if author.students] == [["Bob \"'\\ %s :x"]]


async def test_columns_of_the_table_between(library: Database) -> None:
    shape = create_model("Out", title=(str, ...), tags=(Annotated[list[Name], Where(book_tags.c.place > 1)], ...))
    async with library.read() as session:
        found: list[Any] = await session.all(shape, select(Book).order_by(Book.title))
        placed = await session.execute(
            select(Book.title, Tag.name)
            .join(book_tags, book_tags.c.book_id == Book.id)
            .join(Tag, Tag.id == book_tags.c.tag_id)
            .where(book_tags.c.place > 1)
            .order_by(Book.title, book_tags.c.place)
        )
        wanted = [tuple(row) for row in placed]
    assert [(book.title, tag.name) for book in found for tag in book.tags] == wanted
    assert wanted


@pytest.fixture
async def company(url: str) -> AsyncIterator[Database]:
    async with company_at(url) as db:
        yield db


@pytest.mark.parametrize("negated", [False, True])
async def test_rows_of_a_joined_subclass(company: Database, negated: bool) -> None:
    among = Employee.id.in_(select(Engineer.id))
    criterion = ~among if negated else among
    shape = create_model("Out", staff=(Annotated[list[Name], Where(criterion)], ...))
    async with company.read() as session:
        found: list[Any] = await session.all(shape, select(Site).order_by(Site.id))
        staff = (await session.scalars(select(Employee).order_by(Employee.site_id, Employee.name))).all()
        wanted = [one.name for one in staff if isinstance(one, Engineer) is not negated]
    assert [one.name for site in found for one in site.staff] == wanted
    assert wanted

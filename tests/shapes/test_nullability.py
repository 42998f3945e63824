"""What the form of an expression says about NULL: never more than is true."""

from typing import Any

import pytest
from sqlalchemy import Integer, String, bindparam, case, cast, exists, func, literal, null, select

from crosslet.shapes.nullability import is_never_null
from shapes.library import Author, Book

COUNT = select(func.count(Book.id)).where(Book.author_id == Author.id)
NEVER: list[Any] = [
    Author.__table__.c.name,
    literal(1),
    func.count(),
    func.upper(Author.__table__.c.name),
    func.substr(Author.__table__.c.name, 1, 2),
    func.coalesce(Author.__table__.c.born, literal("2000-01-01")),
    cast(Book.__table__.c.title, Integer),
    Book.__table__.c.title + "x",
    exists(select(1)),
    case((Author.__table__.c.born.is_(None), "x"), else_=Author.__table__.c.name),
    Book.__table__.c.title + "x" + Book.__table__.c.title + "y",
    COUNT.scalar_subquery(),
    select(func.coalesce(func.avg(Book.price), 0)).scalar_subquery().label("x"),
]
PERHAPS: list[Any] = [
    Author.__table__.c.born,
    null(),
    bindparam("later"),
    func.nullif(Author.__table__.c.name, "x"),
    func.upper(Author.__table__.c.born),
    func.coalesce(Author.__table__.c.born, null()),
    func.max(Book.__table__.c.title),
    literal(1) / literal(0),
    select(Book.title).limit(1).scalar_subquery(),
    select(func.avg(Book.price)).scalar_subquery(),
    COUNT.group_by(Book.genre).scalar_subquery(),
    COUNT.limit(0).scalar_subquery(),
    select(func.coalesce(Book.title, "x")).scalar_subquery(),
    func.current_setting("x"),
    case((Author.__table__.c.name == "x", "x")),
    case((Author.__table__.c.name == "x", null()), else_="y"),
    Book.__table__.c.title + "x" + cast(Author.__table__.c.born, String),
]


@pytest.mark.parametrize("element", NEVER, ids=str)
def test_never(element: Any) -> None:
    assert is_never_null(element)


@pytest.mark.parametrize("element", PERHAPS, ids=str)
def test_perhaps(element: Any) -> None:
    assert not is_never_null(element)

"""What does not fit is said before anything is read: the field, what there is, and what to write."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import func
from typing_extensions import TypedDict

from crosslet import Count, Database, Exists, From, Limit, OrderBy, Where
from crosslet.errors import ConfigurationError
from shapes.library import Author, Book


class TitleOnly(BaseModel):
    title: str


@dataclass
class Named:
    name: str


class NamedDict(TypedDict):
    name: str


def shape(**fields: Any) -> type[BaseModel]:
    return type("Out", (BaseModel,), {"__annotations__": fields})


@pytest.mark.parametrize(
    ("fields", "entity", "words"),
    [
        ({"nam": str}, Author, ["Out.nam matches nothing of Author", "Did you mean name?", "books"]),
        ({"id": str}, Author, ["Out.id cannot hold", "Author.id holds, which is UUID", "`id: UUID`"]),
        ({"price": str}, Book, ["Book.price", "Decimal"]),
        ({"born": int}, Author, ["Out.born cannot be None", "Author.born", "| None"]),
        ({"mentor": TitleOnly}, Author, ["Out.mentor cannot be None", "`mentor: TitleOnly | None`"]),
        ({"books": int}, Author, ["Author.books leads to Book", "list[...]"]),
        ({"books": TitleOnly}, Author, ["leads to many rows", "list[TitleOnly]"]),
        ({"author": list[Named]}, Book, ["leads to one row at most", "`Named`"]),
        ({"author": Annotated[Named, Limit(1)]}, Book, ["OrderBy and Limit are for lists", "Book.author"]),
        ({"title": Annotated[str, Where(Book.is_lent)]}, Book, ["Out.title", "this is a value"]),
        (
            {"n": Annotated[int, Count(Book.title)]},
            Book,
            ["Count takes a relationship of Book", "author, editions, tags"],
        ),
        ({"n": Annotated[bool, Exists(Author.books)]}, Book, ["Exists takes a relationship of Book"]),
        ({"n": Annotated[str, From(5)]}, Book, ["From() takes an attribute of Book"]),
        ({"books": list[shape(titel=str)]}, Author, ["Out.titel matches nothing of Book", "Did you mean title?"]),
    ],
)
def test_a_misfit(fields: dict[str, Any], entity: Any, words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("sqlite://").verify(shape(**fields), entity)
    for word in words:
        assert word in str(caught.value)


class Endless(BaseModel):
    students: "list[Endless]"


def test_a_shape_without_a_depth() -> None:
    with pytest.raises(ConfigurationError, match="Endless contains itself"):
        Database("sqlite://").verify(Endless, Author)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": UUID, "name": str, "books": list[TitleOnly], "students": list[Named], "mentor": NamedDict | None},
        {"price": float, "title": Any},
        {"shout": Annotated[str, From(func.upper(Author.name))]},
        {"id": UUID, "more": Annotated[int, Count(Author.books, Book.price > Decimal(1))]},
    ],
)
def test_what_fits(fields: dict[str, Any]) -> None:
    Database("sqlite://").verify(shape(**fields), Book if "title" in fields else Author)


def test_no_mapped_class() -> None:
    with pytest.raises(ConfigurationError, match="TitleOnly is not a mapped class"):
        Database("sqlite://").verify(TitleOnly, TitleOnly)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Limit(0), "at least 1"),
        (lambda: Limit(1, offset=-1), "offset"),
        (OrderBy, "something to order by"),
        (Where, "condition"),
    ],
)
def test_a_marker_that_says_nothing(make: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        make()

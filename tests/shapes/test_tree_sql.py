"""The statement of each kind of tree, as golden text a dialect: MySQL's, too, which no other test runs.

CROSSLET_REWRITE_CASES=1 rewrites the files under tests/cases/shapes/trees; review the difference as text.
"""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from crosslet import Count, Exists, From, Limit, OrderBy, Where
from crosslet.shapes import Source, explain
from shapes.company import Certificate, Chief, Employee, Engineer, Shelf, Site, SkillLink
from shapes.library import Author, Book, Copy, Edition, Tag, book_tags
from shapes.test_composites import PointOut, PriceOut, SpanOut
from shapes.test_proxies import CertificateOut, ValuesOut
from shapes.test_trees import (
    AuthorName,
    AuthorOut,
    BookOut,
    CompositeOut,
    Computing,
    CopyOut,
    EditionOut,
    MarkedAuthor,
    MarkedBook,
    Renamed,
    Serializing,
    Shape,
    TagOut,
)
from shapes.test_unions import (
    Anyone,
    GarageOut,
    MergedOut,
    Named,
    PapersOut,
    ShelfOut,
    SiteOut,
    SomeOut,
    ThroughOut,
)
from shapes.test_value_sql import DIALECTS

CASES = Path(__file__).parent.parent / "cases" / "shapes" / "trees"


def shape(**fields: Any) -> type[Shape]:
    return type("Out", (Shape,), {"__annotations__": fields})


DEEP = shape(name=str, students=list[shape(name=str, students=list[shape(name=str, students=list[AuthorName])])])
BOOKS = list[MarkedBook]
AUTHORS, BOOK = select(Author), select(Book)
OTHER = aliased(Author)
CHIEF = aliased(Chief)

SITES, EMPLOYEES = select(Site), select(Employee)

SAID: dict[str, tuple[Any, Select[Any]]] = {
    "columns": (MarkedBook, BOOK.where(Book.title == "x").order_by(Book.title).limit(5).offset(10)),
    "every kind of column": (BookOut, BOOK),
    "a whole tree": (AuthorOut, AUTHORS),
    "aliases and a hidden field": (Renamed, BOOK),
    "computed": (Computing, BOOK),
    "serialized": (Serializing, BOOK),
    "composite key": (EditionOut, select(Edition)),
    "to one over a composite key": (CompositeOut, select(Copy)),
    "markers": (MarkedAuthor, AUTHORS.order_by(Author.name)),
    "to one": (shape(title=str, author=AuthorName), BOOK),
    "to one that may be missing": (shape(name=str, mentor=AuthorName | None), AUTHORS),
    "to one of to one": (shape(code=str, edition=shape(book=shape(author=AuthorName))), select(Copy)),
    "to many": (shape(name=str, books=BOOKS), AUTHORS),
    "to many without an order": (shape(name=str, students=list[AuthorName]), AUTHORS),
    "to many in an order": (shape(books=Annotated[BOOKS, OrderBy(Book.price.desc(), Book.id)]), AUTHORS),
    "to many, the first ones": (shape(books=Annotated[BOOKS, Limit(3)]), AUTHORS),
    "to many, later ones": (shape(books=Annotated[BOOKS, Limit(3, offset=6)]), AUTHORS),
    "to many, some": (shape(books=Annotated[BOOKS, Where(Book.is_lent, Book.price > Decimal("1.5"))]), AUTHORS),
    "to many, by what is below": (shape(books=Annotated[BOOKS, Where(Book.tags.any(Tag.name == "x"))]), AUTHORS),
    "many to many": (shape(title=str, tags=list[TagOut]), BOOK),
    "many to many, from the other side": (shape(name=str, books=BOOKS), select(Tag)),
    "many to many in the association's order": (
        shape(tags=Annotated[list[TagOut], OrderBy(book_tags.c.place.desc()), Limit(2)]),
        BOOK,
    ),
    "a join of one's own": (shape(cheap_books=BOOKS), AUTHORS),
    "itself, four levels": (DEEP, AUTHORS),
    "three levels of lists": (shape(editions=list[shape(copies=list[CopyOut])]), BOOK),
    "count": (shape(n=Annotated[int, Count(Author.books)]), AUTHORS),
    "count of some": (shape(n=Annotated[int, Count(Author.books, Book.is_lent)]), AUTHORS),
    "count, many to many": (shape(n=Annotated[int, Count(Book.tags)]), BOOK),
    "exists": (shape(n=Annotated[bool, Exists(Author.books)]), AUTHORS),
    "exists, some": (shape(n=Annotated[bool, Exists(Author.students, Author.born.is_(None))]), AUTHORS),
    "count below": (shape(books=list[shape(n=Annotated[int, Count(Book.tags)])]), AUTHORS),
    "another name": (shape(works=Annotated[BOOKS, From(Author.books)]), AUTHORS),
    "an expression": (shape(loud=Annotated[str | None, From(func.upper(Author.name))]), AUTHORS),
    "an expression below": (
        shape(books=list[shape(loud=Annotated[str | None, From(func.upper(Book.title))])]),
        AUTHORS,
    ),
    "a property that is a query": (shape(name=str, book_count=int), AUTHORS),
    "a property that is a query, below": (shape(author=shape(name=str, book_count=int)), BOOK),
    "hybrid and synonym": (shape(initial=str, full_name=str), AUTHORS),
    "an alias of the class": (shape(name=str, books=BOOKS), select(OTHER).where(OTHER.name == "x")),
    "a join that filters": (shape(name=str, books=BOOKS), AUTHORS.join(Author.books).where(Book.title == "x")),
    "an outer join": (shape(title=str), BOOK.outerjoin(Book.tags).order_by(Tag.name)),
    "any()": (shape(name=str), AUTHORS.where(Author.books.any(Book.is_lent))),
    "an IN list": (shape(name=str), AUTHORS.where(Author.name.in_(["a", "b"]))),
    "a lock": (shape(title=str, tags=list[TagOut]), BOOK.with_for_update()),
    "names that need quotes": (
        type(
            "Out", (Shape,), {"__annotations__": {"title": str}, "title": Field(serialization_alias='it\'s "so" \\ %s')}
        ),
        BOOK,
    ),
    "a name that PostgreSQL would cut": (
        type("Out", (Shape,), {"__annotations__": {"title": str}, "title": Field(serialization_alias="long" * 20)}),
        BOOK,
    ),
    "a list below a name that PostgreSQL would cut": (
        shape(
            books=list[
                type("In", (Shape,), {"__annotations__": {"title": str}, "title": Field(serialization_alias="ü" * 40)})
            ]
        ),
        AUTHORS,
    ),
    "sixty-five fields": (
        type(
            "Out",
            (Shape,),
            {
                "__annotations__": {f"f{n}": Annotated[str | None, From(Book.title)] for n in range(65)},
                **{f"f{n}": Field(default=None) for n in range(65)},
            },
        ),
        BOOK,
    ),
    "a dictionary's columns": (shape(details=dict[str, Any] | None), BOOK),
    "any of a column": (shape(details=Any), BOOK),
    "float of a decimal": (shape(price=float), BOOK),
    "a composite": (shape(place=PointOut), SITES),
    "a composite that may be None": (shape(rent=PriceOut | None), SITES),
    "a composite of a class that promises more than its table": (shape(gate=PointOut | None), SITES),
    "a composite that Python code makes": (shape(doubled=SpanOut), SITES),
    "composites below": (shape(branches=list[shape(place=PointOut)], head=shape(place=PointOut) | None), SITES),
    "a composite of a joined table": (shape(name=str, size=PointOut), select(Engineer)),
    "a list of values": (shape(staff_names=list[str]), SITES),
    "a list of values without an order": (shape(certified=list[bool | None]), select(SkillLink)),
    "a list of values, the later ones": (
        shape(skill_names=Annotated[list[str | None], OrderBy(SkillLink.place.desc()), Limit(2, offset=1)]),
        EMPLOYEES,
    ),
    "values of each kind": (ValuesOut, EMPLOYEES),
    "values of each kind through one row": (CertificateOut, select(Certificate)),
    "a list of rows behind others": (shape(skills=list[Named | None]), EMPLOYEES),
    "lists of lists": (shape(team_skills=list[list[str | None]]), EMPLOYEES),
    "a list behind one row": (shape(head_names=list[str] | None, head_staff=list[Named] | None), SITES),
    "composites behind others": (shape(branch_places=list[PointOut], head_place=PointOut | None), SITES),
    "values, many to many": (shape(tag_names=list[str]), BOOK),
    "a union of classes": (SiteOut, SITES),
    "a union, one row": (shape(boss=Anyone | None), EMPLOYEES),
    "a union of some classes": (SomeOut, SITES),
    "a union in an order": (MergedOut, SITES),
    "a union told by a number": (GarageOut, SITES),
    "a union told by an enumeration": (PapersOut, SITES),
    "a union told by an expression": (ShelfOut, select(Shelf)),
    "a union behind one row": (ThroughOut, SITES),
    "three tables": (shape(name=str, degree=str, budget=Decimal, tools=list[Named]), select(Chief)),
    "three tables under an alias": (shape(name=str, degree=str, budget=Decimal, tools=list[Named]), select(CHIEF)),
}


def golden(said: str, database: str) -> str:
    shape_, statement = SAID[said]
    entity = statement.column_descriptions[0]["expr"]
    told = explain(shape_, Source(entity, statement), DIALECTS[database])
    reasons = "".join(f"-- {reason}\n" for reason in told.reasons)
    return f"-- {said}: {told.way}\n{reasons}{told.sql}\n\n"


@pytest.mark.parametrize("database", DIALECTS)
def test_the_statements_are_what_was_reviewed(database: str) -> None:
    file = CASES / f"{database}.sql"
    made = "".join(golden(said, database) for said in SAID)
    if os.environ.get("CROSSLET_REWRITE_CASES") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    assert made == file.read_text()


def test_there_are_two_hundred_of_them() -> None:
    assert len(SAID) * len(DIALECTS) >= 200

"""Any shape over any rows: what crosslet reads is what the ORM loads and Pydantic makes of it."""

import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from sqlalchemy import Select, inspect, select

from crosslet import Database
from shapes.library import Author, Book, Copy, Edition, Genre, Library, Tag, book_tags


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SizeOut(Out):
    pages: int
    number: int


SCALARS: dict[Any, dict[str, Any]] = {
    Author: {
        "id": Any,
        "name": str,
        "full_name": str,
        "born": date | None,
        "book_count": int,
        "initial": str,
        "book_titles": list[str],
        "book_tags": list[list[str]],
        "mentor_name": str | None,
    },
    Book: {
        "id": Any,
        "title": str,
        "genre": Genre,
        "price": Decimal,
        "published_at": datetime,
        "created_at": datetime,
        "is_lent": bool,
        "details": Any,
        "author_id": Any,
        "tag_names": list[str],
        "copy_codes": list[list[str]],
        "author_born": date | None,
    },
    Tag: {"name": str, "updated_at": datetime},
    Edition: {
        "id": Any,
        "number": int,
        "pages": float,
        "copy_codes": list[str],
        "book_price": Decimal,
        "size": SizeOut,
    },
    Copy: {"code": str, "number": Decimal},
}
# An order that all databases agree about; the relationships have theirs.
ORDER = {Author: Author.name, Book: Book.title, Edition: Edition.pages, Copy: Copy.code, Tag: Tag.name}


@st.composite
def shapes(draw: Any, entity: Any, depth: int = 3) -> type[BaseModel]:
    scalars = SCALARS[entity]
    names = draw(st.lists(st.sampled_from(sorted(scalars)), min_size=1, unique=True))
    fields: dict[str, Any] = {}
    for name in names:
        alias = draw(st.sampled_from([None, None, f"{name} ä'\"", "x" * 80]))
        info = Field(serialization_alias=alias) if alias else Field()
        fields[name] = (scalars[name], info)
    relationships = inspect(entity).relationships
    for key in draw(st.lists(st.sampled_from(sorted(relationships.keys())), unique=True, max_size=2)):
        if key == "books" and entity is Tag:
            continue
        inner = draw(shapes(relationships[key].mapper.class_, depth - 1)) if depth > 1 else None
        if inner is None:
            continue
        fields[key] = (list[inner] if relationships[key].uselist else inner | None, Field())  # type: ignore[valid-type]
    return create_model("Random", __base__=Out, **fields)


@st.composite
def reads(draw: Any) -> tuple[Any, Select[Any]]:
    entity = draw(st.sampled_from(sorted(SCALARS, key=lambda one: one.__name__)))
    shape = draw(shapes(entity))
    statement = select(entity).order_by(ORDER[entity])
    if draw(st.booleans()):
        statement = statement.limit(draw(st.integers(0, 20))).offset(draw(st.integers(0, 5)))
    return shape, statement


def fill(chance: random.Random, session: Any) -> list[tuple[Any, Any, int]]:
    """Add some authors, with anything in their books."""
    words = ["", "a", "ß", "😀", '"quoted" \\ back', "tab\tnew\nline", "%s :x ?", "</script>", "\u2028", "ﬁ" * 9, " x "]
    authors = [Author(name=f"{number:02}{chance.choice(words)}", born=chance.choice(BORN)) for number in range(12)]
    for number, author in enumerate(authors[1:]):
        author.mentor = chance.choice([None, *authors[: number + 1]])
    tags = [Tag(name=f"{number}{chance.choice(words)}") for number in range(5)]
    session.add_all([*authors, *tags])
    links = []
    for number in range(30):
        book = Book(
            title=f"{number:02}{chance.choice(words)}",
            genre=chance.choice(list(Genre)),
            price=Decimal(chance.randint(-(10**10) + 1, 10**10 - 1)).scaleb(-2) if number % 3 else Decimal(number % 2),
            published_at=datetime(2, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.random() * 2.5e11),
            is_lent=chance.random() < 0.5,
            details=chance.choice(DETAILS),
            author=chance.choice(authors[:9]),
            editions=[
                Edition(number=n, pages=100 * n + number, copies=[Copy(code=f"{number}.{n}.{c}") for c in range(n - 1)])
                for n in range(1, chance.randint(1, 4))
            ],
        )
        session.add(book)
        links += [(book, tag, place) for place, tag in enumerate(chance.sample(tags, chance.randint(0, 3)))]
    return links


BORN = (None, date.min, date.max, date(1999, 12, 31))
DETAILS: tuple[Any, ...] = (
    None,
    {},
    {"a": [1, 2.5, None, True, 'ü😀"'], "b": {"c": -0.0}},
    {"big": 2**62, "tiny": 1e-7},
)


@pytest.fixture
async def any_library(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Library) as db:
        await db.create_all()
        async with db.write() as session:
            links = fill(random.Random(7), session)
            await session.flush()
            for book, tag, place in links:
                await session.execute(book_tags.insert().values(book_id=book.id, tag_id=tag.id, place=place))
        yield db


async def by_orm(db: Database, shape: Any, statement: Select[Any]) -> Any:
    adapter: TypeAdapter[Any] = TypeAdapter(list[shape])

    def load(session: Any) -> Any:
        return adapter.validate_python(session.scalars(statement).all(), from_attributes=True)

    async with db.write() as session:
        return adapter, await session.run_sync(load)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(read=reads())
async def test_any_shape_is_what_orm_and_pydantic_make(any_library: Database, read: tuple[Any, Select[Any]]) -> None:
    shape, statement = read
    adapter, wanted = await by_orm(any_library, shape, statement)
    async with any_library.read() as session:
        found = await session.all(shape, statement)
        raw = json.loads(await session.json(list[shape], statement))
    expected = json.loads(adapter.dump_json(wanted, by_alias=True))
    assert found == wanted
    assert raw == expected

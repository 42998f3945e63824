"""Any query string: 200 or 422, never 500; and the rows are those that Python picks by the same conditions."""

import json
import math
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from fastapi import FastAPI, Query
from httpx2 import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crosslet import Database
from crosslet.web import Filter, ListParams, Reader, install
from reads.world import Author, AuthorOut, Book, Mood, people
from web.client import client_of


class AuthorParams(ListParams, model=Author, shape=AuthorOut):
    search = (Author.name, "nickName", "books.title")
    filters = {  # noqa: RUF012 - a ClassVar of the base
        "book_count": True,
        "theme": Filter(Author.settings["theme", "name"], str),
        "dark": Filter(Author.settings["theme", "dark"], bool),
        "size": Filter(Author.settings["size"], int),
        "zoom": Filter(Author.settings["zoom"], float),
        "firstTag": Filter(Author.settings["tags", 0], str),
    }


SAMPLES = people()
# A row as the client sees it, with its related rows inside.
Row = dict[str, Any]


def at(value: Any, *path: str | int) -> Any:
    for step in path:
        inside = isinstance(value, dict) if isinstance(step, str) else isinstance(value, list)
        if not inside or (step not in value if isinstance(step, str) else len(value) <= int(step)):
            return None
        value = value[step]
    return value


def of_kind(value: Any, *kinds: type) -> Any:
    return value if type(value) in kinds else None


def whole(value: Any) -> Any:
    value = of_kind(value, int, float)
    return int(value) if value is not None and math.isfinite(value) and value == int(value) else None


def row_of(author: Author) -> Row:
    made = author.settings
    return {
        **{key: getattr(author, key) for key in ("id", "name", "age", "rating", "balance", "is_active", "mood")},
        **{key: getattr(author, key) for key in ("level", "born", "seen", "local", "wakes", "pause")},
        "nickName": author.nick,
        "book_count": len(author.books),
        "has_books": bool(author.books),
        "theme": of_kind(at(made, "theme", "name"), str),
        "dark": of_kind(at(made, "theme", "dark"), bool),
        "size": whole(at(made, "size")),
        # PostgreSQL gives a large float back without its exponent, as a whole number.
        "zoom": float(zoom) if (zoom := of_kind(at(made, "zoom"), int, float)) is not None else None,
        "firstTag": of_kind(at(made, "tags", 0), str),
        "mentor": [{"name": author.mentor.name, "age": author.mentor.age}] if author.mentor else [],
        "pupils": [{"name": pupil.name} for pupil in author.pupils],
        "books": [
            {"title": book.title, "stars": book.stars, "tags": [{"label": tag.label} for tag in book.tags]}
            for book in author.books
            if not book.is_draft
        ],
    }


def folded(text: str) -> str:
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda held, value: held is not None and held == value,
    "ne": lambda held, value: held is None or held != value,
    "in": lambda held, value: held is not None and held in value,
    "not_in": lambda held, value: held is None or held not in value,
    "lt": lambda held, value: held is not None and held < value,
    "lte": lambda held, value: held is not None and held <= value,
    "gt": lambda held, value: held is not None and held > value,
    "gte": lambda held, value: held is not None and held >= value,
    "between": lambda held, value: held is not None and value[0] <= held <= value[1],
    "contains": lambda held, value: held is not None and value in held,
    "icontains": lambda held, value: held is not None and folded(value) in folded(held),
    "starts_with": lambda held, value: held is not None and held.startswith(value),
    "ends_with": lambda held, value: held is not None and held.endswith(value),
    "is_null": lambda held, value: (held is None) is value,
    "exists": lambda held, value: bool(held) is value,
}
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: choice.value.adapter for name, choice in AuthorParams.allowed().choices.items()
}

Term = tuple[str, Any]


def holds(terms: list[Term], row: Row) -> bool:
    """Tell whether conditions hold for one row: those below a name all for one and the same row below."""
    below: dict[str, list[Term]] = {}
    for name, value in terms:
        head, dot, rest = name.partition(".")
        if dot:
            below.setdefault(head, []).append((rest, value))
            continue
        field, operator = name.rsplit("__", 1)
        if not OPERATORS[operator](row[field], value):
            return False
    return all(any(holds(inner, each) for each in row[head]) for head, inner in below.items())


def holds_group(group: dict[str, Any], row: Row) -> bool:
    plain = [(name, value) for name, value in group.items() if name not in ("and", "or")]
    return (
        holds(plain, row)
        and all(holds_group(one, row) for one in group.get("and", ()))
        and ("or" not in group or any(holds_group(one, row) for one in group["or"]))
    )


def held(term: str) -> list[Any]:
    """List what samples hold, so that conditions are not always false."""
    found = [row_of(one) for one in SAMPLES]
    for step in term.split("."):
        found = [one[step] for one in found]
        found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
    return [one for one in found if one is not None]


TEXTS = st.sampled_from(["", "a", "A", "é", "%", "_", "/", "\\", "*", "?", "[a]", "'", " ", "ж", "Sea", "ADA", "NOTES"])


def parts_of(text: str) -> st.SearchStrategy[str]:
    """Cut a part out of a text, in capitals or small letters or as it is."""
    cuts = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from([str, str.upper, str.lower]))
    return cuts.map(lambda cut: cut[2](text[min(cut[:2]) : max(cut[:2])])[:40])


@st.composite
def values(draw: Any, name: str) -> Any:
    choice = AuthorParams.allowed().choices[name]
    operator = choice.operator.name
    if operator in ("is_null", "exists"):
        return draw(st.booleans())
    some = st.sampled_from(held(choice.term.name))
    if operator in ("contains", "icontains", "starts_with", "ends_with"):
        return draw(TEXTS | some | some.flatmap(parts_of))
    near = some.map(lambda one: one + timedelta(microseconds=1) if choice.term.name == "seen" else one)
    one = (some | near | TEXTS) if choice.value.annotation is str else some | near
    if operator == "between":
        return [draw(one), draw(one)]
    return draw(st.lists(one, min_size=1, max_size=4)) if operator in ("in", "not_in") else draw(one)


USABLE = sorted(
    name
    for name, choice in AuthorParams.allowed().choices.items()
    if choice.operator.name in ("is_null", "exists") or held(choice.term.name)
)
# First a field, then an operator: else what has many operators would come up more than what has few.
FIELDS = sorted({name.rpartition("__")[0] for name in USABLE})
NAMES = st.sampled_from(FIELDS).flatmap(
    lambda field: st.sampled_from([name for name in USABLE if name.rpartition("__")[0] == field])
)
RELATED = st.sampled_from([name for name in USABLE if name.startswith("books.")])
PLAIN = st.lists(NAMES | RELATED, unique=True, max_size=2).flatmap(
    lambda names: st.fixed_dictionaries({name: values(name) for name in names})
)
GROUPS = st.recursive(
    PLAIN,
    lambda inner: st.builds(
        lambda plain, word, groups: {**plain, word: groups},
        PLAIN,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
SORTS = st.lists(
    st.sampled_from([sign + name for name in AuthorParams.allowed().sorts if name != "id" for sign in ("", "-")]),
    unique_by=lambda name: name.removeprefix("-"),
    max_size=2,
)


def as_sent(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [as_sent(name, one) for one in value]
    if isinstance(value, Mood):
        return value.value
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def as_json(group: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [as_json(one) for one in value] if name in ("and", "or") else as_sent(name, value)
        for name, value in group.items()
    }


def query_of(plain: dict[str, Any], group: dict[str, Any] | None, sort: list[str]) -> str:
    pairs: list[tuple[str, Any]] = []
    for name, value in plain.items():
        sent = as_sent(name, value)
        pairs += [(name, one) for one in (sent if isinstance(sent, list) else [sent])]
    if group is not None:
        pairs.append(("filter", json.dumps(as_json(group))))
    if sort:
        pairs.append(("sort", ",".join(sort)))
    return urlencode(pairs)


def make_app(db: Database) -> FastAPI:
    app = FastAPI()
    install(app, db, check=False)

    @app.get("/authors")
    async def authors(params: Annotated[AuthorParams, Query()], session: Reader) -> list[AuthorOut]:
        return await session.all(AuthorOut, params.apply(select(Author)))

    @app.get("/ids")
    async def ids(params: Annotated[AuthorParams, Query()], session: Reader) -> list[UUID]:
        return list(await session.scalars(select(Author.id).where(params.criterion())))

    return app


@pytest.fixture
async def client(world: Database) -> AsyncIterator[AsyncClient]:
    async with client_of(make_app(world)) as client:
        yield client


@pytest.fixture
async def rows(world: Database) -> list[Row]:
    related = (
        selectinload(Author.books).selectinload(Book.tags),
        selectinload(Author.mentor),
        selectinload(Author.pupils),
    )
    async with world.write() as session:
        return [row_of(author) for author in (await session.scalars(select(Author).options(*related))).all()]


SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None}


def some_of(name: str) -> list[Any]:
    """List values for a parameter: what rows hold, in the forms that its operator takes."""
    choice = AuthorParams.allowed().choices[name]
    found = (
        list({str(one): one for one in held(choice.term.name)}.values()) if choice.term.family.name != "ROWS" else []
    )
    match choice.operator.name:
        case "is_null" | "exists":
            return [True, False]
        case "in" | "not_in":
            return [found[:1], found[1:]] if found[1:] else [found]
        case "between":
            return [[one, found[-1]] for one in found[:2]]
        case "contains" | "icontains" | "starts_with" | "ends_with":
            return [cut for text in found for cut in (text[:2].upper(), text[-2:], text[1:3].lower())]
    return found


async def test_each_parameter_by_itself(client: AsyncClient, rows: list[Row]) -> None:
    for name in USABLE:
        for value in some_of(name):
            answer = await client.get("/ids?" + query_of({name: value}, None, []))
            assert answer.status_code == 200, answer.text
            wanted = {str(row["id"]) for row in rows if holds([(name, value)], row)}
            assert set(answer.json()) == wanted, (name, value)


def ordered(rows: list[Row], sort: list[str]) -> list[Row]:
    """Sort as is documented: no value counts as the smallest, ties go by key, members of an enumeration by name."""
    rows = sorted(rows, key=lambda row: str(row["id"]))
    for item in reversed(sort):
        head, _, rest = item.removeprefix("-").partition(".")

        def value(row: Row, head: str = head, rest: str = rest) -> tuple[bool, Any]:
            found = row[head] if not rest else next((below[rest] for below in row[head]), None)
            return found is not None, 0 if found is None else found.name if isinstance(found, Mood) else found

        rows = sorted(rows, key=value, reverse=item.startswith("-"))
    return rows


@pytest.mark.slow
@settings(max_examples=70, **SETTINGS)  # type: ignore[arg-type]
@given(plain=PLAIN, group=st.none() | GROUPS, sort=SORTS)
async def test_rows_are_those_that_python_picks(
    client: AsyncClient, rows: list[Row], plain: dict[str, Any], group: dict[str, Any] | None, sort: list[str]
) -> None:
    answer = await client.get("/authors?" + query_of(plain, group, sort))
    assert answer.status_code == 200, answer.text
    wanted = [row for row in rows if holds(list(plain.items()), row) and (group is None or holds_group(group, row))]
    found = [one["id"] for one in answer.json()]
    assert (found if sort else sorted(found)) == [str(row["id"]) for row in ordered(wanted, sort)]


JUNK = st.text(max_size=12) | st.sampled_from(
    [
        *("1" * 400, "-9" * 40, "1e999", "NaN", "Infinity", "\0", "null", "true", "[]", "{}", "[" * 900, "2026-13-45"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "P999999999D", "-P999999999D", "24:00", "1e-400"),
        *(
            '{"or":' * 150,
            '{"or":[]}',
            '{"and":{}}',
            '{"name":"\\ud800"}',
            '{"age__in":[1,null]}',
            '{"name":"\\u0000"}',
        ),
        *(
            '{"age":1e400}',
            '{"age":' + "9" * 1500 + "}",
            '{"a":1,"a":2}',
            '{"age":NaN}',
            "P0Y",
            "x" * 3000,
            "%",
            "*" * 200,
        ),
    ]
)
SENT = st.sampled_from([*AuthorParams.allowed().choices, "sort", "q", "filter", "secret", "photo", "books", "mentor"])


@pytest.mark.slow
@settings(max_examples=120, **SETTINGS)  # type: ignore[arg-type]
@given(pairs=st.lists(st.tuples(SENT | st.text(max_size=6), JUNK), max_size=4))
async def test_no_query_string_is_an_error_of_the_server(client: AsyncClient, pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="replace")
    answer = await client.get("/authors?" + query)
    assert answer.status_code in (200, 422), (query, answer.text)
    if answer.status_code == 422:
        assert all(one["loc"][0] == "query" for one in answer.json()["errors"])

"""One place of a JSON document set, removed or read inside the database: on every driver what Python would make."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, func, literal, select, update

from crosslet import Database, Session, json_remove, json_set, json_value
from reads.papers import Base, Paper, Path_, read_in_python, removed_in_python, same, set_in_python


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


@asynccontextmanager
async def stored(db: Database, documents: Sequence[Any], column: str = "portable") -> AsyncIterator[Session]:
    """Give a session that sees these documents and nobody else's, in their order; they are gone afterwards."""
    async with db.write() as session:
        for number, document in enumerate(documents, 1):
            session.add(Paper(id=number, **{column: document}))
        await session.flush()
        yield session
        await session.rollback()


async def change_all(session: Session, path: Path_, *value: Any, column: str = "portable") -> list[Any]:
    """Set a value at a path, or remove without one, in all documents, and return what they are then; then undo it."""
    place = getattr(Paper, column)[path[0] if len(path) == 1 else path]
    change = json_set(place, *value) if value else json_remove(place)
    savepoint = await session.begin_nested()
    await session.execute(update(Paper).values({column: change}))
    found = (await session.scalars(select(getattr(Paper, column)).order_by(Paper.id))).all()
    await savepoint.rollback()
    return list(found)


def expect(found: list[Any], documents: Sequence[Any], path: Path_, *value: Any) -> None:
    change = set_in_python if value else removed_in_python
    for document, one in zip(documents, found, strict=True):
        assert same(one, change(document, path, *value)), (document, path, one)


class Mood(StrEnum):
    GOOD = "good"


class Level(IntEnum):
    HIGH = 3


VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 1.5, -0.25, 1e-7, 0.1),
    *("", "x", "true", "null", "1", " x ", "q\"uo'te", "back\\slash", "%s :x {} $", "é", "😀", "\n\t\x01\x7f", "{}"),
    *([], {}, [None, True, 1.5, "x", {"a": []}], {"a": {"b": [1]}, "": None, 'q"': "\\"}),
]
KEYS = [
    "a",
    "",
    " ",
    "a b",
    "a.b",
    "$",
    "$.a",
    "[0]",
    "0",
    "a,b",
    "{a}",
    'q"uo',
    "it's",
    "back\\",
    "\\u0041",
    "é",
    "😀",
]
KEYS += [
    "\n",
    "\x01",
    "\x7f",
    "%s",
    ":x",
    "?",
    "*",
    "**",
    "last",
    "a-b",
    "#",
    "@",
    "null",
    "A" * 300,
    "/",
    "~0",
    "ß",
    "a ",
]


@pytest.mark.parametrize("column", ["portable", "plain"])
async def test_each_value_is_stored_as_it_is(db: Database, column: str) -> None:
    documents = [{"a": 1, "list": [1, 2]}]
    async with stored(db, documents, column) as session:
        for value in VALUES:
            for path in (("a",), ("b", "c"), ("list", 0)):
                expect(await change_all(session, path, value, column=column), documents, path, value)


async def test_what_python_calls_by_another_type_is_stored_as_json_has_it(db: Database) -> None:
    async with stored(db, [{}]) as session:
        assert await change_all(session, ("a",), (1, Mood.GOOD, Level.HIGH)) == [{"a": [1, "good", 3]}]


async def test_each_key_is_found_again(db: Database) -> None:
    for key in KEYS:
        documents: list[Any] = [{key: {key: [1]}, "other": 2}, {"other": 2}, {key: 5}]
        async with stored(db, documents) as session:
            for path in ((key, key, 0), (key, key), (key,)):
                expect(await change_all(session, path, [True]), documents, path, [True])
                expect(await change_all(session, path), documents, path)


async def test_each_key_is_read(db: Database) -> None:
    async with db.write() as session:
        session.add(Paper(portable={key: {key: [number]} for number, key in enumerate(KEYS)}))
        await session.flush()
        for number, key in enumerate(KEYS):
            there, not_there = Paper.portable[key, key, 0], Paper.portable[key, 0, 0]
            assert (await session.scalars(select(json_value(there, int)))).one() == number, key
            assert (await session.scalars(select(json_value(not_there, int)))).one() is None, key


DOCUMENTS: list[Any] = [
    *(None, {}, {"a": None}, {"a": 5}, {"a": "text"}, {"a": []}, {"a": [1]}, {"a": {}}, {"a": {"b": 1, "c": None}}),
    *({"a": {"b": [1, 2, 3]}}, {"a": [{"b": 1}, [7]]}, {"0": 1}, {"a": {"0": 1}}, [], [1, 2], [[1], {"a": 1}], [None]),
    *([{"a": [None]}], {"a": [None, {"b": None}]}, {"a": False}, {"a": True, "b": 0}),
]
PATHS: list[Path_] = [
    *(("a",), ("b",), (0,), (1,), (9,), ("0",), ("a", "b"), ("a", 0), ("a", 1), ("a", 9), ("a", "0"), (0, "a")),
    *(("a", "b", "c"), ("a", "b", 0), ("a", "b", 2), ("a", "b", 9, "x"), ("a", 0, "b"), ("a", 1, 0), (0, 0), (1, "a")),
    *(("x", "y", 0, "z"), (5, 5), ("a", 1, "b", "c")),
]


@pytest.mark.parametrize("column", ["portable", "plain"])
async def test_any_path_into_any_document(db: Database, column: str) -> None:
    # Scalars at the root: a column of any JSON may hold them.
    documents = [*DOCUMENTS, *([5, 1.5, "text", False, ""] if column == "plain" else [])]
    async with stored(db, documents, column) as session:
        for path in PATHS:
            expect(await change_all(session, path, "new", column=column), documents, path, "new")
            expect(await change_all(session, path, column=column), documents, path)


@pytest.mark.parametrize("column", ["portable", "plain"])
async def test_any_path_is_read(db: Database, column: str) -> None:
    leaves = [*DOCUMENTS, *([5, "text", False, ""] if column == "plain" else [])]
    documents = [*leaves, *({"a": one} for one in leaves), *([one, one] for one in leaves)]
    async with stored(db, documents, column) as session:
        for path in PATHS:
            for kind in (str, int, bool):
                value = json_value(getattr(Paper, column)[path], kind)
                found = (await session.scalars(select(value).order_by(Paper.id))).all()
                assert list(found) == [read_in_python(one, path, kind) for one in documents], (path, kind)


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.sampled_from(["a", "b", "0", 'q"', "é"]) | NAMES
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(some, inner, max_size=3), max_leaves=8
    )


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
NAMES = TEXTS.filter(lambda key: not key.startswith("-"))
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(-(2.0**53), 2.0**53).map(lambda one: round(one, 6))
ANY = trees(st.none() | st.booleans() | NUMBERS | TEXTS)
STEPS = st.sampled_from(["a", "b", "0", 'q"', "é"]) | NAMES | st.integers(0, 3)
ROOTS = ANY.filter(lambda one: one is None or isinstance(one, dict | list))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(document=ROOTS, path=st.lists(STEPS, min_size=1, max_size=4).map(tuple), value=ANY)
async def test_a_change_is_what_python_would_make_of_it(db: Database, document: Any, path: Path_, value: Any) -> None:
    async with stored(db, [document]) as session:
        expect(await change_all(session, path, value), [document], path, value)
        expect(await change_all(session, path), [document], path)


async def test_two_keys_in_one_statement(db: Database) -> None:
    for column in (Paper.portable, Paper.plain):
        once: Any = json_set(column["a", "x"], 1)
        twice: Any = json_set(once["b"], [True])
        async with db.write() as session:
            session.add(Paper(portable={"a": {"y": 2}, "c": 3}, plain={"a": {"y": 2}, "c": 3}))
            await session.flush()
            await session.execute(update(Paper).values({column.key: json_remove(twice["c"])}))
            assert (await session.scalars(select(column))).all() == [{"a": {"x": 1, "y": 2}, "b": [True]}]
            await session.rollback()


async def test_sql_expressions_as_values(db: Database) -> None:
    visits = json_value(Paper.portable["visits"], int)
    wanted: list[tuple[Any, Any]] = [
        (func.coalesce(visits, 0) + 1, 8),
        (json_value(Paper.portable["none"], int) + 1, None),
        (Paper.number, 3),
        (literal('q"é😀'), 'q"é😀'),
        (json_value(Paper.portable["name"], str), 'it\'s "me"'),
        (json_value(Paper.portable["is"], bool), True),
        (Paper.number > 5, False),
        (json_value(Paper.portable["none"], bool), None),
        (json_value(Paper.portable["half"], float) * 3, 1.5),
        (literal(True), True),
        (literal(None, String()), None),
    ]
    documents = [{"visits": 7, "name": 'it\'s "me"', "is": True, "half": 0.5}]
    for column in ("portable", "plain"):
        async with db.write() as session:
            session.add(Paper(portable=documents[0], plain=documents[0]))
            await session.flush()
            for value, result in wanted:
                for path in (("new",), ("new", 0, "x")):
                    expect(await change_all(session, path, value, column=column), documents, path, result)
            await session.rollback()


async def test_in_a_flush_and_in_a_statement_that_returns_its_rows(db: Database) -> None:
    async with db.write() as session:
        paper = await session.create(Paper, None, portable={"theme": "light", "size": 3})
        paper.portable = json_set(Paper.portable["theme"], "dark")
        await session.flush()
        await session.refresh(paper)
        assert paper.portable == {"theme": "dark", "size": 3}
        statement = update(Paper).values(portable=json_remove(Paper.portable["size"]))
        assert [one.portable for one in await session.all(Paper, statement)] == [{"theme": "dark"}]
        assert paper.portable == {"theme": "dark"}
        await session.execute(update(Paper).values(portable=json_set(Paper.portable["size"], 4)))
        await session.refresh(paper)
        assert paper.portable == {"theme": "dark", "size": 4}


async def test_a_change_in_a_list_of_columns(db: Database) -> None:
    async with db.write() as session:
        session.add(Paper(portable={"a": 1}))
        await session.flush()
        row = (await session.execute(select(json_set(Paper.portable["b"], 2), json_remove(Paper.portable["a"])))).one()
        assert tuple(row) == ({"a": 1, "b": 2}, {})

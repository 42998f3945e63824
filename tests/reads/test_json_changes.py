"""One place of a JSON document set or removed inside the database: on every driver what Python's own change would be.

CROSSLET_REWRITE_CASES=1 rewrites the files under tests/cases/reads/json_changes; review the difference as text.
"""

import copy
import math
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Dialect, Integer, MetaData, String, Table, cast, func, literal, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crosslet import BigIntKey, Database, Portable, PortableJSON, Session, json_remove, json_set, json_value
from crosslet.errors import ConfigurationError, InvalidValue

CASES = Path(__file__).parent.parent / "cases" / "reads" / "json_changes"
DIALECTS: dict[str, Dialect] = {
    "postgresql": asyncpg.dialect(),
    "mysql": mysql.dialect(),  # type: ignore[no-untyped-call]
    "mariadb": MariaDBDialect(),
    "sqlite": sqlite.dialect(),
}
Path_ = tuple[str | int, ...]


class Base(Portable, DeclarativeBase):
    metadata = MetaData()


class Paper(BigIntKey, Base):
    __tablename__ = "json_papers"

    portable: Mapped[Any] = mapped_column(PortableJSON(), nullable=True)
    plain: Mapped[Any] = mapped_column(JSON(), nullable=True)
    number: Mapped[int] = mapped_column(default=3)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


def fits(key: str | int, node: Any) -> bool:
    return isinstance(node, dict if isinstance(key, str) else list)


def is_there(key: Any, node: Any) -> bool:
    return fits(key, node) and (key in node if isinstance(key, str) else key < len(node))


def set_in_python(document: Any, path: Path_, value: Any) -> Any:
    """Change a copy step by step, and return the document as it was where a step fits nothing."""
    whole = [copy.deepcopy(document)]
    node: Any = whole
    here: str | int = 0
    for key in path:
        if node[here] is None:
            node[here] = {} if isinstance(key, str) else []
        node, here = node[here], key
        if not fits(here, node):
            return document
        if not is_there(here, node):
            if isinstance(here, str):
                node[here] = None
            else:
                node.append(None)
                here = len(node) - 1
    node[here] = value
    return whole[0]


def removed_in_python(document: Any, path: Path_) -> Any:
    whole = copy.deepcopy(document)
    node = whole
    for key in path[:-1]:
        if not is_there(key, node):
            return document
        node = node[key]
    if is_there(path[-1], node):
        del node[path[-1]]
    return whole


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


def same(left: Any, right: Any) -> bool:
    """Compare as JSON does: a whole float is the number that it is, but true is not 1."""
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) or isinstance(right, float):
        return type(right) in (int, float) and type(left) in (int, float) and math.isclose(left, right, rel_tol=0)
    return type(left) is type(right) and left == right


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


NOT_JSON: list[tuple[Any, str]] = [
    (math.nan, "not_finite"),
    ([math.inf], "not_finite"),
    (2**64, "out_of_range"),
    ("\0", "nul_character"),
    ({"a\0": 1}, "nul_character"),
    ("\ud800", "not_unicode"),
    (b"x", "not_json"),
    ({1: 2}, "not_json"),
    (object(), "not_json"),
    ({"a"}, "not_json"),
]


@pytest.mark.parametrize(("value", "code"), NOT_JSON, ids=str)
def test_what_json_does_not_hold_is_refused_at_once(value: Any, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        json_set(Paper.portable["a"], value)
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("portable", code)]


def test_no_deeper_than_every_database_reads() -> None:
    json_set(Paper.portable["a", 0], [[[]]])
    deep: Any = []
    for _ in range(30):
        deep = [deep]
    with pytest.raises(InvalidValue, match="31 levels"):
        json_set(Paper.portable["a"], deep)


@pytest.mark.parametrize("make", [lambda path: json_set(path, 1), json_remove, lambda path: json_value(path, int)])
def test_what_is_no_path(make: Any) -> None:
    for path in (Paper.portable, Paper.number, Paper.portable["a"]["b"], "a", None, Paper.portable[Paper.number]):
        with pytest.raises(ConfigurationError, match="one pair of brackets"):
            make(path)
    for key in (-1, 2**31):
        with pytest.raises(ConfigurationError, match="keys and indexes"):
            make(Paper.portable["a", key])
    for odd in (True, 1.5, None, b"a"):
        with pytest.raises(ConfigurationError, match="keys and indexes"):
            make(Paper.portable["a", odd])
    for name, reason in (("a\0", "NUL"), ("\ud800", "Unicode"), ("-a", "MariaDB")):
        with pytest.raises(InvalidValue, match=reason):
            make(Paper.portable[name])


def test_expressions_of_other_types_are_refused() -> None:
    for value in (Paper.portable, Paper.portable["a"], cast(Paper.number, postgresql.NUMERIC(5, 2)), func.now()):
        with pytest.raises(ConfigurationError, match="json_value"):
            json_set(Paper.portable["b"], value)


def test_values_and_keys_are_never_in_the_sql() -> None:
    mark = "no'\"body"
    expressions = [json_set(Paper.portable[mark, 77777], mark), json_remove(Paper.portable[mark, 77777])]
    expressions.append(json_value(Paper.plain[mark, 77777], str))
    for dialect in DIALECTS.values():
        for expression in expressions:
            text = str(expression.compile(dialect=dialect))
            assert "body" not in text
            assert "77777" not in text


def test_statements_of_one_form_are_compiled_once() -> None:
    def key(change: Any) -> Any:
        found = select(change)._generate_cache_key()
        assert found is not None
        return found.key

    assert key(json_set(Paper.portable["a"], 1)) == key(json_set(Paper.portable["b"], "x"))
    assert key(json_remove(Paper.portable["a", 1])) == key(json_remove(Paper.portable["b", 2]))
    different = [json_set(Paper.portable[path], 1) for path in (("a",), (1,), ("a", "b"), ("a", 1), ('q"',))]
    different += [json_set(Paper.plain["a"], 1), json_remove(Paper.portable["a"]), json_value(Paper.plain["a"], int)]
    different += [json_set(Paper.portable["a"], Paper.number), json_set(Paper.portable["a"], Paper.number > 1)]
    assert len({key(change) for change in different}) == len(different)


TABLE = Table("t", MetaData(), Column("n", Integer), Column("v", PortableJSON()), Column("w", JSON()))
GOLDEN = {
    "set a key": json_set(TABLE.c.v["a"], 1),
    "set a key of json": json_set(TABLE.c.w["a"], 1),
    "set an index": json_set(TABLE.c.v[0], 1),
    "set a path": json_set(TABLE.c.v["a", 0, "b"], 1),
    "set an expression": json_set(TABLE.c.v["a", "b"], TABLE.c.n + 1),
    "set a flag": json_set(TABLE.c.v["a"], TABLE.c.n > 1),
    "remove a key": json_remove(TABLE.c.v["a"]),
    "remove a path of json": json_remove(TABLE.c.w["a", 0, "b"]),
    "read a key": json_value(TABLE.c.v["a"], str),
    "read a quoted key": json_value(TABLE.c.v['q"'], bool),
    "read an index": json_value(TABLE.c.v["a", 0], bool),
}


@pytest.mark.parametrize("database", DIALECTS)
def test_the_sql_is_what_was_reviewed(database: str) -> None:
    texts = [f"-- {name}\n{change.compile(dialect=DIALECTS[database])}\n" for name, change in GOLDEN.items()]
    file, made = CASES / f"{database}.sql", "".join(texts)
    if os.environ.get("CROSSLET_REWRITE_CASES") == "1":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    assert made == file.read_text()

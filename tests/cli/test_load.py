"""`crosslet load` on every driver: all kinds of values, all or nothing, what is told of rows that cannot be stored."""

import datetime as dt
import json
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from anyio import to_thread
from sqlalchemy import select

from cli.shelf import Base, Book, Cover
from crosslet import Database, errors
from fix_databases import Target

Command = Callable[..., Any]
FULL = Path("/dev/full")
ID = "0190d3a5-0000-7000-8000-000000000001"
DAY_ON = f'2026-01-02,{ID},AP8-,"{{""n"": [1.5]}}"'
# All kinds, in the words of CSV and of JSON.
CSV = f"""code,title,pages,price,weight,is_new,cover,at,day,number,data,facts
a,"two
lines, ""quoted""\",12,1234567890123456.70,0.5,true,hard,2026-01-02T03:04:05.000006+02:00,{DAY_ON}
b,,,,,,,,,,,
"""
JSON_ROW = (
    r'{"code": "a", "title": "two\nlines, \"quoted\"", "pages": 12, "price": 1234567890123456.70, "weight": 0.5, '
    r'"is_new": true, "cover": "H", "at": "2026-01-02T01:04:05.000006Z", "day": "2026-01-02", "data": "AP8+", '
    f'"number": "{ID}", "facts": {{"n": [1.5]}}}}'
)
JSONL = f'{JSON_ROW}\n\n{{"code": "b"}}\n'


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with Database(url, metadata=Base) as database:
        await database.create_all()
        yield database


@pytest.fixture
def load(crosslet: Command, url: str, tmp_path: Path) -> Callable[..., Any]:
    async def run(content: str | bytes, *options: str, name: str = "books.csv", code: int = 0) -> Any:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        command = lambda: crosslet("load", "cli.shelf:Book", path, "--url", url, "--json", *options)  # noqa: E731
        result = await to_thread.run_sync(command)
        assert result.exit_code == code, result.stdout
        envelope = json.loads(result.stdout)
        assert envelope["schema"] == "crosslet.load/1"
        return envelope

    return run


async def stored(db: Database) -> list[Book]:
    async with db.read() as session:
        return list(await session.scalars(select(Book).order_by(Book.code)))


async def codes(db: Database) -> list[str]:
    return [book.code for book in await stored(db)]


@pytest.mark.parametrize(("content", "name"), [(CSV, "books.csv"), (JSONL, "books.jsonl")])
async def test_every_kind_of_value(db: Database, load: Any, content: str, name: str) -> None:
    found = await load(content, name=name)
    assert (found["data"]["stored"], found["data"]["inserted"], found["data"]["refused"]) == (True, 2, [])
    one, other = await stored(db)
    assert (one.title, one.pages, one.price) == ('two\nlines, "quoted"', 12, Decimal("1234567890123456.70"))
    assert (one.weight, one.is_new, one.cover, one.day) == (0.5, True, Cover.hard, dt.date(2026, 1, 2))
    assert one.at == dt.datetime(2026, 1, 2, 1, 4, 5, 6, tzinfo=dt.UTC)
    assert (one.number, one.data, one.facts, one.twice) == (UUID(ID), b"\x00\xff>", {"n": [1.5]}, 24)
    assert (other.title, other.pages, other.price, other.data, other.facts) == (None, 7, None, None, None)


async def test_all_or_nothing_and_every_wrong_row_is_told(db: Database, load: Any, tmp_path: Path) -> None:
    async with db.write() as session:
        session.add(Book(code="c", title="was here"))
    lines = [
        "code,pages",
        "a,1",
        "far too long for it,2",
        "b,many",
        "c,4",
        "d",
        "e,5",
        "e,6",
        "",
        "f,99999999999999999999",
    ]
    content = "\n".join(lines)
    found = await load(content, code=1)
    wrong = [(one["line"], one["code"]) for one in found["data"]["refused"]]
    assert wrong == [
        (3, "invalid-value"),
        (4, "invalid-value"),
        (5, "unique-violation"),
        (6, "field-count"),
        (8, "unique-violation"),
        (10, "invalid-value"),
    ]
    assert not found["data"]["stored"]
    assert found["data"]["inserted"] == 2
    assert "many" not in json.dumps(found)
    assert await codes(db) == ["c"]
    found = await load(content, "--skip-errors", "--rejected", str(tmp_path / "bad.csv"), code=1)
    assert found["data"]["stored"]
    assert await codes(db) == ["a", "c", "e"]
    assert (tmp_path / "bad.csv").read_text().splitlines() == [lines[place] for place in (0, 2, 3, 4, 5, 7, 9)]


async def test_the_same_of_json_lines(db: Database, load: Any, tmp_path: Path) -> None:
    lines = [
        '{"code": "a"}',
        '{"code": ',
        '{"code": "b", "isbn": 1}',
        '["c"]',
        '{"code": "d", "price": NaN}',
        '{"code": "e", "price": 1.005}',
        '{"code": "f", "facts": ' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"title": "no code"}',
        '{"code": "g", "data": "?"}',
        '{"code": "h", "pages": "12"}',
        '{"code": "i", "cover": ["H"]}',
    ]
    content = "\n".join(lines).encode() + b'\n{"code": "\xff"}'
    found = await load(content, "--skip-errors", "--rejected", str(tmp_path / "bad"), name="x.ndjson", code=1)
    assert [one["line"] for one in found["data"]["refused"]] == [2, 3, 4, 5, 6, 7, 8, 9, 11, 12]
    assert await codes(db) == ["a", "h"]
    assert (tmp_path / "bad").read_bytes().count(b"\n") == 9


async def test_rows_by_a_key(db: Database, load: Any) -> None:
    await load("code,title,pages\na,old,1\nb,old,2\n")
    found = await load("code,title\na,new\nc,new\n", "--upsert", "code")
    assert (found["data"]["inserted"], found["data"]["updated"]) == (1, 1)
    assert [(one.code, one.title, one.pages) for one in await stored(db)] == [
        ("a", "new", 1),
        ("b", "old", 2),
        ("c", "new", 7),
    ]
    found = await load("code,title\nb,newer\nz,newer\n", "--update", "code", "--skip-errors", code=1)
    assert found["data"]["updated"] == 1
    assert [(one["line"], one["code"]) for one in found["data"]["refused"]] == [(3, "no-such-row")]
    assert [one.title for one in await stored(db)] == ["new", "newer", "new"]


async def test_a_dry_run_stores_nothing(db: Database, load: Any) -> None:
    found = await load("code\na\nb\n", "--dry-run")
    assert (found["data"]["inserted"], found["data"]["stored"]) == (2, False)
    assert await codes(db) == []


async def test_many_wrong_rows_end_it_early(db: Database, load: Any) -> None:
    async def stopped(content: str) -> None:
        found = await load(content, "--max-errors", "10", "--skip-errors", code=1)
        assert found["diagnostics"][-1]["code"] == "too-many-errors"
        assert len(found["data"]["refused"]) == 11
        assert await codes(db) == []

    await stopped("code,pages\n" + "".join(f"{number},x\n" for number in range(100_000)))
    await stopped("code\n" + "a\n" * 20_000)


@pytest.mark.slow
async def test_many_chunks(db: Database, load: Any) -> None:
    lines = [f"{number},{number % 2000 + 1}" for number in range(12_000)]
    lines[11_000] = "5,1"
    found = await load("code,pages\n" + "\n".join(lines), "--skip-errors", code=1)
    assert found["data"]["inserted"] == 11_999
    assert [one["line"] for one in found["data"]["refused"]] == [11_002]
    async with db.read() as session:
        assert await session.count(Book) == 11_999


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "It is empty"),
        ("code,isbn\na,1\n", "Book has no isbn. Its columns: id, code"),
        ("code,twice\na,1\n", "Book has no twice"),
        ("code,code\na,b\n", "twice"),
        (b"code,title\na,\xff\n", "not UTF-8"),
        ('code,title\na,"b\n', "unexpected end"),
        (b"code\na\x00b\n", "Line 2"),
    ],
)
async def test_a_file_that_cannot_be_read_stores_nothing(db: Database, load: Any, content: Any, words: str) -> None:
    found = await load(content, code=1)
    assert words in json.dumps(found["diagnostics"])
    assert not found["data"]["stored"]
    assert await codes(db) == []


@pytest.mark.needs("has_server")
async def test_a_table_that_is_not_there(load: Any, target: Target) -> None:
    found = await load("code\na\n", code=1)
    assert found["diagnostics"][-1]["fix"] == "Nothing was stored."


def test_a_database_file_that_is_not_there_is_not_made(crosslet: Command, tmp_path: Path) -> None:
    path = tmp_path / "books.csv"
    path.write_text("code\na\n")
    result = crosslet("load", "cli.shelf:Book", path, "--url", f"sqlite:///{tmp_path}/none.db")
    assert (result.exit_code, "no database file" in result.stderr) == (3, True), result.stderr
    assert not (tmp_path / "none.db").exists()


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
async def test_rejected_rows_that_cannot_be_written_do_not_hide_what_is_stored(
    db: Database, load: Any, tmp_path: Path
) -> None:
    found = await load(f"code,pages\na,{'9' * 50}\nb,3\n", "--skip-errors", "--rejected", FULL, code=1)
    assert found["data"]["stored"]
    assert found["diagnostics"][-1]["code"] == "rejected-not-written"
    assert "The other rows are stored." in found["diagnostics"][-1]["fix"]
    async with db.read() as session:
        assert (await session.scalars(select(Book.code))).all() == ["b"]


def test_a_module_that_breaks_says_why(crosslet: Command, tmp_path: Path) -> None:
    (tmp_path / "broken_shelf.py").write_text("import os\nos.there_is_no_such_thing\n")
    (tmp_path / "x.csv").write_text("code\na\n")
    result = crosslet("load", "broken_shelf:Book", tmp_path / "x.csv", "--url", "sqlite://")
    assert (result.exit_code, "AttributeError" in result.stderr) == (3, True)


async def test_a_commit_that_nobody_knows_of_promises_nothing(
    db: Database, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(self: Database, *args: Any, **options: Any) -> None:
        await finish(self, *args, **options)
        raise errors.CommitOutcomeUnknown

    finish = Database.finish
    monkeypatch.setattr(Database, "finish", lost)
    found = await load("code\na\n", code=1)
    assert found["diagnostics"][-1]["code"] == "commit-outcome-unknown"
    assert "look at the table" in found["diagnostics"][-1]["fix"]


def test_questions_that_have_no_answer(crosslet: Command, tmp_path: Path) -> None:
    path = tmp_path / "books.txt"
    path.write_text("code\na\n")
    for arguments, words in [
        (("shelf", path), "write module and class"),
        (("nowhere.models:Book", path), "no module nowhere"),
        (("cli.shelf:Nothing", path), "has no Nothing"),
        (("cli.shelf:Book", path), "--format csv"),
        (("cli.shelf:Book", tmp_path / "not.csv"), "No such file"),
        (("cli.shelf:Book", tmp_path, "--format", "csv"), "directory"),
        (("cli.shelf:Book", path, "--upsert", "isbn"), "has no isbn"),
        (("cli.shelf:Book", path, "--upsert", "code", "--update", "code"), "exclude"),
        (("cli.shelf:Book", "-", "--rejected", "bad.csv"), "cannot be read again"),
        (("cli.shelf:Book", path, "--delimiter", "::"), "one character"),
        (("cli.shelf:Book", path, "--format", "csv", "--rejected", path), "the file itself"),
        (("cli.shelf:Book", path, "--format", "csv", "--rejected", tmp_path / "no" / "bad.csv"), "folder"),
    ]:
        result = crosslet("load", *arguments, "--url", "sqlite://")
        assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    for arguments in [("cli.shelf:Cover", path), ("cli.shelf:Book", path, "--format", "csv", "--upsert", "title")]:
        assert crosslet("load", *arguments, "--url", f"sqlite:///{tmp_path}/x.db").exit_code == 3

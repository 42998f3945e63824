"""Rules over facts that are written down here: nothing is sent."""

import pytest

from crosslet.facts import EagerLoad, LazyLoad, Sent
from crosslet.loading import Origin, Site
from crosslet.rules import n_plus_one, repeated_statement, unused_eager_load

QUERY = Site("app/books.py", 10, "read")
LINE = Site("app/books.py", 12, "read")


def load(origin: Origin | None, *path: str, site: Site | None = LINE, option: str | None = "load(it)") -> LazyLoad:
    return LazyLoad(attribute=path[-1], path=path, option=option, origin=origin, site=site)


def sent(statement: str, *, site: Site | None = LINE, request: int | None = None, loads: str | None = None) -> Sent:
    return Sent(
        statement=statement,
        elapsed_ms=2.0,
        rows=1,
        site=site,
        route=None if request is None else "GET /books",
        request=request,
        connection=1,
        parameters=None,
        error=None,
        loads=loads,
    )


def test_n_plus_one_says_all_that_one_needs() -> None:
    origin = Origin(QUERY)
    (finding,) = n_plus_one([load(origin, "A.b", "B.c", option="selectinload(A.b).selectinload(B.c)")] * 7)
    assert str(finding) == (
        "app/books.py:12 in read: B.c was loaded 7 times, for one object of the query at app/books.py:10 in read each."
        "\n    fix: add .options(selectinload(A.b).selectinload(B.c)) to that query. [n_plus_one]"
    )
    assert finding.data == {
        "attribute": "B.c",
        "count": 7,
        "touched_at": "app/books.py:12 in read",
        "query_at": "app/books.py:10 in read",
        "option": "selectinload(A.b).selectinload(B.c)",
    }


def test_n_plus_one_of_expired_columns_and_without_lines() -> None:
    (finding,) = n_plus_one([load(Origin(None), "A.b", "B.text, note", site=None, option=None)] * 2)
    assert finding.fix.startswith("read the rows again in one statement")
    assert finding.data["option"] is None
    assert finding.message == "B.text, note was loaded 2 times, for one object of the query each."
    assert finding.site is None


def test_n_plus_one_needs_one_origin_and_one_path() -> None:
    one, other = Origin(QUERY), Origin(QUERY)
    assert n_plus_one([load(one, "A.b"), load(other, "A.b"), load(None, "A.b"), load(None, "A.b")]) == []
    assert n_plus_one([load(one, "A.b"), load(one, "A.c"), load(one, "C.d", "A.b")]) == []
    assert n_plus_one([load(one, "A.b")] * 3, least=4) == []


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("SELECT 1 FROM t", "read all in one statement"),
        ("INSERT INTO t", "session.insert_many()"),
        ("update t set a = 1", "session.update_many()"),
        ("DELETE FROM t", "session.delete_many()"),
        ("CALL f()", "ask for all of it"),
    ],
)
def test_repeated_statements(statement: str, advice: str) -> None:
    (finding,) = repeated_statement([sent(statement)] * 5)
    assert finding.message == f"This line sent the same statement 5 times, 10.0 ms together: {statement}"
    assert advice in finding.fix
    assert finding.site == LINE
    assert repeated_statement([sent(statement)] * 4) == []


def test_repeated_statements_of_one_line_and_one_request() -> None:
    other = Site("app/books.py", 13, "read")
    assert repeated_statement([sent("SELECT 1")] * 3 + [sent("SELECT 1", site=other)] * 3) == []
    assert repeated_statement([sent("SELECT 1", site=None)] * 9 + [sent("SELECT 1", loads="A.b")] * 9) == []
    assert repeated_statement([sent("SELECT 1", request=number % 3) for number in range(12)]) == []
    # A line that does so in many requests is told once, as it was at its worst.
    worst = [sent("SELECT 1", request=1)] * 5 + [sent("SELECT 1", request=2)] * 8
    (finding,) = repeated_statement(worst)
    assert (finding.data["count"], finding.data["route"]) == (8, "GET /books")


def test_unused_eager_loads() -> None:
    def eager(origin: Origin, *path: str, is_read: bool = False) -> EagerLoad:
        return EagerLoad(path=path, origin=origin, is_read=is_read)

    first, second, other = Origin(QUERY), Origin(QUERY), Origin(LINE)
    (finding,) = unused_eager_load([eager(first, "A.b"), eager(second, "A.b"), eager(first, "A.b", "B.c")])
    assert finding.message == "A.b was loaded with this query, 2 times, and read from none of its objects."
    assert (finding.site, finding.level) == (QUERY, "hint")
    assert unused_eager_load([eager(first, "A.b"), eager(second, "A.b", is_read=True)]) == []
    (below,) = unused_eager_load([eager(other, "A.b", is_read=True), eager(other, "A.b", "B.c")])
    assert below.data["path"] == ["A.b", "B.c"]

"""The contenders give the same answers and every case is reported; how fast they are is no matter of a test."""

import socket
import sys
import threading
from typing import Any

import pytest
from bench.measure import agree
from bench.proxy import delaying
from bench.report import paired

TREES = ["get_movie", "get_person", "get_user", "list_movies"]
ROWS = {"postgresql": ["asyncpg", "psycopg"], "mariadb": ["asyncmy", "aiomysql"], "sqlite": ["aiosqlite"]}


def expected(db: str) -> set[tuple[str, str, float | None]]:
    """List what a run reports: the case, what it is compared with, and the goal."""
    json_goal = {"postgresql": 6.0, "mariadb": 3.5, "sqlite": 8.0}[db]
    found: set[tuple[str, str, float | None]] = set()
    for read in TREES:
        name = f"{db} {read}"
        found |= {(f"{name} JSON", "usual pattern", json_goal)}
        found |= {(f"{name} typed", "usual pattern", 4.0 if db == "postgresql" else None)}
        if db == "postgresql":
            found |= {(f"{name} JSON", "rows by hand", 1.0), (f"{name} JSON", "JSON by hand", 0.8)}
            found |= {(f"{name} JSON over 2 x 0.5 ms", "usual pattern", json_goal)}
            found |= {(f"{name} JSON round trips", "one", 1.0)}
        else:
            found |= {(f"{name} JSON", "same statement by driver", None)}
            found |= {(f"{name} same statement by driver", "usual pattern", None)}
        if db == "postgresql" and sys.platform == "linux":
            found |= {(f"{name} JSON database CPU", "usual pattern", 1.0)}
    kept = f"{db} list_movies JSON, statement kept"
    found |= {(kept, "usual pattern", json_goal)}
    if db == "postgresql":
        found |= {(kept, "JSON by hand", 0.8)}
    for driver in ROWS[db]:
        for name in (f"{db} get_row JSON ({driver})", f"{db} get_row JSON of a select() ({driver})"):
            found |= {(name, "bare driver", 1 / 1.4), (name, "usual pattern", None)}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("db", ["postgresql", "mariadb", "sqlite"])
def test_it_reports_every_case(report: Any, db: str) -> None:
    says = "0.01 of IMDBench's sizes"
    cases = report("shapes", "--scale", "0.01", "--db", db, needs=(db,), says=says)
    assert {(case["case"], case["versus"], case["goal"]) for case in cases} == expected(db)
    assert len(cases) == len(expected(db))
    for case in cases:
        assert case["value"] > 0
        assert (case["met"] is None) == (case["goal"] is None)


class Says:
    """A contender that answers every read with the same text."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    async def get_row(self, key: int) -> bytes:
        return self._answer


async def test_contenders_may_write_json_in_their_own_way() -> None:
    await agree({"a": Says(b'{"id": 1, "x": 2}'), "b": Says(b'{"x":2,"id":1}')}, {"get_row": lambda _: 1})


@pytest.mark.parametrize("other", [b'{"id": 2}', b'{"id": "1"}', b'{"id": 1, "x": null}'])
async def test_a_contender_that_answers_otherwise_is_found(other: bytes) -> None:
    with pytest.raises(AssertionError, match=r"get_row\(1\) differs"):
        await agree({"a": Says(b'{"id": 1}'), "b": Says(other)}, {"get_row": lambda _: 1})


async def test_an_answer_with_nothing_in_it_is_found() -> None:
    with pytest.raises(AssertionError, match="empty"):
        await agree({"a": Says(b"[]"), "b": Says(b"[]")}, {"get_row": lambda _: 1})


def test_a_ratio_says_how_many_times_better_it_is() -> None:
    rates = paired("b", "c", "1/s", ours=[4.0, 6.0], versus="v", theirs=[2.0, 3.0], goal=2.0)
    assert (rates.ratio, rates.met) == (2.0, True)
    times = paired("b", "c", "us", ours=[4.0, 6.0], versus="v", theirs=[2.0, 3.0], goal=0.8, less_is_better=True)
    assert (times.ratio, times.met) == (0.5, False)


def test_the_proxy_counts_round_trips() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def echo() -> None:
            server, _ = listener.accept()
            with server:
                while data := server.recv(100):
                    server.sendall(data)

        thread = threading.Thread(target=echo)
        thread.start()
        with (
            delaying(listener.getsockname()[1], seconds=0.0005) as proxy,
            socket.create_connection(("127.0.0.1", proxy.port)) as client,
        ):
            assert proxy.trips() == 0
            for text in (b"one", b"two", b"three"):
                client.sendall(text)
                assert client.recv(100) == text
            assert proxy.trips() == 3
        thread.join(10)
        assert not thread.is_alive()

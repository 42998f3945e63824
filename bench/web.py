"""Requests a second over HTTP on PostgreSQL, against the guides' own pattern and against asyncpg by hand.

Small rows first: get, list and create on crosslet and on the guides' pattern. Then IMDBench's movies: those two, and
FastAPI routes with JSON SQL by hand. The applications run at once, one uvicorn worker with httptools each, on one
database; a round measures one right after the other, in an order that changes. Ratios are medians of paired rounds.
"""

import argparse
import asyncio
import json
import os
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.load import get, post, requests_per_second
from bench.movies.contender import LIST_LENGTH
from bench.movies.data import Sizes
from bench.movies.loading import load
from bench.report import Case, paired, show
from bench.serving import ask, serving
from crosslet.testing import start_postgresql

_USERS, _POSTS_EACH = 1000, 5
_OURS, _USUAL, _BY_HAND = "crosslet", "usual pattern", "asyncpg by hand"
_BY_HAND_GOAL = 0.95

Requests = Callable[[int], bytes]


@dataclass(frozen=True)
class Tempo:
    """How many rounds, and how long each measurement."""

    rounds: int
    seconds: float


async def fill(url: str) -> list[str]:
    """Make the tables and their rows; return the keys of the users."""
    os.environ["BENCH_URL"] = url
    from bench.apps.ours import Post, User, db

    await db.create_all()
    async with db.write() as session:
        users = [User(email=f"user{number}@example.com", name=f"User {number}") for number in range(_USERS)]
        session.add_all(users)
        await session.flush()
        session.add_all(
            Post(title=f"Post {number}", author_id=user.id) for user in users for number in range(_POSTS_EACH)
        )
    await db.close()
    return [str(user.id) for user in users]


def cases_of(keys: list[str], side: str, number: int) -> dict[str, Requests]:
    """Return the requests of each case; what one side has created, no other may create again."""
    run = f"{side}{number}".replace(" ", "")
    return {
        "get by key": lambda number: get(f"/users/{keys[number % len(keys)]}"),
        "get with posts": lambda number: get(f"/users/{keys[number % len(keys)]}/tree"),
        "list of 50": lambda number: get(f"/users?limit=50&skip={number % 10 * 50}"),
        "create": lambda number: post("/users", b'{"email":"%s-%d@example.com","name":"New"}' % (run.encode(), number)),
    }


# Times the usual pattern's requests a second.
MOVIE_GOALS = {
    "movie tree": 9.0,
    "50 movies with directors": 8.0,
    "the same, statement kept": 8.0,
    "movie by key": 4.0,
    "create a review": 6.0,
}


def movie_cases_of(sizes: Sizes, number: int) -> dict[str, Requests]:
    """Return the requests of each of IMDBench's cases: in one round, the same keys for every side.

    Read are movies of the first half; reviews are added to the others, so that what is read stays as it is.
    """
    half = sizes.movies // 2
    chance = random.Random(number)
    chosen = [chance.randint(1, half - LIST_LENGTH) for _ in range(5000)]
    text = "A review of usual length, with some “quotes” in it. " * 6

    def movie(number: int) -> int:
        return chosen[number % len(chosen)]

    def review(number: int) -> bytes:
        author, rated = number % sizes.users + 1, half + movie(number)
        return json.dumps({"body": text, "rating": number % 10, "author_id": author, "movie_id": rated}).encode()

    return {
        "movie tree": lambda number: get(f"/movies/{movie(number)}/tree"),
        "50 movies with directors": lambda number: get(f"/movies?start={movie(number)}&limit={LIST_LENGTH}"),
        "the same, statement kept": lambda number: get(f"/kept?start={movie(number)}&limit={LIST_LENGTH}"),
        "movie by key": lambda number: get(f"/movies/{movie(number)}"),
        "create a review": lambda number: post("/reviews", review(number)),
    }


Rates = dict[str, dict[str, list[float]]]


async def measure(ports: dict[str, int], cases: Callable[[str, int], dict[str, Requests]], tempo: Tempo) -> Rates:
    """Measure every case on every application, interleaved: requests a second by case and application."""
    found: Rates = {name: {side: [] for side in ports} for name in cases("", 0)}
    for number in range(tempo.rounds):
        for case, sides in found.items():
            for side in random.sample(list(ports), k=len(ports)):
                request = cases(side, number)[case]
                rate = await requests_per_second(ports[side], request, seconds=tempo.seconds, connections=8)
                sides[side].append(rate)
    return found


def compared(found: Rates, versus: str, goals: dict[str, float], ours: str = _OURS) -> list[Case]:
    """Make the cases of one comparison."""
    return [
        paired("web", case, "requests/s", ours=sides[ours], versus=versus, theirs=sides[versus], goal=goals.get(case))
        for case, sides in found.items()
    ]


def small_rows(server: Any, tempo: Tempo) -> list[Case]:
    """Measure users and posts."""
    server.create_database("bench")
    url = server.url("asyncpg", "bench")
    keys = asyncio.run(fill(url))
    with serving("bench.apps.ours:app", url) as ours, serving("bench.apps.usual:app", url) as usual:
        found = asyncio.run(measure({_OURS: ours, _USUAL: usual}, partial(cases_of, keys), tempo))
    return compared(found, _USUAL, {})


def movies(server: Any, tempo: Tempo, sizes: Sizes, *, alone: bool) -> list[Case]:
    """Measure IMDBench's movies."""
    server.create_database("movies")
    url = server.url("asyncpg", "movies")
    asyncio.run(load(url, sizes))
    apps = {_USUAL: "bench.apps.movies_usual:app", _BY_HAND: "bench.apps.movies_by_hand:app"}
    if not alone:
        apps[_OURS] = "bench.apps.movies_ours:app"
    with ExitStack() as stack:
        ports = {side: stack.enter_context(serving(app, url)) for side, app in apps.items()}
        see_that_they_agree(ports, sizes)
        found = asyncio.run(measure(ports, lambda _, number: movie_cases_of(sizes, number), tempo))
    if alone:
        return compared(found, _USUAL, {}, _BY_HAND)
    by_hand = dict.fromkeys(found, _BY_HAND_GOAL)
    return [*compared(found, _USUAL, MOVIE_GOALS), *compared(found, _BY_HAND, by_hand)]


def see_that_they_agree(ports: dict[str, int], sizes: Sizes) -> None:
    """Compare the answers to the reads, and the shapes of a created review.

    Raises:
        AssertionError: Two applications differ.
    """
    for path in ("/movies/7", "/movies/7/tree", f"/movies?start={sizes.movies // 2}&limit={LIST_LENGTH}"):
        answers = {side: ask(port, path) for side, port in ports.items()}
        assert all(answer == answers[_USUAL] for answer in answers.values()), f"{path} differs: {answers}"
    created = {side: _created(port) for side, port in ports.items()}
    assert all(answer == created[_USUAL] for answer in created.values()), f"/reviews differs: {created}"


def _created(port: int) -> dict[str, Any]:
    answer = ask(port, "/reviews", {"body": "Good", "rating": 7, "author_id": 3, "movie_id": 5})
    # These two are each review's own.
    assert answer.pop("id")
    assert answer.pop("creation_time")
    return dict(answer)


def main() -> None:
    """Run the benchmark from the command line."""
    options = argparse.ArgumentParser(prog="scripts/bench web", description=__doc__)
    options.add_argument("--quick", action="store_true", help="two short rounds, to see that it works")
    options.add_argument("--json", action="store_true", help="one JSON object a case")
    options.add_argument("--scale", type=float, help="share of IMDBench's sizes; 1, or 0.1 with --quick")
    options.add_argument("--alone", action="store_true", help="of the movies the alternatives only, without crosslet")
    given = options.parse_args()
    tempo = Tempo(2, 0.5) if given.quick else Tempo(9, 2.0)
    sizes = Sizes().scaled(given.scale or (0.1 if given.quick else 1.0))
    with start_postgresql(settings={"shared_buffers": "512MB", "max_wal_size": "2GB"}) as server:
        cases = [*small_rows(server, tempo), *movies(server, tempo, sizes, alone=given.alone)]
    show(cases, as_json=given.json)


if __name__ == "__main__":
    main()

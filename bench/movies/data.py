"""Rows like IMDBench's, made from a seed: the same at every run. Putting them into a database is in loading.py."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_SEED = 20
_BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
_SYLLABLES = [
    "ba",
    "den",
    "cor",
    "el",
    "fa",
    "gri",
    "hol",
    "in",
    "jas",
    "kel",
    "lor",
    "min",
    "nor",
    "os",
    "pe",
    "qua",
    "ran",
    "sil",
    "tor",
    "ul",
    "ver",
    "wes",
    "xan",
    "yor",
    "zen",
]

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Sizes:
    """How many rows there are. Keys count from 1."""

    movies: int = 25_000
    people: int = 100_000
    users: int = 100_000
    reviews: int = 500_000

    def scaled(self, share: float) -> "Sizes":
        """Return a share of these sizes. A person stays in as many movies, a movie gets as many reviews."""
        return Sizes(*(max(200, int(size * share)) for size in (self.movies, self.people, self.users, self.reviews)))

    def __str__(self) -> str:
        return f"{self.movies:,} movies, {self.people:,} people, {self.users:,} users, {self.reviews:,} reviews"


@dataclass(frozen=True)
class Rows:
    """The rows of one table, made while they are read."""

    table: str
    columns: tuple[str, ...]
    values: Iterable[Row]


def tables(sizes: Sizes) -> list[Rows]:
    """Return all rows, parents first."""
    return [
        Rows("users", ("id", "name", "image"), _users(sizes)),
        Rows("persons", ("id", "first_name", "middle_name", "last_name", "image", "bio"), _people(sizes)),
        Rows("movies", ("id", "image", "title", "year", "description"), _movies(sizes)),
        Rows("directors", ("id", "list_order", "person_id", "movie_id"), _directors(sizes)),
        Rows("actors", ("id", "list_order", "person_id", "movie_id"), _actors(sizes)),
        Rows("reviews", ("id", "body", "rating", "creation_time", "author_id", "movie_id"), _reviews(sizes)),
    ]


class _Chance(random.Random):
    """Randomness of one table: what is drawn for another does not change it."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{_SEED} {table}")

    def word(self) -> str:
        return "".join(self.choices(_SYLLABLES, k=self.randint(2, 3))).capitalize()

    def texts(self, shortest: int, longest: int) -> list[str]:
        """Return a thousand texts of words, to choose from: making one for each row takes too long."""
        words = [self.word().lower() for _ in range(500)]
        return [
            f"{self.word()} {' '.join(self.choices(words, k=self.randint(shortest, longest)))}." for _ in range(1000)
        ]


def _users(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("users")
    for key in range(1, sizes.users + 1):
        name = f"{chance.word()} {chance.word()}"
        yield key, name, f"https://images.example.com/users/{key}.jpeg"


def _people(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("persons")
    names, bios = [chance.word() for _ in range(2000)], chance.texts(30, 80)
    for key in range(1, sizes.people + 1):
        middle = chance.choice(names) if chance.random() < 0.3 else ""
        image = f"https://images.example.com/people/{key}.jpeg"
        yield key, chance.choice(names), middle, chance.choice(names), image, chance.choice(bios)


def _movies(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("movies")
    texts = chance.texts(40, 100)
    for key in range(1, sizes.movies + 1):
        # The number keeps the order by year and title the same under every collation.
        title = f"The {chance.word()} of “{chance.word()}” {key}"
        yield (
            key,
            f"https://images.example.com/movies/{key}.jpeg",
            title,
            chance.randint(1930, 2020),
            chance.choice(texts),
        )


def _directors(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("directors")
    # As in IMDBench, the first people are the directors.
    return _links(
        chance, sizes, range(1, max(10, sizes.people // 20)), lambda: chance.choices((1, 2, 3), (80, 15, 5))[0]
    )


def _actors(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("actors")
    return _links(chance, sizes, range(1, sizes.people + 1), lambda: chance.randint(10, 55))


def _links(chance: _Chance, sizes: Sizes, people: range, how_many: Any) -> Iterator[Row]:
    key = 0
    for movie in range(1, sizes.movies + 1):
        for order, person in enumerate(chance.sample(people, how_many())):
            key += 1
            yield key, order, person, movie


def _reviews(sizes: Sizes) -> Iterator[Row]:
    chance = _Chance("reviews")
    bodies = chance.texts(10, 90)
    # No two reviews at one time, in an order of their own: "newest first" has one answer.
    minutes = list(range(sizes.reviews))
    chance.shuffle(minutes)
    for key in range(1, sizes.reviews + 1):
        # As in IMDBench, each movie has one at least.
        movie = key if key <= sizes.movies else chance.randint(1, sizes.movies)
        when = _BEGIN + timedelta(minutes=minutes[key - 1])
        yield key, chance.choice(bodies), chance.randint(0, 10), when, chance.randint(1, sizes.users), movie

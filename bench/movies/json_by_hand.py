"""Contender (c), the floor: asyncpg and JSON made by PostgreSQL, in SQL written by hand for each read.

The fastest form that is known here. To-one relations are sub-selects, evaluated after a LIMIT; nothing is jsonb;
limits are literals. Lists are `array_to_json(array(...))`: `json_agg` costs as much, but takes a backend more easily
to where the C library returns memory after each statement and faults it in again for the next.
"""

from typing import Any

import asyncpg

from bench.movies.contender import LIST_LENGTH

_FULL_NAME = "p.first_name || ' ' || CASE WHEN p.middle_name <> '' THEN p.middle_name || ' ' ELSE '' END || p.last_name"
_AVG_RATING = "(SELECT coalesce(avg(r.rating), 0)::float8 FROM reviews r WHERE r.movie_id = m.id) AS avg_rating"


def _objects(columns: str, source: str) -> str:
    return f"array_to_json(array(SELECT row_to_json(q) FROM (SELECT {columns} FROM {source}) q))"


def _one(columns: str, source: str) -> str:
    return f"(SELECT row_to_json(q) FROM (SELECT {columns} FROM {source}) q)"


def _people(table: str) -> str:
    joined = f"{table} l JOIN persons p ON p.id = l.person_id"
    source = f"{joined} WHERE l.movie_id = m.id ORDER BY l.list_order"
    return _objects(f"p.id, {_FULL_NAME} AS full_name, p.image", source)


def _movies(table: str) -> str:
    source = f"{table} l JOIN movies m ON m.id = l.movie_id WHERE l.person_id = p.id ORDER BY m.year, m.title"
    return _objects(f"m.id, m.image, m.title, m.year, {_AVG_RATING}", source)


AUTHOR = _one("u.id, u.name, u.image", "users u WHERE u.id = r.author_id")
_REVIEWS = _objects(
    f"r.id, r.body, r.rating, {AUTHOR} AS author", "reviews r WHERE r.movie_id = m.id ORDER BY r.creation_time DESC"
)
_REVIEWED = _one(f"m.id, m.image, m.title, {_AVG_RATING}", "movies m WHERE m.id = r.movie_id")
_LATEST = _objects(
    f"r.id, r.body, r.rating, {_REVIEWED} AS movie",
    "reviews r WHERE r.author_id = u.id ORDER BY r.creation_time DESC LIMIT 10",
)

DIRECTORS = _people("directors")
MOVIE = f"""
    SELECT row_to_json(x)::text FROM (
        SELECT m.id, m.image, m.title, m.year, m.description, {_AVG_RATING},
            {DIRECTORS} AS directors, {_people("actors")} AS "cast", {_REVIEWS} AS reviews
        FROM movies m WHERE m.id = $1) x"""
PERSON = f"""
    SELECT row_to_json(x)::text FROM (
        SELECT p.id, {_FULL_NAME} AS full_name, p.image, p.bio,
            {_movies("actors")} AS acted_in, {_movies("directors")} AS directed
        FROM persons p WHERE p.id = $1) x"""
USER = f"""
    SELECT row_to_json(x)::text FROM (
        SELECT u.id, u.name, u.image, {_LATEST} AS latest_reviews FROM users u WHERE u.id = $1) x"""
LIST = f"""
    SELECT array_to_json(array(SELECT row_to_json(x) FROM (
        SELECT m.id, m.image, m.title, m.year, {DIRECTORS} AS directors
        FROM movies m WHERE m.id >= $1 ORDER BY m.id LIMIT {LIST_LENGTH}) x))::text"""
ROW = """
    SELECT row_to_json(x)::text FROM (SELECT id, image, title, year, description FROM movies WHERE id = $1) x"""


class JSONByHand:
    """Read one text: the answer."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def connect(cls, url: str) -> "JSONByHand":
        """Open its connection."""
        return cls(await asyncpg.connect(url.replace("+asyncpg", "")))

    async def _read(self, statement: str, key: int) -> bytes:
        text: str = await self._connection.fetchval(statement, key)
        return text.encode()

    async def get_movie(self, key: int) -> bytes:
        return await self._read(MOVIE, key)

    async def get_person(self, key: int) -> bytes:
        return await self._read(PERSON, key)

    async def get_user(self, key: int) -> bytes:
        return await self._read(USER, key)

    async def list_movies(self, key: int) -> bytes:
        return await self._read(LIST, key)

    async def get_row(self, key: int) -> bytes:
        return await self._read(ROW, key)

    async def close(self) -> None:
        await self._connection.close()

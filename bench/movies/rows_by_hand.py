"""Contender (b): asyncpg, with SQL and Python written by hand the way IMDBench's own asyncpg contender does.

One query a read; nested rows come as arrays of records, which asyncpg unpacks; Python puts the dicts together.
"""

from typing import Any

import asyncpg
from pydantic_core import to_json

from bench.movies.contender import LIST_LENGTH

_FULL_NAME = """
    CASE WHEN p.middle_name <> '' THEN p.first_name || ' ' || p.middle_name || ' ' || p.last_name
         ELSE p.first_name || ' ' || p.last_name END"""
_AVG_RATING = "(SELECT coalesce(avg(r.rating), 0)::float8 FROM reviews r WHERE r.movie_id = m.id)"


def _records(row: str, source: str) -> str:
    return f"(SELECT coalesce(array_agg(q.v), ARRAY[]::record[]) FROM (SELECT ROW({row}) AS v FROM {source}) q)"


def _people(table: str) -> str:
    joined = f"{table} l JOIN persons p ON p.id = l.person_id"
    return _records(f"p.id, {_FULL_NAME}, p.image", f"{joined} WHERE l.movie_id = m.id ORDER BY l.list_order")


def _movies(table: str) -> str:
    source = f"{table} l JOIN movies m ON m.id = l.movie_id WHERE l.person_id = p.id ORDER BY m.year, m.title"
    return _records(f"m.id, m.image, m.title, m.year, {_AVG_RATING}", source)


_AUTHOR = "(SELECT ROW(u.id, u.name, u.image) FROM users u WHERE u.id = r.author_id)"
_REVIEWS = _records(
    f"r.id, r.body, r.rating, {_AUTHOR}", "reviews r WHERE r.movie_id = m.id ORDER BY r.creation_time DESC"
)
_MOVIE = f"""
    SELECT m.id, m.image, m.title, m.year, m.description, {_AVG_RATING} AS avg_rating,
        {_people("directors")} AS directors, {_people("actors")} AS actors, {_REVIEWS} AS reviews
    FROM movies m WHERE m.id = $1"""
_PERSON = f"""
    SELECT p.id, {_FULL_NAME} AS full_name, p.image, p.bio,
        {_movies("actors")} AS acted_in, {_movies("directors")} AS directed
    FROM persons p WHERE p.id = $1"""
_USER = f"""
    SELECT u.id, u.name, u.image, q.*
    FROM users u LEFT JOIN LATERAL (
        SELECT r.id AS review_id, r.body, r.rating, m.id AS movie_id, m.image AS movie_image, m.title,
            {_AVG_RATING} AS avg_rating
        FROM reviews r JOIN movies m ON m.id = r.movie_id
        WHERE r.author_id = u.id ORDER BY r.creation_time DESC LIMIT 10
    ) q ON true
    WHERE u.id = $1"""
_LIST = f"""
    SELECT m.id, m.image, m.title, m.year, {_people("directors")} AS directors
    FROM movies m WHERE m.id >= $1 ORDER BY m.id LIMIT {LIST_LENGTH}"""
_ROW = "SELECT id, image, title, year, description FROM movies WHERE id = $1"


def _person(record: Any) -> dict[str, Any]:
    return {"id": record[0], "full_name": record[1], "image": record[2]}


def _movie(record: Any) -> dict[str, Any]:
    return {"id": record[0], "image": record[1], "title": record[2], "year": record[3], "avg_rating": record[4]}


def _review(record: Any) -> dict[str, Any]:
    author = record[3]
    return {
        "id": record[0],
        "body": record[1],
        "rating": record[2],
        "author": {"id": author[0], "name": author[1], "image": author[2]},
    }


class RowsByHand:
    """Read rows, make dicts."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def connect(cls, url: str) -> "RowsByHand":
        """Open its connection."""
        return cls(await asyncpg.connect(url.replace("+asyncpg", "")))

    async def get_movie(self, key: int) -> bytes:
        row = await self._connection.fetchrow(_MOVIE, key)
        return to_json(
            {
                "id": row["id"],
                "image": row["image"],
                "title": row["title"],
                "year": row["year"],
                "description": row["description"],
                "avg_rating": row["avg_rating"],
                "directors": [_person(record) for record in row["directors"]],
                "cast": [_person(record) for record in row["actors"]],
                "reviews": [_review(record) for record in row["reviews"]],
            }
        )

    async def get_person(self, key: int) -> bytes:
        row = await self._connection.fetchrow(_PERSON, key)
        return to_json(
            {
                "id": row["id"],
                "full_name": row["full_name"],
                "image": row["image"],
                "bio": row["bio"],
                "acted_in": [_movie(record) for record in row["acted_in"]],
                "directed": [_movie(record) for record in row["directed"]],
            }
        )

    async def get_user(self, key: int) -> bytes:
        rows = await self._connection.fetch(_USER, key)
        first = rows[0]
        reviews = [
            {
                "id": row["review_id"],
                "body": row["body"],
                "rating": row["rating"],
                "movie": {
                    "id": row["movie_id"],
                    "image": row["movie_image"],
                    "title": row["title"],
                    "avg_rating": row["avg_rating"],
                },
            }
            for row in rows
            if row["review_id"] is not None
        ]
        return to_json({"id": first["id"], "name": first["name"], "image": first["image"], "latest_reviews": reviews})

    async def list_movies(self, key: int) -> bytes:
        rows = await self._connection.fetch(_LIST, key)
        return to_json(
            [
                {
                    "id": row["id"],
                    "image": row["image"],
                    "title": row["title"],
                    "year": row["year"],
                    "directors": [_person(record) for record in row["directors"]],
                }
                for row in rows
            ]
        )

    async def get_row(self, key: int) -> bytes:
        return to_json(dict(await self._connection.fetchrow(_ROW, key)))

    async def close(self) -> None:
        await self._connection.close()

"""crosslet: the shape, and a key or a statement. A reading unit a call, as a route's `Reader` gives it."""

from typing import Annotated, Any, TypeVar

from sqlalchemy import Select, bindparam, select

from bench.movies.contender import LIST_LENGTH
from bench.movies.models import Base, Movie, Person, User
from bench.movies.shapes import MovieInList, MovieOut, MovieRow, PersonOut, ReviewWithMovie, UserOut
from crosslet import Database, Limit

T = TypeVar("T")


class UserWithLatest(UserOut):
    """The limit is part of the shape; the relationship has the order."""

    latest_reviews: Annotated[list[ReviewWithMovie], Limit(10)]


def _movies_from(key: int) -> Select[Movie]:
    return select(Movie).where(Movie.id >= key).order_by(Movie.id).limit(LIST_LENGTH)


_KEPT = select(Movie).where(Movie.id >= bindparam("key")).order_by(Movie.id).limit(LIST_LENGTH)


class _Ours:
    def __init__(self, url: str) -> None:
        self._database = Database(url, metadata=Base)

    async def close(self) -> None:
        await self._database.close()


class OursJSON(_Ours):
    """Read JSON that the database has made."""

    async def _json(self, shape: Any, statement: Any, key: int | None = None) -> bytes:
        async with self._database.read() as session:
            return await session.json(shape, statement, key)

    async def get_movie(self, key: int) -> bytes:
        return await self._json(MovieOut, Movie, key)

    async def get_person(self, key: int) -> bytes:
        return await self._json(PersonOut, Person, key)

    async def get_user(self, key: int) -> bytes:
        return await self._json(UserWithLatest, User, key)

    async def list_movies(self, key: int) -> bytes:
        return await self._json(list[MovieInList], _movies_from(key))

    async def get_row(self, key: int) -> bytes:
        return await self._json(MovieRow, Movie, key)


class SelectJSON(OursJSON):
    """Read a row by a statement that is built for each call."""

    async def get_row(self, key: int) -> bytes:
        return await self._json(MovieRow, select(Movie).where(Movie.id == key))


class KeptJSON(OursJSON):
    """Read a list by a statement that is kept, with the values of the call."""

    async def list_movies(self, key: int) -> bytes:
        return await self._json(list[MovieInList], _KEPT.params(key=key))


class OursTyped(_Ours):
    """Read Pydantic objects."""

    async def _one(self, shape: type[T], model: Any, key: int) -> T:
        async with self._database.read() as session:
            return await session.one(shape, model, key)

    async def get_movie(self, key: int) -> MovieOut:
        return await self._one(MovieOut, Movie, key)

    async def get_person(self, key: int) -> PersonOut:
        return await self._one(PersonOut, Person, key)

    async def get_user(self, key: int) -> UserWithLatest:
        return await self._one(UserWithLatest, User, key)

    async def list_movies(self, key: int) -> list[MovieInList]:
        async with self._database.read() as session:
            return await session.all(MovieInList, _movies_from(key))

    async def get_row(self, key: int) -> MovieRow:
        return await self._one(MovieRow, Movie, key)

"""Contender (a), the pattern of the guides: AsyncSession, `selectinload`, `from_attributes`, `dump_json`.

A session a call, that commits at its end as the guides' `get_db` dependency does, on SQLAlchemy's default pool. In
its favour: no pre-ping (three round trips less a call), computed columns only where they are asked for, and the
latest reviews limited in the database.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload, undefer

from bench.movies.contender import LIST_LENGTH
from bench.movies.models import Movie, Person, Review, User
from bench.movies.shapes import MovieInList, MovieOut, MovieRow, PersonOut, ReviewWithMovie, UserOut

_movie_list = TypeAdapter(list[MovieInList])
_adapters: dict[type[BaseModel], TypeAdapter[Any]] = {
    shape: TypeAdapter(shape) for shape in (MovieOut, MovieRow, PersonOut, UserOut)
}


def movie_tree(key: int) -> Select[Movie]:
    """Return the statement of a movie with everything that its shape asks for."""
    return (
        select(Movie)
        .where(Movie.id == key)
        .options(
            selectinload(Movie.directors),
            selectinload(Movie.cast),
            selectinload(Movie.reviews).selectinload(Review.author),
            undefer(Movie.avg_rating),
        )
    )


class Usual:
    """Read through the ORM."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session:
            try:
                yield session
                await session.commit()
            except Exception:
                await session.rollback()
                raise

    async def _one(self, shape: type[BaseModel], statement: Select[Any]) -> bytes:
        async with self._session() as session:
            row = (await session.execute(statement)).scalar_one()
            return _adapters[shape].dump_json(shape.model_validate(row))

    async def get_movie(self, key: int) -> bytes:
        return await self._one(MovieOut, movie_tree(key))

    async def get_person(self, key: int) -> bytes:
        statement = (
            select(Person)
            .where(Person.id == key)
            .options(
                selectinload(Person.acted_in).undefer(Movie.avg_rating),
                selectinload(Person.directed).undefer(Movie.avg_rating),
            )
        )
        return await self._one(PersonOut, statement)

    async def get_user(self, key: int) -> bytes:
        latest = (
            select(Review)
            .where(Review.author_id == key)
            .order_by(Review.creation_time.desc())
            .limit(10)
            .options(selectinload(Review.movie).undefer(Movie.avg_rating))
        )
        async with self._session() as session:
            user = (await session.execute(select(User).where(User.id == key))).scalar_one()
            reviews = (await session.execute(latest)).scalars()
            shown = [ReviewWithMovie.model_validate(review) for review in reviews]
            shape = UserOut(id=user.id, name=user.name, image=user.image, latest_reviews=shown)
            return _adapters[UserOut].dump_json(shape)

    async def list_movies(self, key: int) -> bytes:
        statement = (
            select(Movie)
            .where(Movie.id >= key)
            .order_by(Movie.id)
            .limit(LIST_LENGTH)
            .options(selectinload(Movie.directors))
        )
        async with self._session() as session:
            movies = (await session.execute(statement)).scalars()
            return _movie_list.dump_json([MovieInList.model_validate(movie) for movie in movies])

    async def get_row(self, key: int) -> bytes:
        return await self._one(MovieRow, select(Movie).where(Movie.id == key))

    async def close(self) -> None:
        await self._engine.dispose()

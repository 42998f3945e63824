"""IMDBench's movies as the guides write the API: `get_db` with yield, `selectinload`, `response_model`, refresh."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

from bench.movies.models import Movie, Review
from bench.movies.shapes import MovieInList, MovieOut, MovieRow, ReviewCreated, ReviewIn
from bench.movies.usual import movie_tree

engine = create_async_engine(
    os.environ["BENCH_URL"], pool_size=5, max_overflow=10, pool_pre_ping=True, pool_recycle=3600
)
async_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_db() -> AsyncIterator[AsyncSession]:
    async with async_session() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


Session = Annotated[AsyncSession, Depends(get_db)]
app = FastAPI()


@app.get("/movies/{movie_id}", response_model=MovieRow)
async def get_movie(movie_id: int, db: Session) -> Movie:
    result = await db.execute(select(Movie).where(Movie.id == movie_id))
    movie = result.scalar_one_or_none()
    if movie is None:
        raise HTTPException(404, "Movie not found")
    return movie


@app.get("/movies/{movie_id}/tree", response_model=MovieOut)
async def get_movie_tree(movie_id: int, db: Session) -> Movie:
    result = await db.execute(movie_tree(movie_id))
    movie: Movie | None = result.scalar_one_or_none()
    if movie is None:
        raise HTTPException(404, "Movie not found")
    return movie


@app.get("/kept", response_model=list[MovieInList])
@app.get("/movies", response_model=list[MovieInList])
async def list_movies(db: Session, start: int = 1, limit: int = 50) -> list[Movie]:
    statement = select(Movie).where(Movie.id >= start).order_by(Movie.id).limit(limit)
    result = await db.execute(statement.options(selectinload(Movie.directors)))
    return list(result.scalars().all())


@app.post("/reviews", response_model=ReviewCreated, status_code=201)
async def create_review(body: ReviewIn, db: Session) -> Review:
    review = Review(**body.model_dump(), creation_time=datetime.now(UTC))
    db.add(review)
    await db.commit()
    await db.refresh(review, ["id", "body", "rating", "creation_time", "author"])
    return review

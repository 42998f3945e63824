"""IMDBench's movies on crosslet."""

import os
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import bindparam, select

from bench.movies.models import Base, Movie, Review
from bench.movies.shapes import MovieInList, MovieOut, MovieRow, ReviewCreated, ReviewIn
from crosslet import Database, New
from crosslet.web import JSONBytes, Reader, Writer, install

db = Database(os.environ["BENCH_URL"], metadata=Base)
app = FastAPI()
install(app, db)
PAGE = select(Movie).where(Movie.id >= bindparam("start")).order_by(Movie.id).limit(bindparam("limit"))


@app.get("/movies/{movie_id}", response_model=MovieRow)
async def get_movie(movie_id: int, session: Reader) -> JSONBytes:
    return JSONBytes(await session.json(MovieRow, Movie, movie_id))


@app.get("/movies/{movie_id}/tree", response_model=MovieOut)
async def get_movie_tree(movie_id: int, session: Reader) -> JSONBytes:
    return JSONBytes(await session.json(MovieOut, Movie, movie_id))


@app.get("/movies", response_model=list[MovieInList])
async def list_movies(session: Reader, start: int = 1, limit: int = 50) -> JSONBytes:
    statement = select(Movie).where(Movie.id >= start).order_by(Movie.id).limit(limit)
    return JSONBytes(await session.json(list[MovieInList], statement))


@app.get("/kept", response_model=list[MovieInList])
async def list_movies_by_kept(session: Reader, start: int = 1, limit: int = 50) -> JSONBytes:
    return JSONBytes(await session.json(list[MovieInList], PAGE.params(start=start, limit=limit)))


@app.post("/reviews", status_code=201, response_model=ReviewCreated)
async def create_review(body: ReviewIn, session: Writer) -> JSONBytes:
    review = New(Review, body, creation_time=datetime.now(UTC))
    return JSONBytes(await session.json(ReviewCreated, review, commit=True), 201)

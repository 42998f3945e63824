"""IMDBench's movies as FastAPI routes over asyncpg, with JSON SQL written by hand: what is hard to beat.

Its pool does not reset a connection that comes back, which saves a round trip: nothing here leaves state behind.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, FastAPI, HTTPException, Request, Response

from bench.movies.json_by_hand import AUTHOR, DIRECTORS, MOVIE, ROW
from bench.movies.shapes import MovieInList, MovieOut, MovieRow, ReviewCreated, ReviewIn

_LIST = f"""
    SELECT array_to_json(array(SELECT row_to_json(x) FROM (
        SELECT m.id, m.image, m.title, m.year, {DIRECTORS} AS directors
        FROM movies m WHERE m.id >= $1 ORDER BY m.id LIMIT $2) x))::text"""
_CREATE = f"""
    WITH r AS (
        INSERT INTO reviews (body, rating, author_id, movie_id, creation_time) VALUES ($1, $2, $3, $4, now())
        RETURNING *)
    SELECT row_to_json(x)::text FROM (SELECT r.id, r.body, r.rating, {AUTHOR} AS author, r.creation_time FROM r) x"""


async def _keep(connection: Any) -> None:
    """Leave a connection that comes back as it is."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    url = os.environ["BENCH_URL"].replace("+asyncpg", "")
    async with asyncpg.create_pool(url, min_size=5, max_size=15, reset=_keep) as pool:
        app.state.pool = pool
        yield


async def get_pool(request: Request) -> Any:
    return request.app.state.pool


Pool = Annotated[Any, Depends(get_pool)]
app = FastAPI(lifespan=lifespan)


async def answer(pool: Any, status: int, statement: str, *values: Any) -> Response:
    async with pool.acquire() as connection:
        text = await connection.fetchval(statement, *values)
    if text is None:
        raise HTTPException(404, "Not found")
    return Response(text, status, media_type="application/json")


@app.get("/movies/{movie_id}", response_model=MovieRow)
async def get_movie(movie_id: int, pool: Pool) -> Response:
    return await answer(pool, 200, ROW, movie_id)


@app.get("/movies/{movie_id}/tree", response_model=MovieOut)
async def get_movie_tree(movie_id: int, pool: Pool) -> Response:
    return await answer(pool, 200, MOVIE, movie_id)


@app.get("/kept", response_model=list[MovieInList])
@app.get("/movies", response_model=list[MovieInList])
async def list_movies(pool: Pool, start: int = 1, limit: int = 50) -> Response:
    return await answer(pool, 200, _LIST, start, limit)


@app.post("/reviews", response_model=ReviewCreated, status_code=201)
async def create_review(body: ReviewIn, pool: Pool) -> Response:
    return await answer(pool, 201, _CREATE, body.body, body.rating, body.author_id, body.movie_id)

"""install(): one call that makes a FastAPI application keep its word."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import isasyncgenfunction, iscoroutinefunction, unwrap
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from crosslet.database import Database
from crosslet.errors import ConfigurationError
from crosslet.web.answers import answer_problems
from crosslet.web.dependencies import OpenReader, OpenWriter
from crosslet.web.health import health_routes
from crosslet.web.implicit import open_portals
from crosslet.web.not_loaded import answer_not_loaded
from crosslet.web.params import describe_params
from crosslet.web.reading import readings_of
from crosslet.web.retries import RetryRoute
from crosslet.web.streams import describe_streams
from crosslet.web.units import UnitMiddleware

logger = logging.getLogger("crosslet.web")

_IS_ASYNC = (iscoroutinefunction, isasyncgenfunction)


def install(
    app: FastAPI,
    db: Database,
    *,
    health: str | None = "/health",
    check: bool = True,
    create_tables: bool = False,
    retry: bool = False,
    implicit_io: bool = False,
) -> None:
    """Give an application its database: units of work, error answers, health, start and stop.

    Call it once, before the application starts; its own lifespan goes on working, inside this one.

    Args:
        app: The application.
        db: Its database; closed when the application stops.
        health: Where `/live` and `/ready` go; None for no such routes.
        check: Connect once at the start, so that a wrong URL ends it at once and not with the first request.
        create_tables: Create missing tables at the start, for demonstrations and tests.
        retry: Run handlers again after failures that may pass (see RetryRoute), for routes that are declared on
            `app` after this call.
        implicit_io: Let a plain `user.posts` wait for the database in every `async def` route, in what it depends on
            and in its response. Any attribute that is not loaded may then be a moment where other requests go on;
            `explicit_io` and ImplicitIORoute choose by route and router.

    Raises:
        ConfigurationError: `db` is no Database. At the application's start: a route takes its `Writer` in request
            scope, so its commit would come after the response; a plain `def` takes a session, which it cannot await; a
            shape that its handler reads does not fit the mapped class.
        Unavailable: At the application's start: the database does not answer.
    """
    if not isinstance(db, Database):
        raise ConfigurationError("Give install() a Database: `install(app, Database.from_env())`.")
    app.add_middleware(UnitMiddleware, database=db)
    answer_problems(app)
    answer_not_loaded(app)
    describe_streams(app)
    describe_params(app)
    if health is not None:
        app.include_router(health_routes(db, health))
    if retry:
        app.router.route_class = RetryRoute
    if implicit_io:
        open_portals(app)
    _surround_lifespan(app, db, check=check, create_tables=create_tables)


def _surround_lifespan(app: FastAPI, db: Database, *, check: bool, create_tables: bool) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        _check_routes(running, db)
        if db.is_fallback:
            logger.warning("DATABASE_URL is not set: %s in the working directory is used.", db.url)
        try:
            if check:
                await db.ping()
            if create_tables:
                await db.create_all()
            async with inner(running) as state:
                yield state
        finally:
            await db.close()

    app.router.lifespan_context = lifespan


def _check_routes(app: FastAPI, db: Database) -> None:
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        if dependant is None:
            continue
        if any(map(_opens, dependant.dependencies)) and _is_plain(dependant.call):
            raise ConfigurationError(
                f"Route {context.path}: a plain `def` cannot await its session. Write `async def "
                f"{getattr(dependant.call, '__name__', '')}`."
            )
        _verify_shapes(context.path, dependant.call, db)


def _verify_shapes(path: str | None, endpoint: Any, db: Database) -> None:
    for shape, entity in readings_of(endpoint):
        try:
            db.verify(shape, entity)
        except ConfigurationError as error:
            raise ConfigurationError(f"Route {path}: {error}") from None


def _is_plain(endpoint: Any) -> bool:
    call = unwrap(endpoint)
    return not any(is_async(item) for item in (call, getattr(call, "__call__", None)) for is_async in _IS_ASYNC)  # noqa: B004


def _opens(dependant: Any) -> bool:
    return isinstance(dependant.call, OpenReader | OpenWriter)

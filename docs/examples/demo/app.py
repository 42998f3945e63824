"""The application. `make_app` is all there is to wire; `app` is for `uvicorn demo.app:app`."""

from fastapi import FastAPI

from crosslet import Database
from crosslet.web import install, problem_responses
from demo.models import Base
from demo.routes import routers


def make_app(database: Database) -> FastAPI:
    """Make the application on a database; its tables are created at the start where they are missing."""
    everywhere = problem_responses(422, 503)
    app = FastAPI(title="crosslet demo", version="1.0", description="Users, posts and money.", responses=everywhere)
    install(app, database, create_tables=True)
    for router in routers:
        app.include_router(router)
    return app


# DATABASE_URL, else ./crosslet.db. Nothing is opened before the application starts.
app = make_app(Database.from_env(metadata=Base))

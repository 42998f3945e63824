"""Answers whose body the database has made."""

from starlette.responses import Response


class JSONBytes(Response):
    """An answer of finished JSON, for a route that declares what it holds by `response_model`.

    `return JSONBytes(await session.json(list[UserOut], select(User)))`: FastAPI keeps the schema in OpenAPI and lets
    the body pass.
    """

    media_type = "application/json"

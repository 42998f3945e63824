"""Health answers for a load balancer: alive (the process), ready (the database, too)."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from crosslet.database import Database
from crosslet.errors import CrossletError


class Health(BaseModel):
    """How a service is."""

    status: Literal["ok", "unavailable"]
    reason: str | None = None


def health_routes(database: Database, prefix: str) -> APIRouter:
    """Return the routes `/live` and `/ready` under a prefix, left out of OpenAPI."""
    router = APIRouter(prefix=prefix, include_in_schema=False)

    @router.get("/live")
    async def live() -> Health:
        return Health(status="ok")

    @router.get("/ready")
    async def ready(response: Response) -> Health:
        try:
            await database.ping()
        except CrossletError as error:
            response.status_code = 503
            # The code only: a reason may name hosts.
            return Health(status="unavailable", reason=error.code)
        return Health(status="ok")

    return router

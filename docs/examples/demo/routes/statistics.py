"""SQL by hand, for what is easier said in SQL; it runs in the unit of work like everything else."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy import bindparam, text

from crosslet import UTCDateTime
from crosslet.web import Reader
from demo.schemas import AuthorStatistics, Limit

router = APIRouter(prefix="/statistics", tags=["statistics"])

# Values go in as parameters, never into the text. A time gets the column's type, to be sent as the column stores it.
BUSIEST_AUTHORS = text(
    """
    SELECT users.id AS user_id,
           users.email AS email,
           (SELECT count(*) FROM posts p WHERE p.author_id = users.id AND p.created_at >= :since) AS posts,
           (SELECT count(*) FROM comments c WHERE c.author_id = users.id AND c.created_at >= :since) AS comments
    FROM users
    ORDER BY posts DESC, comments DESC, email
    LIMIT :top
    """
).bindparams(bindparam("since", type_=UTCDateTime()))


@router.get("/authors")
async def busiest_authors(
    session: Reader, since: Annotated[AwareDatetime, Query()], top: Limit = 10
) -> list[AuthorStatistics]:
    """List who has written most since a moment, such as `2024-01-31T00:00:00Z`."""
    return await session.all(AuthorStatistics, BUSIEST_AUTHORS.bindparams(since=since, top=top))

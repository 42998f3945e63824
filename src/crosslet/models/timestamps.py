"""When a row was made and last changed."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from crosslet.models.types import UTCDateTime, utc_now


def _now() -> datetime:
    return datetime.now(UTC)


def _same_as_created(context: DefaultExecutionContext) -> Any:
    # Python-side and not the server's, so that both can be read after a flush without a statement that an async
    # session could not send. Copied, so that a row that was never updated shows two equal times.
    return context.get_current_parameters().get("created_at") or _now()  # type: ignore[no-untyped-call]


class Timestamps:
    """Give a model `created_at` and `updated_at`, in UTC with microseconds, readable right after a flush.

    Equal on a row that was never updated. `updated_at` moves with each UPDATE of the object and of
    `update(Model)`. SQL written by hand gets both on INSERT from the server's clock, and sets
    `updated_at` itself on UPDATE.
    """

    created_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=_now, server_default=utc_now(), sort_order=1000)
    updated_at: Mapped[datetime] = mapped_column(
        UTCDateTime(), default=_same_as_created, onupdate=_now, server_default=utc_now(), sort_order=1001
    )

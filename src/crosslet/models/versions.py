"""Rows that know how often they were changed, so that nobody overwrites what he has not seen."""

from typing import Any

from sqlalchemy import Integer, event, literal_column
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from crosslet.errors import ConfigurationError


class Versioned:
    """Give a model `version`: 1 when a row is made, one more with each UPDATE.

    An object is only stored if its row still has the version that was read: else the flush raises SQLAlchemy's
    `StaleDataError`, in a route a 409. `update(Model)` counts, too. SQL by hand counts for itself.
    `crosslet.web.ETag` and `IfMatch` carry the version to the client and back.

    Raises:
        ConfigurationError: A class has `__mapper_args__` of its own without the column: merge them,
            `{**Versioned.mapper_args(cls), ...}` in a `declared_attr.directive`.
    """

    version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", onupdate=literal_column("version + 1"), sort_order=1003
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a class, as SQLAlchemy calls it
        return Versioned.mapper_args(cls)

    @staticmethod
    def mapper_args(cls: Any) -> dict[str, Any]:  # noqa: PLW0211 - it is about a class
        """Return what a class with `__mapper_args__` of its own has to have among them."""
        return {"version_id_col": cls.version}


@event.listens_for(Versioned, "mapper_configured", propagate=True)
def _has_column(mapper: Mapper[Any], model: type[Any]) -> None:
    if mapper.version_id_col is None:
        raise ConfigurationError(
            f"{model.__name__} is Versioned and has __mapper_args__ of its own, without the column: write "
            "`{**Versioned.mapper_args(cls), ...}` there, in a declared_attr.directive."
        )

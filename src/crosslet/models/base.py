"""The base classes of models: what every model can do, and which column type an annotation means.

Keys and timestamps are parts of their own (keys.py, timestamps.py); tables' names and options are in tables.py.
"""

import difflib
from collections.abc import Collection, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Double, LargeBinary, String, Time, Uuid, event, inspect
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, InstanceState, Mapper, TypeResolve
from sqlalchemy.types import TypeEngine

import crosslet.models.scaled
import crosslet.models.unit_texts  # noqa: F401 - and refuses what it cannot know about
from crosslet.errors import ConfigurationError
from crosslet.models.keys import UUIDKey
from crosslet.models.tables import prepare_metadata
from crosslet.models.timestamps import Timestamps
from crosslet.models.types import PortableJSON, UTCDateTime

# SQLAlchemy's own choices lose on MySQL and MariaDB: they refuse text without a length, their FLOAT has 24 bits, their
# TIME whole seconds, their BLOB 64 KB.
_COLUMN_TYPES: Final[Mapping[Any, TypeEngine[Any]]] = {
    datetime: UTCDateTime(),
    time: Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb"),
    UUID: Uuid(),
    float: Double(),
    str: String().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb"),
    bytes: LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb"),
    dict: PortableJSON(),
    list: PortableJSON(),
}


def to_dict(instance: object, *, exclude: Collection[str] = ()) -> dict[str, Any]:
    """Return an object's column attributes as a dict, the attributes that are loaded and no others.

    Never loads: what is deferred, expired or not yet set is left out, and so are relationships. Values are
    Python's (UUID, datetime, Decimal). Works for models of any declarative base.

    Args:
        instance: Mapped; it need not be in a session.
        exclude: Attributes to leave out.
    """
    state: InstanceState[Any] = inspect(instance)
    keys = state.mapper.column_attrs.keys()
    loaded = state.dict
    return {key: loaded[key] for key in keys if key in loaded and key not in exclude}


class Portable(AsyncAttrs):
    """Make a declarative base mean the same on every database: column types, names, MySQL storage, constructor.

    `Model` is made of it. For a base of your own: `class Base(Portable, Timestamps, DeclarativeBase): ...`,
    then `class User(UUIDKey, Base)` and `class Event(BigIntKey, Base)`.

    `await user.awaitable_attrs.posts` (SQLAlchemy's) waits for what no statement has loaded.
    """

    type_annotation_map: ClassVar[dict[Any, Any]] = dict(_COLUMN_TYPES)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if DeclarativeBase in cls.__bases__:
            prepare_metadata(cls.metadata)  # type: ignore[attr-defined]
            event.listen(cls, "resolve_type_annotation", _resolve_annotation)

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        for name, value in values.items():
            if not hasattr(cls, name):
                raise TypeError(_unknown_attribute(inspect(cls), name))
            setattr(self, name, value)

    def __repr__(self) -> str:
        # No value but the key, which may be logged; read without loading, which might not be possible here.
        state: InstanceState[Any] = inspect(self)
        names = [state.mapper.get_property_by_column(column).key for column in state.mapper.primary_key]
        key = state.identity or tuple(map(state.dict.get, names))
        shown = "unsaved" if None in key else ", ".join(map(str, key))
        return f"<{type(self).__name__} {shown}>"

    def to_dict(self, *, exclude: Collection[str] = ()) -> dict[str, Any]:
        """Return the loaded column attributes; nothing is ever loaded for it, relationships are left out.

        Args:
            exclude: Attributes to leave out.
        """
        return to_dict(self, exclude=exclude)


def _resolve_annotation(resolve: TypeResolve) -> TypeEngine[Any] | None:
    """Answer for what a table of types cannot: `dict[str, Any]` of any kind, and Decimal, which needs a scale."""
    if resolve.resolved_type is Decimal:
        raise ConfigurationError(
            f"{resolve.cls.__name__}.{resolve.key}: a Decimal needs a number of digits. Write "
            f"`{resolve.key}: Mapped[Decimal] = mapped_column(ExactDecimal(12, 2))`."
        )
    origin = getattr(resolve.resolved_type, "__origin__", None)
    return PortableJSON() if origin in (dict, list) else None


def _unknown_attribute(mapper: Mapper[Any], name: str) -> str:
    close = difflib.get_close_matches(name, mapper.attrs.keys(), n=1)
    advice = f" Did you mean {close[0]!r}?" if close else ""
    return f"{mapper.class_.__name__} has no attribute {name!r}.{advice}"


class Model(Portable, UUIDKey, Timestamps, DeclarativeBase):
    """Base of an application's models: a UUIDv7 key, `created_at` and `updated_at`.

    Plain SQLAlchemy in every other respect; a crosslet session checks its values before any SQL.
    """

    __abstract__ = True

"""Repository: the verbs of one class in one place, for those who like to have one. A thin class over the session.

Every method goes through `statement` and through the others, so that one that is overridden holds for all.
"""

import builtins
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast, overload

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import Mapper

from crosslet import writes
from crosslet.database.session import Session
from crosslet.errors import ConfigurationError, NotFound
from crosslet.reads import CursorPage, Keyset, Offset, Page, Total, with_deleted
from crosslet.shapes import mapper_of
from crosslet.writes import Difference

M = TypeVar("M")
S = TypeVar("S")
Body = BaseModel | Mapping[str, Any]
Order = Any


class Repository(Generic[M]):
    """The rows of one class: `Repository[User](session)`, or `class Users(Repository[User])` with verbs of its own.

    Args:
        session: Of the unit of work; what the repository does belongs to it, and is committed with it.

    Raises:
        ConfigurationError: The class is not mapped, or none is named.
    """

    model: ClassVar[type[Any]]

    def __class_getitem__(cls, model: Any) -> Any:
        """Return the repository of a class; with a type variable, what is generic."""
        if isinstance(model, TypeVar):
            return super().__class_getitem__(model)  # type: ignore[misc]
        if mapper_of(model) is None:
            raise ConfigurationError(f"Repository[{getattr(model, '__name__', model)}]: it is not a mapped class.")
        return type(f"{cls.__name__}Of{model.__name__}", (cls,), {"model": model, "__module__": cls.__module__})

    def __init__(self, session: Session) -> None:
        if not hasattr(type(self), "model"):
            raise ConfigurationError("Name the class: `Repository[User](session)`.")
        self.session = session

    # --- reading ---------------------------------------------------------------------------------

    def statement(self) -> Select[M]:
        """Return what all reads begin with; override it for a default order, or for rows that are never shown."""
        return cast("Select[M]", select(self.model))

    async def get(self, key: Any) -> M | None:
        """Return the row of a primary key (a tuple where that has several columns), or None."""
        return await self.session.first(self.model, self.statement().where(*self._is(key)))

    async def one(self, key: Any) -> M:
        """Return the row of a primary key.

        Raises:
            NotFound: There is none; in a route, a 404.
        """
        found = await self.get(key)
        if found is None:
            raise NotFound(self.model.__name__)
        return found

    @overload
    async def list(
        self, *criteria: ColumnElement[bool], shape: type[S], order_by: Order = None, limit: int | None = None
    ) -> builtins.list[S]: ...

    @overload
    async def list(
        self, *criteria: ColumnElement[bool], order_by: Order = None, limit: int | None = None
    ) -> builtins.list[M]: ...

    async def list(
        self, *criteria: ColumnElement[bool], shape: Any = None, order_by: Order = None, limit: int | None = None
    ) -> builtins.list[Any]:
        """Return rows, as objects or as shapes.

        Args:
            criteria: All of them hold.
            shape: As for `Session.all`; the class itself without it.
            order_by: Instead of the order of `statement`; one expression or several.
            limit: At most so many.
        """
        statement = self._ordered(self.statement().where(*criteria), order_by)
        return await self.session.all(shape or self.model, statement if limit is None else statement.limit(limit))

    @overload
    async def page(
        self, page: Offset, *criteria: ColumnElement[bool], shape: type[S], order_by: Order = None, total: Any = None
    ) -> Page[S]: ...

    @overload
    async def page(
        self, page: Keyset, *criteria: ColumnElement[bool], shape: type[S], order_by: Order = None, total: Any = None
    ) -> CursorPage[S]: ...

    @overload
    async def page(
        self, page: Offset, *criteria: ColumnElement[bool], order_by: Order = None, total: Any = None
    ) -> Page[M]: ...

    @overload
    async def page(
        self, page: Keyset, *criteria: ColumnElement[bool], order_by: Order = None, total: Any = None
    ) -> CursorPage[M]: ...

    async def page(
        self,
        page: Offset | Keyset,
        *criteria: ColumnElement[bool],
        shape: Any = None,
        order_by: Order = None,
        total: Total | None = None,
    ) -> Any:
        """Return one page of the rows; see `Session.page`.

        Args:
            page: `Offset(limit=20, page=3)` or `Keyset(limit=20, cursor=...)`.
            criteria: As for `list`.
            shape: As for `list`.
            order_by: As for `list`.
            total: As for `Session.page`.
        """
        statement = self._ordered(self.statement().where(*criteria), order_by)
        options: dict[str, Any] = {} if total is None else {"total": total}
        return await self.session.page(shape or self.model, statement, page, **options)

    async def count(self, *criteria: ColumnElement[bool]) -> int:
        """Count rows."""
        return await self.session.count(self.statement().where(*criteria))

    async def exists(self, *criteria: ColumnElement[bool]) -> bool:
        """Tell whether there is a row."""
        return await self.session.exists(self.statement().where(*criteria))

    # --- writing ---------------------------------------------------------------------------------

    async def create(self, body: Body | None = None, **extra: Any) -> M:
        """Insert a row, with children where `extra` names a relationship; see `Session.create`."""
        return cast("M", await self.session.create(self.model, body, **extra))

    async def patch(self, row: Any, body: Body, **extra: Any) -> M:
        """Change the fields of a row that were sent, and no others; see `Session.patch`.

        Args:
            row: An object, or its key.
            body: What the client sent.
            extra: What the code decides.

        Raises:
            NotFound: The key has no row.
        """
        return cast("M", await self.session.patch(await self._held(row), body, **extra))

    async def delete(self, row: Any) -> None:
        """Delete a row, given as an object or by its key; see `Session.delete`.

        Raises:
            NotFound: The key has no row.
        """
        await self.session.delete(await self._held(row))

    async def restore(self, row: Any) -> M:
        """Bring back a deleted row, given as an object or by its key; see `Session.restore`.

        Raises:
            NotFound: The key has no row, deleted or not.
        """
        return cast("M", await self.session.restore(await self._held(row, deleted=True)))

    async def purge(self, row: Any) -> None:
        """Delete a row for good, given as an object or by its key, deleted or not; see `Session.purge`.

        Raises:
            NotFound: The key has no row, deleted or not.
        """
        await self.session.purge(await self._held(row, deleted=True))

    async def upsert(self, body: Body, *, key: Any, **extra: Any) -> tuple[M, bool]:
        """Insert a row, or change the one that has its key: `user, is_new = await users.upsert(body, key=User.email)`.

        Columns that are not given are never touched. No other unit can come between: it is one statement.

        Args:
            body: What the client sent.
            key: A unique key of the class: an attribute, its name, or several.
            extra: What the code decides.

        Returns:
            The row, and whether it is new.

        Raises:
            InvalidValue: A value cannot be stored.
            IntegrityViolation: Another constraint was broken.
            ConfigurationError: There is no such unique key, or the row does not name it.
        """
        values = {**writes.given_values(body, only_set=True), **extra}
        writes.refuse_protected(self.model, body, writes.given_values(body, only_set=True))
        result = await self.session.upsert_many(self.model, [values], key=key)
        names = [getattr(one, "key", one) for one in (key if isinstance(key, list | tuple) else (key,))]
        found = [getattr(self.model, str(name)) == values[str(name)] for name in names]
        row = await self.session.one(self.model, self.statement().where(*found))
        return cast("M", row), result.outcomes[0] == "inserted"

    # --- relations, many to many -----------------------------------------------------------------

    async def connect(self, row: Any, relationship: Any, keys: Iterable[Any]) -> Difference:
        """Relate a row to others: `await users.connect(user, User.roles, [1, 2])`. Those that are related stay so.

        Args:
            row: An object, or its key.
            relationship: Many to many.
            keys: Primary keys of the other side, or objects.

        Raises:
            InvalidValue: A key leads to no row; nothing was changed.
            ConfigurationError: It is no many-to-many relationship of the class.
        """
        return await writes.relate(self.session, await self._held(row), relationship, keys, add=True, remove="none")

    async def disconnect(self, row: Any, relationship: Any, keys: Iterable[Any]) -> Difference:
        """Take relations of a row away; keys that it is not related to are no error.

        Args:
            row: As for `connect`.
            relationship: As for `connect`.
            keys: As for `connect`.

        Raises:
            ConfigurationError: As for `connect`.
        """
        return await writes.relate(self.session, await self._held(row), relationship, keys, add=False, remove="given")

    async def set(self, row: Any, relationship: Any, keys: Iterable[Any]) -> Difference:
        """Relate a row to these and no others; only the difference is written.

        Args:
            row: As for `connect`.
            relationship: As for `connect`.
            keys: As for `connect`.

        Raises:
            InvalidValue: As for `connect`.
            ConfigurationError: As for `connect`.
        """
        return await writes.relate(self.session, await self._held(row), relationship, keys, add=True, remove="others")

    # --- inside ----------------------------------------------------------------------------------

    async def _held(self, row: Any, *, deleted: bool = False) -> Any:
        if isinstance(row, self.model):
            return row
        if not deleted:
            return await self.one(row)
        return await self.session.one(self.model, with_deleted(self.statement().where(*self._is(row))))

    def _is(self, key: Any) -> builtins.list[ColumnElement[bool]]:
        mapper: Mapper[Any] = inspect(self.model)
        parts = key if isinstance(key, tuple) else (key,)
        if len(parts) != len(mapper.primary_key):
            raise ConfigurationError(
                f"{self.model.__name__} has a key of {len(mapper.primary_key)} columns, and {len(parts)} were given."
            )
        columns = [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]
        return [column == part for column, part in zip(columns, parts, strict=True)]

    def _ordered(self, statement: Select[M], order_by: Order) -> Select[M]:
        if order_by is None:
            return statement
        given = order_by if isinstance(order_by, tuple | list) else (order_by,)
        return statement.order_by(None).order_by(*given)

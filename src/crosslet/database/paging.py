"""Session.page: one page of a list, by number or by cursor. A shell: what is sent is put together in `reads`."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from crosslet.database import trees
from crosslet.database.reading import ReadingSession
from crosslet.database.trees import Placed
from crosslet.errors import ConfigurationError, InvalidCursor
from crosslet.reads import (
    CAP,
    Cursor,
    CursorPage,
    Keyset,
    Offset,
    Page,
    Planned,
    Request,
    Seek,
    Signer,
    Total,
    TotalIs,
    planned_rows,
    refuse_cached,
    seek_of,
)
from crosslet.shapes import is_shape, mapper_of, reading_of

T = TypeVar("T")
Counted = tuple[int | None, TotalIs | None]


class PageVerbs(ReadingSession):
    """The verb for one page of a list."""

    # Set by the Database that opens the session.
    signer: Callable[[], Signer] | None = None

    @overload
    async def page(
        self,
        shape: type[T],
        statement: Any,
        page: Offset,
        *,
        total: Total = "capped",
        key: Sequence[Any] | None = None,
    ) -> Page[T]: ...

    @overload
    async def page(
        self, shape: type[T], statement: Any, page: Keyset, *, total: Total = "none", key: Sequence[Any] | None = None
    ) -> CursorPage[T]: ...

    async def page(
        self,
        shape: type[T],
        statement: Any,
        page: Offset | Keyset,
        *,
        total: Total | None = None,
        key: Sequence[Any] | None = None,
    ) -> Page[T] | CursorPage[T]:
        """Return one page of a list: by its number, or by a cursor, where a page far down costs what the first does.

        The order is the statement's, completed by the key of the rows, so that no two share a place; NULL is the
        smallest value on every database, unless the statement says `nulls_first()` or `nulls_last()`. Joined rows do
        not multiply objects.

        Args:
            shape: As for `all`.
            statement: `select(User)...` with an `order_by` and no limit, a `select()` of columns, or a mapped class.
            page: `Offset(limit=20, page=3)` or `Keyset(limit=20, cursor=...)`.
            total: `exact` counts all rows, `capped` at most 10,000, `estimated` asks the planner beyond that (SQLite
                has none to ask: as `capped`), `none` asks nothing. It is a statement of its own, left out where the
                page itself shows the end. By default `capped` for Offset, `none` for Keyset.
            key: Columns that tell the rows apart, where that is not known: of a union, or a join to many.

        Raises:
            InvalidCursor: It was not made here for this list; in a route, a 400.
            ConfigurationError: Nothing is known to tell the rows apart, the statement has a limit of its own, or the
                order is of a type that has none on every database.
        """
        refuse_cached(statement)
        engine = self._engine.dialect
        if self._unit.dialect.has_server and engine.server_version_info is None:
            # Nothing has connected yet, and what is written depends on the server's version.
            await self.connection()
        seek = seek_of(statement, key, self._unit.dialect, engine)
        if isinstance(page, Offset):
            return await self._numbered(shape, seek, page, total or "capped")
        if isinstance(page, Keyset):
            return await self._sought(shape, seek, page, total or "none")
        raise ConfigurationError(f"page() takes an Offset or a Keyset, not a {type(page).__name__}.")

    async def _numbered(self, shape: type[T], seek: Seek, page: Offset, total: Total) -> Page[T]:
        found = await self.all(shape, seek.numbered(page.limit + 1, page.skipped))
        items = found[: page.limit]
        has_more = len(found) > page.limit
        # A page that shows the end shows the total; one past the end does not.
        seen = page.skipped + len(items) if not has_more and (items or page.page == 1) else None
        count, count_is = await self._count(seek, total, seen)
        made = _page_of(Page, shape)
        return made.model_construct(  # type: ignore[no-any-return]
            items=items, page=page.page, limit=page.limit, has_more=has_more, total=count, total_is=count_is
        )

    async def _sought(self, shape: type[T], seek: Seek, page: Keyset, total: Total) -> CursorPage[T]:
        signer = self._signer()
        asked = signer.opened(page.cursor, seek.mark) if page.cursor is not None else None
        cursor = await self._place_of(seek, asked) if asked is not None and asked.by_key else asked
        placed = await self._placed(shape, seek.request(cursor, page.limit + 1))
        numbers = list(range(len(placed.places)))[: page.limit]
        has_more = len(placed.places) > page.limit
        if cursor is not None and cursor.backwards:
            numbers.reverse()
        before, after = _around(cursor, [placed.places[number] for number in numbers], has_more=has_more)
        seen = len(numbers) if cursor is None and not has_more else None
        count, count_is = await self._count(seek, total, seen)
        made = _page_of(CursorPage, shape)
        return made.model_construct(  # type: ignore[no-any-return]
            items=placed.made(numbers),
            next=seek.token(after, signer) if after is not None else None,
            previous=seek.token(before, signer) if before is not None else None,
            total=count,
            total_is=count_is,
        )

    def _signer(self) -> Signer:
        if self.signer is None:
            raise ConfigurationError("Cursors are signed by a Database: take the session from `db.read()`.")
        return self.signer()

    async def _place_of(self, seek: Seek, cursor: Cursor) -> Cursor:
        row = (await self.execute(seek.row_of(cursor))).first()
        await self.release()
        if row is None:
            raise InvalidCursor("its row is gone")
        return Cursor(tuple(row), cursor.backwards, cursor.inclusive)

    async def _placed(self, shape: Any, request: Request) -> Placed:
        if is_shape(shape) and mapper_of(shape) is None:
            reader = self.tree_reader()
            placed = await trees.read_placed(reader, shape, request.statement, request.columns, request.values)
            if placed is not None:
                await self.release()
                return placed
        return await self._placed_rows(shape, request)

    async def _placed_rows(self, shape: Any, request: Request) -> Placed:
        reading = reading_of(shape, request.whole)
        selecting: Any = reading.statement
        result = await self.execute(selecting.add_columns(*request.columns))
        width = len(request.columns)
        if mapper_of(shape) is not None:
            # A collection that is loaded by a join repeats the rows.
            rows = [tuple(row) for row in result.unique()]
            made: Callable[[Sequence[int]], list[Any]] = lambda some: _once([rows[number][0] for number in some])  # noqa: E731
        else:
            keys = SimpleResultMetaData(list(result.keys())[:-width])
            rows = [tuple(row) for row in result]
            made = lambda some: reading.decode(IteratorResult(keys, iter([rows[number][:-width] for number in some])))  # noqa: E731
        await self.release()
        return Placed([row[-width:] for row in rows], made)

    async def _count(self, seek: Seek, total: Total, seen: int | None) -> Counted:
        if total == "none":
            return None, None
        if seen is not None:
            return seen, "exact"
        if total == "exact":
            return await self.count(seek.counted), "exact"
        found = await self.count(seek.counted.limit(CAP + 1))
        if found <= CAP:
            return found, "exact"
        if total == "capped" or not self._unit.dialect.estimates_rows:
            return CAP, "at_least"
        estimated = planned_rows(await self._ask(Planned(self._filters.on(seek.counted))))
        return max(estimated or 0, found), "estimated"


def _around(
    cursor: Cursor | None, places: Sequence[tuple[Any, ...]], *, has_more: bool
) -> tuple[Cursor | None, Cursor | None]:
    """Return the cursors that lead back and on from a page, whose rows stand in the list's order."""
    if cursor is None:
        return None, Cursor(places[-1]) if has_more else None
    if not places:
        # The rows that the cursor led to are gone: the way back begins with the row it stands on.
        turned = Cursor(cursor.values, not cursor.backwards, not cursor.inclusive)
        return (None, turned) if cursor.backwards else (turned, None)
    before, after = Cursor(places[0], backwards=True), Cursor(places[-1])
    if cursor.backwards:
        return (before if has_more else None), after
    return before, (after if has_more else None)


def _once(objects: list[Any]) -> list[Any]:
    return list({id(one): one for one in objects}.values())


def _page_of(kind: Any, shape: Any) -> Any:
    """Return the class of a page, with its shape where Pydantic knows that as a type of field."""
    return kind if mapper_of(shape) is not None else kind[shape]

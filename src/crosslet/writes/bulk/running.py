"""The course of a bulk verb: chunk after chunk, what is wrong with rows, what the caller hears of it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, Final, Literal

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from crosslet.errors import (
    ConfigurationError,
    CrossletError,
    DataRejected,
    IntegrityViolation,
    InvalidValue,
    Problem,
    ProtectedField,
)
from crosslet.transactions import Unit
from crosslet.writes.bulk.batches import Batch, Builder, Row
from crosslet.writes.bulk.plans import BulkPlan
from crosslet.writes.bulk.results import BulkResult, Outcome, RowError
from crosslet.writes.bulk.rows import Rows, chunks_of, length_of, values_of
from crosslet.writes.fields import writable_fields
from crosslet.writes.references import references_of, refuse_deleted

OnError = Literal["stop", "skip"]
Progress = Callable[[int, int | None], Awaitable[None] | None]

# A chunk of that many rows keeps the event loop for a hundredth of a second or two, and is within a few per cent of the
# speed of larger ones.
CHUNK: Final = 5_000
# What another row may not have: with these the server has ended nothing but the statement.
_OF_ROWS: Final = (IntegrityViolation, DataRejected)


class Verb(ABC):
    """What the bulk verbs differ in."""

    only_set = True

    def __init__(self, session: AsyncSession, unit: Unit, plan: BulkPlan) -> None:
        self.session = session
        self.unit = unit
        self.plan = plan
        self.result = BulkResult()

    @abstractmethod
    def batches(self, rows: Sequence[Row]) -> tuple[list[Batch], list[RowError]]:
        """Make of rows what can be sent, and say which cannot."""

    def anticipate(self, batch: Batch) -> None:
        """Do what of sending a batch needs no server, while the server is busy with the one before it."""
        return

    async def prepare(self, batch: Batch) -> None:
        """Do what a batch needs outside of the savepoint that it is stored in."""
        return

    async def finish(self) -> None:
        """Take away what was only there for the verb's own use."""
        return

    @abstractmethod
    async def store(self, batch: Batch) -> None:
        """Send a batch and note its outcomes once it has succeeded."""

    def may_name(self, row: Any, name: str) -> bool:
        """Tell whether a row may give an attribute: what a client may have written, no more than a body of `create`."""
        return not isinstance(row, BaseModel) or name in writable_fields(self.plan.mapper.class_)

    def note(self, rows: Sequence[Row], outcome: Outcome) -> None:
        """Note what became of rows."""
        for index, _ in rows:
            self.result.outcomes.change(index, outcome)


async def run(
    verb: Verb, rows: Rows, *, on_error: OnError = "stop", chunk: int | None = None, progress: Progress | None = None
) -> BulkResult:
    """Store all rows with a verb.

    Raises:
        ConfigurationError: An option, the class or a row cannot work as written.
        InvalidValue: A value cannot be stored, and rows are not to be skipped.
        DatabaseError: The database refused; with `on_error="skip"` something else than a row.
    """
    _refuse_options(on_error, chunk)
    await verb.session.flush()
    course = _Course(verb, skips=on_error == "skip")
    total, done = length_of(rows), 0
    async for some in chunks_of(rows, chunk or CHUNK):
        await course.store_all(some, done, rows if isinstance(rows, list | tuple) else ())
        done += len(some)
        if progress is not None and isawaitable(told := progress(done, total)):
            await told
    await verb.finish()
    verb.result.skipped.sort(key=lambda skipped: skipped.index)
    return verb.result


def _refuse_options(on_error: str, chunk: int | None) -> None:
    if on_error not in ("stop", "skip"):
        raise ConfigurationError(f"on_error={on_error!r}: write 'stop' or 'skip'.")
    if chunk is not None and chunk < 1:
        raise ConfigurationError(f"chunk={chunk}: a chunk has at least one row.")


class _Course:
    def __init__(self, verb: Verb, *, skips: bool) -> None:
        self._verb = verb
        self._skips = skips
        self._known: set[Any] = set()
        self._next: _Later | None = None
        # Let go of while the server is busy with the next: freeing some ten thousand values takes a while.
        self._stored: list[Batch] = []

    async def store_all(self, some: Sequence[Any], start: int, everything: Sequence[Any]) -> None:
        """Store a chunk; of rows that are all there, the next one is made ready while the server stores this one."""
        later, self._next = self._next, None
        batches = self._ready(some, start) if later is None else later.result()
        end = start + len(some)
        if following := everything[end : end + len(some)]:
            self._next = _Later(partial(self._anticipated, following, end))
        try:
            for batch in batches:
                await self._verb.prepare(batch)
                await self._store(batch)
        except BaseException:
            if self._next is not None:
                self._next.cancel()
            raise
        if following:
            self._stored = batches

    def _anticipated(self, some: Sequence[Any], start: int) -> list[Batch]:
        self._stored.clear()
        batches = self._ready(some, start)
        for batch in batches:
            self._verb.anticipate(batch)
        return batches

    def _ready(self, some: Sequence[Any], start: int) -> list[Batch]:
        self._verb.result.outcomes.add(len(some), "skipped")
        rows = self._rows(some, start)
        batches, bad = self._verb.batches(rows) if rows else ([], [])
        for each in bad:
            self._report(each.index, each.error)
        return batches

    def _rows(self, some: Sequence[Any], start: int) -> list[Row]:
        if set(map(type, some)) == {dict}:
            kinds: dict[tuple[str, ...], Any] = dict(zip(map(tuple, some), some, strict=True))
            if not any(self._refusal(one, one) for one in kinds.values()):
                return list(enumerate(some, start))
        rows = []
        for index, one in enumerate(some, start):
            values = values_of(one, only_set=self._verb.only_set)
            if (type(one), *values) not in self._known and (error := self._refusal(one, values)) is not None:
                self._report(index, error)
            else:
                rows.append((index, values))
        return rows

    def _refusal(self, row: Any, values: Any) -> InvalidValue | None:
        """Judge the names that a row gives; those of one kind of row once."""
        plan = self._verb.plan
        wrong = [name for name in values if name not in plan.columns or not self._verb.may_name(row, name)]
        if not wrong:
            self._known.add((type(row), *values))
            return None
        declared = type(row).model_fields if isinstance(row, BaseModel) else values
        if smuggled := [name for name in wrong if name not in declared]:
            return InvalidValue([Problem(name, "is not a field that can be set", "unknown_field") for name in smuggled])
        protected = [name for name in wrong if name in plan.columns]
        reason = "a client may not set it" if protected else "it is not a column that can be set"
        raise ProtectedField(plan.name, protected or wrong, reason)

    async def _store(self, batch: Batch) -> None:
        if not self._skips:
            try:
                await self._send(batch)
            except CrossletError as error:
                error.add_note(f"In rows {batch.rows[0][0]} to {batch.rows[-1][0]}, counted from 0.")
                raise
            return
        try:
            async with self._verb.session.begin_nested():
                await self._send(batch)
        except _OF_ROWS as error:
            await self._without(batch, error)

    async def _send(self, batch: Batch) -> None:
        verb = self._verb
        await verb.store(batch)
        for reference in references_of(verb.plan.mapper):
            values = {row[reference.attribute] for _, row in batch.rows if row.get(reference.attribute) is not None}
            if values:
                await verb.session.run_sync(refuse_deleted, reference, values)  # type: ignore[arg-type]

    async def _without(self, batch: Batch, error: CrossletError) -> None:
        """Store what can be stored of a batch that was refused: half of it, and half of that, in the order of rows."""
        if len(batch) > 1:
            half = len(batch) // 2
            await self._store(batch.part(slice(None, half)))
            await self._store(batch.part(slice(half, None)))
        else:
            self._report(batch.rows[0][0], error)

    def _report(self, index: int, error: CrossletError) -> None:
        if not self._skips:
            error.add_note(f"In row {index}, counted from 0.")
            raise error
        self._verb.result.outcomes.change(index, "skipped")
        # Its frames hold the whole chunk.
        error.with_traceback(None).__cause__ = error.__context__ = None
        self._verb.result.skipped.append(RowError(index, error))


class _Later:
    """Work that is done when the event loop has nothing else to do, or at last when its result is wanted."""

    def __init__(self, work: Callable[[], list[Batch]]) -> None:
        self._work = work
        self._found: list[Batch] | None = None
        self._error: Exception | None = None
        self._handle = asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        try:
            self._found = self._work()
        except Exception as error:
            self._error = error

    def cancel(self) -> None:
        """Leave it undone."""
        self._handle.cancel()

    def result(self) -> list[Batch]:
        """Return what came of it."""
        self._handle.cancel()
        if self._found is None and self._error is None:
            self._run()
        if self._error is not None:
            raise self._error
        return self._found or []


def refused(builder: Builder) -> list[RowError]:
    """Return the rows that a builder could not use."""
    return [RowError(bad.index, bad.error) for bad in builder.take_bad()]

"""Session: an AsyncSession that belongs to one unit of work, with the verbs of every day.

A shell: what reads is in reading.py and paging.py, the checks stand in `transactions`, changes in `writes`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSessionTransaction

from crosslet import transactions, writes
from crosslet.database.bulk import BulkVerbs
from crosslet.database.filtering import FilterVerbs
from crosslet.database.paging import PageVerbs
from crosslet.errors import InvalidValue
from crosslet.models import check_values
from crosslet.transactions import Hook, UnitSession

T = TypeVar("T")


class Session(BulkVerbs, FilterVerbs, PageVerbs):
    """One unit of work. Everything an AsyncSession can do, it can do.

    Take it from `db.read()`, `db.write()`, or in a route from `Reader` and `Writer`. It belongs to the
    task that opened it and ends with its unit: used later, or by another task, it raises at once.

    Objects stay readable after a commit (`expire_on_commit` is off) and after the unit.
    """

    # --- writing ---------------------------------------------------------------------------------

    async def create(self, model: type[T], body: BaseModel | Mapping[str, Any] | None = None, **extra: Any) -> T:
        """Insert one row and return its object, every column readable.

        Args:
            model: A mapped class.
            body: What the client sent. It may not name key, timestamps or version.
            extra: What the code decides, by attribute name; nothing is refused here. Under the name of a relationship
                stand objects or bodies of their own, which become its rows: `posts=body.posts`.

        Raises:
            ProtectedField: The body names a column that a client may not set, or none at all.
            InvalidValue: A value cannot be stored; nothing was sent.
            IntegrityViolation: A constraint was broken.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.create(self, model, body, **extra)

    async def patch(self, row: T, body: BaseModel | Mapping[str, Any], **extra: Any) -> T:
        """Change the fields of a row that were sent, and no others; return the same object.

        Raises:
            ProtectedField: The body names a column that a client may not set, or none at all.
            InvalidValue: A value cannot be stored; nothing was sent and the object is as before.
            IntegrityViolation: A constraint was broken.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.patch(self, row, body, **extra)

    async def delete(self, instance: object) -> None:
        """Delete a row now; children follow as the relationship's cascade says.

        A row of a class with SoftDelete is marked, and so are the children of such classes; others stay.

        Raises:
            ForeignKeyViolation: The row is still referenced.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        await writes.delete(self, instance)

    async def restore(self, row: T) -> T:
        """Bring a deleted row back, with the children that were deleted along with it; return the same object.

        A row that lives is left as it is. Find it with `with_deleted` or `only_deleted`.

        Raises:
            ConfigurationError: Its class has no SoftDelete.
            UniqueViolation: A living row has taken its place.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        await self.run_sync(writes.restore_one, row)
        return row

    async def purge(self, row: object) -> None:
        """Delete a row for good, whether it is marked as deleted or not, with the children that its cascades name.

        Raises:
            ForeignKeyViolation: The row is still referenced.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        await self.run_sync(writes.purge_one, row)

    # --- locks -----------------------------------------------------------------------------------

    async def lock(self, name: str, *, wait: float | None = None) -> None:
        """Take a lock by its name, which nobody else has then until this unit ends.

        PostgreSQL's advisory locks, `GET_LOCK` of MySQL and MariaDB. On SQLite a unit that writes excludes all others
        anyway, and the wait is that for the file. On MySQL and MariaDB the connection is closed after the unit.

        Args:
            name: Any text, the same for all that exclude each other; it belongs to the database.
            wait: Seconds; the lock deadline without it. The lock is asked for again and again: who waits longest
                need not be the next.

        Raises:
            LockTimeout: Somebody else had it for so long. The unit may go on.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        unit = self._unit
        await writes.lock(self, unit.dialect, name, wait=unit.deadlines.lock if wait is None else wait)

    async def try_lock(self, name: str) -> bool:
        """Take a lock as `lock` does if nobody else has it, and tell whether it was had.

        Raises:
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.try_lock(self, self._unit.dialect, name)

    # --- the end of the unit ---------------------------------------------------------------------

    @property
    def commits(self) -> int:
        """Count the transactions that this session has committed."""
        return self._unit.commits

    def begin(self) -> AsyncSessionTransaction:
        """Begin the transaction: `async with session.begin()`. Its end commits as `commit` does."""
        return UnitTransaction(self)

    def after_commit(self, hook: Hook) -> None:
        """Run something after the unit's commit is confirmed, and only then.

        Hooks run in the order of registration; in a route, after the response was sent. One registered inside
        a savepoint that is rolled back is dropped. An error in a hook is logged: the commit stands.

        Args:
            hook: Called without arguments; may be async. The session is closed by then.

        Raises:
            ReadOnlySession: The session only reads, so there is no commit to wait for.
        """
        self._refuse_reader()
        self._unit.hooks.append((self._savepoint(), hook))

    async def commit(self) -> None:
        """Commit now and return once the database has confirmed it; then run the hooks.

        A unit opened by `db.write()` or a `Writer` commits by itself at its end. Being cancelled does not
        interrupt a commit: it is awaited, then the cancellation goes on.

        Raises:
            UnitPoisoned: A database error inside the unit was swallowed; nothing is stored.
            CommitOutcomeUnknown: The connection or the deadline was lost on the way.
        """
        await transactions.run_hooks(await self.confirm())

    async def confirm(self) -> list[Hook]:
        """Commit as `commit` does, and hand over the hooks instead of running them."""
        self._unit.check()
        if self._made is None:
            self._unit.check_poison()
            return self._unit.take_hooks()
        if self._unit.read_only:
            await transactions.roll_back(self._inner)
            return []
        try:
            await transactions.commit(self._inner)
        except BaseException:
            if self._inner.in_transaction() or self._unit.poison is not None:
                raise
            # Cancelled, yet committed: the hooks are owed.
            transactions.run_hooks_later(self._unit.take_hooks())
            raise
        return self._unit.take_hooks()

    async def rollback(self) -> None:
        """Undo the transaction; the session can be used for another."""
        self._unit.check()
        if self._made is not None:
            await transactions.roll_back(self._made)
        self._unit.undone()

    def refuse_changes(self) -> None:
        """Refuse to end a reader that holds changed objects.

        Raises:
            ReadOnlySession: Objects were added, changed or deleted; they would be lost without a word.
        """
        if self._made is not None and self._unit.read_only and not self._unit.closed:
            transactions.refuse_changes(self._made)

    def end_unused(self) -> bool:
        """End the unit at once if nothing of it ever reached SQLAlchemy; tell whether that is so."""
        if self._made is not None:
            return False
        self._unit.closed = True
        return True

    async def close(self) -> None:
        """End the unit: roll back what was not committed and give the connection back."""
        if self.end_unused():
            return
        await transactions.close(self._inner)


class UnitTransaction(AsyncSessionTransaction):
    """SQLAlchemy's `session.begin()` block, whose COMMIT is awaited like any other of a Session."""

    async def commit(self) -> None:
        """Commit the session's unit."""
        await cast("Session", self.session).commit()

    async def rollback(self) -> None:
        """Undo the session's unit."""
        await cast("Session", self.session).rollback()

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> None:
        await (self.commit() if error is None else self.rollback())


@event.listens_for(UnitSession, "before_flush")
def _check_values(session: UnitSession, context: Any, instances: Any) -> None:
    """Refuse values that one database or another would cut, round, reject or store as something else."""
    problems = [problem for row in (*session.new, *session.dirty) for problem in check_values(row)]
    if problems:
        raise InvalidValue(problems)

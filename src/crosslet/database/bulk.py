"""The verbs of a session for many rows at once; how they are done is in `writes`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crosslet import writes
from crosslet.transactions import Unit
from crosslet.writes import BulkResult, OnError, Progress, Rows


class BulkVerbs:
    """Many rows at once: validated, chunked, in the unit's transaction, by the fastest road of the database.

    Rows are mappings, Pydantic models or dataclasses that name attributes of the class, from any iterable or async
    iterable, of which no more than a chunk is held. No ORM events are fired and no validators of the class are run;
    Python-side defaults, types and checks of values are those of `create`.
    """

    _unit: Unit

    if TYPE_CHECKING:

        def _refuse_reader(self) -> None: ...

    async def insert_many(
        self,
        model: type[Any],
        rows: Rows,
        *,
        on_error: OnError = "stop",
        chunk: int | None = None,
        progress: Progress | None = None,
    ) -> BulkResult:
        """Insert rows: by COPY on PostgreSQL, else by the driver's `executemany`.

        Args:
            model: A mapped class; its rows lie in one table.
            rows: What to insert. A column that a row does not name gets its default; so does None where there is one.
            on_error: `stop` raises what is wrong with the first row that cannot be stored, and the unit can only roll
                back. `skip` leaves such rows out and reports each; the others are stored.
            chunk: Rows sent at once; 5,000 without it.
            progress: Called after each chunk with the rows done and the rows there are, None where that is not known;
                may be async.

        Raises:
            InvalidValue: A value cannot be stored. A note tells the row.
            IntegrityViolation: A constraint was broken.
            ProtectedField: A row names no column, or as a Pydantic model one that a client may not set.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.insert_many(
            self, self._unit, model, rows, on_error=on_error, chunk=chunk, progress=progress
        )

    async def upsert_many(
        self,
        model: type[Any],
        rows: Rows,
        *,
        key: Any,
        update: Iterable[Any] | None = None,
        on_error: OnError = "stop",
        chunk: int | None = None,
        progress: Progress | None = None,
    ) -> BulkResult:
        """Insert rows, or change the row that has their key. Columns that a row does not name are never touched.

        `outcomes` of the result tells of each row whether it was inserted or updated. A row that exists gets
        `updated_at` and its version as from any change; key, primary key and `created_at` stay. Rows that name the
        same key are taken in their order, as if sent one by one.

        Args:
            model: As for `insert_many`.
            rows: What to store. None means NULL. Each row must have what a new row needs.
            key: A unique key of the class: an attribute, its name, or several.
            update: The attributes that a row which exists takes; those that are given, without it. Empty: such rows
                stay as they are.
            on_error: As for `insert_many`.
            chunk: As for `insert_many`.
            progress: As for `insert_many`.

        Raises:
            ConfigurationError: There is no such key.
            UniqueViolation: A row meets another one by another unique key.
            InvalidValue: As for `insert_many`.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.upsert_many(
            self, self._unit, model, rows, key=key, update=update, on_error=on_error, chunk=chunk, progress=progress
        )

    async def update_many(
        self,
        model: type[Any],
        rows: Rows,
        *,
        key: Any = None,
        on_error: OnError = "stop",
        chunk: int | None = None,
        progress: Progress | None = None,
    ) -> BulkResult:
        """Change rows that exist, each to values of its own; columns that a row does not name stay.

        The same values for all rows of a condition are one `update(Model).where(...).values(...)`.

        Args:
            model: As for `insert_many`.
            rows: Key and new values. None means NULL. Rows whose key does not exist are `missing` in the result.
            key: What rows are found by, as for `upsert_many`; the primary key without it.
            on_error: As for `insert_many`.
            chunk: As for `insert_many`.
            progress: As for `insert_many`.

        Raises:
            ConfigurationError: There is no such key.
            IntegrityViolation: A constraint was broken.
            InvalidValue: As for `insert_many`.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.update_many(
            self, self._unit, model, rows, key=key, on_error=on_error, chunk=chunk, progress=progress
        )

    async def delete_many(
        self, model: type[Any], which: Any, *, chunk: int | None = None, progress: Progress | None = None
    ) -> int:
        """Delete rows by their keys or by a condition, and return how many there were; nothing is read first.

        What hangs on the rows is the database's business: ON DELETE of the foreign keys. The ORM's cascades are not
        run, and a class whose children only they would delete is refused.

        Args:
            model: As for `insert_many`.
            which: Primary keys from any iterable or async iterable, tuples where they have several columns; or
                `select(Model).where(...)`, `delete(Model).where(...)`: one statement.
            chunk: Keys in one DELETE; 1,000 at most.
            progress: As for `insert_many`; not called for a statement.

        Raises:
            ConfigurationError: A relationship has a cascade of the ORM's alone; a statement has more than conditions.
            ForeignKeyViolation: A row is still referenced.
            ReadOnlySession: The session only reads.
        """
        self._refuse_reader()
        return await writes.delete_many(self, model, which, chunk=chunk, progress=progress)

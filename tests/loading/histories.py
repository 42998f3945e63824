"""Two sessions that live through the same operations, one loading alone and one loading peers, and what each sees.

What a batch has loaded stays as it was then. So that this is no difference, each of the two is made to load what the
other has, at once after every operation; from then on all that is loaded in both has to be the same.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError
from sqlalchemy.orm import (
    Session,
    defer,
    joinedload,
    lazyload,
    load_only,
    selectinload,
    subqueryload,
    undefer,
    with_loader_criteria,
)
from sqlalchemy.orm.exc import DetachedInstanceError, ObjectDeletedError

from crosslet.errors import CrossletError
from loading.library import (
    Author,
    Book,
    Copy,
    Librarian,
    Library,
    Loan,
    Node,
    Note,
    Person,
    Review,
    Shelf,
    Topic,
    book_topics,
)

Label = tuple[type[Any], Any]
# What is done, to which object, and numbers that choose among what there is.
Operation = tuple[str, Label, int, int]

SIZES = {Author: 4, Book: 7, Review: 6, Topic: 3, Node: 6, Copy: 5, Person: 4, Loan: 4, Note: 2}
# One more of each than there are rows: it is not there until it is added.
LABELS: list[Label] = [(cls, number) for cls, size in SIZES.items() for number in range(1, size + 2)]
LABELS += [(Shelf, (floor, 1)) for floor in (0, 1, 2)]
ROWS: dict[Any, list[dict[str, Any]]] = {
    Author.__table__: [{"id": n, "name": f"a{n}", "bio": f"b{n}", "photo": "p", "voice": "v"} for n in range(1, 5)],
    Book.__table__: [
        {"id": n, "title": f"t{n}", "pages": 100 + 50 * (n % 3), "author_id": None if n == 7 else n % 3 + 1}
        for n in range(1, 8)
    ],
    Review.__table__: [{"id": n, "text": f"r{n}", "book_id": n % 4 + 1} for n in range(1, 7)],
    Topic.__table__: [{"id": n, "name": f"topic {n}"} for n in range(1, 4)],
    book_topics: [{"book_id": n, "topic_id": t} for n in range(1, 6) for t in range(1, n % 3 + 2)],
    Node.__table__: [{"id": n, "parent_id": n // 2 or None} for n in range(1, 7)],
    Shelf.__table__: [{"floor": floor, "number": 1} for floor in (0, 1)],
    Copy.__table__: [{"id": n, "floor": n % 2, "number": 1} for n in range(1, 6)],
    Person.__table__: [{"id": n, "kind": "librarian" if n % 2 else "person"} for n in range(1, 5)],
    Librarian.__table__: [{"id": n, "desk": f"d{n}"} for n in (1, 3)],
    Loan.__table__: [{"id": n, "person_id": n % 4 + 1} for n in range(1, 5)],
    Note.__table__: [{"id": n, "librarian_id": 2 * n - 1} for n in (1, 2)],
}


def reset(connection: Any) -> None:
    """Make the rows what they are at the beginning."""
    connection.execute(update(Node.__table__).values(parent_id=None))
    for table in reversed(Library.metadata.sorted_tables):
        connection.execute(delete(table))
    for table, rows in ROWS.items():
        connection.execute(insert(table), rows)


def columns_of(cls: type[Any]) -> list[str]:
    return sorted(one.key for one in inspect(cls).column_attrs if one.key not in {"id", "kind", "floor", "number"})


def relations_of(cls: type[Any], *, writable: bool) -> list[Any]:
    mapper = inspect(cls, raiseerr=False)
    found = sorted(mapper.relationships, key=lambda one: one.key) if mapper is not None else []
    return [one for one in found if not (writable and one.viewonly)]


def label_of(row: Any) -> Label:
    """Name an object the same in both sessions, without loading anything."""
    state = inspect(row)
    if isinstance(row, Shelf):
        return Shelf, state.key[1] if state.key else (state.dict.get("floor", 0), state.dict.get("number", 0))
    cls = Person if isinstance(row, Person) else type(row)
    return cls, state.key[1][0] if state.key else state.dict.get("id")


def name_of(row: Any) -> str:
    cls, key = label_of(row)
    return f"{cls.__name__} {key}"


def seen(row: Any, key: str, value: Any) -> Any:
    """Write a value so that it can be compared; collections in their order where they have one."""
    prop = inspect(row).mapper.relationships.get(key)
    if prop is None or value is None:
        return value
    if not prop.uselist:
        return name_of(value)
    names = [name_of(one) for one in value]
    return names if prop.order_by else sorted(names)


OPTIONS: list[Callable[[type[Any]], list[Any]]] = [
    lambda cls: [],
    lambda cls: [],
    lambda cls: [selectinload(getattr(cls, one.key)) for one in relations_of(cls, writable=False)[:1]],
    lambda cls: [joinedload(getattr(cls, one.key)) for one in relations_of(cls, writable=False)[-1:]],
    lambda cls: [subqueryload(getattr(cls, one.key)) for one in relations_of(cls, writable=False)[:1]],
    lambda cls: [lazyload(getattr(cls, one.key)) for one in relations_of(cls, writable=False)[:1]],
    lambda cls: [defer(getattr(cls, key)) for key in columns_of(cls)[:2]],
    lambda cls: [undefer(getattr(cls, key)) for key in columns_of(cls)[:1]],
    lambda cls: [load_only(*(one for one in inspect(cls).primary_key), raiseload=False)] if cls is Topic else [],
    lambda cls: [load_only(getattr(cls, columns_of(cls)[-1]))] if columns_of(cls) else [],
    lambda cls: [with_loader_criteria(Book, Book.pages > 100), with_loader_criteria(Node, Node.id != 3)],
    lambda cls: [selectinload("*")],
]


NAMES = (
    *("read", "touch", "touch_all") * 8,
    *("read_subclass", "get", "set", "relate", "forget", "append", "remove", "replace", "new", "merge", "delete"),
    *("flush", "autoflush", "expire", "expire_all", "refresh", "expunge", "add"),
    *("commit", "rollback", "savepoint", "release", "undo"),
)


class Actor:
    """One of the two sessions, and the objects that whoever uses it holds."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[Label, Any] = {}
        self._kept: list[Any] = []

    def do(self, operation: Operation) -> Any:
        """Do one thing, and return what was seen or the class of what was raised."""
        name, label, first, second = operation
        try:
            return getattr(self, f"_{name}")(label, first, second)
        except (SQLAlchemyError, CrossletError, ValueError, KeyError, AttributeError) as error:
            # The rest is as good as before; these leave a transaction that cannot go on.
            goes_on = InvalidRequestError | ObjectDeletedError | DetachedInstanceError | ValueError
            if not (isinstance(error, goes_on) and self.session.is_active):
                self._rollback()
            return type(error)
        finally:
            self.hold()

    def hold(self) -> None:
        """Keep all that the session has: what is collected and what is not must not make a difference."""
        for row in (*self.session.new, *self.session.identity_map.values()):
            self.held[label_of(row)] = row
            self._kept.append(row)

    def _row(self, label: Label) -> Any:
        # Most histories hold few of all labels: another of the class, or of any, does as well.
        found = self.held.get(label)
        if found is None:
            number = LABELS.index(label)
            found = self._of(label[0], number) or self._of(Library, number)
        return found

    def _of(self, cls: type[Any], number: int) -> Any:
        found = [row for _, row in self._sorted() if isinstance(row, cls)]
        return found[number % len(found)] if found else None

    # --- reading ---

    def _read(self, label: Label, first: int, second: int) -> Any:
        cls = label[0]
        statement = select(cls).order_by(*inspect(cls).primary_key).options(*OPTIONS[first % len(OPTIONS)](cls))
        if second % 4 == 0:
            statement = statement.execution_options(populate_existing=True)
        if second % 3 == 0:
            statement = statement.limit(3)
        return [name_of(row) for row in self.session.execute(statement).unique().scalars()]

    def _read_subclass(self, *_: Any) -> Any:
        return [name_of(row) for row in self.session.scalars(select(Librarian).order_by(Librarian.id))]

    def _get(self, label: Label, *_: int) -> Any:
        found = self.session.get(label[0], label[1])
        return found and name_of(found)

    def _touch(self, label: Label, first: int, second: int) -> Any:
        row = self._row(label)
        if row is None:
            return None
        return self._look(row, self._key(row, first))

    def _look(self, row: Any, key: str) -> Any:
        value, state = getattr(row, key), inspect(row)
        # Of what is deleted a flush reads as much as it needs, in an order of its own.
        return None if state.deleted or state.was_deleted else seen(row, key, value)

    def _touch_all(self, label: Label, first: int, second: int) -> Any:
        cls = type(self._row(label))
        rows = [row for _, row in self._sorted() if type(row) is cls]
        key = self._key(rows[0], first) if rows else ""
        return [self._look(row, key) for row in rows]

    def _key(self, row: Any, number: int) -> str:
        # What is loaded already is of little interest.
        keys = sorted(inspect(row).unloaded) if number % 4 else []
        keys = keys or sorted(inspect(row).mapper.attrs.keys())
        return keys[number % len(keys)]

    def _sorted(self) -> list[tuple[Label, Any]]:
        return sorted(self.held.items(), key=lambda one: (one[0][0].__name__, str(one[0][1])))

    # --- changing ---

    def _set(self, label: Label, first: int, second: int) -> None:
        row = self._row(label)
        keys = columns_of(type(row)) if row is not None else []
        if not keys:
            return
        key = keys[first % len(keys)]
        column = inspect(type(row)).columns[key]
        if column.foreign_keys:
            setattr(row, key, None if column.nullable and second == 0 else second % 5 + 1)
        else:
            setattr(row, key, 100 + 50 * (second % 3) if key == "pages" else f"new {second}")

    def _relate(self, label: Label, first: int, second: int) -> None:
        row = self._row(label)
        relations = [one for one in relations_of(type(row), writable=True) if not one.uselist]
        if relations:
            prop = relations[first % len(relations)]
            setattr(row, prop.key, None if second == 0 else self._of(prop.mapper.class_, second))

    def _forget(self, label: Label, first: int, second: int) -> None:
        row = self._row(label)
        if relations := relations_of(type(row), writable=True):
            delattr(row, relations[first % len(relations)].key)

    def _collection(self, label: Label, first: int, second: int) -> Any:
        row = self._row(label)
        relations = [one for one in relations_of(type(row), writable=True) if one.uselist]
        if not relations:
            return None, None, None
        prop = relations[first % len(relations)]
        return row, prop, self._of(prop.mapper.class_, second)

    def _append(self, label: Label, first: int, second: int) -> None:
        row, prop, other = self._collection(label, first, second)
        if other is not None:
            found = getattr(row, prop.key)
            found.add(other) if isinstance(found, set) else found.append(other)

    def _remove(self, label: Label, first: int, second: int) -> None:
        row, prop, other = self._collection(label, first, second)
        if other is not None:
            getattr(row, prop.key).remove(other)

    def _replace(self, label: Label, first: int, second: int) -> None:
        row, prop, other = self._collection(label, first, second)
        if other is not None:
            setattr(row, prop.key, {other} if prop.collection_class is set or prop.secondary is not None else [other])

    def _new(self, label: Label, first: int, second: int) -> None:
        cls, key = label
        if label not in self.held or inspect(self.held[label]).session is not self.session:
            self.session.add(made(cls, key, first, second))

    def _merge(self, label: Label, first: int, second: int) -> str:
        return name_of(self.session.merge(made(*label, first, second)))

    def _delete(self, label: Label, *_: int) -> None:
        if (row := self._row(label)) is not None:
            self.session.delete(row)

    # --- the session ---

    def _flush(self, *_: Any) -> Any:
        self.session.flush()
        return self.stored()

    def _autoflush(self, label: Label, first: int, second: int) -> None:
        self.session.autoflush = bool(first % 2)

    def _expire(self, label: Label, first: int, second: int) -> None:
        if (row := self._row(label)) is not None:
            keys = sorted(inspect(row).mapper.attrs.keys())
            self.session.expire(row, None if second % 2 else [keys[first % len(keys)]])

    def _expire_all(self, *_: Any) -> None:
        self.session.expire_all()

    def _refresh(self, label: Label, first: int, second: int) -> None:
        if (row := self._row(label)) is not None:
            keys = sorted(inspect(row).mapper.attrs.keys())
            self.session.refresh(row, None if second % 2 else [keys[first % len(keys)]])

    def _expunge(self, label: Label, *_: int) -> None:
        if (row := self._row(label)) is not None:
            self.session.expunge(row)

    def _add(self, label: Label, *_: int) -> None:
        if (row := self._row(label)) is not None:
            self.session.add(row)

    def _commit(self, *_: Any) -> Any:
        while self.session.in_nested_transaction():
            self.session.get_nested_transaction().commit()  # type: ignore[union-attr]
        self.session.commit()
        return self.stored()

    def _rollback(self, *_: Any) -> None:
        self.session.rollback()

    def _savepoint(self, *_: Any) -> None:
        self.session.begin_nested()

    def _release(self, *_: Any) -> None:
        if (nested := self.session.get_nested_transaction()) is not None:
            nested.commit()

    def _undo(self, *_: Any) -> None:
        if (nested := self.session.get_nested_transaction()) is not None:
            nested.rollback()

    # --- what there is ---

    def stored(self) -> list[Any]:
        """Read all tables as they are in the transaction."""
        connection = self.session.connection()
        tables = Library.metadata.sorted_tables
        return [sorted(map(str, connection.execute(select(table)))) for table in tables]

    def loaded(self) -> dict[Label, dict[str, Any]]:
        """Return all attributes that are loaded, as `seen`."""
        found = {}
        for label, row in self.held.items():
            state = inspect(row)
            found[label] = {"": (state.persistent, state.pending, state.deleted, state.detached)}
            if state.persistent or state.pending:
                keys = state.mapper.attrs.keys() & state.dict.keys()
                found[label] |= {key: seen(row, key, state.dict[key]) for key in keys}
        return found

    def load(self, wanted: Iterable[tuple[Label, str]]) -> None:
        """Touch attributes, in the state in which the other session has loaded them."""
        with self.session.no_autoflush:
            for label, key in wanted:
                # What cannot be loaded is missing in the comparison afterwards.
                with suppress(SQLAlchemyError, CrossletError):
                    getattr(self.held[label], key)
        self.hold()


def missing(mine: dict[Label, dict[str, Any]], others: dict[Label, dict[str, Any]]) -> Iterator[tuple[Label, str]]:
    """Yield what the other has loaded and this one has not."""
    for label, values in others.items():
        if label in mine:
            yield from ((label, key) for key in values if key and key not in mine[label])


def made(cls: type[Any], key: Any, first: int, second: int) -> Any:
    """Make an object whose key is given, with everything that may not be NULL."""
    if cls is Shelf:
        return Shelf(floor=key[0], number=key[1])
    if cls is Person and key % 2:
        return Librarian(id=key, desk=f"n{first}")
    rest: dict[Any, dict[str, Any]] = {
        Author: {"name": f"n{first}", "bio": "b", "photo": "p", "voice": "v"},
        Book: {"title": f"n{first}", "pages": 100 + 50 * (second % 3), "author_id": second % 4 or None},
        Review: {"text": f"n{first}", "book_id": second % 6 + 1},
        Topic: {"name": f"n{first}"},
        Node: {"parent_id": second % 4 or None},
        Copy: {"floor": second % 2, "number": 1},
        Loan: {"person_id": second % 4 + 1},
        Note: {"librarian_id": 1},
    }
    return cls(id=key, **rest.get(cls, {}))

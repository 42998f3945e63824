"""From an outline to the column that holds a whole tree: the recursion, the same for all databases."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, exists, select
from sqlalchemy.orm import RelationshipProperty, aliased
from sqlalchemy.sql import visitors
from sqlalchemy.sql.util import ClauseAdapter
from sqlalchemy.types import NullType, TypeEngine

from crosslet.shapes.attributes import moved
from crosslet.shapes.kinds import Kind
from crosslet.shapes.outline import Branch, Leaf, Outline, Part, Tally
from crosslet.shapes.trees.mariadb import MariaDBTrees
from crosslet.shapes.trees.mysql import MySQLTrees
from crosslet.shapes.trees.postgresql import PostgreSQLTrees
from crosslet.shapes.trees.sqlite import SQLiteTrees
from crosslet.shapes.trees.writer import Parts, Rows, TreeWriter
from crosslet.shapes.values import Target, value_of

_BOOL = Kind("bool")


class Mode(Enum):
    """What the JSON is for."""

    SENT = "it leaves as it is"
    READ = "Pydantic makes objects of it"


def root_of(outline: Outline, entity: Any, target: Target, mode: Mode) -> ColumnElement[str]:
    """Write the column that holds the tree of each row of a statement.

    Args:
        outline: Of the shape.
        entity: What the statement selects: the mapped class or an alias of it.
        target: The database.
        mode: What the JSON is for; `unreadable` has said that it can be done.
    """
    writer = _writer(target)
    return writer.root(_Compiler(writer, target, mode).parts(outline, entity))


def unreadable(outline: Outline, target: Target, mode: Mode) -> Iterator[str]:
    """Say what keeps a tree from being read as JSON in a mode; nothing if nothing does."""
    if outline.depth > (depth := _writer(target).depth):
        yield f"it has {outline.depth} levels, and {target.name} takes {depth}"
    if mode is Mode.SENT:
        yield from _computed(outline)
    for path, part in outline.walk():
        if mode is Mode.SENT and part.field.is_hidden:
            continue
        reason = _reason(part, target, mode)
        if reason is not None:
            yield f"{path}: {reason}"


def _computed(outline: Outline) -> Iterator[str]:
    if not outline.is_whole:
        yield f"{getattr(outline.shape, '__name__', outline.shape)} has fields that no column gives"
    for part in outline.parts:
        if isinstance(part, Branch):
            yield from _computed(part.outline)


def _reason(part: Part, target: Target, mode: Mode) -> str | None:
    if mode is Mode.SENT and not part.kind.is_plain:
        return "a validator or serializer stands between column and answer"
    if mode is Mode.READ and not part.kind.takes_json:
        return "a validator expects the Python value"
    if isinstance(part, Branch):
        return None if mode is Mode.READ or part.is_safe else "it may be missing where the field cannot be None"
    if isinstance(part, Tally):
        fits = part.kind.name in ({"int", "float", "any"} if part.is_count else {"bool", "any"})
        return None if fits else f"{part.kind.name} is not what it is"
    return _reason_of_leaf(part, target, mode)


def _reason_of_leaf(leaf: Leaf, target: Target, mode: Mode) -> str | None:
    value = value_of(leaf.type, leaf.kind, target, exact=mode is Mode.SENT)
    if value is None and isinstance(leaf.type, NullType):
        return f"the type of {leaf.column.name} is not known: give it one, `cast(..., Integer)`"
    if value is None:
        return f"{leaf.type!r} as {leaf.kind.name} is made by Python alone"
    if mode is Mode.SENT and not value.same:
        return f"Pydantic makes another value of {leaf.type!r}"
    if mode is Mode.SENT and not leaf.is_safe:
        return "it may be None where the field cannot be"
    return None


def _writer(target: Target) -> TreeWriter:
    if target.name == "postgresql":
        return PostgreSQLTrees()
    if target.name == "sqlite":
        return SQLiteTrees(target.version)
    return MariaDBTrees() if target.name == "mariadb" else MySQLTrees()


class _Compiler:
    """One way down an outline."""

    def __init__(self, writer: TreeWriter, target: Target, mode: Mode) -> None:
        self.writer = writer
        self.target = target
        self.mode = mode

    def parts(self, outline: Outline, entity: Any) -> Parts:
        """Write every field of one row."""
        sent = self.mode is Mode.SENT
        return [
            (part.field.written if sent else part.field.key, self.part(part, entity))
            for part in outline.parts
            if not (sent and part.field.is_hidden)
        ]

    def part(self, part: Part, entity: Any) -> ColumnElement[Any]:
        if isinstance(part, Leaf):
            return self._value(part.column.read(entity), part.type, part.kind)
        rows = related_rows(part, entity)
        if isinstance(part, Branch):
            below = self.parts(part.outline, rows.source)
            return self.writer.many(below, rows) if part.many else self.writer.one(below, rows)
        if part.is_count:
            return self.writer.count(rows)
        found = exists(select(1).select_from(rows.source).where(rows.condition).correlate_except(None))
        return self._value(found, Boolean(), _BOOL)

    def _value(self, column: ColumnElement[Any], type_: TypeEngine[Any], kind: Kind) -> ColumnElement[Any]:
        value = value_of(type_, kind, self.target, exact=self.mode is Mode.SENT)
        if value is None:
            raise AssertionError("what cannot be read as JSON was asked for")  # `unreadable` was not
        return value.write(column)


def related_rows(part: Branch | Tally, entity: Any) -> Rows:
    """Return the rows that a field of an entity leads to, under an alias of their own."""
    attribute = getattr(entity, part.relationship)
    relationship: RelationshipProperty[Any] = attribute.property
    alias = aliased(relationship.mapper, flat=True)
    joined = attribute.of_type(alias)
    condition = (joined.and_(*part.criteria) if part.criteria else joined).__clause_element__()
    if isinstance(part, Tally):
        return Rows(alias, condition)
    order_by = part.order_by if part.order_by is not None else tuple(relationship.order_by or ())
    ordered = tuple(_moved(item, relationship, alias, condition) for item in order_by) if part.many else ()
    return Rows(alias, condition, ordered, part.limit, part.offset)


def _moved(item: Any, relationship: RelationshipProperty[Any], alias: Any, condition: Any) -> Any:
    """Write an order over the aliases that the rows, and the table between, are read under."""
    element = item.__clause_element__() if hasattr(item, "__clause_element__") else item
    over_alias = moved(element, relationship.mapper, alias)
    between = _alias_of_secondary(relationship, condition)
    return ClauseAdapter(between).traverse(over_alias) if between is not None else over_alias


def _alias_of_secondary(relationship: RelationshipProperty[Any], condition: Any) -> Any:
    if relationship.secondary is None:
        return None
    for element in visitors.iterate(condition):
        table = getattr(element, "table", None)
        if getattr(table, "element", None) is relationship.secondary:
            return table
    return None

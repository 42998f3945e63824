"""From an outline to the column that holds a whole tree: the recursion, the same for all databases."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, case, exists, inspect, null, or_, select
from sqlalchemy.types import NullType, TypeEngine

from crosslet.shapes.kinds import Kind
from crosslet.shapes.parts import Branch, Choice, Composite, Leaf, Option, Outline, Part, Tag, Tally, outlines_below
from crosslet.shapes.trees.mariadb import MariaDBTrees
from crosslet.shapes.trees.mysql import MySQLTrees
from crosslet.shapes.trees.postgresql import PostgreSQLTrees
from crosslet.shapes.trees.relations import related_rows
from crosslet.shapes.trees.sqlite import SQLiteTrees
from crosslet.shapes.trees.writer import Parts, Rows, TreeWriter
from crosslet.shapes.values import Target, value_of
from crosslet.shapes.values.held import held_by

_BOOL, _ANY = Kind("bool"), Kind("any")
# Stands for a row of a class that nobody mapped, in JSON that is not looked at otherwise.
STRANGER = "crosslet: of no class that is mapped"
# What may happen with a part that is not safe.
_MISSING = "it may be missing where the field cannot be None"
_UNSAFE: dict[type[Part], str] = {
    Branch: _MISSING,
    Composite: _MISSING,
    Choice: "there may be rows that no member of the union stands for",
}


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
    yield from dict.fromkeys(_reasons(outline, target, mode))


def _reasons(outline: Outline, target: Target, mode: Mode) -> Iterator[str]:
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
        for below in outlines_below(part):
            yield from _computed(below)


def _reason(part: Part, target: Target, mode: Mode) -> str | None:  # noqa: PLR0911 - a table of parts
    if mode is Mode.SENT and not part.kind.is_plain:
        return "a validator or serializer stands between column and answer"
    if mode is Mode.READ and not part.kind.takes_json:
        return "a validator expects the Python value"
    match part:
        case Leaf():
            return _reason_of_leaf(part, target, mode)
        case Tally():
            fits = part.kind.name in ({"int", "float", "any"} if part.is_count else {"bool", "any"})
            return None if fits else f"{part.kind.name} is not what it is"
        case Composite() if (reason := _reason_of_composite(part, target)) is not None:
            return reason
        case Tag() if value_of(_type_of(part), _ANY, target, exact=True) is None:
            return "what tells the classes apart is read by Python alone"
    if mode is Mode.READ or isinstance(part, Tag) or part.is_safe:
        return None
    return _UNSAFE[type(part)]


def _type_of(tag: Tag) -> TypeEngine[Any]:
    return tag.told_by(tag.mapper.class_).type


def _reason_of_composite(part: Composite, target: Target) -> str | None:
    if part.made.code is not None:
        return f"{part.made.code} is Python code"
    if part.made.none_on is None:
        return None
    # JSON's null is None, too, and so may be what Python code reads.
    held = [held_by(column.type, target) for column in part.made.columns.values()]
    alone = any(one is None or one.sort == "json" for one in held)
    return "whether all of its values are None is known to Python alone" if alone else None


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
            (self._name(part), self.part(part, entity)) for part in outline.parts if not (sent and part.field.is_hidden)
        ]

    def _name(self, part: Part) -> str:
        return part.field.written if self.mode is Mode.SENT else part.field.key

    def part(self, part: Part, entity: Any) -> ColumnElement[Any]:
        match part:
            case Leaf():
                return self._value(part.column.read(entity), part.type, part.kind)
            case Composite():
                return self._composite(part, entity)
            case Tag():
                return self._tag(part, entity)
            case Choice():
                return self._choice(part, entity)
            case Branch():
                return self._branch(part, related_rows(part, entity))
            case Tally():
                return self._tally(part, related_rows(part, entity))

    def _tally(self, part: Tally, rows: Rows) -> ColumnElement[Any]:
        if part.is_count:
            return self.writer.count(rows)
        found = exists(select(1).select_from(rows.source).where(rows.condition).correlate_except(None))
        return self._value(found, Boolean(), _BOOL)

    def _branch(self, part: Branch, rows: Rows) -> ColumnElement[Any]:
        if part.is_value:
            value = self.part(part.outline.parts[0], rows.source)
            return self.writer.values(value, rows) if part.many else self.writer.value(value, rows)
        below = self.parts(part.outline, rows.source)
        return self.writer.many(below, rows) if part.many else self.writer.one(below, rows)

    def _composite(self, part: Composite, entity: Any) -> ColumnElement[Any]:
        made = self.writer.object(self.parts(part.outline, entity))
        if part.made.none_on is None or part.made.may_be_none is False:
            return made
        there = or_(*[column.read(entity).is_not(None) for column in part.made.columns.values()])
        return self.writer.choice([(there, made)])

    def _choice(self, part: Choice, entity: Any) -> ColumnElement[Any]:
        first = part.options[0].tag
        whens = [
            (
                or_(*[self._is(option.tag, entity, held) for held, _ in option.tag.tags]),
                self.writer.object(self.parts(option.outline, entity_for(option, entity))),
            )
            for option in part.options
        ]
        # A row that no member stands for is no member's: Pydantic refuses it, and whoever looks sees what it is.
        name = STRANGER if self.mode is Mode.SENT else self._name(first)
        return self.writer.choice(whens, self.writer.object([(name, self._held(first, entity))]))

    def _held(self, tag: Tag, entity: Any) -> ColumnElement[Any]:
        column = tag.told_by(entity)
        value = value_of(column.type, _ANY, self.target, exact=True)
        return value.write(column) if value is not None else null()

    def _is(self, tag: Tag, entity: Any, held: Any) -> ColumnElement[bool]:
        """Tell whether a row is of one class: text as JSON has it, since a column's collation may take a for A."""
        column = self._held(tag, entity) if type(held) is str else tag.told_by(entity)
        return column == held  # type: ignore[no-any-return]  # SQLAlchemy says bool of it, for Python's sake

    def _tag(self, part: Tag, entity: Any) -> ColumnElement[Any]:
        written = [(held, self.writer.constant(getattr(tag, "value", tag))) for held, tag in part.tags]
        if len(written) == 1:
            return written[0][1]
        return case(*[(self._is(part, entity, held), constant) for held, constant in written])

    def _value(self, column: ColumnElement[Any], type_: TypeEngine[Any], kind: Kind) -> ColumnElement[Any]:
        value = value_of(type_, kind, self.target, exact=self.mode is Mode.SENT)
        if value is None:
            raise AssertionError("what cannot be read as JSON was asked for")  # `unreadable` was not
        return value.write(column)


def entity_for(option: Option, entity: Any) -> Any:
    """Return the part of a polymorphic alias that the rows of an option are read from."""
    mapper = option.outline.mapper
    return entity if inspect(entity).mapper is mapper else getattr(entity, mapper.class_.__name__)

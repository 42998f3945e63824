"""Planned changes whose row comes back as a tree, in one statement; kept like reads.

Where a change cannot be planned so, it runs through the session and its row is read after it: the same answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    ClauseElement,
    Delete,
    Dialect,
    Insert,
    Table,
    Update,
    insert,
    inspect,
    literal_column,
)
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import Mapper, QueryableAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList
from sqlalchemy.util import EMPTY_DICT

from crosslet.models import Portable
from crosslet.shapes.changing_texts import changing_hand_of
from crosslet.shapes.columns import Changing, mapper_of
from crosslet.shapes.fields import is_shape
from crosslet.shapes.kept import Keyed
from crosslet.shapes.outline import outline_of
from crosslet.shapes.plans import Plans
from crosslet.shapes.returning import can_return, tree_of_changed
from crosslet.shapes.texts import Hand
from crosslet.shapes.trees import Mode, unreadable
from crosslet.shapes.values import Target


class New:
    """A row to insert, in place of a statement: `session.one(UserOut, New(User, body), commit=True)`.

    Args:
        model: A mapped class.
        body: What the client sent. It may not name key, timestamps or version.
        extra: What the code decides, by attribute name; nothing is refused here.
    """

    __slots__ = ("body", "extra", "model")

    def __init__(self, model: type[Any], body: BaseModel | Mapping[str, Any] | None = None, **extra: Any) -> None:
        self.model = model
        self.body = body
        self.extra = extra


def is_one_at_most(statement: Any) -> bool:
    """Tell whether a change concerns one row at most, as far as its form shows: one new row, or one by its key."""
    if isinstance(statement, New):
        return True
    if isinstance(statement, Insert):
        return statement.select is None and not statement._multi_values
    mapper = _mapper_of(statement)
    if mapper is None or not isinstance(mapper.local_table, Table):
        return False
    named = {item.left for item in _conditions(statement) if _is_by_value(item)}
    return all(any(column.shares_lineage(one) for one in named) for column in mapper.primary_key)


def _conditions(statement: Update | Delete) -> Iterator[Any]:
    for item in statement._where_criteria:
        yield from item.clauses if isinstance(item, BooleanClauseList) and item.operator is operators.and_ else (item,)


def _is_by_value(item: Any) -> bool:
    return (
        isinstance(item, BinaryExpression) and item.operator is operators.eq and isinstance(item.right, BindParameter)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A change that a driver can be handed.

    Attributes:
        mode: What the JSON that comes back is good for.
        compiled: The statement, for who wants to know what it changes.
    """

    mode: Mode
    mapper: Mapper[Any]
    hand: Hand
    compiled: Compiled
    binds: Sequence[BindParameter[Any]] = ()


def change_for(plans: Plans, shape: Any, statement: Changing, wanted: Mode) -> tuple[Change, Mapping[str, Any]] | None:
    """Plan a statement that changes rows and returns them as trees, with the values of this call.

    Args:
        plans: Of the database.
        shape: Of the rows that come back.
        statement: With the options that the rows in the trees are filtered by.
        wanted: What the JSON is for.

    Returns:
        None where the row has to be read afterwards, or only the engine can send the statement.
    """
    structure = statement._generate_cache_key()
    if structure is None or structure.params or statement.get_execution_options():
        return None
    key = (shape, wanted, structure.key)
    change = plans.kept_change(key, lambda: _planned(plans.target, shape, statement, wanted, structure.bindparams))
    if change is None:
        return None
    return change, {old.key: new.effective_value for old, new in zip(change.binds, structure.bindparams, strict=True)}


def insertion_for(
    plans: Plans, shape: Any, new: Keyed, values: Mapping[str, Any], wanted: Mode
) -> tuple[Change, Mapping[str, Any]] | None:
    """Plan the insert of one row that comes back as a tree; no statement is built for a call.

    Args:
        plans: Of the database.
        shape: Of the row that comes back.
        new: The mapped class, with the options that the rows in the tree are filtered by.
        values: By attribute.
        wanted: What the JSON is for.

    Returns:
        None where the ORM has a part in it, or the row has to be read afterwards.
    """
    mapper, is_plain, given_by_column = _known(new.entity)
    if not is_plain or _is_heard(mapper.dispatch):
        return None
    given = {}
    for name, value in values.items():
        if isinstance(value, _SQL):
            return None
        if value is not None or name not in given_by_column:
            given[name] = value
    key = (shape, wanted, new.entity, new.marks, *given)
    change = plans.kept_change(key, lambda: _insertion(plans.target, shape, mapper, tuple(given), new.options, wanted))
    if change is None:
        return None
    bound = {bound.key: value for bound, value in zip(change.binds, given.values(), strict=True)}
    return change, bound if not new.values else {**bound, **new.values}


_SQL = (ClauseElement, QueryableAttribute)


@lru_cache(maxsize=1024)
def _known(model: Any) -> tuple[Mapper[Any], bool, frozenset[str]]:
    mapper: Mapper[Any] = inspect(model)
    return mapper, _is_plain(mapper), _given_by_column(mapper)


def _insertion(
    target: Target, shape: Any, mapper: Mapper[Any], names: tuple[str, ...], options: tuple[Any, ...], wanted: Mode
) -> Change | None:
    columns = mapper.columns
    if any(name not in columns or _is_heard_setting(mapper, name) for name in names):
        return None
    statement = insert(mapper.class_).values(dict.fromkeys(names)).options(*options)
    return _planned(target, shape, statement, wanted, tuple((statement._values or {}).values()))


def _planned(
    target: Target, shape: Any, statement: Changing, wanted: Mode, binds: Sequence[BindParameter[Any]]
) -> Change | None:
    mapper = _mapper_of(statement)
    if mapper is None or not is_shape(shape) or mapper_of(shape) is not None or statement._returning:
        return None
    outline = outline_of(shape, mapper)
    if not can_return(outline, statement):
        return None
    for mode in (Mode.SENT, Mode.READ) if wanted is Mode.SENT else (Mode.READ,):
        if not any(unreadable(outline, target, mode)):
            compiled = _compiled(target.dialect, statement, tree_of_changed(outline, target, mode))
            hand = changing_hand_of(compiled)
            return None if hand is None else Change(mode, mapper, hand, compiled, binds)
    return None


def _mapper_of(statement: Changing) -> Mapper[Any] | None:
    entity = statement.entity_description.get("entity")
    return mapper_of(entity) if entity is not None else None


def _compiled(dialect: Dialect, statement: Changing, tree: Any) -> Compiled:
    # As with reads: asyncmy returns no rows at all where the first column of one is 16 MiB.
    columns = [literal_column("1").label("n"), tree] if dialect.name in {"mysql", "mariadb"} else [tree]
    returning = statement.returning(*columns)
    returning._execution_options = EMPTY_DICT
    return returning.compile(dialect=dialect)


def _is_plain(mapper: Mapper[Any]) -> bool:
    """Tell whether an INSERT of its columns is all that the ORM does for a new object of a class."""
    return (
        mapper.class_manager.original_init in (mapper.registry.constructor, Portable.__init__)
        and not mapper.validators
        and mapper.version_id_col is None
        and not mapper.inherits
        and mapper.polymorphic_on is None
    )


def _given_by_column(mapper: Mapper[Any]) -> frozenset[str]:
    """Name the attributes whose column gives a value by itself where None was given, as the ORM has it."""
    return frozenset(
        attribute.key
        for attribute in mapper.column_attrs
        if any(
            (getattr(column, "default", None) is not None or getattr(column, "server_default", None) is not None)
            and not column.type.should_evaluate_none
            for column in attribute.columns
        )
    )


def _is_heard(dispatch: Any) -> bool:
    return bool(len(dispatch.before_insert) or len(dispatch.after_insert))


def _is_heard_setting(mapper: Mapper[Any], name: str) -> bool:
    heard = (*mapper.class_manager.dispatch.init, *getattr(mapper.class_, name).dispatch.set)
    return any(not str(getattr(one, "__module__", "")).startswith("sqlalchemy.") for one in heard)

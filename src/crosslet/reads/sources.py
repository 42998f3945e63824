"""What a statement reads from, and what tells its rows apart: tables, joins, and which of them cannot multiply rows.

A joined table cannot where its own unique key is equal to columns of tables that cannot, or to constants: this is the
closure of functional dependencies (Codd, "Further normalization of the data base relational model", 1971).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Subquery, Table, UnaryExpression, UniqueConstraint
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList
from sqlalchemy.sql.selectable import CTE, Alias, FromClause, Join
from sqlalchemy.sql.util import _deep_deannotate

Key = tuple[ColumnElement[Any], ...]


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables of a statement.

    Attributes:
        leaves: Tables, aliases and sub-selects, from left to right.
        missing: Those among them whose columns may be NULL because a join found no row.
        conditions: What holds of every row.
    """

    leaves: tuple[FromClause, ...]
    missing: frozenset[FromClause]
    conditions: tuple[ColumnElement[Any], ...]

    @cached_property
    def _equals(self) -> list[tuple[Any, Any]]:
        return [pair for condition in self.conditions for pair in _equalities(condition)]

    @property
    def are_tables(self) -> bool:
        """Tell whether there are no sub-selects among them."""
        return all(isinstance(_table_of(leaf), Table) for leaf in self.leaves)

    def determined_by(self, roots: Sequence[FromClause]) -> set[FromClause]:
        """Return the leaves that have at most one row for each row of some of them, those included."""
        known = {plain(root) for root in roots}
        grown = True
        while grown:
            new = {leaf for leaf in self.leaves if leaf not in known and self._is_single(leaf, known)}
            known |= new
            grown = bool(new)
        return known

    def _is_single(self, leaf: FromClause, known: set[FromClause]) -> bool:
        given = {id(column) for column in leaf.c if self._is_given(column, known)}
        return any(all(id(column) in given for column in key) for key in _unique_keys(leaf))

    def _is_given(self, column: Any, known: set[FromClause]) -> bool:
        for left, right in self._equals:
            other = right if left is column else left if right is column else None
            if other is not None and (isinstance(other, BindParameter) or getattr(other, "table", None) in known):
                return True
        return False

    def key(self) -> Key | None:
        """Return columns that tell the rows apart; None where a leaf has none that are known."""
        for leaf in self.leaves:
            if _primary(leaf) and self.determined_by([leaf]) >= set(self.leaves):
                return _primary(leaf)
        chosen: list[FromClause] = []
        for leaf in self.leaves:
            if leaf not in self.determined_by(chosen):
                chosen.append(leaf)
        keys = [_primary(leaf) for leaf in chosen]
        return tuple(column for key in keys for column in key) if keys and all(keys) else None

    def may_be_null(self, expression: ColumnElement[Any]) -> bool:
        """Tell whether an expression may be NULL, as far as the tables say; of what is computed nobody knows."""
        column = _deep_deannotate(expression)
        table = getattr(column, "table", None)
        if table is None or table in self.missing or table not in self.leaves:
            return True
        # The columns of a sub-select say what those of its first SELECT say, which need not hold for a union.
        return not isinstance(_table_of(table), Table) or bool(column.nullable)

    def has_index(self, expression: ColumnElement[Any]) -> bool:
        """Tell whether an index that the tables declare begins with an expression; not where there are sub-selects."""
        if not self.are_tables:
            return False
        column = _deep_deannotate(expression)
        table = getattr(column, "table", None)
        if table in self.leaves:
            return any(first == column.key for first in _first_columns(_table_of(table)))
        leading = (_bare(one.expressions[0]) for leaf in self.leaves for one in getattr(leaf, "indexes", ()))
        return any(isinstance(one, ColumnElement) and one.compare(column) for one in leading)


def _first_columns(table: Table) -> Iterator[str]:
    uniques = [one for one in table.constraints if isinstance(one, UniqueConstraint) and len(one.columns)]
    for constraint in (table.primary_key, *uniques):
        yield from [column.key for column in constraint.columns][:1]
    for index in table.indexes:
        first = _bare(index.expressions[0])
        if getattr(first, "key", None) is not None:
            yield first.key


def _bare(expression: Any) -> Any:
    while isinstance(expression, UnaryExpression) and expression.modifier is not None:
        expression = expression.element
    return expression


def sources_of(statement: Select[Any]) -> Sources:
    """Take the FROM and WHERE of a statement apart."""
    leaves: list[FromClause] = []
    missing: set[FromClause] = set()
    conditions: list[Any] = []
    bare = statement.order_by(None)
    for source in bare.get_final_froms():
        _collect(source, leaves, missing, conditions, is_missing=False)
    conditions += statement._where_criteria
    return Sources(tuple(leaves), frozenset(missing), tuple(_deep_deannotate(one) for one in conditions))


def plain(source: Any) -> FromClause:
    """Return a FROM clause without what the ORM notes on it: the same object wherever it stands."""
    return source._deannotate() if source._annotations else source  # type: ignore[no-any-return]


def leaves_of(source: Any) -> tuple[FromClause, ...]:
    """Return what a FROM clause is joined of: the two tables of a class that inherits."""
    leaves: list[FromClause] = []
    _collect(source, leaves, set(), [], is_missing=False)
    return tuple(leaves)


def _collect(
    source: Any, leaves: list[FromClause], missing: set[FromClause], conditions: list[Any], *, is_missing: bool
) -> None:
    if isinstance(source, Join):
        _collect(source.left, leaves, missing, conditions, is_missing=is_missing or source.full)
        _collect(source.right, leaves, missing, conditions, is_missing=is_missing or source.isouter or source.full)
        # A full join keeps rows that its condition does not hold for, of both sides.
        if source.onclause is not None and not source.full:
            conditions.append(source.onclause)
        return
    leaf = plain(source)
    leaves.append(leaf)
    if is_missing:
        missing.add(leaf)


def _equalities(condition: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for part in condition.clauses:
            yield from _equalities(part)
    elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        yield condition.left, condition.right


def _table_of(leaf: Any) -> Any:
    while isinstance(leaf, Alias):
        leaf = leaf.element
    return plain(leaf)


def _primary(leaf: FromClause) -> Key:
    return tuple(leaf.primary_key) if isinstance(_table_of(leaf), Table) else ()


def _unique_keys(leaf: FromClause) -> Iterator[Key]:
    table = _table_of(leaf)
    if isinstance(table, Table):
        own = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
        own += [one.columns for one in table.indexes if one.unique and not _is_partial(one)]
        for columns in (table.primary_key.columns, *own):
            if len(columns):
                yield tuple(leaf.c[column.key] for column in columns)
    elif isinstance(table, Subquery | CTE) and isinstance(table.element, Select):
        yield from _unique_keys_of_select(leaf, table.element)


def _is_partial(index: Any) -> bool:
    has_expressions = len(index.columns) != len(index.expressions)
    return has_expressions or any(name.endswith("_where") and index.kwargs[name] is not None for name in index.kwargs)


def _unique_keys_of_select(leaf: FromClause, statement: Select[Any]) -> Iterator[Key]:
    """A grouped sub-select has one row for each value of what it is grouped by, if it gives all of that out."""
    if not statement._group_by_clauses or any(_is_table(clause) for clause in statement._group_by_clauses):
        return
    given: Any = leaf
    found = tuple(given.corresponding_column(clause) for clause in statement._group_by_clauses)
    if all(column is not None for column in found):
        yield found


def _is_table(clause: Any) -> bool:
    return isinstance(clause, FromClause)

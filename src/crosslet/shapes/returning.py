"""Trees in the RETURNING of the statement that changes their row: nothing has to be read after it.

A RETURNING shows the changed row as it is now, and every other row as it was when the statement began. So a tree
that looks at the changed table anywhere else, or that the change's own key leads to, is none for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Delete, Select, Table, Update, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper, RelationshipProperty
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from crosslet.shapes.columns import Changing
from crosslet.shapes.outline import Branch, Leaf, Outline, Part, Tally
from crosslet.shapes.trees import Mode, root_of
from crosslet.shapes.values import Target


def can_return(outline: Outline, statement: Changing) -> bool:
    """Tell whether a tree in the statement's RETURNING is what reading it afterwards would give."""
    mapper = outline.mapper
    table = mapper.local_table
    if not isinstance(table, Table) or len(mapper.tables) != 1 or mapper.polymorphic_on is not None:
        return False
    if isinstance(statement, Delete) and not outline.is_flat:
        return False
    if isinstance(statement, Update) and _sets_key(mapper, statement._values or {}):
        return False
    return not any(_sees(part, mapper, table, is_own=True) for part in outline.parts)


def tree_of_changed(outline: Outline, target: Target, mode: Mode) -> ColumnElement[Any]:
    """Write the column that holds the tree of the row that a statement changes."""
    mapper = outline.mapper
    table, preparer = mapper.local_table, target.dialect.identifier_preparer

    def own(element: Any, **kw: Any) -> Any:
        # As text, so that no sub-select takes the table for one that it has to read.
        if isinstance(element, Column) and element.table is table:
            return literal_column(preparer.format_column(element, use_table=True), type_=element.type)
        return None

    return Whole(visitors.replacement_traverse(root_of(outline, mapper.class_, target, mode), {}, own))


class Whole(FunctionElement[str]):
    """A column with the names of its tables in it, where SQLite's dialect would leave out those of sub-selects, too."""

    inherit_cache = True

    def __init__(self, tree: ColumnElement[Any]) -> None:
        super().__init__(tree)
        self.type = tree.type


@compiles(Whole)
def _compile(element: Whole, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("include_table", None)
    kw.pop("add_to_result_map", None)
    (tree,) = element.clauses
    return compiler.process(tree, **kw)


def _sets_key(mapper: Mapper[Any], values: Mapping[Any, Any]) -> bool:
    names = {str(getattr(name, "key", name)) for name in values}
    keys = {name for column in mapper.primary_key for name in (column.key, mapper.get_property_by_column(column).key)}
    return not names.isdisjoint(keys)


def _sees(part: Part, mapper: Mapper[Any], table: Table, *, is_own: bool) -> bool:
    """Tell whether a part may look at other rows of a table, or at the same row a second time."""
    if isinstance(part, Leaf):
        return any(_reads(select, table, is_own=is_own) for select in _selects(part.column.read(mapper.class_)))
    if not isinstance(part, Branch | Tally):
        return True  # Parts of other kinds are read afterwards.
    relationship: RelationshipProperty[Any] = mapper.relationships[part.relationship]
    order_by = part.order_by or () if isinstance(part, Branch) else ()
    given = (*part.criteria, *order_by, relationship.primaryjoin, relationship.secondaryjoin)
    if relationship.secondary is table or table in relationship.mapper.tables:
        return True
    if any(_reads(select, table, is_own=False) for item in given if item is not None for select in _selects(item)):
        return True
    inner = part.outline.parts if isinstance(part, Branch) else ()
    return any(_sees(one, relationship.mapper, table, is_own=False) for one in inner)


def _selects(expression: Any) -> Iterator[Select[Any]]:
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    return (found for found in visitors.iterate(element) if isinstance(found, Select))


def _reads(select: Select[Any], table: Table, *, is_own: bool) -> bool:
    """Tell whether a sub-select reads a table, and not only the row of it that stands above."""
    if not is_own:
        return any(_has(source, table) for source in select.get_final_froms())
    if not select._auto_correlate and (select._correlate_except is None or table in select._correlate_except):
        return True
    return any(_has(source, table) for source in (*select.columns_clause_froms, *select._from_obj))


def _has(source: Any, table: Table) -> bool:
    return any(found is table for found in visitors.iterate(source))

"""Trees on MariaDB: JSON_OBJECT, and JSON_ARRAYAGG with its own ORDER BY and LIMIT.

MariaDB has no LATERAL, and a derived table there cannot refer to the row above. It cuts a list at
`group_concat_max_len` and makes NULL of an object beyond `max_allowed_packet`, without an error: sessions raise the
first, and whoever reads must look at the number of warnings.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

from crosslet.shapes.trees.writer import Parts, Rows, TreeWriter, function, pairs


class MariaDBTrees(TreeWriter):
    """MariaDB 10.6 and newer."""

    # JSON_VALID and JSON_EXTRACT take 32 levels; a list and its object are two.
    depth = 15
    backslash_escapes = True

    def root(self, parts: Parts) -> ColumnElement[str]:
        return _object(parts)

    def one(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        return rows.selecting(_object(parts)).scalar_subquery()

    def object(self, parts: Parts) -> ColumnElement[Any]:
        return _object(parts)

    def many(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        return self.values(_object(parts), rows)

    def values(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        listed = JsonArrayAgg(value, rows)
        return func.coalesce(rows.selecting(listed).scalar_subquery(), func.json_array())


def _object(parts: Parts) -> ColumnElement[Any]:
    return function("json_object", *pairs(parts, backslash_escapes=True))


class JsonArrayAgg(FunctionElement[str]):
    """JSON_ARRAYAGG(object ORDER BY ... LIMIT n OFFSET m)."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012
        *FunctionElement._traverse_internals,
        ("limit", InternalTraversal.dp_string),
    ]

    def __init__(self, item: ColumnElement[Any], rows: Rows) -> None:
        super().__init__(item, *rows.order_by)
        self.type = String()
        self.limit = (
            "" if rows.limit is None and not rows.offset else f" LIMIT {rows.limit or 2**63} OFFSET {rows.offset}"
        )


@compiles(JsonArrayAgg)
def _compile(element: JsonArrayAgg, compiler: SQLCompiler, **kw: Any) -> str:
    kw.pop("add_to_result_map", None)
    item, *order_by = element.clauses
    ordered = ", ".join(compiler.process(part, **kw) for part in order_by)
    order = f" ORDER BY {ordered}" if ordered else ""
    return f"JSON_ARRAYAGG({compiler.process(item, **kw)}{order}{element.limit})"

"""Trees on MySQL 8.0.14 and newer: JSON_OBJECT, and a list put together from rows that carry their place.

JSON_ARRAYAGG has no order there, so the list is GROUP_CONCAT over row_number(), in a derived table that refers to the
row above. Written from the manual; it was not run.
"""

from typing import Any

from sqlalchemy import JSON, ColumnElement, cast, func, literal_column, select

from crosslet.shapes.trees.mariadb import MariaDBTrees
from crosslet.shapes.trees.writer import Parts, Rows


class MySQLTrees(MariaDBTrees):
    """MySQL 8.0.14 and newer."""

    def many(self, parts: Parts, rows: Rows) -> ColumnElement[Any]:
        return self._listed(self.object(parts), rows)

    def values(self, value: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        # As JSON: GROUP_CONCAT takes text as it is, and leaves out what is NULL.
        return self._listed(func.json_extract(func.json_array(value), literal_column("'$[0]'")), rows)

    def _listed(self, item: ColumnElement[Any], rows: Rows) -> ColumnElement[Any]:
        if not rows.are_ordered:
            return func.coalesce(rows.selecting(func.json_arrayagg(item)).scalar_subquery(), func.json_array())
        place = func.row_number().over(order_by=rows.order_by or None)
        inner = rows.in_order(item.label("o"), place.label("n")).subquery()
        listed = func.group_concat(inner.c.o).aggregate_order_by(inner.c.n)
        text = func.concat(literal_column("'['"), func.coalesce(listed, literal_column("''")), literal_column("']'"))
        return select(cast(text, JSON)).select_from(inner).scalar_subquery()

"""Whether an expression can be NULL, where its form tells.

What leaves as the database made it is not looked at again, so a field that cannot be None needs to know.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import BindParameter, Case, Cast, Column, ScalarSelect, Select
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, ExpressionClauseList, Grouping, Label
from sqlalchemy.sql.functions import Function
from sqlalchemy.sql.selectable import Exists, SelectStatementGrouping

# NULL only where an argument is.
_STRICT: Final = frozenset({"upper", "lower", "length", "char_length", "substr", "substring", "trim", "abs", "round"})
_OPERATORS: Final = frozenset({
    operators.add, operators.sub, operators.mul, operators.concat_op, operators.eq, operators.ne, operators.lt,
    operators.le, operators.gt, operators.ge,
})  # fmt: skip


def is_never_null(element: Any) -> bool:
    """Tell whether an expression's form rules NULL out; False also where nobody can tell."""
    return next((rule(element) for kind, rule in _RULES if isinstance(element, kind)), False)


def _is_never_null_function(function: Function[Any]) -> bool:
    if function.name == "count":
        return True
    arguments = list(function.clauses)
    if function.name == "coalesce":
        return any(map(is_never_null, arguments))
    return function.name in _STRICT and bool(arguments) and all(map(is_never_null, arguments))


def _always_has_a_row(statement: Any) -> bool:
    """Tell whether a sub-select is one aggregate over everything: that has a row even where there is nothing."""
    while isinstance(statement, SelectStatementGrouping):
        statement = statement.element
    if not isinstance(statement, Select) or statement._group_by_clauses or statement._having_criteria:
        return False
    if statement._limit_clause is not None or statement._offset_clause is not None:
        return False
    (column,) = statement.selected_columns
    return _is_aggregate(column) and is_never_null(column)


def _is_aggregate(element: Any) -> bool:
    while isinstance(element, Label | Grouping | Cast):
        element = element.clause if isinstance(element, Cast) else element.element
    if not isinstance(element, Function):
        return False
    named = element.name in {"count", "sum", "avg", "min", "max"}
    return named or (element.name == "coalesce" and any(map(_is_aggregate, element.clauses)))


def _is_never_null_case(case: Case[Any]) -> bool:
    results = [*(result for _, result in case.whens), case.else_]
    return all(result is not None and is_never_null(result) for result in results)


# The first class that fits counts: EXISTS is an operator, too.
_RULES: Final[tuple[tuple[type[Any], Callable[[Any], bool]], ...]] = (
    (Exists, lambda element: True),
    (Column, lambda element: element.nullable is False and element.table is not None),
    (BindParameter, lambda element: element.value is not None and not element.required),
    (Label, lambda element: is_never_null(element.element)),
    (Grouping, lambda element: is_never_null(element.element)),
    (Cast, lambda element: is_never_null(element.clause)),
    (ScalarSelect, lambda element: _always_has_a_row(element.element)),
    (Function, _is_never_null_function),
    (Case, _is_never_null_case),
    (
        ExpressionClauseList,
        lambda element: element.operator in _OPERATORS and all(map(is_never_null, element.clauses)),
    ),
    (
        BinaryExpression,
        lambda element: element.operator in _OPERATORS and is_never_null(element.left) and is_never_null(element.right),
    ),
)

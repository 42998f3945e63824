"""SQLite counts an ExactDecimal in its smallest unit: what keeps SQL from mixing units with plain numbers.

Hooks into the compilation of SQLite statements only, where both operands are known; a statement is compiled once and
then cached. A number beside an ExactDecimal is bound as one, everything else of another type is refused.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Case,
    Cast,
    CheckConstraint,
    Column,
    ColumnElement,
    Insert,
    Integer,
    Null,
    Table,
    Update,
    event,
    func,
    inspect,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ExpressionClauseList
from sqlalchemy.sql.functions import Function

from crosslet.errors import ConfigurationError
from crosslet.models.decimals import ExactDecimal

_SAME_UNIT: Final = frozenset({
    operators.add, operators.sub, operators.lt, operators.le, operators.gt, operators.ge, operators.eq, operators.ne,
    operators.is_distinct_from, operators.is_not_distinct_from,
})  # fmt: skip
_ANY_UNIT: Final = frozenset({
    operators.is_, operators.is_not, operators.in_op, operators.not_in_op, operators.between_op,
    operators.not_between_op, operators.and_, operators.or_, operators.comma_op,
})  # fmt: skip
# Functions whose answer is in the unit of their arguments; sqlite's lag and lead take a count as their second.
_KEEPS_UNIT: Final = frozenset({"sum", "min", "max", "coalesce", "ifnull", "nullif", "abs"})
_TAKES_FIRST: Final = frozenset({"lag", "lead", "first_value", "last_value", "nth_value"})


def _unit_of(*operands: Any) -> ExactDecimal | None:
    found = (operand.type for operand in operands if isinstance(getattr(operand, "type", None), ExactDecimal))
    return next(found, None)


def _strangers(unit: ExactDecimal, operands: Sequence[Any], what: str) -> list[Any]:
    """List the plain numbers that are to be bound in the unit; refuse what cannot be."""
    numbers = []
    for operand in operands:
        if isinstance(operand, BindParameter) and not isinstance(operand.type, ExactDecimal):
            numbers.append(operand)
        elif not isinstance(operand, Null) and (_unit_of(operand) is None or operand.type.scale != unit.scale):
            raise _mixed(what)
    return numbers


def _mixed(what: str) -> ConfigurationError:
    return ConfigurationError(
        f"SQLite counts an ExactDecimal in its smallest unit, and {what} would mix it with another: use operands of "
        "ExactDecimal with the same scale, or compute in Python."
    )


def _bound(element: Any, unit: ExactDecimal, numbers: list[Any]) -> Any:
    """Return the element with these parameters bound in the unit."""
    if not numbers:
        return element
    wanted = {id(number) for number in numbers}
    wide = unit.coerce_compared_value(None, None)

    def replace(part: Any, **_: Any) -> Any:
        return type_coerce(part, wide) if id(part) in wanted else None

    return visitors.replacement_traverse(element, {}, replace)  # type: ignore[call-overload]


def _operands_bound(element: Any, op: Any, operands: Sequence[Any]) -> Any:
    unit = _unit_of(*operands)
    if unit is None or op in _ANY_UNIT:
        return element
    if op is operators.mul:
        others = [part for part in operands if not isinstance(part.type, ExactDecimal)]
        if len(others) == len(operands) - 1 and all(part.type._type_affinity is Integer for part in others):
            return element
        raise _mixed("this product")
    if op not in _SAME_UNIT:
        raise _mixed(f"{op.__name__!r}")
    return _bound(element, unit, _strangers(unit, operands, f"{op.__name__!r}"))


@compiles(BinaryExpression, "sqlite")
def _compile_binary(element: BinaryExpression[Any], compiler: Any, **kw: Any) -> Any:
    return compiler.visit_binary(_operands_bound(element, element.operator, (element.left, element.right)), **kw)


@compiles(ExpressionClauseList, "sqlite")
def _compile_list(element: ExpressionClauseList[Any], compiler: Any, **kw: Any) -> Any:
    return compiler.visit_expression_clauselist(_operands_bound(element, element.operator, element.clauses), **kw)


@compiles(Function, "sqlite")
def _compile_function(element: Function[Any], compiler: Any, **kw: Any) -> Any:
    arguments = list(element.clauses)
    unit = _unit_of(*arguments)
    if unit is not None and element.name != "count":
        if element.name not in _KEEPS_UNIT | _TAKES_FIRST or _unit_of(element) is None:
            raise _mixed(
                f"{element.name}() (if it answers in the unit of its argument, say so: "
                f"func.{element.name}(..., type_=ExactDecimal({unit.precision}, {unit.scale})))"
            )
        similar = arguments if element.name in _KEEPS_UNIT else [arguments[0], *arguments[2:]]
        element = _bound(element, unit, _strangers(unit, similar, f"{element.name}()"))
    return compiler.visit_function(element, **kw)


@compiles(Case, "sqlite")
def _compile_case(element: Case[Any], compiler: Any, **kw: Any) -> Any:
    results = [result for _, result in element.whens] + ([element.else_] if element.else_ is not None else [])
    unit = _unit_of(*results)
    if unit is not None:
        if _unit_of(element) is None:
            raise _mixed("CASE, whose first result decides the type,")
        element = _bound(element, unit, _strangers(unit, results, "CASE"))
    return compiler.visit_case(element, **kw)


@compiles(Cast, "sqlite")
def _compile_cast(element: Cast[Any], compiler: Any, **kw: Any) -> Any:
    unit = _unit_of(element, element.clause)
    if unit is not None:
        _strangers(unit, (element, element.clause), "CAST")
    return compiler.visit_cast(element, **kw)


@compiles(Update, "sqlite")
def _compile_update(element: Update, compiler: Any, **kw: Any) -> Any:
    _check_assigned(element)
    return compiler.visit_update(element, **kw)


@compiles(Insert, "sqlite")
def _compile_insert(element: Insert, compiler: Any, **kw: Any) -> Any:
    _check_assigned(element)
    return compiler.visit_insert(element, **kw)


def _check_assigned(statement: Update | Insert) -> None:
    """Refuse to store an expression of another unit; plain values are bound by the column's own type."""
    for key, value in (statement._values or {}).items():
        unit = _unit_of(_column_named(statement, key) if isinstance(key, str) else key)
        plain = not isinstance(value, ColumnElement) or (isinstance(value, BindParameter) and value.type._isnull)
        if unit is not None and not plain and not isinstance(value, Null):
            found = _unit_of(value)
            if found is None or found.scale != unit.scale:
                raise _mixed(f"storing this expression in {getattr(key, 'key', key)!r}")


def _column_named(statement: Update | Insert, name: str) -> Any:
    entity = statement.entity_description.get("entity")
    columns = inspect(entity).columns if entity is not None else statement.table.c
    return columns.get(name)


# A server checks the range of a NUMERIC after arithmetic in SQL; SQLite needs a constraint to refuse the same.
@event.listens_for(Column, "after_parent_attach")
def _add_range_check(column: Column[Any], table: Any) -> None:
    if not isinstance(column.type, ExactDecimal) or not isinstance(table, Table):
        return
    units = type_coerce(column, Integer)
    limit = 10**column.type.precision - 1
    # Bound to the type, as an Enum's check is, so that Alembic makes it with the column on SQLite and nowhere writes
    # it into a migration.
    check = CheckConstraint(
        column.is_(None) | ((func.typeof(units) == "integer") & units.between(-limit, limit)),
        name=f"{column.name}_exact",
        _type_bound=True,
    )
    table.append_constraint(check.ddl_if(dialect="sqlite"))

"""Conditions as data, and the SQL criterion they stand for.

Related rows are asked about with EXISTS, so that no row comes twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Union

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from crosslet.reads.operators import Operator
from crosslet.reads.terms import Hop, Term


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A term, an operator and a value of the term's type."""

    term: Term
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Conditions and groups that all hold, or of which any holds.

    In a group that all hold, the conditions on one path of related rows hold for the same related row; those of
    another group may hold for another one. Where any is enough, each stands for itself.

    Attributes:
        any: One is enough. Of an empty group nothing holds then; of an empty group that must all hold, everything.
    """

    members: tuple[Union[Condition, "Group"], ...] = ()
    any: bool = False


def criterion_of(group: Group, entity: Any) -> ColumnElement[bool]:
    """Return the criterion of a group over a mapped class or an alias of it."""
    if group.any:
        return or_(false(), *(_alone(member, entity) for member in group.members))
    conditions = [member for member in group.members if isinstance(member, Condition)]
    groups = [member for member in group.members if isinstance(member, Group)]
    criteria = _all_of(conditions, entity, 0)
    return and_(true(), *criteria, *(criterion_of(inner, entity) for inner in groups))


def _alone(member: Condition | Group, entity: Any) -> ColumnElement[bool]:
    return criterion_of(member if isinstance(member, Group) else Group((member,)), entity)


def _all_of(conditions: Sequence[Condition], entity: Any, depth: int) -> list[ColumnElement[bool]]:
    """Return a criterion for each condition on this row, and one for each step further."""
    here = [_criterion(one, entity) for one in conditions if len(one.term.path) == depth]
    further = [one for one in conditions if len(one.term.path) > depth]
    hops: Iterable[Hop] = dict.fromkeys(one.term.path[depth] for one in further)
    for hop in hops:
        alias, joined = hop.reach(entity)
        inner = _all_of([one for one in further if one.term.path[depth] is hop], alias, depth + 1)
        here.append(there_is(alias, joined, *inner))
    return here


def _criterion(condition: Condition, entity: Any) -> ColumnElement[bool]:
    term = condition.term
    return condition.operator.build(term, term.read(entity), condition.value)


def there_is(alias: Any, *criteria: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that there is a row of an alias."""
    return exists(select(1).select_from(alias).where(*criteria).correlate_except(None))

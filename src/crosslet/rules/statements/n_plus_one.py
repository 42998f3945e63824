"""Objects of one query load an attribute each on their own. Exact: the ORM says which statement is for which object."""

from collections.abc import Sequence

from crosslet.facts import LazyLoad
from crosslet.loading import Origin
from crosslet.rules.finding import Finding


def n_plus_one(loads: Sequence[LazyLoad], *, least: int = 2) -> list[Finding]:
    """Find attributes that several objects of one execution of one query loaded one after the other.

    Args:
        loads: Those of a trace.
        least: How many loads make a finding.
    """
    groups: dict[tuple[Origin, tuple[str, ...]], list[LazyLoad]] = {}
    for load in loads:
        if load.origin is not None:
            groups.setdefault((load.origin, load.path), []).append(load)
    return [_finding(origin, group) for (origin, _), group in groups.items() if len(group) >= least]


def _finding(origin: Origin, group: Sequence[LazyLoad]) -> Finding:
    first, count = group[0], len(group)
    touched = next((load.site for load in group if load.site is not None), None)
    where = f" at {origin.site}" if origin.site is not None else ""
    fix = f"add .options({first.option}) to that query."
    if first.option is None:
        fix = "read the rows again in one statement before their expired columns are touched, or do not expire them."
    return Finding(
        rule="n_plus_one",
        level="warning",
        message=f"{first.attribute} was loaded {count} times, for one object of the query{where} each.",
        site=touched,
        fix=fix,
        data={
            "attribute": first.attribute,
            "count": count,
            "touched_at": None if touched is None else str(touched),
            "query_at": None if origin.site is None else str(origin.site),
            "option": first.option,
        },
    )

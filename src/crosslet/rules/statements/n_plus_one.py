"""Objects of one query load an attribute each on their own. Exact: the ORM says which statement is for which object."""

from collections.abc import Sequence

from crosslet.facts import LazyLoad, Origin
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
    return [_finding(origin, path, group) for (origin, path), group in groups.items() if len(group) >= least]


def _finding(origin: Origin, path: tuple[str, ...], group: Sequence[LazyLoad]) -> Finding:
    first, count = group[0], len(group)
    touched = next((load.site for load in group if load.site is not None), None)
    option = loader_option(path, is_column=first.is_column)
    where = f" at {origin.site}" if origin.site is not None else ""
    return Finding(
        rule="n_plus_one",
        level="warning",
        message=f"{first.attribute} was loaded {count} times, for one object of the query{where} each.",
        site=touched,
        fix=f"add .options({option}) to that query.",
        data={
            "attribute": first.attribute,
            "count": count,
            "touched_at": None if touched is None else str(touched),
            "query_at": None if origin.site is None else str(origin.site),
            "option": option,
        },
    )


def loader_option(path: Sequence[str], *, is_column: bool = False) -> str:
    """Write the option that loads a path with its query: `selectinload(Author.books).selectinload(Book.reviews)`."""
    steps = [f"selectinload({step})" for step in (path[:-1] if is_column else path)]
    if is_column:
        owner, _, names = path[-1].partition(".")
        steps += [f"undefer({owner}.{name})" for name in names.split(", ")]
    return ".".join(steps)

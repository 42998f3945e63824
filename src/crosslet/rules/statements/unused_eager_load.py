"""A query loads a relationship along that nobody reads. Only what was seen can be judged, so this is a hint."""

from collections.abc import Sequence
from typing import Any

from crosslet.facts import EagerLoad
from crosslet.rules.finding import Finding


def unused_eager_load(loads: Sequence[EagerLoad]) -> list[Finding]:
    """Find relationships that came with a query, of which no object ever had them read.

    Executions of the same line are judged together: one of them that reads is enough.

    Args:
        loads: Those of a trace with `reads=True`.
    """
    groups: dict[tuple[Any, tuple[str, ...]], list[EagerLoad]] = {}
    for load in loads:
        groups.setdefault((load.origin.site or load.origin, load.path), []).append(load)
    unread = [group for group in groups.values() if not any(load.is_read for load in group)]
    # What leads to a relationship that is read was needed, and below one that is not, it says the same again.
    paths = {load.path for group in unread for load in group}
    return [_finding(group) for group in unread if group[0].path[:-1] not in paths]


def _finding(group: Sequence[EagerLoad]) -> Finding:
    load, runs = group[0], len(group)
    times = "once" if runs == 1 else f"{runs} times"
    return Finding(
        rule="unused_eager_load",
        level="hint",
        message=f"{load.path[-1]} was loaded with this query, {times}, and read from none of its objects.",
        site=load.origin.site,
        fix=f"leave its loader option away, or make {load.path[-1]} lazy where its model says otherwise.",
        data={"attribute": load.path[-1], "path": list(load.path), "runs": runs},
    )

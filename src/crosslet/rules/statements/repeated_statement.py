"""One line sends the same statement again and again: reads by key in a loop, changes of one row each, SQL by hand."""

from collections.abc import Sequence

from crosslet.facts import Sent
from crosslet.loading import Site
from crosslet.rules.finding import Finding

_VERBS = {
    "SELECT": "read all in one statement: .where(column.in_(values)), a shape with the related rows in it, or a join",
    "INSERT": "hand all rows to session.insert_many(), or to session.add_all() and one flush",
    "UPDATE": "use session.update_many(), or one update() with a condition",
    "DELETE": "use session.delete_many(), or one delete() with a condition",
}


def repeated_statement(statements: Sequence[Sent], *, least: int = 5) -> list[Finding]:
    """Find statements that one line has sent several times within one request, or outside of requests.

    Loads for one object are left out: `n_plus_one` says more of them.

    Args:
        statements: Those of a trace that tells sites.
        least: How many make a finding.
    """
    groups: dict[tuple[str, Site, int | None], list[Sent]] = {}
    for one in statements:
        if one.site is not None and one.loads is None:
            groups.setdefault((one.statement, one.site, one.request), []).append(one)
    # A line that does so in each of many requests is one finding: the worst of them.
    worst: dict[tuple[str, Site], list[Sent]] = {}
    for (statement, site, _), group in groups.items():
        if len(group) >= least and len(group) > len(worst.get((statement, site), ())):
            worst[statement, site] = group
    return [_finding(site, group) for (_, site), group in worst.items()]


def _finding(site: Site, group: Sequence[Sent]) -> Finding:
    first, elapsed = group[0], sum(one.elapsed_ms or 0.0 for one in group)
    verb = first.statement.lstrip().partition(" ")[0].upper()
    where = f" in one {first.route}" if first.route is not None else ""
    return Finding(
        rule="repeated_statement",
        level="warning",
        message=f"This line sent the same statement {len(group)} times{where}, {elapsed:.1f} ms together: "
        f"{short_of(first.statement)}",
        site=site,
        fix=f"{_VERBS.get(verb, 'ask for all of it in one statement')}.",
        data={
            "statement": first.statement,
            "fingerprint": first.fingerprint,
            "count": len(group),
            "elapsed_ms": elapsed,
            "route": first.route,
        },
    )


def short_of(statement: str, length: int = 100) -> str:
    """Return the beginning of a statement, on one line."""
    text = " ".join(statement.split())
    return text if len(text) <= length else f"{text[: length - 3]}..."

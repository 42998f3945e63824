"""Every rule about statements, applied to one trace."""

from crosslet.facts import Trace
from crosslet.rules.finding import Finding
from crosslet.rules.statements.n_plus_one import n_plus_one
from crosslet.rules.statements.repeated_statement import repeated_statement
from crosslet.rules.statements.unused_eager_load import unused_eager_load


def findings_in(trace: Trace) -> list[Finding]:
    """Return what is wrong with the statements of a trace that tells sites, the surest first."""
    return [
        *n_plus_one(trace.lazy_loads),
        *repeated_statement(trace.statements),
        *unused_eager_load(trace.eager_loads),
    ]

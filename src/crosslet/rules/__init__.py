"""What is wrong: rules that turn facts into findings. Nothing is asked or sent here."""

from crosslet.rules.finding import Finding, Level
from crosslet.rules.statements import n_plus_one, repeated_statement, unused_eager_load
from crosslet.rules.tracing import findings_in

__all__ = ["Finding", "Level", "findings_in", "n_plus_one", "repeated_statement", "unused_eager_load"]

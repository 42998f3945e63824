"""What is wrong with the statements of a trace: a file a rule."""

from crosslet.rules.statements.n_plus_one import n_plus_one
from crosslet.rules.statements.repeated_statement import repeated_statement
from crosslet.rules.statements.unused_eager_load import unused_eager_load

__all__ = ["n_plus_one", "repeated_statement", "unused_eager_load"]

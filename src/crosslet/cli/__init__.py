"""The command line: a command a file, `output` for what they share."""

from crosslet.cli.main import app, run

__all__ = ["app", "run"]

"""`python -m crosslet.cli`, for where the `crosslet` script is not on the path."""

from crosslet.cli.main import run

run()

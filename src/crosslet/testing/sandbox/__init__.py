"""A test's own world inside one transaction, undone at the end although the application commits."""

from crosslet.testing.sandbox.block import sandbox
from crosslet.testing.sandbox.connections import SandboxConnections, for_tests

__all__ = ["SandboxConnections", "for_tests", "sandbox"]

"""The databases of a test run: a template with tables in it, and copies for the tests."""

from crosslet.testing.databases.base import Databases, Schema
from crosslet.testing.databases.starting import server_for, start_databases

__all__ = ["Databases", "Schema", "server_for", "start_databases"]

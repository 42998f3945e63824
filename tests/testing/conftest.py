"""The sample project in `project` has a run of its own: see test_plugin.py."""

collect_ignore = ["project"]

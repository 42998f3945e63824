"""Exports of a large table as JSON lines: each contender runs in a process of its own."""

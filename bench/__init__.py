"""Benchmarks, each against the best alternative, side by side in one run."""

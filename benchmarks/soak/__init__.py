"""Disturb the product for a long time and count what was lost. `python -m benchmarks.soak` runs it."""

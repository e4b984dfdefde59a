"""Measure -> SQL -> value: one compiler, one place where tables live. Knows nothing of files, charts or words."""

"""Processes forked from a server that has the engine loaded: one does one task, in bounds, and is gone."""

"""The door to the logs: one JSON line per event, with the job it belongs to and without personal data."""

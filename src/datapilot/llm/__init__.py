"""The door to a language model: one question, one answer. Knows no table, no insight and no job."""

"""The HTTP entry: validate, call an action, shape the answer. Computes nothing itself."""

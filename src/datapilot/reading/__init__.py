"""Turn a file into a typed table and a receipt of how. Knows formats and encodings; knows nothing of statistics."""

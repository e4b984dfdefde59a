"""Describe a typed table: profile, quality bill, charts, key figures. Computes through the engine; says nothing a fact
does not say, and knows nothing of files, networks or insights."""

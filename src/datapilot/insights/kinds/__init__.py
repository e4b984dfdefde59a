"""The kinds of findings, one a file: what it looks for, its source, effect size and test, and its sentence."""

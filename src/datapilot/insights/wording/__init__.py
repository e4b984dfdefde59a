"""How findings are said: phrases that kinds share, names of measures, what to do and who could. Finds nothing."""

"""The kinds of charts: each proposes candidates from a profile and draws them from evaluated facts."""
